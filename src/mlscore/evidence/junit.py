"""JUnit XML, from pytest and whatever else writes it. Counts the test cases; totals in such files are often wrong.

A case failed if it holds a failure or error, or its status says so; else it is skipped if it says so; else it is
flaky if it says so, or if its suite holds several records under its name: pytest-rerunfailures writes a bare one,
that looks like a pass, for every attempt that failed. Only what is left has passed. A failure in any record wins.

The file is read in pieces, so that the first thing refused is the last thing read: no DOCTYPE, no depth, no
giant tag, and no number of elements or names gets to cost time or memory.

What no reader of such a file can see: tests that were deselected or not collected, and a red run whose report is
green (jest-junit leaves out a file that does not load). mlscore's pytest plugin tells more.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from mlscore.evidence.moments import exactly, moment, newest
from mlscore.evidence.patterns import (
    MAX_LENGTH,
    MAX_PATTERNS,
    Pattern,
    class_in,
    listed,
    pattern,
    without_parameters,
)
from mlscore.evidence.reading import Moment, Reading, Shows, Unreadable, inconclusive
from mlscore.evidence.tallies import oldest
from mlscore.project import Evidence
from mlscore.text import plural

SHOWS: Shows = "result"
MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 64
MAX_ELEMENTS = 500_000
MAX_CASES = 200_000
MAX_TAG = 1024 * 1024
"""Bytes of one tag or comment: a parser has to hold it whole."""
MAX_NAMES = 10_000
"""Different names of elements and attributes: a parser keeps them all."""
MAX_TEXT = 16 * 1024 * 1024
"""Characters in all names of tests, and a little for each."""
MAX_FORMS = 100
"""Ways to write a time."""
CHUNK = 64 * 1024
ENCODINGS = frozenset(
    {"utf-8", "ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "utf-16", "utf-16le", "utf-16be"}
)

PASSED, FLAKY, SKIPPED, FAILED = range(4)
"""Outcomes of a case; the highest of its records' is the one that counts."""
RESULTS = {
    "failure": FAILED,
    "error": FAILED,
    "rerunFailure": FAILED,
    "rerunError": FAILED,
    "skipped": SKIPPED,
    "flakyFailure": FLAKY,
    "flakyError": FLAKY,
}
STATUSES = dict.fromkeys(("failed", "fail", "error"), FAILED) | dict.fromkeys(
    ("disabled", "notrun", "skipped", "untested", "undefined", "pending", "ignored", "todo"), SKIPPED
)
REFUSED = {
    "deepchecks.": "Deepchecks writes failed conditions as passed in JUnit XML; use its JSON",
    "mlscore.": "mlscore's own report is no evidence",
}
"""By the beginning of a case's class."""
_TAKEN = frozenset({"testsuites", "testsuite", "testcase", "properties", "property", *RESULTS})
_ANCIENT = re.compile(r"[01][0-9]{3}-?[0-9]{2}-?[0-9]{2}")
_CLOSING = frozenset("])")
_FRACTION = ".0123456789"


class Report(NamedTuple):
    """What one file says: its cases side by side in lists, which cost a third of as many objects."""

    texts: list[str]
    """`classname::name` of each case, without parameters."""
    outcomes: bytearray
    """What became of each."""
    aliases: dict[int, str]
    """Another `classname::name` of some: by the path of the file; or `module::`, for one that did not load."""
    by_id: dict[str, list[int]]
    """The cases that carry an id in the property `mlscore`."""
    when: Moment | None
    flaw: str | None
    """Why the file cannot be trusted to be whole."""
    nothing: str
    """What to say of it when it holds no case."""
    is_lossy: bool
    """Whether tests are missing whose ids nobody knows: a module did not load, or a worker crashed."""


def parse(raw: bytes) -> Report:
    """Read one file. Raises Unreadable for what is not JUnit XML, is cut off, or is made to cost much."""
    reader = _Reader()
    names: dict[str, str] = {}
    parser = expat.ParserCreate(intern=names)
    parser.XmlDeclHandler = _check_encoding
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    if hasattr(parser, "SetReparseDeferralEnabled"):  # expat 2.6: it would see large tags late
        parser.SetReparseDeferralEnabled(False)  # noqa: FBT003 - the C functions take no keywords
    view = memoryview(raw)
    try:
        for start in range(0, len(raw), CHUNK):
            chunk = view[start : start + CHUNK]
            parser.Parse(chunk, False)  # noqa: FBT003 - the same
            if start + len(chunk) - parser.CurrentByteIndex > MAX_TAG:
                raise Unreadable(f"it has a tag or comment larger than {MAX_TAG // 1024 // 1024} MiB")
            if len(names) > MAX_NAMES:
                raise Unreadable(f"it has more than {MAX_NAMES:,} different names of elements and attributes")
            reader.check()
        parser.Parse(b"", True)  # noqa: FBT003 - the same
        reader.check()
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("it is not XML, or cut off") from None
    return reader.report()


def judge(files: Sequence[Report], entry: Evidence, test_id: str) -> Reading:
    """Judge the cases that `tests` means, without it those that carry the id, over all files.

    A failure wins over all else. Every pattern must mean a case, and `min_tests` must have passed. The time is
    the oldest of the files' times, as one stale shard makes the whole stale; a file that has neither a case nor a
    time adds nothing. Failures among other cases are told, and do not count.
    """
    if len(entry.tests) > MAX_PATTERNS or any(len(text) > MAX_LENGTH for text in entry.tests):
        return inconclusive(f"more than {MAX_PATTERNS} patterns, or one of more than {MAX_LENGTH} characters")
    patterns = [pattern(text) for text in entry.tests]
    chosen = [_chosen(report, patterns, test_id) for report in files]
    counts = [sum(item.outcomes.count(outcome) for item in chosen) for outcome in (PASSED, FLAKY, SKIPPED, FAILED)]
    when = _when([item.report for item in chosen if item.places or item.report.when], entry)
    if counts[FAILED]:
        failed = f"{counts[FAILED]} of {plural(sum(counts), 'case')} failed"
        return Reading("contradicted", f"{failed}: {listed(_failed(chosen))}", counts[PASSED], when)
    doubt = _doubt(chosen, entry.tests, test_id)
    if doubt:
        return inconclusive(doubt)
    others = sum(report.outcomes.count(FAILED) for report in files)
    reason = f"{_passed(counts, entry.min_tests)}{f' in {len(files)} files' if len(files) > 1 else ''}"
    reason += f"; {plural(others, 'other case')} failed" if others else ""
    if counts[PASSED] < entry.min_tests:
        return Reading("inconclusive", reason, counts[PASSED], when)
    return Reading("verified", reason, counts[PASSED], when)


class _Chosen(NamedTuple):
    """The cases of one file that count."""

    report: Report
    places: list[int]
    outcomes: bytes
    unmet: list[bool]
    """For each pattern, whether it means none of them."""


def _chosen(report: Report, patterns: list[Pattern], test_id: str) -> _Chosen:
    found: list[set[str]] = []
    if patterns:
        names = set(report.texts).union(report.aliases.values())  # many cases differ in their parameters only
        found = [item.among(names) for item in patterns]
        meant, aliases = found[0].union(*found), report.aliases
        places = [place for place, text in enumerate(report.texts) if text in meant or aliases.get(place) in meant]
    else:
        places = report.by_id.get(test_id, [])
    outcomes = bytes([report.outcomes[place] for place in places])
    return _Chosen(report, places, outcomes, [not names for names in found])


def _failed(chosen: list[_Chosen]) -> list[str]:
    return [
        item.report.texts[place].removeprefix("::")
        for item in chosen
        for place, outcome in zip(item.places, item.outcomes, strict=True)
        if outcome == FAILED
    ]


def _doubt(chosen: list[_Chosen], tests: Sequence[str], test_id: str) -> str | None:
    """Return why cases of which none failed show nothing, None when they may."""
    files = [item.report for item in chosen]
    flaw = next((report.flaw for report in files if report.flaw), None)
    if flaw:
        return flaw
    if not any(report.texts for report in files):
        return files[0].nothing
    if tests:
        unmet = zip(tests, *(item.unmet for item in chosen), strict=True)
        missed = [text for text, *everywhere in unmet if all(everywhere)]
        return f"no case matches {listed(missed)}" if missed else None
    if not any(item.places for item in chosen):
        return f"no case carries {test_id} in a property mlscore; mark the tests, or name them with `tests`"
    if any(report.is_lossy for report in files):
        return "a module did not load or a worker crashed: marked tests may be missing"
    return None


def _passed(counts: list[int], needed: int) -> str:
    """Say how many cases passed, and what became of the rest."""
    passed = counts[PASSED]
    rest = [f"{counts[kind]} {word}" for kind, word in ((FLAKY, "flaky"), (SKIPPED, "skipped")) if counts[kind]]
    if not passed:
        return f"no case passed: {', '.join(rest)}"
    short = [f"{needed} are needed"] if passed < needed else []
    return ", ".join([f"{plural(passed, 'case')} passed", *rest, *short])


def _when(files: list[Report], entry: Evidence) -> Moment | None:
    """Return the oldest of the files' times; the stated date is the time of those that have none."""
    stated = exactly(datetime.combine(entry.date, time(), UTC)) if entry.date else None
    return oldest([report.when or stated for report in files]) if any(report.when for report in files) else None


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:  # noqa: ARG001 - expat's
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise Unreadable("its encoding is not UTF-8, ASCII, Latin-1 or UTF-16")


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unreadable("it has a DOCTYPE, which could hold a bomb")


class _Reader:
    """Takes elements as the parser meets them. It is called twice for each, and written to be quick."""

    def __init__(self) -> None:
        self._depth = 0
        self._elements = 0
        self._suites = [(0, 0)]
        """The depth and number of each open suite, below a floor."""
        self._case = (0, 0)
        """The depth and place of the open case; no depth when there is none."""
        self._places: dict[int, int] = {}
        self._texts: list[str] = []
        self._outcomes = bytearray()
        self._aliases: dict[int, str] = {}
        self._ids: dict[str, list[int]] = {}
        self._classes: set[str] = set()
        self._stamps: dict[tuple[str, str], str] = {}
        self._flaw: str | None = None
        self._nothing = "it holds no test case"
        self._is_lossy = False
        self._checked = 0
        self._room = MAX_TEXT

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self._depth = depth = self._depth + 1
        self._elements += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH} levels")
        if tag not in _TAKEN:
            tag = tag.rpartition(":")[2]
        if depth == 1 and tag not in {"testsuites", "testsuite"}:
            raise Unreadable("it is not JUnit XML: its root is neither testsuites nor testsuite")
        if tag == "testcase":
            self._begin(depth, attributes)
        elif tag == "testsuite":
            self._suites.append((depth, self._elements))
        elif tag == "property":
            if attributes.get("name") == "mlscore" and self._case[0]:
                self._mark(attributes.get("value", "").strip())
        elif tag in RESULTS and depth == self._case[0] + 1:
            self._result(RESULTS[tag], attributes)
        if "timestamp" in attributes and tag in {"testcase", "testsuite", "testsuites"}:
            self._stamp(attributes["timestamp"][:64].strip())

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser has checked that it fits
        """Take the end of an element."""
        depth = self._depth
        if depth == self._case[0]:
            self._case = (0, 0)
        elif depth == self._suites[-1][0]:
            self._suites.pop()
        self._depth = depth - 1

    def check(self) -> None:
        """Raise Unreadable when what was read since the last check is too much."""
        self._room -= sum(map(len, self._texts[self._checked :]))
        self._checked = len(self._texts)
        if self._elements > MAX_ELEMENTS:
            raise Unreadable(f"more than {MAX_ELEMENTS:,} elements")
        if self._checked > MAX_CASES:
            raise Unreadable(f"more than {MAX_CASES:,} cases")
        if self._room < 0:
            raise Unreadable(f"more than {MAX_TEXT // 1024 // 1024} million characters in the names of tests")

    def report(self) -> Report:
        """Return what was read."""
        by_id = {name: list(dict.fromkeys(places)) for name, places in self._ids.items()}
        when = newest([moment(stamp) for stamp in self._stamps.values()])
        for place, text in enumerate(self._texts):
            if text.startswith("::") and self._outcomes[place] >= SKIPPED:
                self._aliases[place] = f"{text[2:]}::"
                self._is_lossy |= self._outcomes[place] == FAILED
        return Report(
            self._texts, self._outcomes, self._aliases, by_id, when, self._flaw, self._nothing, self._is_lossy
        )

    def _begin(self, depth: int, attributes: dict[str, str]) -> None:
        """Take a record of a case, together with others of it.

        Records are told apart by their hash, so that long parameters are not kept.
        """
        if self._case[0]:
            raise Unreadable("it is not JUnit XML: it has a test case within a test case")
        classname, name = attributes.get("classname", ""), attributes.get("name", "")
        if classname not in self._classes:
            self._meet(classname)
        if not classname and not name:
            self._flaw = "a case has no name: the run was cut short"
        if classname == "ruff" and name == "No errors found":
            self._nothing = "it holds no test case: ruff writes findings; use its SARIF"
            return
        place = self._places.setdefault(hash((self._suites[-1][1], classname, name)), len(self._texts))
        self._case = (depth, place)
        if place == len(self._texts):
            self._outcomes.append(PASSED)
            self._texts.append(f"{classname}::{without_parameters(name) if name[-1:] in _CLOSING else name}")
            if "file" in attributes and classname:
                self._locate(place, attributes["file"], classname)
        else:
            self._outcomes[place] = max(self._outcomes[place], FLAKY)
        if "status" in attributes:
            self._result(STATUSES.get(attributes["status"].lower(), PASSED), attributes)

    def _result(self, outcome: int, attributes: dict[str, str]) -> None:
        """Take what an element or attribute says of the open case."""
        place = self._case[1]
        self._outcomes[place] = max(self._outcomes[place], outcome)
        if outcome == FAILED and "' crashed while running '" in attributes.get("message", "")[:1000]:
            self._is_lossy = True

    def _mark(self, name: str) -> None:
        """Take an id that the open case carries."""
        if name not in self._ids:
            self._room -= len(name) + 300
        self._ids.setdefault(name, []).append(self._case[1])

    def _meet(self, classname: str) -> None:
        """Refuse what should not be read, by the class of a case."""
        for beginning, why in REFUSED.items():
            if classname.startswith(beginning):
                raise Unreadable(why)
        self._classes.add(classname)
        self._room -= len(classname)

    def _locate(self, place: int, file: str, classname: str) -> None:
        """Name a case by the path of its file too."""
        by_file = class_in(file, classname)
        if by_file:
            self._aliases[place] = by_file + self._texts[place][len(classname) :]
            self._room -= len(by_file) + 100

    def _stamp(self, stamp: str) -> None:
        """Remember the newest time of each way to write one: to read them all would take most of the time."""
        if not stamp[:4].isdigit():
            return
        if stamp < "2" and _ANCIENT.match(stamp):
            self._flaw = "it has a time before 2000: the run did not get to the end"
        form = stamp[4:5], stamp[19:].lstrip(_FRACTION)
        if stamp > self._stamps.get(form, ""):
            self._stamps[form] = stamp
        if len(self._stamps) > MAX_FORMS:
            raise Unreadable(f"times in more than {MAX_FORMS} formats")
