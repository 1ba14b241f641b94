"""The formats of a portfolio: table, JSON (schema `mlscore/portfolio/1`), CSV, Markdown, OpenMetrics, a page."""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.formats.csv import table as csv_table
from mlscore.formats.json import as_number, identity
from mlscore.formats.markdown import escape
from mlscore.formats.markdown import table as markdown_table
from mlscore.formats.openmetrics import sample
from mlscore.portfolio import Gap, Group, Portfolio, Row, value_of, worst
from mlscore.rubric import UNANSWERED
from mlscore.text import number, one_line, plural, wrap

SCHEMA = "mlscore/portfolio/1"
FORMATS = ("table", "json", "csv", "markdown", "openmetrics", "html")
MOST_GAPS = 5
"""Gaps that the table names; the other formats have all."""
LEAST_NAME = 20
"""Columns that a name needs beside the figures; with fewer it stands below them."""


def render(name: str, found: Portfolio, style: Style) -> str:
    """Render a portfolio in one of FORMATS."""
    writers = {"json": _json, "csv": _csv, "markdown": _markdown, "openmetrics": _openmetrics, "html": _html}
    return writers[name](found) if name in writers else _table(found, style.width)


def sections(found: Portfolio, group: Group) -> Iterator[tuple[str, list[Row]]]:
    """The rows of a group under the values that they are parted by; under one empty value where they are not."""
    if found.group_by is None:
        yield "", list(group.rows)
        return
    parts: dict[str, list[Row]] = {}
    for row in group.rows:
        for value in value_of(group, row, found.group_by) or ("none",):
            parts.setdefault(value or "none", []).append(row)
    yield from sorted(parts.items())


def gap_line(group: Group, gap: Gap) -> str:
    """Say in a sentence how many projects lack a test."""
    many = len(group.rows)
    verb = "project lacks" if many == 1 else "projects lack"
    line = f"{gap.lacking} of {many} {verb} {gap.test.id} ({one_line(gap.test.name)}), mean {decimals(gap.mean)}"
    if gap.average is not None and group.rubric.comparison is not None:
        line += f" ({group.rubric.comparison.label}: {number(gap.average)})"
    return f"{line}: a platform problem" if gap.is_common else line


def lift_line(group: Group, gaps: Sequence[Gap]) -> str:
    """Say which test, at its most everywhere, would lift most projects a tier."""
    best = max(gaps, key=lambda gap: gap.lifts)
    if not best.lifts:
        return "No test by itself would lift a project a tier"
    top, lifted = group.rubric.ladder[-1], f"{best.lifts} of {plural(len(group.rows), 'project')}"
    return f"{best.test.id}, made {top} everywhere, would lift {lifted} a tier; no other test would lift more"


def decimals(value: Fraction) -> str:
    """Return a mean with two decimals, cut and not rounded."""
    hundredths = value.numerator * 100 // value.denominator
    return number(Fraction(hundredths, 100))


def heading(group: Group) -> str:
    """Name a group: its rubric, its scale, and how many projects it has."""
    rubric = group.rubric
    scale, projects = f"0 to {number(rubric.max_score)}", plural(len(group.rows), "project")
    return f"{rubric.id}, version {rubric.version}, {scale} ({rubric.short_digest}): {projects}"


def gate_of(row: Row) -> str:
    """Say what became of the gate."""
    return "" if row.gate is None else "not met" if row.gate else "met"


def _cells(group: Group, row: Row) -> list[str]:
    """A row in words; the categories that limit the score are marked."""
    claimed, verified = group.claimed(row), group.verified(row)
    points = [
        f"{number(value)}{'*' if name in claimed.limiting else ''}" for name, value in claimed.categories.items()
    ]
    return [
        number(claimed.score),
        *([] if not group.is_verified else ["" if verified is None else number(verified.score)]),
        claimed.tier.id,
        *points,
        str(group.unanswered(row)),
        str(row.oldest or ""),
        gate_of(row),
    ]


def _header(group: Group) -> list[str]:
    verified = ["verified"] if group.is_verified else []
    return ["score", *verified, "tier", *(item.id for item in group.rubric.categories), "open", "oldest", "gate"]


def _named(row: Row) -> str:
    owner = f", {one_line(row.owner)}" if row.owner else ""
    return f"{one_line(row.project)} ({shown_path(row.path)}{owner})"


def _table(found: Portfolio, width: int) -> str:
    lines: list[str] = []
    for group in found.groups:
        header = _header(group)
        numbers = {
            0,
            *([1] if group.is_verified else []),
            *range(len(header) - 3 - len(group.rubric.categories), len(header) - 2),
        }
        lines += [wrap(heading(group), width, "  ", ""), ""]
        widths = [
            max(map(len, column))
            for column in zip(header, *(_cells(group, row) for row in group.rows), strict=True)
        ]

        def line(
            cells: Sequence[str], name: str, widths: Sequence[int] = widths, numbers: set[int] = numbers
        ) -> str:
            aligned = (
                cell.rjust(wide) if place in numbers else cell.ljust(wide)
                for place, (cell, wide) in enumerate(zip(cells, widths, strict=True))
            )
            front = "  ".join(aligned)
            if width - len(front) < LEAST_NAME:
                return f"{front.rstrip()}\n{wrap(name, width, '    ')}"
            return wrap(name, width, " " * (len(front) + 2), f"{front}  ")

        lines.append(line(header, "project"))
        for value, rows in sections(found, group):
            if value:
                lines.append(f"{found.group_by} {one_line(value)}: {plural(len(rows), 'project')}")
            lines += [line(_cells(group, row), _named(row)) for row in rows]
        gaps = group.gaps()
        lines += ["", "* limits the score" if any(group.claimed(row).limiting for row in group.rows) else ""]
        lines += [wrap(f"{gap_line(group, gap)}.", width, "  ", "") for gap in worst(gaps)[:MOST_GAPS]]
        lines += [wrap(f"{lift_line(group, gaps)}.", width, "  ", ""), ""]
    failed = found.failed
    if failed:
        lines.append(f"Gate not met: {plural(len(failed), 'project')}")
    if found.refused:
        lines.append(f"Left out: {plural(len(found.refused), 'file')}")
    return "\n".join(lines).strip("\n") + "\n"


def _json(found: Portfolio) -> str:
    """Write a line for each project and each gap: of thousands, none is kept as anything but text."""
    parts = {
        "projects": (_project(group, row) for group in found.groups for row in group.rows),
        "errors": ({"path": shown_path(item.path), "messages": list(item.messages)} for item in found.refused),
        "gaps": (_gap(group, gap) for group in found.groups for gap in group.gaps()),
        "rubrics": (
            {**identity(group.rubric), "max_score": as_number(group.rubric.max_score), "projects": len(group.rows)}
            for group in found.groups
        ),
    }
    lines = [f'{{\n  "schema": "{SCHEMA}",\n  "mlscore": "{mlscore.__version__}"']
    for name, items in parts.items():
        written = ",\n".join(f"    {json.dumps(item)}" for item in items)
        lines.append(f'  "{name}": [\n{written}\n  ]' if written else f'  "{name}": []')
    return ",\n".join(lines) + "\n}\n"


def _gap(group: Group, gap: Gap) -> dict[str, object]:
    return {
        "rubric": group.rubric.id,
        "rubric_digest": group.rubric.digest,
        "test": gap.test.id,
        "counts": dict(gap.counts),
        "mean_points": as_number(gap.mean),
        "average_of_others": None if gap.average is None else as_number(gap.average),
        "lacking": gap.lacking,
        "lifts": gap.lifts,
    }


def _project(group: Group, row: Row) -> dict[str, object]:
    claimed, verified = group.claimed(row), group.verified(row)
    return {
        "path": shown_path(row.path),
        "project": row.project,
        "rubric": group.rubric.id,
        "rubric_digest": group.rubric.digest,
        "score": as_number(claimed.score),
        "verified": None if verified is None else as_number(verified.score),
        "tier": claimed.tier.id,
        "categories": {name: as_number(value) for name, value in claimed.categories.items()},
        "limiting": list(claimed.limiting),
        "unanswered": group.unanswered(row),
        "owner": row.owner or None,
        "oldest": row.oldest.isoformat() if row.oldest else None,
        "gate": None if row.gate is None else {"passed": not row.gate, "failures": list(row.gate)},
    }


def _csv(found: Portfolio) -> str:
    identities = ("path", "project", "owner", "rubric", "rubric_version", "rubric_digest")
    figures = ("score", "max_score", "verified", "tier", "limiting", "unanswered", "oldest", "gate")
    categories = list(dict.fromkeys(item.id for group in found.groups for item in group.rubric.categories))
    rows = (_record(group, row, categories) for group in found.groups for row in group.rows)
    return csv_table(chain([(*identities, *figures, *categories)], rows))


def _record(group: Group, row: Row, categories: Sequence[str]) -> list[str]:
    rubric, claimed, verified = group.rubric, group.claimed(row), group.verified(row)
    return [
        *(shown_path(row.path), row.project, row.owner, rubric.id, str(rubric.version), rubric.digest),
        *(number(claimed.score), number(rubric.max_score), number(verified.score) if verified else ""),
        *(claimed.tier.id, " ".join(claimed.limiting), str(group.unanswered(row)), str(row.oldest or "")),
        gate_of(row),
        *(number(claimed.categories[name]) if name in claimed.categories else "" for name in categories),
    ]


def _markdown(found: Portfolio) -> str:
    parts: list[str] = []
    for group in found.groups:
        parts.append(f"## {escape(heading(group))}\n")
        header = [*(cell.capitalize() for cell in _header(group)), "Project"]
        for value, rows in sections(found, group):
            if value:
                parts.append(f"### {escape(f'{found.group_by} {value}')}\n")
            cells = ([*map(escape, _cells(group, row)), escape(_named(row))] for row in rows)
            parts.append(markdown_table(header, cells))
        gaps = group.gaps()
        names = [*group.rubric.levels, UNANSWERED]
        rows_of_gaps = [
            (gap.test.id, escape(gap.test.name), *(str(gap.counts[name]) for name in names), decimals(gap.mean))
            for gap in worst(gaps)
        ]
        parts.append(f"### What is lacking\n\n{escape(lift_line(group, gaps))}.\n")
        parts.append(markdown_table(("Test", "Title", *map(escape, names), "Mean"), rows_of_gaps))
    if found.refused:
        lines = "".join(f"- {escape(message)}\n" for item in found.refused for message in item.messages)
        parts.append(f"## Left out\n\n{lines}")
    return "\n".join(parts)


_HELP = {
    "mlscore_portfolio_score": "Final score of a project.",
    "mlscore_portfolio_verified_score": "Final score that evidence backs.",
    "mlscore_portfolio_category_points": "Points of a category of a project.",
    "mlscore_portfolio_unanswered": "Tests of a project without an answer.",
    "mlscore_portfolio_gate_passed": "1 when the gate is met, 0 when it is not.",
    "mlscore_portfolio_tests": "Projects by status of a test.",
    "mlscore_portfolio_projects": "Projects of a rubric.",
    "mlscore_portfolio_errors": "Files that could not be read.",
}


def _openmetrics(found: Portfolio) -> str:
    lines: dict[str, list[str]] = {name: [] for name in _HELP}
    for group in found.groups:
        of_rubric = {"rubric": group.rubric.id, "digest": group.rubric.digest}
        lines["mlscore_portfolio_projects"].append(
            sample("mlscore_portfolio_projects", of_rubric, len(group.rows))
        )
        for row in group.rows:
            labels = {"project": one_line(row.project), "path": shown_path(row.path), **of_rubric}
            for name, extra, value in _values(group, row):
                lines[name].append(sample(name, labels | extra, value))
        for gap in group.gaps():
            for status, count in gap.counts.items():
                labels = {**of_rubric, "test": gap.test.id, "status": status}
                lines["mlscore_portfolio_tests"].append(sample("mlscore_portfolio_tests", labels, count))
    lines["mlscore_portfolio_errors"].append(sample("mlscore_portfolio_errors", {}, len(found.refused)))
    out = [
        line
        for name, samples in lines.items()
        for line in (f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge", *samples)
    ]
    return "\n".join([*out, "# EOF"]) + "\n"


def _values(group: Group, row: Row) -> Iterator[tuple[str, dict[str, str], Fraction | int]]:
    claimed, verified = group.claimed(row), group.verified(row)
    yield "mlscore_portfolio_score", {"tier": claimed.tier.id}, claimed.score
    if verified is not None:
        yield "mlscore_portfolio_verified_score", {"tier": verified.tier.id}, verified.score
    for name, value in claimed.categories.items():
        yield "mlscore_portfolio_category_points", {"category": name}, value
    yield "mlscore_portfolio_unanswered", {}, group.unanswered(row)
    if row.gate is not None:
        yield "mlscore_portfolio_gate_passed", {}, int(not row.gate)


def _html(found: Portfolio) -> str:
    from mlscore.formats.page import ascii_only, template

    views = [
        {
            "heading": heading(group),
            "rubric": group.rubric,
            "header": _header(group),
            "sections": [
                (value, [(row, _cells(group, row), _named(row), _looks(group, row)) for row in rows])
                for value, rows in sections(found, group)
            ],
            "limit": {row.path: group.claimed(row).limiting for row in group.rows},
            "gaps": [(gap, decimals(gap.mean)) for gap in worst(gaps)],
            "levels": [*group.rubric.levels, UNANSWERED],
            "lift": lift_line(group, gaps),
        }
        for group, gaps in ((group, group.gaps()) for group in found.groups)
    ]
    page = template("portfolio.html.jinja").render(found=found, views=views, version=mlscore.__version__)
    return ascii_only(page)


_SIGNS = {"full": "●", "part": "◐", "empty": "○", "decision": "–", "unanswered": "·"}  # noqa: RUF001


def _looks(group: Group, row: Row) -> list[tuple[str, str, str]]:
    """For each test how it is drawn: the look, the sign and the status."""
    names = (*group.rubric.levels, UNANSWERED)
    looks = [group.rubric.look(name) for name in names]
    return [(looks[place], _SIGNS[looks[place]], names[place]) for place in row.statuses]
