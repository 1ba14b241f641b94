"""The formats of a history: a table with a sparkline, JSON (schema `mlscore/history/1`), CSV and a page."""

import json
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.formats.csv import table
from mlscore.formats.json import as_number, identity
from mlscore.history import History, Point
from mlscore.text import labelled, number, one_line, plural, wrap

if TYPE_CHECKING:
    from mlscore.formats.page import Chart

SCHEMA = "mlscore/history/1"
FORMATS = ("table", "json", "csv", "html")
SHORT = 8
"""Characters of a commit that people read."""
BARS, PLAIN_BARS = "▁▂▃▄▅▆▇█", "_.-=+*#@"


def render(name: str, found: History, style: Style) -> str:
    """Render a history in one of FORMATS."""
    if name == "html":
        return _page(found)
    if name == "json":
        return _json(found)
    return _csv(found) if name == "csv" else _table(found, style)


def sparkline(points: Sequence[Point], width: int, bars: str = BARS) -> str:
    """Draw the scores as bars, at most `width` of them: each is the last one of its share of the history."""
    count = min(width, len(points))
    shown = [points[(place + 1) * len(points) // count - 1] for place in range(count)]
    return "".join(bars[_height(point, len(bars))] for point in shown)


def _height(point: Point, steps: int) -> int:
    share = point.score.score / point.rubric.max_score
    return min(steps - 1, int(share * steps))


def _table(found: History, style: Style) -> str:
    width = min(style.width, 100)
    first, last = found.points[0], found.points[-1]
    arrow = "→" if style.unicode else "->"
    name = one_line(found.project.project)
    commits = plural(len(found.points), "commit")
    lines = [
        wrap(f"{name}: {_score(first)} {arrow} {_score(last)} in {commits}, {_scale(found)}", width, "  ", ""),
        sparkline(found.points, width, BARS if style.unicode else PLAIN_BARS),
        "",
    ]
    for point in found.points:
        when = f"{point.revision.when[:10]} {point.revision.commit[:SHORT]}"
        sums = ", ".join(f"{name} {number(value)}" for name, value in point.score.categories.items())
        lost = f"; without {', '.join(point.lost)}, whose answers the rubric does not take" if point.lost else ""
        lines.append(labelled(when, f"{_score(point)} {point.score.tier.id}: {sums}{lost}", width, 21))
    for item in found.broken:
        when = f"{item.revision.when[:10]} {item.revision.commit[:SHORT]}"
        lines.append(labelled(when, f"not scored: {'; '.join(item.messages[:2])}", width, 21))
    return "\n".join(lines) + "\n"


def _score(point: Point) -> str:
    return f"{number(point.score.score)} of {number(point.rubric.max_score)}"


def _scale(found: History) -> str:
    return "each scored with the rubric of its time" if found.rubric is None else f"scored with {found.rubric.id}"


def _json(found: History) -> str:
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "project": {"name": found.project.project, "path": shown_path(found.project.source.path)},
        "rubric": identity(found.rubric) if found.rubric else None,
        "points": [
            {
                "commit": point.revision.commit,
                "date": point.revision.when,
                "score": as_number(point.score.score),
                "tier": point.score.tier.id,
                "categories": {name: as_number(value) for name, value in point.score.categories.items()},
                "author": one_line(point.revision.author),
                "path": shown_path(point.revision.path),
                "rubric": {"id": point.rubric.id, "digest": point.rubric.digest},
                "max_score": as_number(point.rubric.max_score),
                "lost": list(point.lost),
            }
            for point in found.points
        ],
        "errors": [
            {"commit": item.revision.commit, "date": item.revision.when, "messages": list(item.messages)}
            for item in found.broken
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _csv(found: History) -> str:
    names = list(dict.fromkeys(name for point in found.points for name in point.score.categories))
    header = ("commit", "date", "author", "rubric", "score", "max_score", "tier", *names)
    rows = [
        (
            point.revision.commit,
            point.revision.when,
            point.revision.author,
            point.rubric.id,
            number(point.score.score),
            number(point.rubric.max_score),
            point.score.tier.id,
            *(_cell(point.score.categories.get(name)) for name in names),
        )
        for point in found.points
    ]
    return table([header, *rows])


def _page(found: History) -> str:
    from mlscore.formats.page import Page, Table
    from mlscore.formats.page import render as written

    first, last = found.points[0], found.points[-1]
    names = list(dict.fromkeys(name for point in found.points for name in point.score.categories))
    rows = [
        (
            point.revision.when[:10],
            point.revision.commit[:SHORT],
            one_line(point.revision.author),
            _score(point),
            one_line(point.score.tier.label),
            *(_cell(point.score.categories.get(name)) for name in names),
        )
        for point in reversed(found.points)
    ]
    header = ("Day", "Commit", "Author", "Score", "Tier", *names)
    broken = [(item.revision.when[:10], item.revision.commit[:SHORT], item.messages[0]) for item in found.broken]
    return written(
        Page(
            title=found.project.project,
            about="History of the score",
            headline=f"{_score(first)} → {_score(last)}, {last.score.tier.label}",
            remarks=[f"{plural(len(found.points), 'commit')}, {_scale(found)}."],
            chart=_chart(found),
            tables=[
                Table("Commits", header, rows, frozenset({3, *range(5, len(header))})),
                Table("Not scored", ("Day", "Commit", "Why"), broken),
            ],
            source=shown_path(found.project.source.path),
        )
    )


def _chart(found: History) -> "Chart":
    from mlscore.formats.page import Band, Chart, Mark

    rubric = found.points[-1].rubric
    ends = [*(min(tier.bound[0], rubric.max_score) for tier in rubric.tiers[1:]), rubric.max_score]
    bands = [
        Band(tier.label, _down(end, rubric.max_score), float((end - tier.bound[0]) / rubric.max_score * 100))
        for tier, end in zip(rubric.tiers, ends, strict=True)
        if end > tier.bound[0]
    ]
    times = [datetime.fromisoformat(point.revision.when) for point in found.points]
    start, span = min(times), max(times) - min(times)
    marks = [
        Mark(
            round(100 * (when - start) / span if span else 100 * place / len(times), 3),
            _down(point.score.score, point.rubric.max_score),
            f"{when:%Y-%m-%d} {_score(point)}",
        )
        for place, (point, when) in enumerate(zip(found.points, times, strict=True))
    ]
    return Chart(bands, marks, f"{min(times):%Y-%m-%d}", f"{max(times):%Y-%m-%d}")


def _down(score: Fraction, most: Fraction) -> float:
    """The place of a score on its scale, in percent from the top."""
    return round(float(100 - 100 * score / most), 3)


def _cell(points: Fraction | None) -> str:
    return "" if points is None else number(points)
