"""Two states of one project side by side: what changed, and what went down. Pure.

A score means nothing without its rubric. Where the rubrics differ, both states are scored alike or not compared.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from mlscore.crosswalk import dropped, renamed, restate
from mlscore.gate import Policy
from mlscore.project import Project
from mlscore.report import Report, TestScore
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.scoring import Readings, assess
from mlscore.text import listing, number, one_line


class State(NamedTuple):
    """A project at one point in time, with the rubric that it was answered for."""

    rubric: Rubric
    project: Project
    readings: Readings | None = None
    """What was read of its evidence; None where nothing was."""

    def under(self, rubric: Rubric, as_of: date | None = None) -> Report:
        """Score the state with a rubric, as far as that knows its answers."""
        return assess(rubric, restate(self.project, rubric), as_of, renamed(self.readings, self.project, rubric))


class Difference(NamedTuple):
    """Two states, both scored with the rubric of the new one."""

    old: Report
    new: Report
    old_rubric: Rubric
    """The rubric that the old state was answered for."""
    lost: tuple[str, ...]
    """Ids of tests whose old answers the new rubric does not take: the scores are not comparable then."""

    @property
    def is_rescored(self) -> bool:
        """Whether the old state had another rubric, so that its score is not the one it was given then."""
        return self.old_rubric.digest != self.new.rubric.digest

    @property
    def tests(self) -> tuple[tuple[TestScore, TestScore], ...]:
        """The tests whose status, or what evidence backs of it, is another one: old and new."""
        pairs = zip(scores(self.old), scores(self.new), strict=True)
        return tuple(
            (old, new)
            for old, new in pairs
            if old.status != new.status or (self.is_verified and old.verified_status != new.verified_status)
        )

    @property
    def is_verified(self) -> bool:
        """Whether evidence was read on both sides."""
        return self.old.verified is not None and self.new.verified is not None


class Ratchet(NamedTuple):
    """What a state lacks against an earlier one."""

    failures: tuple[str, ...]
    """What went down, in lines; nothing when the state holds."""
    is_rescored: bool = False
    """The rubric changed: both states were scored with the old one and with the new one."""
    incomparable: str = ""
    """Why the states cannot be compared; empty where they can."""


def difference(old: State, new: State, as_of: date | None = None) -> Difference:
    """Compare two states of a project, both under the rubric of the new one."""
    before, after = (state.under(new.rubric, as_of) for state in (old, new))
    return Difference(before, after, old.rubric, dropped(old.project, new.rubric))


def ratchet(old: State, new: State, as_of: date | None = None) -> Ratchet:
    """Find what went down: the final score, a category, a test, or the gate that the project sets itself.

    Claims are compared; an answer that was removed is down. Where the rubric changed, the new state has to hold
    under the old rubric as well as under the new one: an edit must not get to choose what it is worth.
    """
    if old.rubric.digest == new.rubric.digest:
        return Ratchet((*_down(old, new, new.rubric, as_of), *_weakened(old, new)))
    lost = dropped(old.project, new.rubric)
    strange = [
        name
        for name in dropped(new.project, old.rubric)
        if name in old.rubric.test_ids and new.project.answers[name]
    ]
    if lost or strange:
        names = listing([*lost, *(name for name in strange if name not in lost)], "and")
        return Ratchet((), incomparable=f"the rubric changed, and not both can score {names}")
    found = list(_down(old, new, old.rubric, as_of)) or list(_down(old, new, new.rubric, as_of))
    return Ratchet((*found, *_weakened(old, new)), is_rescored=True)


def planted(old: State, new: State) -> tuple[str, State] | None:
    """Take the best answer of the old state away from the new one; None where there was no answer.

    The ratchet must fail for the test that is returned with it: so one can see that it can fail.
    """
    points = {
        name: old.rubric.levels[answer.status].points for name, answer in old.project.answers.items() if answer
    }
    name = max(points, key=lambda name: points[name], default=None)
    if name is None:
        return None
    test = new.rubric.test_ids.get(name, name)
    project = new.project.model_copy(update={"answers": {**new.project.answers, test: None}})
    return test, new._replace(project=project)


def scores(report: Report) -> Iterator[TestScore]:
    """Every test of a report, in rubric order."""
    return (test for item in report.categories for test in item.tests)


def _down(old: State, new: State, rubric: Rubric, as_of: date | None) -> Iterator[str]:
    before, after = old.under(rubric, as_of), new.under(rubric, as_of)
    if after.claimed.score < before.claimed.score:
        yield f"the score went down from {number(before.claimed.score)} to {number(after.claimed.score)}"
    for was, now in zip(before.categories, after.categories, strict=True):
        if now.points < was.points:
            title = one_line(now.category.title)
            yield f"{title} went down from {number(was.points)} to {number(now.points)}"
    for test, then in zip(scores(before), scores(after), strict=True):
        if then.status == UNANSWERED != test.status:
            yield f"{test.test.id} was {test.status} and has no answer any more"
        elif then.points < test.points:
            yield f"{test.test.id} went down from {test.status} to {then.status}"


def _weakened(old: State, new: State) -> Iterator[str]:
    """What the project, or the rubric for it, no longer asks of itself. Points count as parts of their scales."""
    before, after = (Policy().over(state.project.gate).requiring(state.rubric.required) for state in (old, new))
    was, now = (
        _share(policy.fail_under, state.rubric.max_score) for policy, state in ((before, old), (after, new))
    )
    if was > now:
        yield f"fail_under of the gate went down from {_told(before.fail_under)} to {_told(after.fail_under)}"
    places = [_place(state.rubric, policy.min_tier) for state, policy in ((old, before), (new, after))]
    if places[0] > places[1]:
        yield f"min_tier of the gate went down from {before.min_tier} to {after.min_tier or 'nothing'}"
    for name, least in before.categories.items():
        category = new.rubric.category_ids.get(name, name)
        if _share(least, _most(old.rubric, name)) > _share(
            after.categories.get(category), _most(new.rubric, category)
        ):
            yield f"{name} in the gate went down from {_told(least)} to {_told(after.categories.get(category))}"
    kept = {new.rubric.test_ids.get(name, name) for name in after.require}
    gone = [name for name in before.require if new.rubric.test_ids.get(name, name) not in kept]
    if gone:
        yield f"the gate does not require {listing(gone, 'and')} any more"
    if before.is_set and before.basis == "verified" != after.basis:
        yield "basis of the gate went down from verified to claimed"


def _share(points: Fraction | None, most: Fraction) -> Fraction:
    return (points or Fraction(0)) / most if most else Fraction(0)


def _told(points: Fraction | None) -> str:
    return "nothing" if points is None else number(points)


def _place(rubric: Rubric, tier_id: str | None) -> int:
    return next((place for place, tier in enumerate(rubric.tiers) if tier.id == tier_id), -1)


def _most(rubric: Rubric, category_id: str) -> Fraction:
    sizes: Mapping[str, int] = {item.id: len(item.tests) for item in rubric.categories}
    return rubric.top * sizes.get(category_id, 0)
