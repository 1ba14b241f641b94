"""JSON files of a project's own: judged by its conditions, dated by its pointer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.samples import GONE, JSON, assert_careful, dumped, fuzz, read
from mlscore.evidence import json as kind
from mlscore.evidence.moments import moment

CHECKS = ["/metrics/auc >= 0.8", "/drift == false"]
GOOD = {"metrics": {"auc": 0.91}, "drift": False, "run": {"end": "2026-11-20T10:00:00Z"}}


def good(**changes):
    return dumped({key: value for key, value in {**GOOD, **changes}.items() if value is not GONE})


def test_a_file_that_satisfies_every_check_is_verified():
    assert read(kind, good(), checks=CHECKS) == ("verified", "2 checks passed", 2, None)


def test_a_check_that_does_not_hold_contradicts_and_is_named():
    reading = read(kind, good(drift=True), checks=CHECKS)

    assert reading == ("contradicted", "1 of 2 checks failed: '/drift == false'", 1, None)


def test_a_single_check_needs_no_list():
    assert read(kind, good(), checks="/drift == false").outcome == "verified"


def test_without_checks_a_file_shows_nothing():
    assert read(kind, good(), time="/run/end").outcome == "inconclusive"


def test_the_time_is_where_the_pointer_leads():
    reading = read(kind, good(), checks=CHECKS, time="/run/end")

    assert reading.when == moment("2026-11-20T10:00:00Z")


@pytest.mark.parametrize("end", [1_795_245_717, 1_795_245_717_856, 1795245717.856, "20261121T072157Z"])
def test_the_time_may_be_epoch_seconds_or_milliseconds_or_basic_iso(end):
    reading = read(kind, good(run={"end": end}), checks=CHECKS, time="/run/end")

    assert f"{reading.when.earliest:%Y-%m-%d %H:%M:%S}" == "2026-11-21 07:21:57"


@pytest.mark.parametrize("end", ["yesterday", "2026-02-30T10:00:00Z", "2026-11-20", 0, True, None, [], {}, 10**19])
def test_a_time_that_is_none_leaves_the_file_unclear(end):
    reading = read(kind, good(run={"end": end}), checks=CHECKS, time="/run/end")

    assert reading[:2] == ("inconclusive", "'/run/end' is not a time, such as 2026-11-21T07:20:00Z")


@pytest.mark.parametrize("pointer", ["/run/start", "run/end", "/run/end/x", ""])
def test_a_time_that_is_not_there_leaves_the_file_unclear(pointer):
    reading = read(kind, good(), checks=CHECKS, time=pointer)

    assert reading.outcome == "inconclusive"
    assert f"'{pointer}'" in reading.reason


def test_a_check_that_does_not_hold_contradicts_even_without_a_time():
    assert read(kind, good(drift=True), checks=CHECKS, time="/run/start").outcome == "contradicted"


def test_of_several_files_all_must_hold_and_the_oldest_time_counts():
    older = good(run={"end": "2026-10-01T00:00:00Z"})
    reading = read(kind, good(), older, checks=CHECKS, time="/run/end")

    assert reading == ("verified", "4 checks passed", 4, moment("2026-10-01T00:00:00Z"))
    assert read(kind, good(), good(drift=True), checks=CHECKS).outcome == "contradicted"
    assert read(kind, good(), good(drift=GONE), checks=CHECKS).outcome == "inconclusive"
    assert read(kind, good(), good(run=GONE), checks=CHECKS, time="/run/end").outcome == "inconclusive"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "it is not JSON, or cut off"),
        (b'{"metrics": {"auc": 0.9', "it is not JSON, or cut off"),
        (b'{"metrics": {"auc": NaN}, "drift": false}', "it holds NaN, which is not JSON"),
        (b'{"metrics": {"auc": 0.1, "auc": 0.9}, "drift": false}', "a key is repeated in it"),
        (b'{"metrics": {"auc": 1e999}, "drift": false}', "it holds a number too large to be one"),
        (b"[" * 100_000, "nested deeper than 64 levels"),
        (b"\xff\xfe{\x00}\x00", "it is not UTF-8"),
    ],
)
def test_a_file_that_could_mean_two_things_shows_nothing(file, reason):
    """A project's own file can be written properly: unlike a tool's, NaN anywhere in it is refused."""
    assert read(kind, file, checks=CHECKS)[:2] == ("inconclusive", reason)


@pytest.mark.parametrize("auc", ["0.9", True, None, [0.9], {"value": 0.9}])
def test_what_only_looks_like_a_number_is_none(auc):
    assert read(kind, good(metrics={"auc": auc}), checks=CHECKS).outcome == "inconclusive"


@fuzz
@given(
    JSON | JSON.map(lambda value: {"metrics": {"auc": value}, "drift": False, "run": {"end": value}}),
    st.lists(
        st.sampled_from(["/metrics/auc >= 0.8", "/drift == false", "/metrics != null", "nonsense"]), max_size=3
    ),
    st.none() | st.sampled_from(["/run/end", "/", "x"]),
)
def test_any_json_ends_in_a_reading(content, checks, time):
    assert_careful(read(kind, dumped(content), checks=checks, time=time))
