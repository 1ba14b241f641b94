"""The formats of a forecast: lines for people, JSON (schema `mlscore/forecast/1`) and a calendar."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.forecasting import Point
from mlscore.formats.json import as_number, identity
from mlscore.report import Report
from mlscore.text import listing, number, one_line, wrap

SCHEMA = "mlscore/forecast/1"
FORMATS = ("table", "json", "ical")


def render(name: str, report: Report, points: Sequence[Point], width: int) -> str:
    """Render a forecast in one of FORMATS."""
    if name == "json":
        return _json(report, points)
    return _calendar(report, points) if name == "ical" else _table(report, points, width)


def sentence(points: Sequence[Point]) -> str:
    """Say the next fall in one line."""
    now = points[0].verified.tier
    if len(points) == 1:
        return f"{now.id} for good: no evidence that counts grows stale"
    change = next((point for point in points[1:] if point.verified.tier != now), points[1])
    until = change.day - timedelta(days=1)
    then = change.verified.tier.id if change.verified.tier != now else f"{number(change.verified.score)} points"
    verb = "goes" if len(change.because) == 1 else "go"
    return f"{now.id} until {until}, then {then}: {listing(change.because, 'and')} {verb} stale"


def _table(report: Report, points: Sequence[Point], width: int) -> str:
    name = one_line(report.project.project)
    if not points:
        return wrap(f"Project {name}: no answer declares evidence, so there is nothing to forecast.", width) + "\n"
    lines = [wrap(f"Project {name}: {sentence(points)}.", width), ""]
    for point in points:
        score = f"{number(point.verified.score)} of {number(report.max_score)}"
        why = f": {', '.join(point.because)}" if point.because else ""
        lines.append(wrap(f"{score}  {point.verified.tier.label}{why}", width, " " * 12, f"{point.day}  "))
    return "\n".join(lines) + "\n"


def _json(report: Report, points: Sequence[Point]) -> str:
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "project": {"name": report.project.project, "path": shown_path(report.project.source.path)},
        "rubric": identity(report.rubric),
        "points": [
            {
                "date": point.day.isoformat(),
                "score": as_number(point.verified.score),
                "tier": point.verified.tier.id,
                "because": list(point.because),
            }
            for point in points
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _calendar(report: Report, points: Sequence[Point]) -> str:
    """Write an iCalendar (RFC 5545) with an all-day event for each fall."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//mlscore//{mlscore.__version__}//EN"]
    for point in points[1:]:
        lines += _event(report, point)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(report: Report, point: Point) -> Iterator[str]:
    name = one_line(report.project.project)
    score = f"{number(point.verified.score)} of {number(report.max_score)} ({point.verified.tier.label})"
    yield "BEGIN:VEVENT"
    yield f"UID:{point.day:%Y%m%d}-{_identity(report)}@mlscore"
    yield f"DTSTAMP:{report.as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{point.day:%Y%m%d}"
    yield "SUMMARY:" + _text(f"{name}: verified score falls to {score}")
    yield "DESCRIPTION:" + _text(f"Evidence goes stale: {', '.join(point.because)}")
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _identity(report: Report) -> str:
    """Tell the events of one project from another's, the same from run to run."""
    import hashlib

    facts = f"{report.project.project}\0{report.project.source.path}\0{report.rubric.id}"
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _text(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text


def _folded(line: str) -> Iterator[str]:
    """Fold a line after at most 75 bytes, never inside a character."""
    piece = ""
    for character in line:
        if len(f"{piece}{character}".encode()) > 75:  # noqa: PLR2004 - RFC 5545, 3.1
            yield piece
            piece = " "
        piece += character
    yield piece
