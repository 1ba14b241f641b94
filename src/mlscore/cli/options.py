"""Options that several commands share, and the reading of their values. Raises UsageError."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mlscore.errors import UsageError

if TYPE_CHECKING:
    from mlscore.rubric import Rubric

T = TypeVar("T")

RubricOption = Annotated[
    str | None,
    typer.Option("--rubric", "-r", metavar="ID|FILE", help="Rubric: a built-in id or a path.", show_default=False),
]


def chosen_rubric(ref: str | None) -> "Rubric":
    """Load the rubric an option names, or the default."""
    from mlscore.loading import load_rubric

    return load_rubric(ref) if ref is not None else load_rubric()


def parsed(option: str, parse: Callable[[object], T], value: object) -> T:
    """Read an option's value, naming the option when it is wrong."""
    try:
        return parse(value)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def number(option: str, text: str) -> Fraction:
    """Read an exact number such as 3 or 0.5."""
    from decimal import Decimal, InvalidOperation

    from mlscore.fields import exact

    try:
        value: object = Decimal(text)
    except InvalidOperation:
        value = text
    return parsed(option, exact, value)


def day(option: str, text: str | None) -> date | None:
    """Read a date written as YYYY-MM-DD."""
    from mlscore.fields import calendar_date

    return None if text is None else parsed(option, calendar_date, text)


def pair(option: str, text: str, form: str) -> tuple[str, str]:
    """Split KEY=VALUE."""
    key, sign, value = text.partition("=")
    if not (key and sign and value):
        from mlscore.text import quote

        raise UsageError(f"{option}: {quote(text)} is not of the form {form}")
    return key, value


def one_of(option: str, value: str, choices: "list[str] | tuple[str, ...] | dict[str, str]") -> str:
    """Read a word out of a few, with the nearest one when it is none of them."""
    if value in choices:
        return value
    from mlscore.text import listing, nearest, quote

    match = nearest(value, choices)
    raise UsageError(
        f"{option}: {quote(value)} is not one of {listing(choices)}"
        + (f"; did you mean {match}?" if match else "")
    )
