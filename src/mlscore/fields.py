"""The kinds of value that rubric and project files share, as pydantic types. Raise ValueError for people."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema

from mlscore.text import DECIMALS, number, quote

MAX_NUMBER = 1_000_000
MAX_ID = 64
_ID_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_DURATION = re.compile(r"([1-9][0-9]{0,4})(h|d|w)")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Model(BaseModel):
    """Base of everything read from a file: unknown keys are errors, values do not change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def identifier(value: str) -> str:
    """Return an id as it is: a-z, 0-9, - and _, a letter first, at most 64 characters."""
    if not set(value) <= _ID_SIGNS or not value[:1].isalpha() or len(value) > MAX_ID:
        raise ValueError(f"{quote(value)} is not an id; use a-z, 0-9, - and _, a letter first")
    return value


def exact(value: object) -> Fraction:
    """Return a number from a file or an option as an exact fraction.

    Takes 0 to 1,000,000 with at most six decimals, so that sums stay exact and are shown whole.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{quote(value)} is not a number; write one such as 2 or 0.5")  # noqa: TRY004
    decimal = Decimal(str(value))
    if not decimal.is_finite() or not 0 <= decimal <= MAX_NUMBER:
        raise ValueError(f"{quote(value)} is out of range; write a number from 0 to {MAX_NUMBER:,}")
    if int(decimal.as_tuple().exponent) < -DECIMALS:
        raise ValueError(f"{quote(value)} has more than {DECIMALS} decimals")
    return Fraction(decimal)


def share(value: object) -> Fraction:
    """Return a share as `exact` does; refuse more than the whole."""
    try:
        result = exact(value)
    except ValueError:
        result = None
    if result is None or result > 1:
        raise ValueError(
            f"{quote(value)} is not a share; write a number from 0 to 1 of at most {DECIMALS} decimals"
        )
    return result


def unit_of(values: Iterable[Fraction]) -> Fraction:
    """Return the largest number of which all values are whole multiples; 1 where there is none above 0."""
    known = [value for value in values if value]
    denominator = lcm(*(value.denominator for value in known))
    return Fraction(gcd(*(int(value * denominator) for value in known)) or 1, denominator)


def positive(value: object) -> Fraction:
    """Return a number as `exact` does; refuse 0."""
    if isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool) and value <= 0:
        raise ValueError(f"{quote(value) if value else 0} is too small; write a number above 0")
    return exact(value)


def calendar_date(value: object) -> date:
    """Return a date written as YYYY-MM-DD, with or without quotes."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} is not a day of the calendar") from None
    raise ValueError(f"{quote(value)} is not a date; write YYYY-MM-DD, such as 2026-10-01")


def duration(value: object) -> timedelta:
    """Return a length of time: 12h, 7d or 2w. `3m` could be minutes or months and is refused."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(value, str) and value.endswith("m") and value[:-1].isdigit():
        raise ValueError(f"{quote(value)} could be minutes or months; write days, such as 90d")
    raise ValueError(f"{quote(value)} is not a length of time; write hours, days or weeks: 12h, 7d, 2w")


def lasting(value: timedelta) -> str:
    """Return a length of time as a file has it: in days where it is whole days."""
    hours = value // timedelta(hours=1)
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"


_NUMBER_SCHEMA = {"type": "number", "minimum": 0, "maximum": MAX_NUMBER}

Points = Annotated[Fraction, PlainValidator(exact), PlainSerializer(number), WithJsonSchema(_NUMBER_SCHEMA)]
"""An exact number of points, from 0."""

Share = Annotated[
    Fraction,
    PlainValidator(share),
    PlainSerializer(number),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
"""A part of a whole, from 0 to 1, exact."""

Effort = Annotated[
    Fraction,
    PlainValidator(positive),
    PlainSerializer(number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": MAX_NUMBER}),
]
"""What it costs to raise an answer by one level, in any unit a team likes, above 0."""

Day = Annotated[
    date, PlainValidator(calendar_date), WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"})
]
"""A day of the calendar, `YYYY-MM-DD`."""

Duration = Annotated[
    timedelta,
    PlainValidator(duration),
    PlainSerializer(lasting),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$"}),
]
"""A length of time: hours, days or weeks (`12h`, `7d`, `2w`)."""

Id = Annotated[
    str,
    AfterValidator(identifier),
    WithJsonSchema({"type": "string", "pattern": f"^[a-z][a-z0-9_-]{{0,{MAX_ID - 1}}}$"}),
]
"""A name that formats can show as it is: lower-case letters, digits, - and _."""
