"""Options that several commands share, and the reading of their values. Raises UsageError."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from mlscore.errors import UsageError

if TYPE_CHECKING:
    from mlscore.rubric import Rubric

T = TypeVar("T")
MAX_EPOCH = 11
"""Digits of a time that a calendar can hold."""

RubricOption = Annotated[
    str | None,
    typer.Option("--rubric", "-r", metavar="ID|FILE", help="Rubric: a built-in id or a path.", show_default=False),
]


def format_option(names: str) -> Any:  # noqa: ANN401 - as typer declares it
    """Return the option for a command that writes one of several formats, divided by |; the first is the usual."""
    first = names.partition("|")[0]
    help_ = f"How to show it.  [default: by the suffix of --output, else {first}]"
    return typer.Option("--format", "-f", metavar=names, help=help_, show_default=False)


def chosen_rubric(ref: str | None) -> "Rubric":
    """Load the rubric an option names, or the default."""
    from mlscore.loading import load_rubric

    return load_rubric(ref) if ref is not None else load_rubric()


def reference(ref: str, folder: str) -> str:
    """Return what a file in `folder` calls a rubric: a path from there, or the id as it is."""
    from mlscore.loading import is_path

    return os.path.relpath(ref, folder or ".") if is_path(ref) else ref


def parsed(option: str, parse: Callable[[object], T], value: object) -> T:
    """Read an option's value, naming the option when it is wrong."""
    from mlscore.text import said

    try:
        return parse(value)
    except ValueError as error:
        raise UsageError(f"{option}: {said(error)}") from None


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
    """Read a date written as YYYY-MM-DD; without one, take SOURCE_DATE_EPOCH, else None."""
    from mlscore.fields import calendar_date

    if text is not None:
        return parsed(option, calendar_date, text)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")  # reproducible builds: the day they say it is
    return (
        datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdecimal() and len(epoch) <= MAX_EPOCH else None
    )


def pair(option: str, text: str, form: str) -> tuple[str, str]:
    """Split KEY=VALUE."""
    key, sign, value = text.partition("=")
    if not (key and sign and value):
        from mlscore.text import quote

        raise UsageError(f"{option}: {quote(text)} is not of the form {form}")
    return key, value


def chosen_format(format_: str | None, output: str, formats: tuple[str, ...], inputs: Iterable[str]) -> str:
    """Return the format that is asked for: by name, else by the suffix of the output, else the first.

    Refuses an output that is one of `inputs` before it says anything of its suffix.
    """
    from mlscore.cli.output import check_targets
    from mlscore.diagnostics import shown_path
    from mlscore.formats import format_of

    check_targets([output], inputs)
    if format_ is not None:
        return one_of("--format", format_, formats)
    suffix = os.path.splitext(output)[1].lower()
    if suffix in {"", ".txt"}:
        return formats[0]
    by_suffix = "ical" if suffix == ".ics" else format_of(output)
    if by_suffix in formats:
        return by_suffix
    raise UsageError(
        f"--output: {suffix} stands for no format of this command; give --format ({shown_path(output)})"
    )


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
