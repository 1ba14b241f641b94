"""The table for people: every test, then score, categories and next step, for any terminal or none.

Project text only ever stands behind a border of our own, so no line of it can pass for a command of a CI log.
Nothing is cut: what does not fit is folded.
"""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from rich.box import ASCII, MINIMAL, ROUNDED, Box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.planning import describe
from mlscore.report import CategoryScore, Report, Score, TestScore
from mlscore.rubric import Rubric
from mlscore.text import listing, number, one_line
from mlscore.verification import shortfall

MIN_WIDTH = 40
MAX_WIDTH = 120
WIDE = 110
"""From this width on, tests are named by their full titles."""
NARROW = 60
"""Below this width a test's status is its mark alone."""
MAX_STRIP = 24
"""The most tests of a category that are drawn as a strip of marks."""
MAX_ID = 24
"""Columns given to ids and statuses, and at most three tenths of the width; longer ones are folded."""


class Marks(NamedTuple):
    """The signs of the table, in one alphabet."""

    full: str
    part: str
    empty: str
    decision: str
    unanswered: str
    limit: str
    arrow: str
    frame: Box
    rows: Box


UNICODE = Marks("●", "◐", "○", "–", "·", "▶", "→", ROUNDED, MINIMAL)  # noqa: RUF001
PLAIN = Marks(
    "#", "+", "o", "-", ".", ">", "->", ASCII, Box("    \n  | \n -+ \n  | \n -+ \n -+ \n  | \n    \n", ascii=True)
)
_COLORS = {
    "full": "bold cyan",
    "part": "cyan",
    "empty": "none",
    "decision": "dim",
    "unanswered": "dim italic",
}


def render(reports: Sequence[Report], style: Style) -> str:
    """Draw the reports one after another."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(MIN_WIDTH, min(style.width, MAX_WIDTH)),
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        legacy_windows=False,
        _environ={},
    )
    marks = UNICODE if style.unicode else PLAIN
    for place, report in enumerate(reports):
        console.print(
            *([""] if place else []), _tests(report, marks, console.width), _summary(report, marks, console.width)
        )
    text = out.getvalue()
    return text if style.color else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _tests(report: Report, marks: Marks, width: int) -> Table:
    """Every test with its status and points, a section for each category."""
    two = report.verified is not None
    named = width >= NARROW  # else the mark alone stands for a status; the summary says what it means
    sums = [number(value) for item in report.categories for value in (item.points, item.max_points)]
    sums += [number(level.points) for level in report.rubric.levels.values()]
    most = min(MAX_ID, width * 3 // 10)
    widths = [
        min(most, max(map(len, report.rubric.tests))),
        min(most, max(len(status) for status in report.counts) + 2) if named else 1,
        max(map(len, sums)),
        *([len("verified") if named else max(map(len, sums))] if two else []),
    ]
    table = Table(box=marks.rows, show_header=False, show_edge=False, pad_edge=False)
    table.add_column(width=widths[0], overflow="fold")
    table.add_column(width=max(10, width - sum(widths) - 3 * len(widths)), overflow="fold")
    table.add_column(width=widths[1], overflow="fold")
    for wide in widths[2:]:
        table.add_column(width=wide, justify="right", overflow="fold")
    if two and named:
        table.add_row("", "", Text("claimed"), "", Text("verified"))
    for item in report.categories:
        table.add_section()
        totals = [item.points, *([item.verified_points or Fraction(0)] if two else [])]
        heading = Text(one_line(item.category.title), "bold")
        table.add_row("", heading, "", *(Text(number(total), "bold") for total in totals))
        for test in item.tests:
            title = test.test.title if width >= WIDE else test.test.name
            table.add_row(
                Text(test.test.id),
                Text(one_line(title)),
                _marked(report.rubric, test, marks, test.status if named else ""),
                Text(number(test.points)),
                *([_verified(test)] if two else []),
            )
    return table


def _summary(report: Report, marks: Marks, width: int) -> Panel:
    """The score, where it comes from and what to do next."""
    claimed = report.claimed
    name = Text(one_line(report.project.project), "bold")
    lines = [name.append(f"  {shown_path(report.project.source.path)}", "not bold dim")]
    if report.verified is None:
        lines.append(_score(report, claimed))
    else:
        lines += [_score(report, claimed, "claimed   "), _score(report, report.verified, "verified  ")]
    if claimed.tier.meaning:
        lines.append(Text(one_line(claimed.tier.meaning)))
    if claimed.note:
        lines.append(Text(f"Note: {one_line(claimed.note)}."))
    lines += [Text(one_line(test.decision)) for test in report.waivers]
    rubric = report.rubric
    return Panel(
        Group(*lines, "", _categories(report, marks, drawn=width >= NARROW), "", *_remarks(report, marks)),
        box=marks.frame,
        title=Text(f"{rubric.id}, version {rubric.version}"),
        title_align="left",
        subtitle=Text(f"{rubric.short_digest}  {report.as_of}"),
        subtitle_align="right",
    )


def _score(report: Report, score: Score, name: str = "") -> Text:
    line = Text(name)
    line.append(_of(score.score, report.max_score), "bold")
    line.append(f"  {one_line(score.tier.label)}", "bold cyan")
    return line


def _verified(test: TestScore) -> Text:
    """What evidence backs of a claim, marked where it is less."""
    return Text(number(test.verified_points or Fraction(0)), "" if test.is_backed else "bold red")


def _categories(report: Report, marks: Marks, *, drawn: bool) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for _ in range(1 + drawn + (report.verified is not None)):
        table.add_column(overflow="fold")
    low = report.verified.limiting if report.verified else ()
    for item in report.categories:
        limits = item.category.id in report.claimed.limiting
        look = "bold red" if limits else ""
        verified = "bold red" if item.category.id in low else ""
        remarks = ["limits the score"] if limits else []
        if item.attainable != item.max_points:
            remarks.append(f"at most {number(item.attainable)}")
        proven = (
            [] if item.verified_points is None else [Text(f"{number(item.verified_points)} verified", verified)]
        )
        table.add_row(
            Text(marks.limit if limits else "", look),
            Text(one_line(item.category.title), look),
            Text(_of(item.points, item.max_points), look),
            *proven,
            *([_strip(report.rubric, item, marks)] if drawn else []),
            Text(", ".join(remarks), look),
        )
    return table


def _strip(rubric: Rubric, item: CategoryScore, marks: Marks) -> Text:
    """One mark a test, in rubric order."""
    strip = Text()
    if len(item.tests) <= MAX_STRIP:
        for test in item.tests:
            strip.append_text(_marked(rubric, test, marks))
    return strip


def _remarks(report: Report, marks: Marks) -> Iterator[Text]:
    first = {test.status: test for item in reversed(report.categories) for test in reversed(item.tests)}
    counts = Text()
    for status, count in report.counts.items():
        if count:
            counts.append(", " if counts else "").append_text(_marked(report.rubric, first[status], marks, status))
            counts.append(f" {count}")
    yield counts
    yield from _shortfalls(report)
    yield Text(f"Next: {one_line(describe(report)).replace('→', marks.arrow)}")
    if report.gate is not None:
        yield Text("Gate: passed", "bold") if report.gate.passed else Text("Gate: not met", "bold red")
        yield from (Text(f"- {failure}") for failure in report.gate.failures)


def _shortfalls(report: Report) -> Iterator[Text]:
    """The claims that make the difference between the scores: each with its reason, the silent ones last."""
    if report.verified is None or not report.unbacked:
        return
    yield Text("")
    silent = []
    for test in report.unbacked:
        if test.evidence:
            yield Text(one_line(f"{test.test.id} {shortfall(test)}"))
        else:
            silent.append(test.test.id)
    if silent:
        yield Text(f"Not backed, no evidence: {listing(silent, 'and')}")
    yield Text("")


def _marked(rubric: Rubric, test: TestScore, marks: Marks, status: str = "") -> Text:
    """The mark of a test's status, and the status itself if given."""
    look = rubric.look(test.status)
    mark: str = getattr(marks, look)
    return Text(f"{mark} {status}" if status else mark, _COLORS[look])


def _of(points: Fraction, most: Fraction) -> str:
    return f"{number(points)} of {number(most)}"
