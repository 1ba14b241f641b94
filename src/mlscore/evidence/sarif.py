"""SARIF 2.1.0: what a static analysis found, judged by level.

A file of findings does not say what was checked: ruff's clean file holds nothing but the tool's name. That nothing
was found is therefore one passed check, or as many as there are rules where the tool lists them. It counts only if
nothing in the file says that the tool did not do its work. A file without a time (ruff's) needs a stated date.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mlscore.evidence import strict_json
from mlscore.evidence.moments import moment, newest
from mlscore.evidence.patterns import listed
from mlscore.evidence.reading import Moment, Reading, Shows, Unreadable, inconclusive
from mlscore.evidence.shapes import Object, text, thing, things, truth, whole, word
from mlscore.project import Evidence
from mlscore.text import plural

SHOWS: Shows = "result"
MAX_BYTES = strict_json.MAX_BYTES
LEVELS = ("none", "note", "warning", "error")
KINDS = ("fail", "review", "open", "pass", "notApplicable", "informational")
SUPPRESSIONS = ("accepted", "underReview", "rejected")
BASELINES = ("new", "unchanged", "updated", "absent")
NOTIFICATIONS = ("toolExecutionNotifications", "toolConfigurationNotifications")


class Report(NamedTuple):
    """What one file says."""

    findings: list[tuple[int, str]]
    """The level and rule of each."""
    rules: int
    """How many rules the tools list."""
    when: Moment | None
    flaw: str | None
    """Why it proves nothing that there is no finding."""


def parse(raw: bytes) -> Report:
    """Read one file. Raises Unreadable for what is not SARIF 2.1.0."""
    data = strict_json.loads(raw)
    if not isinstance(data, dict) or data.get("version") != "2.1.0":
        raise Unreadable("it is not SARIF 2.1.0")
    runs = things(data, "runs")
    if any(text(_driver(run), "name") == "mlscore" for run in runs):
        raise Unreadable("mlscore's own report is no evidence")
    findings: list[tuple[int, str]] = []
    rules = 0
    for run in runs:
        tables = [_rules(component) for component in (_driver(run), *things(thing(run, "tool"), "extensions"))]
        rules += sum(len(table.listed) for table in tables)
        findings += [_finding(result, tables) for result in things(run, "results") if _counts(result)]
    ends = [moment(text(invocation, "endTimeUtc")) for run in runs for invocation in things(run, "invocations")]
    flaws = [_flaw(run) for run in runs] or ["it holds no run"]
    return Report(findings, rules, newest(ends), next((flaw for flaw in flaws if flaw), None))


def judge(files: Sequence[Report], entry: Evidence, _test_id: str) -> Reading:
    """Judge the findings of the entry's level and above: one is enough to contradict."""
    if len(files) != 1:
        return inconclusive("it names several files; name one")
    report = files[0]
    least = LEVELS.index(entry.level)
    above = f"of level {entry.level}{'' if entry.level == LEVELS[-1] else ' or above'}"
    found = [rule for level, rule in report.findings if level >= least]
    if found:
        reason = f"{plural(len(found), 'finding')} {above}: {listed(found)}"
        return Reading("contradicted", reason, 0, report.when)
    if report.flaw:
        return inconclusive(report.flaw)
    lesser = f", {plural(len(report.findings), 'finding')} below" if report.findings else ""
    checked = f", by {plural(report.rules, 'rule')}" if report.rules else "; the file names no rules"
    return Reading("verified", f"no finding {above}{lesser}{checked}", report.rules or 1, report.when)


class _Rules(NamedTuple):
    """The rules of a tool or of an extension of it."""

    listed: list[Object]
    by_id: dict[str | None, Object]


def _driver(run: Object) -> Object:
    return thing(thing(run, "tool"), "driver")


def _rules(component: Object) -> _Rules:
    rules = things(component, "rules")
    by_id = {text(rule, "id"): rule for rule in rules}
    by_id.pop(None, None)
    return _Rules(rules, by_id)


def _counts(result: Object) -> bool:
    """Tell whether a result is a finding: one of today, not accepted, that failed or waits for a decision."""
    suppressions = [word(item, "status", SUPPRESSIONS) for item in things(result, "suppressions")]
    is_accepted = bool(suppressions) and all(status in {None, "accepted"} for status in suppressions)
    is_gone = word(result, "baselineState", BASELINES) == "absent"
    return word(result, "kind", KINDS) in {None, "fail", "review", "open"} and not is_accepted and not is_gone


def _finding(result: Object, tables: list[_Rules]) -> tuple[int, str]:
    """Return the level and rule of a finding.

    A result may leave its level to its rule (CodeQL does). One that waits for a decision has none, and weighs as
    much as one that does not say: a warning.
    """
    waits = result.get("kind") in {"review", "open"}
    level = word(result, "level", LEVELS)
    name = text(result, "ruleId") or text(thing(result, "rule"), "id")
    rule = _rule(result, name, tables)
    if level is None and not waits:
        level = word(thing(rule, "defaultConfiguration"), "level", LEVELS)
    if level is None or (waits and level == "none"):
        level = "warning"
    return LEVELS.index(level), name or text(rule, "id") or "a rule without an id"


def _rule(result: Object, name: str | None, tables: list[_Rules]) -> Object:
    """Return the rule of a result, by its place or else its name; an empty one when the tool does not list it."""
    reference = thing(result, "rule")
    place = whole(thing(reference, "toolComponent"), "index")
    driver, *extensions = tables
    table = extensions[place] if place is not None and 0 <= place < len(extensions) else driver
    index = whole(result, "ruleIndex")
    index = whole(reference, "index") if index is None else index
    if index is not None and 0 <= index < len(table.listed):
        return table.listed[index]
    return table.by_id.get(name, {})


def _flaw(run: Object) -> str | None:
    """Return what in a run says that its tool did not do its work."""
    if run.get("results") is None or "results" in thing(run, "externalPropertyFileReferences"):
        return "a run in it holds no results"
    invocations = things(run, "invocations")
    if not all(truth(invocation, "executionSuccessful") for invocation in invocations):
        return "its tool did not end well"
    notifications = [item for each in invocations for key in NOTIFICATIONS for item in things(each, key)]
    if any(word(notification, "level", LEVELS) == "error" for notification in notifications):
        return "its tool met errors: not all may have been checked"
    return "its tool read no line of code" if _lines_read(run) == 0 else None


def _lines_read(run: Object) -> object:
    """Return how many lines Bandit read, None for other tools. It ends well when it is pointed at nothing."""
    value: object = run.get("properties")
    for key in ("metrics", "_totals", "loc"):
        value = value.get(key) if isinstance(value, dict) else None
    return value
