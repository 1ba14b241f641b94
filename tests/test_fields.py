"""The kinds of value that rubric and project files share."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mlscore.fields import Day, Duration, Effort, Id, Points, calendar_date, duration, exact, positive

RANGE = "is out of range; write a number from 0 to 1,000,000"
NO_NUMBER = "is not a number; write one such as 2 or 0.5"


class TestExact:
    @pytest.mark.parametrize(
        ("value", "number"),
        [
            (0, "0"),
            (3, "3"),
            (1_000_000, "1000000"),
            (Decimal("0.1"), "1/10"),
            (Decimal("2.50"), "5/2"),
            (Decimal("0.000001"), "1/1000000"),
            (0.1, "1/10"),
            (0.5, "1/2"),
            (Fraction(1, 3), "1/3"),
        ],
    )
    def test_numbers(self, value, number):
        assert exact(value) == Fraction(number)

    @pytest.mark.parametrize(
        ("value", "problem"),
        [
            (-1, f"'-1' {RANGE}"),
            (1_000_001, f"'1000001' {RANGE}"),
            (Decimal("-0.5"), f"'-0.5' {RANGE}"),
            (Decimal("1000000.5"), f"'1000000.5' {RANGE}"),
            (float("inf"), f"'inf' {RANGE}"),
            (float("nan"), f"'nan' {RANGE}"),
            (Decimal("Infinity"), f"'Infinity' {RANGE}"),
            (Decimal("NaN"), f"'NaN' {RANGE}"),
            (Decimal("sNaN"), f"'sNaN' {RANGE}"),
            (Decimal("0.0000001"), None),
            (Decimal("1e400"), None),
            (Decimal("1e-400"), None),
            ("3", f"'3' {NO_NUMBER}"),
            (".inf", f"'.inf' {NO_NUMBER}"),
            ("", f"'' {NO_NUMBER}"),
            (True, None),
            (None, None),
            ([], None),
            ({}, None),
        ],
    )
    def test_what_is_none(self, value, problem):
        with pytest.raises(ValueError, match=r"^'.*' (is|has) ") as caught:
            exact(value)

        assert problem in {None, str(caught.value)}

    @given(st.integers(0, 10**12), st.integers(0, 6))
    def test_no_digit_is_lost(self, digits, decimals):
        value = Fraction(digits, 10**decimals)

        if value <= 10**6:
            assert exact(Decimal(digits).scaleb(-decimals)) == value
        else:
            with pytest.raises(ValueError, match=r"out of range"):
                exact(Decimal(digits).scaleb(-decimals))

    def test_sums_of_tenths_are_exact(self):
        assert sum([exact(Decimal("0.1"))] * 10, Fraction(0)) == 1


@pytest.mark.parametrize("value", [0, Decimal("0.0"), Decimal("0E-6"), Fraction(0)])
def test_effort_is_above_0(value):
    with pytest.raises(ValueError, match=r"^0 is too small; write a number above 0$"):
        positive(value)


class TestDay:
    @pytest.mark.parametrize("text", ["2026-10-01", "2024-02-29", "0001-01-01", "9999-12-31"])
    def test_days(self, text):
        assert calendar_date(text) == date.fromisoformat(text)

    @pytest.mark.parametrize("text", ["2026-02-29", "2026-00-10", "2026-13-01", "2026-04-31", "0000-01-01"])
    def test_days_that_do_not_exist(self, text):
        with pytest.raises(ValueError, match=f"^{text} is not a day of the calendar$"):
            calendar_date(text)

    @pytest.mark.parametrize(
        "value",
        [
            "2026-1-1",
            "20261001",
            "2026-10-01 ",
            "2026-10-01\n",
            "2026-W40-4",
            "２０２６-10-01",
            "+2026-10-01",
            "",
            2026,
            None,
            True,
        ],
    )
    def test_other_ways_to_write_one(self, value):
        with pytest.raises(ValueError, match=r" is not a date; write YYYY-MM-DD, such as 2026-10-01$"):
            calendar_date(value)


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "length"),
        [("12h", timedelta(hours=12)), ("7d", timedelta(days=7)), ("2w", timedelta(weeks=2)), ("99999w", None)],
    )
    def test_lengths(self, text, length):
        assert duration(text) == length or length is None

    @pytest.mark.parametrize("text", ["3m", "12m", "0m"])
    def test_m_could_mean_two_things(self, text):
        with pytest.raises(ValueError, match=r"could be minutes or months; write days, such as 90d$"):
            duration(text)

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "7",
            "d",
            "0d",
            "07d",
            "7 d",
            "7D",
            "-7d",
            "1.5d",
            "100000d",
            "1y",
            "90s",
            "7d\n",
            "٣d",
            "m",
            7,
            None,
            True,
        ],
    )
    def test_other_ways_to_write_one(self, value):
        with pytest.raises(
            ValueError, match=r" is not a length of time; write hours, days or weeks: 12h, 7d, 2w$"
        ):
            duration(value)

    @pytest.mark.parametrize(
        ("text", "written"), [("7d", "7d"), ("2w", "14d"), ("12h", "12h"), ("48h", "2d"), ("36h", "36h")]
    )
    def test_it_is_written_in_days_or_else_hours(self, text, written):
        adapter = TypeAdapter(Duration)

        assert adapter.dump_python(adapter.validate_python(text)) == written


class TestId:
    @pytest.mark.parametrize("name", ["a", "data-1", "not_applicable", "a" * 64, "x0-_"])
    def test_names(self, name):
        assert TypeAdapter(Id).validate_python(name) == name

    @pytest.mark.parametrize(
        "name", ["", "A", "1a", "-a", "_a", "a b", "a.b", "a\n", "é", "a" * 65, "a/b", "[/]", "a\x00", 5, None]
    )
    def test_what_is_none(self, name):
        with pytest.raises(ValidationError):
            TypeAdapter(Id).validate_python(name)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Points, [0, 0.5, 10**6], [-1, 10**6 + 1, "2", True]),
        (Effort, [0.5, 1], [0, -1, "1"]),
        (Day, ["2026-10-01"], ["2026-10-1", 2026, "2026-10-01T00:00:00"]),
        (Duration, ["7d", "12h", "2w"], ["3m", "0d", "7", 7]),
        (Id, ["data-1"], ["Data 1", "", 1]),
    ],
    ids=["Points", "Effort", "Day", "Duration", "Id"],
)
def test_the_schema_of_a_kind_says_what_the_kind_takes(kind, good, bad):
    """An editor must not mark what mlscore accepts."""
    from jsonschema import Draft202012Validator

    adapter = TypeAdapter(kind)
    validator = Draft202012Validator(adapter.json_schema())

    for value in good:
        adapter.validate_python(value)
    assert [value for value in good if not validator.is_valid(value)] == []
    assert [value for value in bad if validator.is_valid(value)] == []
