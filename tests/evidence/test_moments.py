"""Times as tools write them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlscore.evidence.moments import exactly, moment, newest
from mlscore.evidence.reading import Moment

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-21T12:00:00Z",
        "2026-11-21T12:00:00+00:00",
        "2026-11-21T12:00:00-00:00",
        "2026-11-21T21:00:00+09:00",
        "2026-11-21T21:00:00+0900",
        "2026-11-21T21:00:00+09",
        "2026-11-21T17:30:00+05:30",
        "2026-11-20T22:00:00-14:00",
        "2026-11-21 12:00:00+00:00",
        "2026-11-21 12:00:00 UTC",
        "2026-11-21 12:00:00 +0000",
        "20261121T120000Z",
        "20261121T120000.000000Z",
        "2026-11-21T12:00:00.0Z",
        "2026-11-21T12:00:00.000000000Z",
        "  2026-11-21T12:00:00Z\n",
        1795262400,
        1795262400.0,
        1795262400000,
        Decimal(1795262400),
    ],
)
def test_one_time_in_many_forms(written):
    assert moment(written) == Moment(NOON, NOON)


@pytest.mark.parametrize(
    ("written", "microseconds"),
    [("2026-11-21T12:00:00.5Z", 500_000), ("2026-11-21T12:00:00.123456789Z", 123_456), (1795262400.25, 250_000)],
)
def test_fractions_of_a_second(written, microseconds):
    assert moment(written).earliest == NOON + timedelta(microseconds=microseconds)


@pytest.mark.parametrize("written", ["2026-11-21T12:00:00", "2026-11-21 12:00:00.000", "20261121T120000"])
def test_a_time_without_a_zone_could_be_14_hours_off_either_way(written):
    assert moment(written) == Moment(NOON - timedelta(hours=14), NOON + timedelta(hours=14))


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        "",
        "yesterday",
        "2026-11-21",
        "2026-11-21T12:00",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T23:59:60Z",
        "2026-11-21T12:00:00+99:99",
        "2026-11-21T12:00:00+24:00",
        "2026-11-21T12:00:00z",
        "2026-11-21T12:00:00 CET",
        "2026-11-21T12:00:00Z and more",
        "11/21/2026 12:00:00",
        "Sat, 21 Nov 2026 12:00:00 GMT",
        "1795262400",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        0,
        -1,
        1e300,
        10**400,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("1e999999"),
        [],
        {},
        b"2026-11-21T12:00:00Z",
    ],
)
def test_what_is_no_time(written):
    assert moment(written) is None


@pytest.mark.parametrize(
    "written", ["1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "1999-12-31T23:59:59", 946_684_799]
)
def test_before_2000_a_tool_did_not_know_the_time(written):
    assert moment(written) is None


@pytest.mark.parametrize("written", ["2000-01-01T00:00:00Z", 946_684_800])
def test_from_2000_on_a_time_is_one(written):
    assert moment(written).earliest == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "year"),
    [(99_999_999_999, 5138), (100_000_000_000, None), (946_684_800_000, 2000), (4_102_444_800_000, 2100)],
)
def test_large_numbers_are_milliseconds(number, year):
    """100,000,000,000 ms lies in 1973."""
    found = moment(number)

    assert (found and found.earliest.year) == year


def test_exactly():
    assert exactly(NOON) == Moment(NOON, NOON)
    assert exactly(datetime(1999, 12, 31, tzinfo=UTC)) is None


def test_the_newest_is_told_by_its_latest_hour():
    early, late = moment("2026-11-21T12:00:00Z"), moment("2026-11-21T13:00:00Z")
    naive = moment("2026-11-21T00:00:00")

    assert newest([early, None, late]) == late
    assert newest([late, naive]) == naive
    assert newest([None]) is None
    assert newest([]) is None


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(9999, 12, 29)),  # noqa: DTZ001 - the zone is drawn
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_python_writes_is_read_back(naive, zone):
    time = naive.replace(tzinfo=zone)

    assert moment(time.isoformat()) == Moment(time, time)
    assert moment(naive.isoformat()).earliest + timedelta(hours=14) == naive.replace(tzinfo=UTC)


@given(st.text() | st.integers() | st.floats() | st.decimals() | st.binary())
def test_anything_is_a_time_or_none(value):
    found = moment(value)

    assert found is None or found.earliest <= found.latest
