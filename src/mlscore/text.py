"""Text that comes from files and names, made safe and plain to show. Knows no format."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

# C0 but tab and newline, DEL, C1, bidi controls, Unicode's line breaks, non-characters, lone surrogates.
UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_UNSAFE = re.compile(f"[{UNSAFE}]")
_USERINFO = re.compile(r"://[^/\s?#]*@")
QUOTE_LENGTH = 60
LINE_LENGTH = 300
DECIMALS = 6


def visible(text: str) -> str:
    r"""Return `text` as it may be shown anywhere.

    Control and bidi characters become escapes one can see (ESC is `\x1b`), `##[`, which GitHub's runner takes
    for a command wherever it stands, becomes `#\x23[`, and user names and passwords in addresses become `***`.
    Tabs and newlines stay. Idempotent.
    """
    if not text.isprintable():
        text = _UNSAFE.sub(_escape, text)
    if "##[" in text:
        text = text.replace("##[", r"#\x23[")
    return _USERINFO.sub("://***@", text) if "://" in text else text


def one_line(text: str) -> str:
    """Return `text` visible and on a single line, runs of white space folded to one space."""
    return " ".join(visible(text).split())


def quote(value: object) -> str:
    """Return a value from a file in quotes, on one line, cut at 60 characters."""
    return f"'{shortened(written(value), QUOTE_LENGTH)}'"


def written(value: object) -> str:
    """Return a scalar as a YAML file has it: `true` rather than True, `0.1` rather than 1E-1."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Advice(ValueError):  # noqa: N818 - what it carries is advice
    """A ValueError whose text is made only when it is asked for, by `said`.

    Finding the nearest of many names takes time, and a hostile file can hold thousands of wrong ones of which only
    the first are ever shown; pydantic asks every error for its `str`.
    """

    def __init__(self, make: Callable[[], str]) -> None:
        super().__init__()
        self.make = make


def said(error: Exception) -> str:
    """Return the text of an error, made now if it is Advice."""
    return error.make() if isinstance(error, Advice) else str(error)


def shortened(text: str, most: int) -> str:
    """Return `text` on one line, at most `most` characters of it."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def cut(line: str) -> str:
    """Return one line of a message, cut at 300 characters."""
    return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to `word`, or None when nothing is close."""
    import difflib

    matches = difflib.get_close_matches(word[:QUOTE_LENGTH].lower(), list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listing(words: Iterable[str], last: str = "or") -> str:
    """Return words as prose: `a, b or c`."""
    *head, tail = words
    return f"{', '.join(head)} {last} {tail}" if head else tail


def plural(count: int, noun: str) -> str:
    """Return `1 test`, `3 tests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def number(value: Fraction) -> str:
    """Return an exact number for people: no trailing zeros, at most six decimals.

    Only a mean can need more decimals than it is shown with; it is cut, not rounded, so that no
    score ever looks better than it is.
    """
    if value.denominator == 1:
        return str(value.numerator)
    unit = 10**DECIMALS
    whole, decimals = divmod(abs(value.numerator) * unit // value.denominator, unit)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{decimals:0{DECIMALS}d}".rstrip("0").rstrip(".")


def points(value: Fraction) -> str:
    """Return `1 point`, `0.5 points`."""
    return "1 point" if value == 1 else f"{number(value)} points"


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines that are not blank, as YAML folds them."""
    return [line for line in text.split("\n") if line.strip()]


def wrap(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    """Return `text` folded to `width` columns; no line of it can pass for a command of a CI log."""
    import textwrap

    first = indent if first is None else first
    lines = textwrap.wrap(
        one_line(text), width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )
    return "\n".join(disarmed(line) for line in lines)


def labelled(label: str, text: str, width: int, column: int) -> str:
    """Return `text` folded to `width` columns behind a label, from `column` on; below a label that is long."""
    column = min(column, width // 3)
    indent = " " * column
    if len(label) < column:
        return wrap(text, width, indent, label.ljust(column))
    return f"{label}\n{wrap(text, width, indent)}"


def disarmed(line: str) -> str:
    """Return a visible line that GitHub's runner does not take for a command: none begins with `::`."""
    start = len(line) - len(line.lstrip())
    return f"{line[:start]}\\x3a{line[start + 1 :]}" if line.startswith("::", start) else line


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004
