"""Evidently: the status of each test counts, in the files of 0.4 and 0.7."""

import pytest
from hypothesis import given

from evidence.samples import FOLDER, GONE, JSON, assert_careful, changed, data, dumped, fuzz, raw, read, spoiled
from mlscore.evidence import evidently
from mlscore.evidence.moments import moment

PASS = "evidently/pass.json"
SAMPLES = sorted(f"evidently/{path.name}" for path in (FOLDER / "evidently").glob("*.json"))


@pytest.mark.parametrize(
    ("name", "outcome", "reason", "checks", "time"),
    [
        ("pass", "verified", "9 tests passed", 9, None),
        ("fail", "contradicted", "5 of 9 tests failed", 4, None),
        ("0.7-warn", "contradicted", "1 of 1 test failed", 0, None),
        ("0.7-dump-pass", "verified", "2 tests passed", 2, "2026-11-21 10:38:24.628466"),
        ("0.7-dump-fail", "contradicted", "1 of 2 tests failed", 1, "2026-11-21 10:38:24.632631"),
        ("0.7-dump-warn", "contradicted", "1 of 1 test failed", 0, "2026-11-21 10:38:24.638081"),
        ("0.7-workspace-fail", "contradicted", "3 of 6 tests failed", 3, "2026-11-21T10:39:32.241067"),
        ("0.4-pass", "verified", "2 tests passed", 2, "2026-11-21 10:38:27.944610"),
        ("0.4-fail", "contradicted", "1 of 2 tests failed", 1, "2026-11-21 10:38:27.956959"),
        ("0.4-warn", "contradicted", "1 of 2 tests failed", 1, "2026-11-21 10:38:27.964004"),
        ("0.4-error", "contradicted", "1 of 2 tests failed", 1, "2026-11-21 10:38:27.972619"),
        ("0.4-snapshot-pass", "verified", "2 tests passed", 2, "2026-11-21T10:38:27.944610"),
        ("0.4-snapshot-error", "contradicted", "1 of 2 tests failed", 1, "2026-11-21T10:38:27.972619"),
    ],
)
def test_what_the_tool_wrote(name, outcome, reason, checks, time):
    assert read(evidently, raw(f"evidently/{name}.json")) == (outcome, reason, checks, moment(time))


def test_a_time_without_a_zone_may_be_any_of_a_day_s_hours():
    when = read(evidently, raw("evidently/0.4-pass.json")).when

    assert when.earliest < moment("2026-11-21T10:38:27.944610Z").earliest < when.latest


@pytest.mark.parametrize("name", ["0.7-notests", "0.7-dump-notests", "0.4-report"])
def test_a_report_without_tests_shows_nothing(name):
    assert read(evidently, raw(f"evidently/{name}.json"))[:2] == ("inconclusive", "it holds no test")


@pytest.mark.parametrize("name", ["0.4-warn", "0.4-error"])
def test_the_summary_is_not_believed(name):
    """It counts warnings as successes, and errors not at all."""
    edited = changed(
        f"evidently/{name}.json",
        summary={"all_passed": True, "total_tests": 2, "success_tests": 2, "failed_tests": 0},
    )

    assert read(evidently, edited).outcome == "contradicted"


@pytest.mark.parametrize("status", ["FAIL", "WARNING", "ERROR"])
def test_any_test_that_failed_warned_or_broke_contradicts(status):
    edited = changed(PASS, tests__4__status=status, tests__4__test_config__is_critical=False)

    assert read(evidently, edited)[:2] == ("contradicted", "1 of 9 tests failed")


def test_a_description_does_not_count():
    """It may say the opposite of the status."""
    edited = changed("evidently/fail.json", tests__1__description="Actual value 0.000 expected 0.000")

    assert read(evidently, edited)[:2] == ("contradicted", "5 of 9 tests failed")


@pytest.mark.parametrize("status", ["SKIPPED", "success", "PASS", "", True, 1, None, [], {}, GONE])
def test_a_test_that_was_skipped_or_has_a_status_unheard_of_leaves_the_run_unclear(status):
    reading = read(evidently, changed(PASS, tests__4__status=status))

    assert reading[:2] == ("inconclusive", "1 test neither passed nor failed")


def test_nan_among_the_values_is_read_over():
    edited = changed(PASS, metrics__0__value=float("nan"))
    assert b"NaN" in edited

    assert read(evidently, edited).outcome == "verified"


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"tests": [{"status": "SUCCESS"}]},
        {"summary": [], "tests": [{"status": "SUCCESS"}]},
        {"created": 1, "tests": [{"nodeid": "a", "outcome": "passed"}]},
    ],
)
def test_other_files_are_no_report(content):
    assert read(evidently, dumped(content))[:2] == ("inconclusive", "it is no report of Evidently")


@pytest.mark.parametrize(
    "content",
    [
        {"metric_results": {"a": {"tests": {"status": "SUCCESS"}}, "b": None, "c": []}},
        {"suite": {"test_results": {"status": "SUCCESS"}}},
        {"suite": {}},
        {"metrics": [], "tests": {"a": {"status": "SUCCESS"}}},
        {"metrics": [], "tests": None},
    ],
)
def test_tests_of_another_shape_are_no_tests(content):
    assert read(evidently, dumped(content))[:2] == ("inconclusive", "it holds no test")


def test_of_several_files_none_may_fail():
    assert read(evidently, raw(PASS), raw("evidently/0.4-pass.json"))[:3] == ("verified", "11 tests passed", 11)
    assert read(evidently, raw(PASS), raw("evidently/fail.json")).outcome == "contradicted"
    assert read(evidently, raw(PASS), raw("evidently/0.7-notests.json")).outcome == "inconclusive"


def test_a_file_that_is_cut_off_shows_nothing():
    assert read(evidently, raw(PASS)[:-4]).reason == "it is not JSON, or cut off"


@fuzz
@given(spoiled(SAMPLES))
def test_spoiled_files_end_in_a_reading(file):
    assert_careful(read(evidently, file))


@fuzz
@given(JSON.map(lambda tests: dumped({**data(PASS), "tests": tests})))
def test_any_tests_end_in_a_reading(file):
    assert_careful(read(evidently, file))
