"""Deepchecks: each condition counts, and checks that did not run are not passed over."""

import pytest
from hypothesis import given

from evidence.samples import (
    FOLDER,
    GONE,
    JSON,
    SECRET,
    assert_careful,
    changed,
    data,
    dumped,
    fuzz,
    raw,
    read,
    spoiled,
)
from mlscore.evidence import deepchecks

PASS, FAIL = "deepchecks/pass.json", "deepchecks/fail.json"
SAMPLES = sorted(f"deepchecks/{path.name}" for path in (FOLDER / "deepchecks").glob("*.json"))
BROKEN = {"type": "CheckFailure", "check": {"name": "Feature Drift"}, "exception": f"ValueError: {SECRET}"}


@pytest.mark.parametrize(
    ("name", "outcome", "reason", "checks"),
    [(PASS, "verified", "6 conditions passed", 6), (FAIL, "contradicted", "3 of 6 conditions failed", 3)],
)
def test_what_the_tool_wrote(name, outcome, reason, checks):
    """The file holds no time, and NaN among the values."""
    assert b"NaN" in raw(name)
    assert read(deepchecks, raw(name)) == (outcome, reason, checks, None)


@pytest.mark.parametrize("status", ["FAIL", "WARN", "ERROR"])
def test_any_condition_that_failed_warned_or_broke_contradicts(status):
    reading = read(deepchecks, changed(PASS, results__3__conditions_results__0__Status=status))

    assert reading[:2] == ("contradicted", "1 of 6 conditions failed")


def test_a_check_that_did_not_run_leaves_the_suite_unclear():
    """Its own `passed()` says True here."""
    assert read(deepchecks, changed(PASS, results__2=BROKEN))[:2] == ("inconclusive", "1 check did not run")


def test_a_condition_that_failed_outweighs_a_check_that_did_not_run():
    reading = read(deepchecks, changed(FAIL, results__7=BROKEN))

    assert reading[:2] == ("contradicted", "3 of 6 conditions failed")


@pytest.mark.parametrize("conditions", [[], None, {}, "PASS", GONE])
def test_checks_without_conditions_show_nothing(conditions):
    checks = [{"type": "CheckResult", "check": {}, "value": 1, "conditions_results": conditions}]
    if conditions is GONE:
        del checks[0]["conditions_results"]

    assert read(deepchecks, changed(PASS, results=checks))[:2] == ("inconclusive", "it holds no condition")


def test_an_empty_suite_shows_nothing():
    assert read(deepchecks, changed(PASS, results=[]))[:2] == ("inconclusive", "it holds no condition")


@pytest.mark.parametrize("status", ["pass", "PASSED", "", True, 1, None, [], {}, GONE])
def test_a_status_that_is_none_leaves_the_suite_unclear(status):
    reading = read(deepchecks, changed(PASS, results__0__conditions_results__0__Status=status))

    assert reading[:2] == ("inconclusive", "1 condition neither passed nor failed")


@pytest.mark.parametrize("check", [None, 1, "CheckResult", [], {"type": "SuiteResult", "results": []}])
def test_what_is_no_check_leaves_the_suite_unclear(check):
    assert read(deepchecks, changed(PASS, results__6=check))[:2] == ("inconclusive", "1 check did not run")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"type": "CheckResult", "conditions_results": [{"Status": "PASS"}]},
        {"results": [{"type": "CheckResult", "conditions_results": [{"Status": "PASS"}]}]},
        {"type": "SuiteResult", "results": {}},
        {"type": ["SuiteResult"], "results": []},
    ],
)
def test_other_files_are_no_suite_result(content):
    reading = read(deepchecks, dumped(content))

    assert reading[:2] == ("inconclusive", "it is no suite result of Deepchecks")


def test_of_several_files_none_may_fail():
    assert read(deepchecks, raw(PASS), raw(PASS))[:3] == ("verified", "12 conditions passed", 12)
    assert read(deepchecks, raw(PASS), raw(FAIL)).outcome == "contradicted"
    assert read(deepchecks, raw(PASS), changed(PASS, results=[])).outcome == "inconclusive"


def test_a_file_that_is_cut_off_shows_nothing():
    assert read(deepchecks, raw(PASS)[:-4]).reason == "it is not JSON, or cut off"


@fuzz
@given(spoiled(SAMPLES))
def test_spoiled_files_end_in_a_reading(file):
    assert_careful(read(deepchecks, file))


@fuzz
@given(JSON.map(lambda results: dumped({**data(PASS), "results": results})))
def test_any_results_end_in_a_reading(file):
    assert_careful(read(deepchecks, file))
