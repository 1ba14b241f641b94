"""HTML: one page to show a team, without scripts, fonts or requests. This prepares, the template lays out."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from typing import NamedTuple

import mlscore
from mlscore.formats import Style
from mlscore.formats.page import ascii_only, template
from mlscore.planning import next_steps
from mlscore.report import CategoryScore, Report, TestScore
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.text import one_line, points
from mlscore.verification import shortfall

NEAR = Fraction(1, 8)
"""How near to an end of the scale, as a share of it, words no longer fit around their place."""
TROUBLE = frozenset({"contradicted", "stale", "missing"})
"""Outcomes that speak against a claim."""
_NOT_ANCHOR = re.compile(r"[^a-z0-9_-]+")


class _Mark(NamedTuple):
    """How a test is drawn, from what it earns: rubrics can have any levels."""

    look: str
    """full, part, empty, decision or unanswered."""
    fill: str = ""
    """How much of a part is filled, in percent."""
    proof: str = ""
    """backed, partly or failed: what evidence makes of a claim. Empty where it says nothing."""


class _Level(NamedTuple):
    """A status in the legend, with how many tests have it."""

    name: str
    mark: _Mark
    tests: int
    points: Fraction
    meaning: str


class _Entry(NamedTuple):
    """One test: its cell in the picture and its place in the list."""

    anchor: str
    score: TestScore
    mark: _Mark
    facts: tuple[tuple[str, list[str]], ...]
    """What the answer says besides its status: a term and its lines."""
    doubt: str
    """Why a claim is not backed, where the outcomes of its evidence do not say it."""
    average: Fraction | None
    """The points that the systems of the rubric's comparison earned on average."""
    raised: str
    """The next level that earns more, with its gain; empty where there is none."""
    guidance: str


class _Group(NamedTuple):
    """One category; its places on the scale are in percent of the scale's length."""

    anchor: str
    score: CategoryScore
    limits: bool
    reached: str
    verified: str
    attainable: str
    end: str
    average: Fraction | None
    """As of a test."""
    average_place: str
    entries: tuple[_Entry, ...]


class _View(NamedTuple):
    """One project, as the template needs it."""

    anchor: str
    report: Report
    steps: tuple[_Entry, ...]
    levels: tuple[_Level, ...]
    groups: tuple[_Group, ...]
    compared: bool
    """Whether there is an average of other systems to show."""
    longest: Fraction
    """The points at the end of the scale."""
    least: str
    """The minimum's place on the scale; empty where categories are not held to one."""
    side: str
    """Where the words beside it begin, so that they stay on the page."""


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - the reader's browser has the style
    """Write one page that holds all reports. ASCII only, so that it reads the same in whatever encoding."""
    taken = {"top"}
    views = [_view(report, taken) for report in reports]
    return ascii_only(template("report.html.jinja").render(views=views, version=mlscore.__version__))


def _anchor(taken: set[str], *names: str) -> str:
    """Return an id that the page does not have yet: the names in ASCII, numbered where they repeat."""
    wanted = _NOT_ANCHOR.sub("-", "-".join(names).lower()).strip("-") or "project"
    numbered = chain([wanted], (f"{wanted}-{place}" for place in count(2)))
    taken.add(name := next(name for name in numbered if name not in taken))
    return name


def _view(report: Report, taken: set[str]) -> _View:
    anchor = _anchor(taken, report.project.project[:60])
    longest = max(item.max_points for item in report.categories)
    groups = tuple(_group(report, item, longest, anchor, taken) for item in report.categories)
    plan = next_steps(report)
    steps = {step.test for step in plan.steps} if plan else set()
    place = report.claimed.score / longest
    return _View(
        anchor=anchor,
        report=report,
        steps=tuple(entry for group in groups for entry in group.entries if entry.score.test.id in steps),
        levels=tuple(_levels(report)),
        groups=groups,
        compared=any(entry.average is not None for group in groups for entry in group.entries),
        longest=longest,
        least=_percent(place) if report.claimed.limiting else "",
        side="start" if place < NEAR else "end" if place > 1 - NEAR else "middle",
    )


def _group(report: Report, item: CategoryScore, longest: Fraction, anchor: str, taken: set[str]) -> _Group:
    average = report.rubric.average(item.category.tests)
    return _Group(
        anchor=_anchor(taken, anchor, item.category.id),
        score=item,
        limits=item.category.id in report.claimed.limiting,
        reached=_percent(item.points / longest),
        verified=_percent((item.verified_points or Fraction(0)) / longest),
        attainable=_percent(item.attainable / longest),
        end=_percent(item.max_points / longest),
        average=average,
        average_place="" if average is None else _percent(average / longest),
        entries=tuple(_entry(report.rubric, test, anchor, taken) for test in item.tests),
    )


def _entry(rubric: Rubric, item: TestScore, anchor: str, taken: set[str]) -> _Entry:
    can_rise = item.status == UNANSWERED or item.status in rubric.ladder
    higher = (name for name in rubric.ladder if can_rise and rubric.levels[name].points > item.points)
    level = next(higher, "")
    guidance = rubric.guidance(item.test).get(level, "")
    is_told = any(outcome.outcome not in {"verified", "asserted"} for outcome in item.evidence)
    return _Entry(
        anchor=_anchor(taken, anchor, item.test.id),
        score=item,
        mark=_mark(rubric, item.status)._replace(proof=_proof(item)),
        facts=tuple(_facts(item)),
        doubt="" if item.is_backed or is_told else shortfall(item).removeprefix("not backed: "),
        average=rubric.average([item.test]),
        raised=f"{level} (+{points(rubric.levels[level].points - item.points)})" if level else "",
        guidance=guidance or (rubric.levels[level].meaning if level else ""),
    )


def _facts(item: TestScore) -> Iterator[tuple[str, list[str]]]:
    for term in ("reason", "note", "owner", "date"):
        text = str(getattr(item.answer, term, None) or "")
        if lines := [line for line in map(one_line, text.splitlines()) if line]:
            yield term.capitalize(), lines


def _mark(rubric: Rubric, status: str) -> _Mark:
    look = rubric.look(status)
    return _Mark(look, _percent(rubric.levels[status].points / rubric.top)) if look == "part" else _Mark(look)


def _proof(item: TestScore) -> str:
    if not item.points or item.verified_points is None:
        return ""
    if item.is_backed:
        return "backed"
    if any(outcome.outcome in TROUBLE for outcome in item.evidence):
        return "failed"
    return "partly" if item.verified_points else ""


def _levels(report: Report) -> Iterator[_Level]:
    for status, tests in report.counts.items():
        level = report.rubric.levels.get(status)
        earned, meaning = (level.points, level.meaning) if level else (Fraction(0), "There is no answer yet.")
        yield _Level(status, _mark(report.rubric, status), tests, earned, meaning)


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.3f}".rstrip("0").rstrip(".")
