"""dbt: the tests of `dbt test` and `dbt build`, and nothing that another command wrote."""

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
from mlscore.evidence import dbt
from mlscore.evidence.moments import moment

PASS, BUILD = "dbt/pass.json", "dbt/1.10-build-pass.json"
SAMPLES = sorted(f"dbt/{path.name}" for path in (FOLDER / "dbt").glob("*.json"))
OTHER_COMMAND = "dbt test or dbt build did not write it, but another command (a compile overwrites it)"


@pytest.mark.parametrize(
    ("name", "outcome", "reason", "checks", "time"),
    [
        ("pass", "verified", "5 tests passed", 5, "2026-11-21T07:19:50.911280Z"),
        ("fail", "contradicted", "4 of 6 tests failed", 2, "2026-11-21T07:20:02.464621Z"),
        ("1.10-build-pass", "verified", "4 tests passed", 4, "2026-11-21T10:37:32.369654Z"),
        ("1.10-build-testfail", "contradicted", "1 of 2 tests failed", 1, "2026-11-21T10:37:49.110338Z"),
    ],
)
def test_what_the_tool_wrote(name, outcome, reason, checks, time):
    reading = read(dbt, raw(f"dbt/{name}.json"))

    assert reading == (outcome, reason, checks, moment(time))


@pytest.mark.parametrize("name", ["1.10-build-modelerror", "1.10-hook-error"])
def test_a_model_or_hook_that_ended_in_an_error_contradicts_though_no_test_failed(name):
    reading = read(dbt, raw(f"dbt/{name}.json"))

    assert reading[:2] == ("contradicted", "a model or hook that dbt ran with the tests failed")


@pytest.mark.parametrize("name", ["1.10-compile", "1.10-docs", "1.10-run"])
def test_a_file_that_another_command_has_overwritten_shows_nothing(name):
    assert read(dbt, raw(f"dbt/{name}.json"))[:2] == ("inconclusive", OTHER_COMMAND)


@pytest.mark.parametrize("which", ["compile", "TEST", "", None, True, ["test"], GONE])
def test_the_command_must_be_known(which):
    assert read(dbt, changed(PASS, args__which=which))[:2] == ("inconclusive", OTHER_COMMAND)


def test_a_selection_of_nothing_shows_nothing():
    """`dbt test --select nothing` ends with exit code 0."""
    assert read(dbt, raw("dbt/1.10-empty.json"))[:2] == ("inconclusive", "it holds no test")


def test_models_are_no_tests():
    models = [{"unique_id": "model.wine.a", "status": "success"}, {"unique_id": "seed.wine.b", "status": "pass"}]

    assert read(dbt, changed(BUILD, results=models))[:2] == ("inconclusive", "it holds no test")


@pytest.mark.parametrize("status", ["fail", "error", "runtime error", "warn"])
def test_any_test_that_failed_or_warned_contradicts(status):
    """dbt exits with 0 when tests only warn."""
    reading = read(dbt, changed(PASS, results__3__status=status))

    assert reading[:2] == ("contradicted", "1 of 5 tests failed")


@pytest.mark.parametrize("status", ["no-op", "reused"])
def test_a_test_that_dbt_left_out_is_no_pass(status):
    one = changed(PASS, results__3__status=status)
    alone = changed(PASS, results=[{"unique_id": "test.wine.a", "status": status}])

    assert read(dbt, one)[:3] == ("verified", "4 tests passed", 4)
    assert read(dbt, alone)[:2] == ("inconclusive", "it holds no test")


@pytest.mark.parametrize("status", ["skipped", "success", "PASS", "passed", SECRET, True, 1, None, [], {}, GONE])
def test_a_test_that_was_skipped_or_has_a_status_unheard_of_leaves_the_run_unclear(status):
    reading = read(dbt, changed(PASS, results__3__status=status))

    assert reading[:2] == ("inconclusive", "1 test neither passed nor failed")


def test_unit_tests_count():
    results = [{"unique_id": "unit_test.wine.b.ut", "status": "fail"}]

    assert read(dbt, changed(BUILD, results=results))[:2] == ("contradicted", "1 of 1 test failed")


@pytest.mark.parametrize("version", [4, 5, 7, 12])
def test_other_versions_of_the_schema_are_read(version):
    schema = f"https://schemas.getdbt.com/dbt/run-results/v{version}.json"

    assert read(dbt, changed(PASS, metadata__dbt_schema_version=schema)).outcome == "verified"


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("https://schemas.getdbt.com/dbt/run-results/v3.json", "it is of a dbt older than 1.0"),
        ("https://schemas.getdbt.com/dbt/sources/v3.json", "it is no run_results.json of dbt"),
        ("https://schemas.getdbt.com/dbt/manifest/v12.json", "it is no run_results.json of dbt"),
        ("https://schemas.getdbt.com/dbt/run-results/v.json", "it is no run_results.json of dbt"),
        (GONE, "it is no run_results.json of dbt"),
        (6, "it is no run_results.json of dbt"),
    ],
)
def test_other_artifacts_of_dbt_are_refused(schema, reason):
    assert read(dbt, changed(PASS, metadata__dbt_schema_version=schema))[:2] == ("inconclusive", reason)


@pytest.mark.parametrize("results", [{}, None, "x", 1, GONE])
def test_results_must_be_a_list(results):
    assert read(dbt, changed(PASS, results=results))[:2] == ("inconclusive", "it is no run_results.json of dbt")


@pytest.mark.parametrize("time", [GONE, None, True, "yesterday", "1970-01-01T00:00:00Z"])
def test_a_run_without_a_time_leaves_the_time_open(time):
    reading = read(dbt, changed(PASS, metadata__generated_at=time))

    assert reading.outcome == "verified"
    assert reading.when is None


def test_secrets_in_arguments_environment_and_messages_are_not_shown():
    edited = changed(
        "dbt/fail.json",
        args__vars={"password": SECRET},
        metadata__env={"KEY": SECRET},
        results__1__message=SECRET,
        results__2__compiled_code=SECRET,
        results__2__unique_id=f"test.{SECRET}",
    )

    assert read(dbt, edited).reason == "4 of 6 tests failed"


def test_a_repeated_key_is_refused():
    """Readers that keep the last one would see a pass."""
    file = raw(PASS).replace(b'"status": "pass"', b'"status": "fail", "status": "pass"', 1)

    assert read(dbt, file)[:2] == ("inconclusive", "a key is repeated in it")


def test_of_several_files_none_may_fail():
    assert read(dbt, raw(PASS), raw(BUILD))[:3] == ("verified", "9 tests passed", 9)
    assert read(dbt, raw(PASS), raw("dbt/fail.json")).outcome == "contradicted"
    assert read(dbt, raw(PASS), raw("dbt/1.10-empty.json")).outcome == "inconclusive"


def test_a_file_that_is_cut_off_shows_nothing():
    assert read(dbt, raw(PASS)[:-4]).reason == "it is not JSON, or cut off"


@fuzz
@given(spoiled(SAMPLES))
def test_spoiled_files_end_in_a_reading(file):
    assert_careful(read(dbt, file))


@fuzz
@given(JSON.map(lambda results: dumped({**data(PASS), "results": results})))
def test_any_results_end_in_a_reading(file):
    assert_careful(read(dbt, file))
