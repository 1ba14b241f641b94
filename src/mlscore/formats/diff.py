"""The formats of a difference: lines for people, Markdown for a pull request, JSON (schema `mlscore/diff/1`)."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import mlscore
from mlscore.comparing import Difference
from mlscore.diagnostics import shown_path
from mlscore.formats.json import as_number, identity
from mlscore.formats.markdown import MARKER, escape, table
from mlscore.report import Report, TestScore
from mlscore.text import labelled, listing, number, one_line, wrap

SCHEMA = "mlscore/diff/1"
FORMATS = ("table", "markdown", "json", "html")


class Row(NamedTuple):
    """One thing that changed, in words."""

    name: str
    old: str
    new: str
    remark: str = ""


def render(name: str, found: Difference, width: int) -> str:
    """Render a difference in one of FORMATS."""
    if name == "json":
        return _json(found)
    if name == "html":
        return _page(found)
    return _markdown(found) if name == "markdown" else _table(found, width)


def _table(found: Difference, width: int) -> str:
    lines = [wrap(_headline(found), width, "  ", "")]
    lines += [wrap(f"{remark}.", width) for remark in _remarks(found)]
    for rows in (list(_categories(found)), list(_tests(found))):
        column = max((len(row.name) for row in rows), default=0) + 4
        lines += [""] * bool(rows)
        lines += [
            labelled(f"  {row.name}", f"{row.old} → {row.new}{row.remark and f': {row.remark}'}", width, column)
            for row in rows
        ]
    return "\n".join(lines) + "\n"


def _markdown(found: Difference) -> str:
    parts = [f"{MARKER}\n## {escape(found.new.rubric.name)}, {escape(_headline(found))}\n"]
    parts += [f"{escape(remark)}.\n" for remark in _remarks(found)]
    for header, rows in (
        (("Category", "Old", "New"), [row[:3] for row in _categories(found)]),
        (("Test", "Old", "New", "Title"), list(_tests(found))),
    ):
        if rows:
            parts.append(table(header, (tuple(map(escape, row)) for row in rows)))
    return "\n".join(parts)


def _json(found: Difference) -> str:
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "project": {"name": found.new.project.project, "path": shown_path(found.new.project.source.path)},
        "rubric": identity(found.new.rubric),
        "comparable": not found.lost,
        "rescored": found.is_rescored,
        "old_rubric": identity(found.old_rubric),
        "lost": list(found.lost),
        "old": _side(found.old),
        "new": _side(found.new),
        "tests": [
            {
                "id": new.test.id,
                "old": old.status,
                "new": new.status,
                "old_points": as_number(old.points),
                "new_points": as_number(new.points),
                "old_verified": old.verified_status,
                "new_verified": new.verified_status,
            }
            for old, new in found.tests
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _page(found: Difference) -> str:
    from mlscore.formats.page import Page, Table
    from mlscore.formats.page import render as written

    return written(
        Page(
            title=found.new.project.project,
            about="What changed",
            headline=_headline(found).removeprefix(f"{one_line(found.new.project.project)}: "),
            remarks=[f"{remark}." for remark in _remarks(found)],
            tables=[
                Table("Categories", ("Category", "Old", "New"), [row[:3] for row in _categories(found)]),
                Table("Tests", ("Test", "Old", "New", "Title"), list(_tests(found))),
            ],
            source=shown_path(found.new.project.source.path),
        )
    )


def _side(report: Report) -> dict[str, object]:
    return {
        "score": as_number(report.claimed.score),
        "tier": report.claimed.tier.id,
        "verified": as_number(report.verified.score) if report.verified else None,
        "categories": {name: as_number(points) for name, points in report.claimed.categories.items()},
    }


def _headline(found: Difference) -> str:
    name = one_line(found.new.project.project)
    if found.lost:
        return f"{name}: not comparable"
    old, new = found.old.claimed, found.new.claimed
    score = (
        f"{number(old.score)} → {number(new.score)}" if old.score != new.score else f"still {number(new.score)}"
    )
    tiers = [one_line(tier.label) for tier in (old.tier, new.tier)]
    tier = tiers[1] if tiers[0] == tiers[1] else f"{tiers[0]} → {tiers[1]}"
    text = f"{name}: {score} of {number(found.new.max_score)}, {tier}"
    if found.old.verified is None or found.new.verified is None:
        return text
    verified = [number(score.score) for score in (found.old.verified, found.new.verified)]
    return f"{text}; verified {' → '.join(dict.fromkeys(verified))}"


def _remarks(found: Difference) -> Iterator[str]:
    paths = (shown_path(report.project.source.path) for report in (found.old, found.new))
    yield f"{' → '.join(paths)}, {found.new.rubric.label}"
    names = [one_line(report.project.project) for report in (found.old, found.new)]
    if names[0] != names[1]:
        yield f"The project was {names[0]} and is {names[1]}"
    if not found.tests and found.old.claimed.score == found.new.claimed.score and not found.lost:
        yield "No answer changed"
    if found.is_rescored:
        old, new = found.old_rubric.label, found.new.rubric.label
        yield f"The rubric changed from {old} to {new}; both sides are scored with the new one"
    if found.lost:
        yield f"Not comparable: the new rubric does not take the old answers to {listing(found.lost, 'and')}"


def _categories(found: Difference) -> Iterator[Row]:
    for old, new in zip(found.old.categories, found.new.categories, strict=True):
        sides = [number(item.points) for item in (old, new)]
        if found.is_verified:
            proven = [number(item.verified_points or Fraction(0)) for item in (old, new)]
            sides = [f"{points} ({known} verified)" for points, known in zip(sides, proven, strict=True)]
        if sides[0] != sides[1]:
            yield Row(one_line(new.category.title), sides[0], sides[1])


def _tests(found: Difference) -> Iterator[Row]:
    for old, new in found.tests:
        sides = [_status(test) if found.is_verified else test.status for test in (old, new)]
        yield Row(new.test.id, sides[0], sides[1], one_line(new.test.name))


def _status(test: TestScore) -> str:
    if test.is_backed:
        return test.status
    return f"{test.status} (verified {test.verified_status or 'nothing'})"
