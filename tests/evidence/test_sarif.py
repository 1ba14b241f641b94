"""SARIF: what ruff and bandit wrote, what counts as a finding, and when no finding is a result."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore.evidence import sarif
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Unreadable
from mlscore.project import Evidence

DATA = Path(__file__).parent / "data" / "sarif"
SAMPLES = sorted(path.name for path in DATA.glob("*.sarif"))
STAMP = "2026-11-21T07:35:23Z"
CLEAN = "no finding of level warning or above"


def judge(*runs, level="warning", **log):
    parsed = sarif.parse(json.dumps({"version": "2.1.0", "runs": list(runs)} | log).encode())
    return sarif.judge([parsed], Evidence(sarif="x", level=level), "infra-1")


def run(*results, rules=(), invocations=None, **keys):
    driver = {"name": "linter", "rules": list(rules)}
    ends = [{"executionSuccessful": True, "endTimeUtc": STAMP}] if invocations is None else invocations
    return {"tool": {"driver": driver}, "invocations": ends, "results": list(results)} | keys


def finding(level="warning", **keys):
    return {"ruleId": "R1", "level": level, "message": {"text": "secret 4711"}} | keys


@pytest.mark.parametrize(
    ("name", "level", "outcome", "reason", "checks", "time"),
    [
        (
            "bandit-1.9.4-pass",
            "note",
            "verified",
            "no finding of level note or above; the file names no rules",
            1,
            ...,
        ),
        ("bandit-1.9.4-pass", "warning", "verified", f"{CLEAN}; the file names no rules", 1, STAMP),
        (
            "bandit-1.9.4-fail",
            "note",
            "contradicted",
            "3 findings of level note or above: B403, B307 and 1 more",
            0,
            ...,
        ),
        ("bandit-1.9.4-fail", "warning", "contradicted", "1 finding of level warning or above: B307", 0, STAMP),
        (
            "bandit-1.9.4-fail",
            "error",
            "inconclusive",
            "its tool met errors: not all may have been checked",
            0,
            None,
        ),
        ("bandit-1.9.4-empty", "warning", "inconclusive", "its tool read no line of code", 0, None),
        ("ruff-0.17.5-clean", "warning", "verified", f"{CLEAN}; the file names no rules", 1, None),
        (
            "ruff-0.17.5-bad",
            "warning",
            "contradicted",
            "3 findings of level warning or above: I001, F401 and 1 more",
            0,
            None,
        ),
    ],
)
def test_what_the_tools_wrote(name, level, outcome, reason, checks, time):
    """Bandit ends well although a file did not parse; ruff's file holds no time, and nothing when clean."""
    parsed = sarif.parse((DATA / f"{name}.sarif").read_bytes())
    reading = sarif.judge([parsed], Evidence(sarif="x", level=level), "infra-1")

    assert reading[:3] == (outcome, reason, checks)
    assert time is ... or reading.when == moment(time)


@pytest.mark.parametrize(
    ("level", "counted"),
    [("note", ["note", "warning", "error"]), ("warning", ["warning", "error"]), ("error", ["error"])],
)
def test_findings_of_the_level_and_above_count(level, counted):
    contradicted = [
        each for each in sarif.LEVELS if judge(run(finding(each)), level=level).outcome == "contradicted"
    ]

    assert contradicted == counted


def test_findings_below_the_level_are_told():
    reading = judge(run(finding("note"), finding("none"), rules=[{"id": "R1"}]), level="error")

    assert reading[:3] == ("verified", "no finding of level error, 2 findings below, by 1 rule", 1)


def test_a_clean_run_is_worth_as_many_checks_as_the_tool_lists_rules():
    reading = judge(run(rules=[{"id": "R1"}, {"id": "R2"}]))

    assert reading == ("verified", f"{CLEAN}, by 2 rules", 2, moment(STAMP))


def test_rules_of_extensions_are_rules():
    tool = {"driver": {"name": "CodeQL"}, "extensions": [{"name": "a", "rules": [{"id": "R1"}]}]}

    assert judge(run(tool=tool)).checks == 1


@pytest.mark.parametrize(
    ("keys", "is_finding"),
    [
        ({}, True),
        ({"level": None}, True),
        ({"kind": "fail"}, True),
        ({"kind": "review"}, True),
        ({"kind": "open", "level": "none"}, True),
        ({"kind": "open", "level": None}, True),
        ({"kind": "open", "level": "note"}, False),
        ({"kind": "pass", "level": "none"}, False),
        ({"kind": "pass"}, False),
        ({"kind": "notApplicable"}, False),
        ({"kind": "informational"}, False),
        ({"suppressions": []}, True),
        ({"suppressions": [{"kind": "inSource"}]}, False),
        ({"suppressions": [{"kind": "external", "status": "accepted"}]}, False),
        ({"suppressions": [{"kind": "external", "status": "underReview"}]}, True),
        ({"suppressions": [{"kind": "external", "status": "rejected"}]}, True),
        ({"suppressions": [{"status": "accepted"}, {"status": "rejected"}]}, True),
        ({"baselineState": "new"}, True),
        ({"baselineState": "unchanged"}, True),
        ({"baselineState": "updated"}, True),
        ({"baselineState": "absent"}, False),
    ],
)
def test_what_is_a_finding(keys, is_finding):
    assert judge(run(finding(**keys))).outcome == ("contradicted" if is_finding else "verified")


ERROR = {"id": "E", "defaultConfiguration": {"level": "error"}}
NOTE = {"id": "N", "defaultConfiguration": {"level": "note"}}
PLAIN = {"id": "P"}


@pytest.mark.parametrize(
    ("keys", "level"),
    [
        ({"ruleId": "E"}, "error"),
        ({"ruleId": "N"}, "note"),
        ({"ruleId": "P"}, "warning"),
        ({"ruleId": "unheard of"}, "warning"),
        ({}, "warning"),
        ({"ruleIndex": 1}, "error"),
        ({"ruleId": "E", "ruleIndex": 0}, "note"),
        ({"ruleId": "E", "ruleIndex": -1}, "error"),
        ({"ruleIndex": 99}, "warning"),
        ({"rule": {"id": "E"}}, "error"),
        ({"rule": {"index": 1}}, "error"),
        ({"rule": {"index": 0, "toolComponent": {"index": 0}}}, "error"),
        ({"rule": {"index": 0, "toolComponent": {"index": 7}}}, "note"),
        ({"ruleId": "E", "level": "note"}, "note"),
        ({"ruleId": "N", "kind": "open"}, "warning"),
    ],
)
def test_a_finding_without_a_level_has_that_of_its_rule(keys, level):
    """CodeQL writes levels with the rules only."""
    driver = {"name": "CodeQL", "rules": [NOTE, ERROR, PLAIN]}
    tool = {"driver": driver, "extensions": [{"name": "more", "rules": [ERROR]}]}
    parsed = sarif.parse(json.dumps({"version": "2.1.0", "runs": [{"tool": tool, "results": [keys]}]}).encode())

    assert [sarif.LEVELS[rank] for rank, _ in parsed.findings] == [level]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({"ruleId": "B307"}, "B307"),
        ({"rule": {"id": "B307"}}, "B307"),
        ({"ruleIndex": 0}, "E"),
        ({}, "a rule without an id"),
        ({"ruleId": "a\u202eb\x1b[31m\n"}, "a\\u202eb\\x1b[31m"),
        ({"ruleId": "x" * 999}, "x" * 99 + "…"),
    ],
)
def test_findings_are_shown_by_their_rules_on_one_line(keys, shown):
    reading = judge(run({"message": {"text": "secret"}} | keys, rules=[ERROR]), level="note")

    assert reading.reason == f"1 finding of level note or above: {shown}"


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ([], "it holds no run"),
        ([run(results=None)], "a run in it holds no results"),
        ([{"tool": {"driver": {"name": "x"}}}], "a run in it holds no results"),
        ([run(), run(results=None)], "a run in it holds no results"),
        ([run(externalPropertyFileReferences={"results": [{}]})], "a run in it holds no results"),
        ([run(invocations=[{"executionSuccessful": False}])], "its tool did not end well"),
        (
            [run(invocations=[{"executionSuccessful": True}, {"executionSuccessful": False}])],
            "its tool did not end well",
        ),
        (
            [run(invocations=[{"executionSuccessful": True, "toolExecutionNotifications": [{"level": "error"}]}])],
            "its tool met errors: not all may have been checked",
        ),
        ([run(properties={"metrics": {"_totals": {"loc": 0}}})], "its tool read no line of code"),
    ],
)
def test_a_run_that_did_not_do_its_work_shows_nothing(runs, reason):
    assert judge(*runs)[:2] == ("inconclusive", reason)


def test_a_file_without_runs_shows_nothing():
    assert judge(runs=None)[:2] == ("inconclusive", "it holds no run")


@pytest.mark.parametrize(
    "keys",
    [
        {"invocations": []},
        {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [{"level": "warning"}, {}]}]},
        {"properties": {"metrics": {"_totals": {"loc": 8}}}},
        {"properties": {"metrics": []}},
        {"properties": {"metrics": {"_totals": {"loc": None}}}},
        {"externalPropertyFileReferences": {"artifacts": [{}]}},
    ],
)
def test_what_does_not_speak_against_a_run(keys):
    assert judge(run(**keys)).outcome == "verified"


def test_a_finding_counts_though_the_tool_did_not_end_well():
    assert judge(run(finding(), invocations=[{"executionSuccessful": False}])).outcome == "contradicted"


@pytest.mark.parametrize(
    ("ends", "time"),
    [
        ([STAMP], STAMP),
        ([STAMP, "2026-11-22T00:00:00Z"], "2026-11-22T00:00:00Z"),
        ([STAMP, None], STAMP),
        ([None], None),
        (["yesterday"], None),
        (["1970-01-01T00:00:00Z"], None),
        ([], None),
    ],
)
def test_the_time_is_the_newest_end(ends, time):
    runs = [run(invocations=[{"executionSuccessful": True, "endTimeUtc": end}]) for end in ends]

    assert judge(*runs, run(invocations=[])).when == moment(time)


def test_one_file_is_read():
    parsed = sarif.parse((DATA / "bandit-1.9.4-pass.sarif").read_bytes())
    reading = sarif.judge([parsed, parsed], Evidence(sarif="x"), "infra-1")

    assert reading[:2] == ("inconclusive", "it names several files; name one")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is not JSON, or cut off"),
        (b"[]", "it is not SARIF 2.1.0"),
        (b"null", "it is not SARIF 2.1.0"),
        (b"{}", "it is not SARIF 2.1.0"),
        (b'{"runs": []}', "it is not SARIF 2.1.0"),
        (b'{"version": "2.0.0", "runs": []}', "it is not SARIF 2.1.0"),
        (b'{"version": 2.1, "runs": []}', "it is not SARIF 2.1.0"),
        (b'{"version": ["2.1.0"], "runs": []}', "it is not SARIF 2.1.0"),
        (b'{"version": "2.1.0", "runs": {}}', "runs in it is not a list of objects"),
        (b'{"version": "2.1.0", "runs": [[]]}', "runs in it is not a list of objects"),
        (b'{"version": "2.1.0", "runs": [], "runs": []}', "a key is repeated in it"),
        (b'{"version": "2.1.0", "runs": [{"x": Infinity}]}', "it holds Infinity, which is not JSON"),
    ],
)
def test_what_is_refused(raw, reason):
    with pytest.raises(Unreadable) as caught:
        sarif.parse(raw)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tool": []}, "tool in it is not an object"),
        ({"tool": {"driver": "x"}}, "driver in it is not an object"),
        ({"tool": {"driver": {"name": 1}}}, "name in it is not text"),
        ({"tool": {"driver": {"rules": {}}}}, "rules in it is not a list of objects"),
        ({"tool": {"extensions": [1]}}, "extensions in it is not a list of objects"),
        ({"results": {}}, "results in it is not a list of objects"),
        ({"results": [1]}, "results in it is not a list of objects"),
        ({"results": [{"level": "fatal"}]}, "level in it is not a word that can stand there"),
        ({"results": [{"level": 3}]}, "level in it is not text"),
        ({"results": [{"kind": "failed"}]}, "kind in it is not a word that can stand there"),
        ({"results": [{"suppressions": True}]}, "suppressions in it is not a list of objects"),
        ({"results": [{"baselineState": "gone"}]}, "baselineState in it is not a word that can stand there"),
        ({"results": [{"ruleIndex": "0"}]}, "ruleIndex in it is not a whole number"),
        ({"results": [{"ruleIndex": True}]}, "ruleIndex in it is not a whole number"),
        ({"results": [{"rule": "R1"}]}, "rule in it is not an object"),
        ({"invocations": {}}, "invocations in it is not a list of objects"),
        ({"invocations": [{}]}, "executionSuccessful in it is not true or false"),
        ({"invocations": [{"executionSuccessful": "true"}]}, "executionSuccessful in it is not true or false"),
        ({"invocations": [{"executionSuccessful": 1}]}, "executionSuccessful in it is not true or false"),
        (
            {"invocations": [{"executionSuccessful": True, "endTimeUtc": 1763708460}]},
            "endTimeUtc in it is not text",
        ),
    ],
)
def test_another_type_than_the_standards_is_refused(change, reason):
    with pytest.raises(Unreadable) as caught:
        judge(run(**change))
    assert str(caught.value) == reason


def test_mlscores_own_report_is_refused():
    with pytest.raises(Unreadable, match="mlscore's own report is no evidence"):
        judge(run(tool={"driver": {"name": "mlscore"}}))


# Properties.

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["error", "open", "R1", STAMP])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=9
)
SAMPLE = {
    "version": "2.1.0",
    "runs": [
        run(
            finding(ruleIndex=0, kind="fail", suppressions=[{"status": "rejected"}], baselineState="new"),
            finding(rule={"id": "R1", "index": 0, "toolComponent": {"index": 0}}),
            tool={"driver": {"name": "x", "rules": [ERROR]}, "extensions": [{"name": "y", "rules": [NOTE]}]},
            invocations=[
                {
                    "executionSuccessful": True,
                    "endTimeUtc": STAMP,
                    "toolExecutionNotifications": [{"level": "note"}],
                }
            ],
            properties={"metrics": {"_totals": {"loc": 8}}},
        )
    ],
}


def paths(value, path=()):
    """List every place in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = replaced(value[key], rest, new)
    return copy


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(paths(SAMPLE))), JSON)
def test_whatever_stands_anywhere_it_is_judged_or_refused(path, value):
    check(json.dumps(replaced(SAMPLE, path, value)).encode())


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_no_beginning_of_a_file_is_read(name, data):
    whole = (DATA / name).read_bytes().rstrip()
    with pytest.raises(Unreadable):
        sarif.parse(whole[: data.draw(st.integers(0, len(whole) - 1))])


@settings(deadline=None)
@given(JSON)
def test_any_json_is_judged_or_refused(value):
    check(json.dumps(value).encode())


@given(st.binary())
def test_any_bytes_are_judged_or_refused(raw):
    check(raw)


@given(st.lists(st.sampled_from(sarif.LEVELS)), st.sampled_from(["note", "warning", "error"]))
def test_a_further_finding_never_leaves_a_file_verified(levels, level):
    results = [finding(each) for each in levels]

    assert judge(run(*results, finding(level)), level=level).outcome == "contradicted"


def check(raw):
    """A file is refused, or each level gives a reading with a reason of one line."""
    try:
        parsed = sarif.parse(raw)
    except Unreadable as trouble:
        parsed, reasons = None, [str(trouble)]
    if parsed is not None:
        levels = ("note", "warning", "error")
        readings = [sarif.judge([parsed], Evidence(sarif="x", level=level), "infra-1") for level in levels]
        assert all(isinstance(reading, Reading) for reading in readings)
        assert all(reading.checks or reading.outcome != "verified" for reading in readings)
        reasons = [reading.reason for reading in readings]
    assert all(0 < len(reason) <= 300 and reason.isprintable() for reason in reasons)
