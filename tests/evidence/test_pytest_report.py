"""The file of mlscore's own pytest plugin: what it shows of an id, and when it shows nothing."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore.evidence import pytest as reader
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Unreadable
from mlscore.project import Evidence

STARTED, FINISHED = "2026-11-21T07:00:00+00:00", "2026-11-21T07:01:00+00:00"
ENTRY = Evidence(pytest="mlscore.json")
NONE = object()


def marked(outcome="passed", ids=("data-1",), attempts=1):
    return {"ids": list(ids), "outcome": outcome, "attempts": attempts}


def report(tests=NONE, **keys):
    """Make a file as the plugin writes it; a key that is NONE is left out."""
    whole = {
        "schema": "mlscore/pytest/1",
        "mlscore": "0.1.0",
        "pytest": "9.2.0",
        "python": "3.11.7",
        "started": STARTED,
        "finished": FINISHED,
        "complete": True,
        "exitstatus": 0,
        "collected": 3,
        "deselected": [],
        "not_run": [],
        "collect_errors": [],
        "unknown_ids": {},
        "tests": {"tests/test_a.py::test_one": marked()} if tests is NONE else tests,
    } | keys
    return {key: value for key, value in whole.items() if value is not NONE}


def judge(tests=NONE, test_id="data-1", **keys):
    parsed = reader.parse(json.dumps(report(tests, **keys)).encode())
    return reader.judge([parsed], ENTRY, test_id)


def named(*outcomes):
    """Make marked tests `t.py::test_0` and so on."""
    return {f"t.py::test_{n}": marked(outcome) for n, outcome in enumerate(outcomes)}


@pytest.mark.parametrize(
    ("outcomes", "outcome", "reason", "checks"),
    [
        (["passed"], "verified", "1 test passed", 1),
        (["passed", "passed"], "verified", "2 tests passed", 2),
        (["xpassed"], "verified", "1 test passed, 1 although expected to fail", 1),
        (["passed", "skipped", "xfailed"], "verified", "1 test passed, 1 skipped, 1 failed as expected", 1),
        (["skipped"], "inconclusive", "no test passed: 1 skipped", 0),
        (["xfailed", "skipped"], "inconclusive", "no test passed: 1 skipped, 1 failed as expected", 0),
        (["failed"], "contradicted", "1 of 1 test failed: t.py::test_0", 0),
        (["error"], "contradicted", "1 of 1 test failed: t.py::test_0", 0),
        (["passed", "failed", "error"], "contradicted", "2 of 3 tests failed: t.py::test_1 and t.py::test_2", 1),
        (["failed"] * 4, "contradicted", "4 of 4 tests failed: t.py::test_0, t.py::test_1 and 2 more", 0),
        (["not_run", "failed"], "contradicted", "1 of 2 tests failed: t.py::test_1", 0),
        (["passed", "not_run"], "inconclusive", "1 of 2 tests did not run: t.py::test_1", 0),
        (["passed", "exploded"], "inconclusive", "1 of 2 tests did not run: t.py::test_1", 0),
        (["passed", ""], "inconclusive", "1 of 2 tests did not run: t.py::test_1", 0),
    ],
)
def test_what_the_marked_tests_came_to(outcomes, outcome, reason, checks):
    assert judge(named(*outcomes))[:3] == (outcome, reason, checks)


def test_only_tests_marked_with_the_id_count():
    tests = {"a": marked(), "b": marked("failed", ["data-2"]), "c": marked("skipped", ["data-10"])}

    assert judge(tests)[:2] == ("verified", "1 test passed")
    assert judge(tests, test_id="data-2").outcome == "contradicted"
    assert judge(tests, test_id="data-3")[:2] == ("inconclusive", "no test is marked with data-3")


def test_a_failure_elsewhere_in_the_run_does_not_count():
    assert judge(exitstatus=1).outcome == "verified"


def test_a_test_that_passed_when_it_was_run_again_passed_and_is_told():
    tests = {"a": marked(attempts=3), "b": marked()}

    assert judge(tests)[:3] == ("verified", "2 tests passed, 1 after a rerun", 2)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"complete": False, "exitstatus": None, "finished": None}, "the run did not come to its end"),
        ({"complete": False}, "the run did not come to its end"),
        ({"exitstatus": NONE}, "the run did not come to its end"),
        ({"exitstatus": 2}, "the run was interrupted"),
        ({"exitstatus": 3}, "the run ended in an internal error of pytest"),
        ({"exitstatus": 4}, "pytest was called wrongly"),
        ({"exitstatus": 5}, "the run had no tests"),
        ({"exitstatus": 6}, "the run ended with an unknown exit status"),
        ({"exitstatus": -11}, "the run ended with an unknown exit status"),
        ({"not_run": ["tests/test_a.py::test_one"]}, "1 of 1 test did not run: tests/test_a.py::test_one"),
        ({"collect_errors": ["tests/test_b.py"]}, "1 module did not load: marked tests may be missing"),
        ({"collect_errors": ["a.py", "b.py"]}, "2 modules did not load: marked tests may be missing"),
        (
            {"deselected": ["t.py::test_slow[x]"]},
            "1 marked test deselected, perhaps of data-1: t.py::test_slow",
        ),
    ],
)
def test_a_run_in_which_a_marked_test_may_be_missing_shows_nothing(keys, reason):
    assert judge(**keys)[:2] == ("inconclusive", reason)


@pytest.mark.parametrize("keys", [{"complete": False}, {"exitstatus": 2}, {"collect_errors": ["a.py"]}])
def test_a_failure_contradicts_even_then(keys):
    assert judge(named("failed"), **keys).outcome == "contradicted"


@pytest.mark.parametrize("ids", [["data-2"], []])
def test_a_deselected_test_of_another_id_is_not_missed(ids):
    tests = {"a": marked(), "b": marked("not_run", ids)}

    assert judge(tests, deselected=["b"])[:2] == ("verified", "1 test passed")


def test_a_test_that_was_not_run_is_missed_by_its_own_ids_only():
    tests = {"a": marked(), "b": marked("not_run", ["data-2"])}

    assert judge(tests, not_run=["b"]).outcome == "verified"


def test_what_a_run_leaves_that_died_shows_nothing():
    """The plugin replaces the last run's file when it starts."""
    raw = b'{"schema": "mlscore/pytest/1", "complete": false}'

    assert reader.judge([reader.parse(raw)], ENTRY, "data-1")[:2] == (
        "inconclusive",
        "the run did not come to its end",
    )


def test_ids_that_the_plugin_did_not_know_count_for_a_rubric_that_does():
    tests = {"a": marked("failed", []), "b": marked("passed", ["own-1"])}

    assert judge(tests, "own-1", unknown_ids={"own-1": ["a", "b", "gone"]})[:2] == (
        "contradicted",
        "1 of 2 tests failed: a",
    )


@pytest.mark.parametrize(
    ("keys", "time"),
    [
        ({}, FINISHED),
        ({"finished": None}, STARTED),
        ({"finished": "soon"}, STARTED),
        ({"finished": "1970-01-01T00:00:00Z"}, STARTED),
        ({"finished": None, "started": None}, None),
    ],
)
def test_the_time_is_that_of_the_end_or_else_of_the_start(keys, time):
    assert judge(**keys).when == moment(time)


@pytest.mark.parametrize(
    ("nodeid", "shown"),
    [
        ("tests/test_a.py::TestX::test_p[ann@example.com]", "tests/test_a.py::TestX::test_p"),
        ("tests/test_a.py::test_p[a::b]", "tests/test_a.py::test_p"),
        ("tests/[x]/test_a.py::test_p[a]", "tests/[x]/test_a.py::test_p"),
        ("t.py::a\u202eb\x1b[31m", "t.py::a\\u202eb\\x1b[31m"),
        ("", "one without a name"),
        ("t.py::" + "x" * 300, "t.py::" + "x" * 93 + "…"),
    ],
)
def test_names_are_shown_on_one_line_without_data(nodeid, shown):
    assert judge({nodeid: marked("failed")}).reason == f"1 of 1 test failed: {shown}"


def test_one_file_is_read():
    parsed = reader.parse(json.dumps(report()).encode())

    assert reader.judge([parsed, parsed], ENTRY, "data-1")[:2] == (
        "inconclusive",
        "it names several files; name one",
    )


# Refusals.

FOREIGN = "it was not written by mlscore's pytest plugin"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is not JSON, or cut off"),
        (b"null", FOREIGN),
        (b"[]", FOREIGN),
        (b"{}", FOREIGN),
        (b'{"schema": null}', FOREIGN),
        (b'{"schema": ["mlscore/pytest/1"]}', FOREIGN),
        (b'{"schema": "mlscore/report/1"}', FOREIGN),
        (b'{"created": 1, "exitcode": 0, "summary": {}}', FOREIGN),
        (
            b'{"schema": "mlscore/pytest/2"}',
            "it was written by another version of the plugin: its schema is not mlscore/pytest/1",
        ),
        (b'{"schema": "mlscore/pytest/1"}', "complete in it is not true or false"),
        (b'{"schema": "mlscore/pytest/1", "complete": 1}', "complete in it is not true or false"),
        (b'{"schema": "mlscore/pytest/1", "complete": "true"}', "complete in it is not true or false"),
        (b'{"schema": "mlscore/pytest/1", "complete": NaN}', "it holds NaN, which is not JSON"),
        (b'{"schema": "x", "schema": "mlscore/pytest/1"}', "a key is repeated in it"),
    ],
)
def test_what_is_refused(raw, reason):
    with pytest.raises(Unreadable) as caught:
        reader.parse(raw)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"tests": []}, "tests in it is not an object"),
        ({"tests": {"a": "passed"}}, "tests in it is not an object of objects"),
        ({"tests": {"a": {"ids": "data-1", "outcome": "passed"}}}, "ids in it is not a list of texts"),
        ({"tests": {"a": {"ids": [1], "outcome": "passed"}}}, "ids in it is not a list of texts"),
        ({"tests": {"a": {"ids": [], "outcome": True}}}, "outcome in it is not text"),
        ({"tests": {"a": marked(attempts=1.5)}}, "attempts in it is not a whole number"),
        ({"tests": {"a": marked(attempts=True)}}, "attempts in it is not a whole number"),
        ({"exitstatus": "0"}, "exitstatus in it is not a whole number"),
        ({"exitstatus": False}, "exitstatus in it is not a whole number"),
        ({"deselected": {}}, "deselected in it is not a list of texts"),
        ({"not_run": [None]}, "not_run in it is not a list of texts"),
        ({"collect_errors": "a.py"}, "collect_errors in it is not a list of texts"),
        ({"unknown_ids": []}, "unknown_ids in it is not an object"),
        ({"unknown_ids": {"a": "b"}}, "unknown_ids in it is not an object of lists of texts"),
        ({"finished": 1763708460}, "finished in it is not text"),
    ],
)
def test_another_type_than_the_plugins_is_refused(keys, reason):
    with pytest.raises(Unreadable) as caught:
        judge(**keys)
    assert str(caught.value) == reason


# The plugin itself.

FILE = "test_suite.py"
SUITE = """
import pytest

@pytest.mark.mlscore("data-1")
def test_one(): pass

@pytest.mark.mlscore("data-1", "data-2")
def test_two(): pass

@pytest.mark.mlscore("data-3")
def test_three(): assert 0

@pytest.mark.mlscore("data-4")
@pytest.mark.parametrize("column", ["ann@example.com", "b"])
def test_four(column): assert column == "b"

@pytest.mark.mlscore("monitoring-2")
@pytest.mark.xfail
def test_xpass(): pass

@pytest.mark.mlscore("data-5")
@pytest.mark.skip
def test_skipped(): pass

@pytest.mark.mlscore("own-1")
def test_own(): pass

def test_unmarked(): assert 0
"""


@pytest.fixture
def plugin(tmp_path):
    """Run the plugin on a suite and return what it wrote, parsed."""

    def run(source, *arguments):
        (tmp_path / FILE).write_text(source)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV_"))}
        always = ["-q", "-pmlscore.pytest_plugin", "-pno:cacheprovider", "--mlscore-json=mlscore.json"]
        subprocess.run(
            [sys.executable, "-m", "pytest", *always, *arguments],
            cwd=tmp_path,
            env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return reader.parse((tmp_path / "mlscore.json").read_bytes())

    return run


EXPECTED = {
    "data-1": ("verified", "2 tests passed"),
    "data-2": ("verified", "1 test passed"),
    "data-3": ("contradicted", "1 of 1 test failed: test_suite.py::test_three"),
    "data-4": ("contradicted", "1 of 2 tests failed: test_suite.py::test_four"),
    "monitor-2": ("verified", "1 test passed, 1 although expected to fail"),
    "data-5": ("inconclusive", "no test passed: 1 skipped"),
    "own-1": ("verified", "1 test passed"),
    "data-6": ("inconclusive", "no test is marked with data-6"),
}


@pytest.mark.parametrize("how", [(), ("-pxdist.plugin", "-n2")], ids=["serial", "xdist"])
def test_what_the_plugin_writes_is_judged(plugin, how):
    written = plugin(SUITE, *how)

    assert {name: reader.judge([written], ENTRY, name)[:2] for name in EXPECTED} == EXPECTED


RERUN = """
import pytest
TRIES = []
@pytest.mark.mlscore("data-1")
def test_flaky():
    TRIES.append(1)
    assert len(TRIES) == 2
"""


@pytest.mark.parametrize(
    ("source", "arguments", "outcome", "reason"),
    [
        (RERUN, ["-ppytest_rerunfailures", "--reruns=2"], "verified", "1 test passed, 1 after a rerun"),
        (RERUN, [], "contradicted", "1 of 1 test failed: test_suite.py::test_flaky"),
        (SUITE, ["-k", "test_nothing_like_that"], "inconclusive", "the run had no tests"),
        (
            SUITE,
            ["-k", "test_one"],
            "inconclusive",
            f"7 marked tests deselected, perhaps of data-1: {FILE}::test_four, {FILE}::test_own and 5 more",
        ),
        ("import gone", [], "inconclusive", "1 module did not load: marked tests may be missing"),
        (
            SUITE + "def test_exit(): pytest.exit('enough', returncode=0)",
            [],
            "inconclusive",
            "the run did not come to its end",
        ),
        (
            SUITE + "def test_dies(): __import__('os')._exit(0)",
            [],
            "inconclusive",
            "the run did not come to its end",
        ),
    ],
)
def test_runs_that_are_cut_short(plugin, source, arguments, outcome, reason):
    assert reader.judge([plugin(source, *arguments)], ENTRY, "data-1")[:2] == (outcome, reason)


# Properties.

SAMPLE = report({"t.py::test_a": marked(), "t.py::test_b": marked("failed", ["data-2"], 2)}, unknown_ids={"x": []})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=9
)


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
@given(JSON)
def test_any_json_is_judged_or_refused(value):
    check(json.dumps(value).encode())


@given(st.binary())
def test_any_bytes_are_judged_or_refused(raw):
    check(raw)


@given(st.integers(0, len(json.dumps(SAMPLE)) - 1))
def test_no_beginning_of_a_file_is_read(length):
    with pytest.raises(Unreadable):
        reader.parse(json.dumps(SAMPLE).encode()[:length])


def check(raw):
    """A file is refused, or each id gives a reading with a reason of one line."""
    try:
        parsed = reader.parse(raw)
    except Unreadable as trouble:
        parsed, reasons = None, [str(trouble)]
    if parsed is not None:
        readings = [reader.judge([parsed], ENTRY, name) for name in ("data-1", "data-2", "x")]
        assert all(isinstance(reading, Reading) for reading in readings)
        assert all(reading.checks or reading.outcome != "verified" for reading in readings)
        reasons = [reading.reason for reading in readings]
    assert all(0 < len(reason) <= 300 and reason.isprintable() for reason in reasons)
