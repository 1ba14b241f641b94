"""Whether a cron line as GitHub reads it (POSIX, five fields) can ever fire. Pure arithmetic."""

import re

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LENGTHS = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
"""Days of each month, in a leap year: 29 February fires, if seldom."""

_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    (0, 6, {name: number for number, name in enumerate(_DAYS)}),
)
"""Minute, hour, day of the month, month, day of the week: lowest, highest, names."""

MAX_LENGTH = 200
"""Characters of a line; a longer one is not read."""

_ITEM = re.compile(r"(?:\*|([0-9A-Z]{1,3})(?:-([0-9A-Z]{1,3}))?)(?:/([0-9]{1,3}))?")


def can_fire(line: str) -> bool:
    """Tell whether a line is well-formed and names a time that comes."""
    words = line.upper().split() if len(line) <= MAX_LENGTH and line.isascii() else []
    if len(words) != len(_FIELDS):
        return False
    values = [_values(word, *field) for word, field in zip(words, _FIELDS, strict=True)]
    if not all(values):
        return False
    _, _, days, months, _ = values
    is_any_weekday = words[4].startswith("*")
    # Where both kinds of day are restricted, either will do, and every month has every day of the week.
    return not is_any_weekday or any(min(days) <= _LENGTHS[month] for month in months)


def _values(word: str, lowest: int, highest: int, names: dict[str, int]) -> set[int]:
    """Return what a field stands for; nothing when any part of it is wrong."""
    values: set[int] = set()
    for item in word.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            return set()
        first, last, step = match.groups()
        start = lowest if first is None else _number(first, names)
        end = _number(last, names) if last else highest if first is None or step else start
        width = int(step) if step else 1
        if not lowest <= start <= end <= highest or not width:
            return set()
        values.update(range(start, end + 1, width))
    return values


def _number(text: str, names: dict[str, int]) -> int:
    """Return the value of a number or name; -1, which no field takes, for anything else."""
    return int(text) if text.isdecimal() else names.get(text, -1)
