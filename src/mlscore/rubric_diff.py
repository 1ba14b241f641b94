"""What changed between two rubrics, and what that does to projects. Pure.

Tests and categories are matched by id, or by an alias that keeps an old id alive.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from mlscore.crosswalk import dropped, renamed, restate
from mlscore.fields import lasting
from mlscore.project import Project
from mlscore.report import Report, TestScore
from mlscore.rubric import UNANSWERED, Category, Rubric, Test
from mlscore.scoring import Readings, assess
from mlscore.text import listing, number, one_line, plural, points

T = TypeVar("T")
Named = TypeVar("Named", Test, Category)
_TEXTS = tuple(name for name in Test.model_fields if name not in {"id", "aliases", "max_age"})


class Change(NamedTuple):
    """One thing that is different in the new rubric."""

    what: str
    """rubric, level, tier, category or test."""
    id: str
    """Its id in the new rubric, or in the old one when it is gone."""
    detail: str
    """What is different, in a line."""
    scores: bool = False
    """Whether the same answers could earn another score or tier, claimed or verified."""


class Effect(NamedTuple):
    """One project under both rubrics."""

    old: Report
    new: Report
    lost: tuple[str, ...]
    """Ids of tests whose answers the new rubric does not take: the project file would be refused."""
    reasons: tuple[str, ...] = ()
    """Why it is changed, in lines; empty where it is not."""

    @property
    def is_changed(self) -> bool:
        """Whether the score, its scale, the tier or the verified score is another one, or an answer is lost."""
        return bool(self.lost or self.newly_required) or _standing(self.old) != _standing(self.new)

    @property
    def newly_required(self) -> tuple[str, ...]:
        """Tests that the new rubric requires and that earn nothing, so that the gate fails from now on."""
        new = self.new.rubric
        before = {new.test_ids.get(name, name) for name in self.old.rubric.required}
        points = {test.test.id: test.points for test in self.new.tests}
        return tuple(name for name in new.required if name not in before and not points[name])


class Compared(NamedTuple):
    """What a comparison of two rubrics found: all that a reader gets."""

    old: Rubric
    new: Rubric
    changes: tuple[Change, ...]
    effects: tuple[tuple[Project, Effect | None], ...] = ()
    """Each project with what the change does to it; None where its tests are others."""
    refused: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Paths of files that are no projects, with what is wrong with each."""

    @property
    def needs_version(self) -> bool:
        """Whether answers could score differently, although the new rubric has the old one's version."""
        can = any(change.scores for change in self.changes)
        return can and self.old.id == self.new.id and self.new.version <= self.old.version


def compare(old: Rubric, new: Rubric) -> tuple[Change, ...]:
    """List what changed, in the order of a rubric file."""
    parts = (_whole, _levels, _tiers, _categories, _tests)
    return tuple(change for part in parts for change in part(old, new))


def effect(
    old: Rubric, new: Rubric, project: Project, as_of: date | None = None, readings: Readings | None = None
) -> Effect | None:
    """Score a project with both rubrics; None when it has answers, but one of them knows none of their tests."""
    before, after = restate(project, old), restate(project, new)
    if project.answers and not (before.answers and after.answers):
        return None
    both = Effect(
        assess(old, before, as_of, renamed(readings, project, old)),
        assess(new, after, as_of, renamed(readings, project, new)),
        tuple(dict.fromkeys(new.test_ids.get(name, name) for name in dropped(before, new))),
    )
    return both._replace(reasons=tuple(_reasons(both))) if both.is_changed else both


def _standing(report: Report) -> tuple[object, ...]:
    verified = report.verified and (report.verified.score, report.verified.tier.id)
    return report.claimed.score, report.max_score, report.claimed.tier.id, verified


def _whole(old: Rubric, new: Rubric) -> Iterator[Change]:
    def facts(rubric: Rubric) -> dict[str, str]:
        return {"aggregate": rubric.aggregate, "scale": f"0 to {number(rubric.max_score)}"}

    yield from _facts("rubric", new.id, facts(old), facts(new))
    if set(old.required) != set(new.required):
        lists = [listing(rubric.required, "and") if rubric.required else "no test" for rubric in (old, new)]
        yield Change("rubric", new.id, f"requires {lists[0]} → {lists[1]}")
    yield from _texts("rubric", new.id, old, new, ("title", "source", "url", "introduction", "comparison"))


def _levels(old: Rubric, new: Rubric) -> Iterator[Change]:
    def facts(rubric: Rubric, name: str) -> dict[str, str]:
        level = rubric.levels[name]
        return {
            "points": number(level.points),
            "backed_by": level.backed_by or "nothing",
            "reason_required": "yes" if level.reason_required else "no",
            "max_age": _age(rubric.max_age.get(name)),
        }

    for change in _came_and_went("level", old.levels, new.levels, lambda level: points(level.points)):
        # A new decision concerns no answer that is there.
        added = new.levels.get(change.id)
        yield change._replace(scores=False) if added and added.reason_required else change
    for name, was, now in _kept(old.levels, new.levels):
        yield from _facts("level", name, facts(old, name), facts(new, name))
        yield from _texts("level", name, was, now, ("meaning",))
    orders = [
        [name for name in rubric.levels if name in other.levels] for rubric, other in ((old, new), (new, old))
    ]
    if orders[0] != orders[1]:
        first = next(name for was, name in zip(*orders, strict=True) if was != name)
        yield Change("level", first, f"order {', '.join(orders[0])} → {', '.join(orders[1])}", scores=True)


def _tiers(old: Rubric, new: Rubric) -> Iterator[Change]:
    before, after = ({tier.id: tier for tier in rubric.tiers} for rubric in (old, new))
    yield from _came_and_went("tier", before, after, lambda tier: tier.band)
    for name, was, now in _kept(before, after):
        if was.band != now.band:
            yield Change("tier", name, f"{was.band} → {now.band}", scores=was.bound != now.bound)
        yield from _texts("tier", name, was, now, ("label", "meaning"))


def _categories(old: Rubric, new: Rubric) -> Iterator[Change]:
    before = _matched(old.categories, new.category_ids)
    yield from _joined("category", old.categories, new.category_ids)
    after = {item.id: item for item in new.categories}
    yield from _came_and_went("category", before, after, lambda item: plural(len(item.tests), "test"))
    for name, was, now in _kept(before, after):
        yield from _texts("category", name, was, now, ("title", "purpose"))


def _tests(old: Rubric, new: Rubric) -> Iterator[Change]:
    before = _matched(old.tests.values(), new.test_ids)
    yield from _joined("test", old.tests.values(), new.test_ids)
    yield from _readdressed(old, new)
    homes = [{test.id: item.id for item in rubric.categories for test in item.tests} for rubric in (old, new)]
    yield from _came_and_went("test", before, new.tests, lambda test: one_line(test.title))
    for name, was, now in _kept(before, new.tests):
        home = homes[0][was.id]
        facts = {"id": was.id, "category": new.category_ids.get(home, home), "max_age": _age(was.max_age)}
        yield from _facts(
            "test", name, facts, {"id": name, "category": homes[1][name], "max_age": _age(now.max_age)}
        )
        yield from _texts("test", name, was, now, _TEXTS)


def _matched(items: Iterable[Named], ids: Mapping[str, str]) -> dict[str, Named]:
    """Return old items by the ids they have now; of several that became one, the first."""
    found: dict[str, Named] = {}
    for item in items:
        found.setdefault(ids.get(item.id, item.id), item)
    return found


def _joined(what: str, items: Iterable[Named], ids: Mapping[str, str]) -> Iterator[Change]:
    parts: dict[str, list[str]] = {}
    for item in items:
        parts.setdefault(ids.get(item.id, item.id), []).append(item.id)
    for name, joined in parts.items():
        if len(joined) > 1:
            yield Change(what, name, f"made of {listing(joined, 'and')}", scores=True)


def _readdressed(old: Rubric, new: Rubric) -> Iterator[Change]:
    """Find names that no longer lead to the test they led to, although it is still there."""
    for name, was in old.test_ids.items():
        now, there = new.test_ids.get(name), new.test_ids.get(was)
        if there is not None and now is None:
            yield Change("test", there, f"no longer goes by {name}")
        elif there is not None and now is not None and now != there:
            yield Change("test", now, f"{name} stands for it, not for {there}", scores=True)


def _came_and_went(
    what: str, old: Mapping[str, T], new: Mapping[str, T], says: Callable[[T], str]
) -> Iterator[Change]:
    for name in new:
        if name not in old:
            yield Change(what, name, f"added: {says(new[name])}", scores=True)
    for name in old:
        if name not in new:
            yield Change(what, name, f"removed: {says(old[name])}", scores=True)


def _kept(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T, T]]:
    return ((name, old[name], new[name]) for name in new if name in old)


def _facts(what: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Compare what decides scores, by the keys of a rubric file."""
    for key, was, now in _kept(old, new):
        if was != now:
            yield Change(what, name, f"{key} {was} → {now}", scores=key != "id")


def _texts(what: str, name: str, old: object, new: object, keys: Iterable[str]) -> Iterator[Change]:
    """Compare what people read; that it is another text is all one line can tell."""
    other = [key for key in keys if getattr(old, key) != getattr(new, key)]
    if other:
        yield Change(what, name, f"changed: {listing(other, 'and')}")


def _reasons(both: Effect) -> Iterator[str]:
    old, new = both.old.rubric, both.new.rubric
    before = {new.test_ids.get(test.test.id, test.test.id): test for test in both.old.tests}
    after = {test.test.id: test for test in both.new.tests}
    if old.aggregate != new.aggregate:
        yield f"the score is the {new.aggregate} of the categories, not the {old.aggregate}"
    if old.max_score != new.max_score:
        yield f"the scale ends at {number(new.max_score)}, not {number(old.max_score)}"
    for name in both.newly_required:
        yield f"{name} is required now and earns nothing: the gate fails"
    for name in both.lost:
        yield f"{_gone(name, before, after, new)}: its answer has to go"
    for name, test in after.items():
        if name not in before and test.points:
            yield f"{name} is new, with {points(test.points)}"
    yield from _repriced(both, [test.status for name, test in after.items() if name in before])
    sums = [
        {item.category.id: number(item.points) for item in report.categories} for report in (both.old, both.new)
    ]
    moved = [
        f"{name} {sums[0][name]} → {value}" for name, value in sums[1].items() if sums[0].get(name, value) != value
    ]
    if moved:
        yield ", ".join(moved)
    if both.old.claimed.limiting != both.new.claimed.limiting and both.new.claimed.limiting:
        yield f"limited by {listing(both.new.claimed.limiting, 'and')}"
    tier = both.new.claimed.tier
    bands = {known.id: known.band for known in old.tiers}
    is_same = both.old.claimed.score == both.new.claimed.score
    if tier.id != both.old.claimed.tier.id and (is_same or bands.get(tier.id) != tier.band):
        yield f"{tier.id} is {tier.band}"
    claimed, verified = ([_standing(report)[part] for report in (both.old, both.new)] for part in (slice(3), 3))
    if claimed[0] == claimed[1] and verified[0] != verified[1] and not both.lost:
        yield "evidence counts by other rules (levels, backed_by, max_age)"


def _gone(name: str, before: Mapping[str, TestScore], after: Mapping[str, TestScore], new: Rubric) -> str:
    """Say why the new rubric does not take an answer."""
    test = before[name]
    if name not in after:
        return f"{name} is gone, with {points(test.points)}"
    if test.status not in {*new.levels, UNANSWERED}:
        return f"{name} is {test.status}, which is no level any more, with {points(test.points)}"
    return f"{name} stands for several tests that are answered"


def _repriced(both: Effect, statuses: list[str]) -> Iterator[str]:
    for name, was, now in _kept(both.old.rubric.levels, both.new.rubric.levels):
        if was.points != now.points and name in statuses:
            tests = plural(statuses.count(name), "test")
            yield f"{name} earns {number(now.points)} instead of {number(was.points)} ({tests})"


def _age(age: timedelta | None) -> str:
    return lasting(age) if age else "none"
