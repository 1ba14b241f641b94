"""HTML: one page to show a team, without scripts, fonts or requests. This module prepares, the template lays out.

Every text goes through `_shown` on its way into the page: it cannot become markup or a command of a CI log.
"""

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from hashlib import sha256
from itertools import chain, count
from typing import NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.planning import describe, next_steps
from mlscore.project import Answer
from mlscore.report import CategoryScore, Report, Score, TestScore
from mlscore.rubric import UNANSWERED, Rubric, Test
from mlscore.text import number, one_line, points

RULES = {
    "min": "The score is the lowest of the category sums.",
    "sum": "The score is the sum of the categories.",
    "mean": "The score is the mean of the categories.",
}
NEAR = Fraction(1, 8)
"""How near to an end of the scale, as a share of it, words no longer fit around their place."""
_NOT_ANCHOR = re.compile(r"[^a-z0-9_-]+")
_USERINFO = re.compile(r"(?<=://)[^/?#\s]*@")


class _Mark(NamedTuple):
    """How a status is drawn, from what it earns: rubrics can have any levels."""

    look: str
    """full, part, empty, decision or unanswered."""
    fill: str = ""
    """How much of a part is filled, in percent."""


class _Level(NamedTuple):
    name: str
    mark: _Mark
    tests: int
    points: Fraction
    meaning: str


class _Headline(NamedTuple):
    """The claimed or the verified score; `basis` is empty where there is only one."""

    basis: str
    score: Score


class _Entry(NamedTuple):
    """One test: its cell in the picture and its place in the list."""

    anchor: str
    test: Test
    score: TestScore
    mark: _Mark
    raised: str
    """The next level that earns more, with its gain; empty where there is none."""
    guidance: str
    facts: tuple[tuple[str, list[str]], ...]
    """What the answer says besides its status: a term and its lines."""


class _Group(NamedTuple):
    """One category; places on the scale are in percent of its length."""

    anchor: str
    score: CategoryScore
    limits: bool
    reached: str
    attainable: str
    end: str
    verified: Fraction | None
    verified_reached: str
    entries: tuple[_Entry, ...]


class _View(NamedTuple):
    """One project, as the template needs it."""

    anchor: str
    report: Report
    path: str
    headlines: tuple[_Headline, ...]
    rule: str
    next: str
    steps: tuple[_Entry, ...]
    levels: tuple[_Level, ...]
    groups: tuple[_Group, ...]
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
    page = _template().render(views=views, version=mlscore.__version__)
    return page.encode("ascii", "xmlcharrefreplace").decode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "digest": _digest,
        "href": _href,
        "number": number,
        "points": points,
    }
    return environment.get_template("report.html.jinja")


def _shown(value: object) -> Markup:
    """Return text as it may stand in the page: escaped, on one line, without passwords or CI commands."""
    if isinstance(value, Markup):
        return value
    text = _USERINFO.sub("***@", one_line(str(value)))
    return Markup(escape(text).replace("##[", "#&#35;[").replace("::", "&#58;:"))  # noqa: S704 - escaped


def _digest(css: str) -> str:
    return b64encode(sha256(css.encode()).digest()).decode()


def _href(address: str) -> str:
    """Return an address one may follow, without user and password: http or https, with a host. Else nothing."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        return ""
    if not sound or not address.isprintable() or set(address) & set(' \\<>"'):
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _anchor(taken: set[str], *names: str) -> str:
    """Return an id that the page does not have yet: the names in ASCII, numbered where they repeat."""
    wanted = _NOT_ANCHOR.sub("-", "-".join(names).lower()).strip("-") or "project"
    names_left = (
        name for name in chain([wanted], (f"{wanted}-{place}" for place in count(2))) if name not in taken
    )
    taken.add(name := next(names_left))
    return name


def _view(report: Report, taken: set[str]) -> _View:
    anchor = _anchor(taken, report.project.project[:60])
    longest = max(item.max_points for item in report.categories)
    place = report.claimed.score / longest
    groups = tuple(_group(report, item, longest, anchor, taken) for item in report.categories)
    plan = next_steps(report)
    steps = {step.test for step in plan.steps} if plan else set()
    headlines = (
        (_Headline("claimed", report.claimed), _Headline("verified", report.verified))
        if report.verified
        else (_Headline("", report.claimed),)
    )
    return _View(
        anchor=anchor,
        report=report,
        path=shown_path(report.project.source.path),
        headlines=headlines,
        rule=RULES[report.rubric.aggregate],
        next=describe(report),
        steps=tuple(entry for group in groups for entry in group.entries if entry.test.id in steps),
        levels=tuple(_levels(report)),
        groups=groups,
        longest=longest,
        least=_percent(report.claimed.score, longest) if report.claimed.limiting else "",
        side="start" if place < NEAR else "end" if place > 1 - NEAR else "middle",
    )


def _group(report: Report, item: CategoryScore, longest: Fraction, anchor: str, taken: set[str]) -> _Group:
    verified = report.verified.categories[item.category.id] if report.verified else None
    return _Group(
        anchor=_anchor(taken, anchor, item.category.id),
        score=item,
        limits=item.category.id in report.claimed.limiting,
        reached=_percent(item.points, longest),
        attainable=_percent(item.attainable, longest),
        end=_percent(item.max_points, longest),
        verified=verified,
        verified_reached="" if verified is None else _percent(verified, longest),
        entries=tuple(_entry(report.rubric, test, anchor, taken) for test in item.tests),
    )


def _entry(rubric: Rubric, item: TestScore, anchor: str, taken: set[str]) -> _Entry:
    higher = (name for name in rubric.ladder if rubric.levels[name].points > item.points)
    is_open = item.status == UNANSWERED or item.status in rubric.ladder
    level = next(higher, "") if is_open else ""
    guidance = {"manual": item.test.manual, "automated": item.test.automated}.get(level, "")
    return _Entry(
        anchor=_anchor(taken, anchor, item.test.id),
        test=item.test,
        score=item,
        mark=_mark(rubric, item.status),
        raised=f"{level} (+{points(rubric.levels[level].points - item.points)})" if level else "",
        guidance=guidance or (rubric.levels[level].meaning if level else ""),
        facts=tuple(_facts(item.answer)) if item.answer else (),
    )


def _facts(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    day = answer.date.isoformat() if answer.date else None
    for term, text in (("Reason", answer.reason), ("Note", answer.note), ("Owner", answer.owner), ("Date", day)):
        if lines := [line for line in map(one_line, (text or "").splitlines()) if line]:
            yield term, lines


def _mark(rubric: Rubric, status: str) -> _Mark:
    level = rubric.levels.get(status)
    if level is None:
        return _Mark("unanswered")
    if level.reason_required:
        return _Mark("decision")
    if not level.points:
        return _Mark("empty")
    return _Mark("full") if level.points == rubric.top else _Mark("part", _percent(level.points, rubric.top))


def _levels(report: Report) -> Iterator[_Level]:
    for status, tests in report.counts.items():
        level = report.rubric.levels.get(status)
        earned, meaning = (level.points, level.meaning) if level else (Fraction(0), "There is no answer yet.")
        yield _Level(status, _mark(report.rubric, status), tests, earned, meaning)


def _percent(value: Fraction, whole: Fraction) -> str:
    return f"{float(100 * value / whole):.3f}".rstrip("0").rstrip(".")
