"""Times as tools write them. Pure."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from mlscore.evidence.reading import Moment

_STAMP = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})(?:\.(\d{1,9}))?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?"
)
FIRST_YEAR = 2000
"""Tools write 1970 or 1900 when they do not know."""
UNKNOWN_ZONE = timedelta(hours=14)
"""How far a time without a zone may be from UTC, either way."""
MILLISECONDS = 100_000_000_000
"""Epoch numbers from here on are milliseconds (as seconds they would lie after the year 5000)."""


def moment(value: object) -> Moment | None:
    """Read a time: ISO 8601 (basic form and a space for the T too), or epoch seconds or milliseconds.

    None for anything else, for days that do not exist and for years before 2000.
    """
    try:
        if isinstance(value, str):
            return _from_text(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            seconds = float(value)
            return exactly(datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS else seconds, UTC))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def exactly(time: datetime) -> Moment | None:
    """Return the moment of a time with a zone; None for years before 2000."""
    return Moment(time, time) if time.year >= FIRST_YEAR else None


def newest(moments: "list[Moment | None]") -> Moment | None:
    """Return the newest of several moments, None where there is none."""
    known = [item for item in moments if item is not None]
    return max(known, key=lambda item: item.latest, default=None)


def _from_text(text: str) -> Moment | None:
    match = _STAMP.fullmatch(text.strip()[:64])
    if match is None:
        return None
    *numbers, fraction, zone = match.groups()
    year, month, day, hour, minute, second = (int(number) for number in numbers)
    micro = int((fraction or "0").ljust(6, "0")[:6])
    time = datetime(year, month, day, hour, minute, second, micro, _zone(zone) if zone else UTC)
    if zone:
        return exactly(time.astimezone(UTC))
    return Moment(time - UNKNOWN_ZONE, time + UNKNOWN_ZONE) if year >= FIRST_YEAR else None


def _zone(zone: str) -> timezone:
    if zone in {"Z", "UTC"}:
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0  # noqa: PLR2004 - +hh or +hh:mm
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset)
