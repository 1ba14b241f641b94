"""Two states of one project side by side: what changed, and what went down. Pure.

A score means nothing without its rubric. Where the rubrics differ, both states are scored alike or not compared.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from mlscore.crosswalk import lost, renamed, restate
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
        readings = renamed(self.readings, self.project, rubric, self.rubric)
        return assess(rubric, restate(self.project, rubric, self.rubric), as_of, readings)

    def lost(self, rubric: Rubric) -> tuple[str, ...]:
        """The tests whose answers a rubric does not take."""
        return lost(self.project, rubric, self.rubric)


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
        pairs = zip(self.old.tests, self.new.tests, strict=True)
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
    return Difference(before, after, old.rubric, old.lost(new.rubric))


def ratchet(old: State, new: State, as_of: date | None = None) -> Ratchet:
    """Find what went down: the final score, a category, a test, or the gate that the project sets itself.

    Claims are compared; an answer that was removed is down. Where the rubric changed, the new state has to hold
    under the old rubric as well as under the new one: an edit must not get to choose what it is worth.
    """
    if old.rubric.digest == new.rubric.digest:
        return Ratchet((*_down(old, new, new.rubric, as_of), *_weakened(old, new)))
    gone = old.lost(new.rubric)
    known = {name for test in old.rubric.tests for name in (test, new.rubric.test_ids.get(test))}
    strange = [name for name in new.lost(old.rubric) if name in known and name not in gone]
    if gone or strange:
        names = listing([*gone, *strange], "and")
        return Ratchet((), incomparable=f"the rubric changed, and not both can score {names}")
    found = list(_down(old, new, old.rubric, as_of)) or list(_down(old, new, new.rubric, as_of))
    return Ratchet((*found, *_weakened(old, new)), is_rescored=True)


def planted(old: State, new: State) -> tuple[tuple[str, str], State] | None:
    """Take the best answer of the old state away from the new one; None where there was no answer.

    The ratchet must fail for the test that is returned with it, by its old and its new id: so one can see that it
    can fail.
    """
    points = {
        name: old.rubric.levels[answer.status].points for name, answer in old.project.answers.items() if answer
    }
    name = max(points, key=lambda name: points[name], default=None)
    if name is None:
        return None
    test = new.rubric.test_ids.get(name, name)
    project = new.project.model_copy(update={"answers": {**new.project.answers, test: None}})
    return (name, test), new._replace(project=project)


def _down(old: State, new: State, rubric: Rubric, as_of: date | None) -> Iterator[str]:
    before, after = old.under(rubric, as_of), new.under(rubric, as_of)
    if after.claimed.score < before.claimed.score:
        yield f"the score went down from {number(before.claimed.score)} to {number(after.claimed.score)}"
    for was, now in zip(before.categories, after.categories, strict=True):
        if now.points < was.points:
            title = one_line(now.category.title)
            yield f"{title} went down from {number(was.points)} to {number(now.points)}"
    for test, then in zip(before.tests, after.tests, strict=True):
        if then.status == UNANSWERED != test.status:
            yield f"{test.test.id} was {test.status} and has no answer any more"
        elif then.points < test.points:
            yield f"{test.test.id} went down from {test.status} to {then.status}"


def _weakened(old: State, new: State) -> Iterator[str]:
    """What the project, or the rubric for it, no longer asks of itself. Points count as tests at their most."""
    before, after = (Policy().over(state.project.gate).requiring(state.rubric.required) for state in (old, new))
    was, now = (_tests(policy.fail_under, state) for policy, state in ((before, old), (after, new)))
    if was > now:
        yield _lowered(
            "fail_under of the gate",
            before.fail_under,
            after.fail_under,
            old.rubric.max_score,
            new.rubric.max_score,
        )
    # Of two rubrics the tiers are matched by id; one that was edited must not move them either.
    place = _bound if old.rubric.id == new.rubric.id else _place
    places = [place(state.rubric, policy.min_tier) for state, policy in ((old, before), (new, after))]
    if places[0] > places[1]:
        yield f"min_tier of the gate went down from {before.min_tier} to {after.min_tier or 'nothing'}"
    for name, least in before.categories.items():
        now_least = after.categories.get(new.rubric.category_ids.get(name, name))
        if _tests(least, old) > _tests(now_least, new):
            most = (_most(state.rubric, name) for state in (old, new))
            yield _lowered(f"{name} in the gate", least, now_least, *most)
    kept = {new.rubric.test_ids.get(name, name) for name in after.require}
    gone = [name for name in before.require if new.rubric.test_ids.get(name, name) not in kept]
    if gone:
        yield f"the gate does not require {listing(gone, 'and')} any more"
    if before.is_set and before.basis == "verified" != after.basis:
        yield "basis of the gate went down from verified to claimed"


def _tests(points: Fraction | None, state: State) -> Fraction:
    """Points as so many tests at their most: the same on every scale."""
    return (points or Fraction(0)) / state.rubric.top


def _lowered(what: str, old: Fraction | None, new: Fraction | None, most: Fraction, now: Fraction) -> str:
    if new is None:
        return f"{what} is gone; it was {number(old or Fraction(0))}"
    scales = f" of {number(most)}", f" of {number(now)}"
    told = [
        f"{number(value or Fraction(0))}{scale if most != now else ''}"
        for value, scale in zip((old, new), scales, strict=True)
    ]
    return f"{what} went down from {told[0]} to {told[1]}"


def _most(rubric: Rubric, category: str) -> Fraction:
    sizes = {item.id: len(item.tests) for item in rubric.categories}
    return rubric.top * sizes.get(rubric.category_ids.get(category, category), 0)


def _place(rubric: Rubric, tier_id: str | None) -> tuple[Fraction, bool]:
    """The place of a tier among all, from the lowest; before it where there is none."""
    return Fraction(next((place for place, tier in enumerate(rubric.tiers) if tier.id == tier_id), -1)), False


def _bound(rubric: Rubric, tier_id: str | None) -> tuple[Fraction, bool]:
    """The lower bound of a tier, in tests at their most; below all where there is no tier."""
    bounds = {tier.id: (tier.bound[0] / rubric.top, tier.bound[1]) for tier in rubric.tiers}
    return bounds.get(tier_id or "", (Fraction(-1), False))
