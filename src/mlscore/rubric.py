"""What is asked: Rubric > Category > Test, the levels a team can answer with, and the tiers of a score.

Pure: reads no file. How a rubric file with `extends` becomes a Rubric is mlscore.loading's business.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr

from mlscore.fields import Duration, Id, Model, Points

MAX_CATEGORIES = 100
"""Categories of a rubric."""
MAX_TESTS = 2_000
"""Tests of a rubric."""
Look = Literal["full", "part", "empty", "decision", "unanswered"]
UNANSWERED = "unanswered"
"""The status of a test without an answer. No level can have this name."""


class Level(Model):
    """One of the answers a team can give."""

    points: Points = Field(description="What a test at this level earns, from 0.")
    meaning: str = Field(default="", description="When a team may claim this level.")
    backed_by: Literal["document", "result"] | None = Field(
        default=None,
        description="What evidence backs a claim: a document, or the result of a run. Nothing when absent.",
    )
    reason_required: bool = Field(
        default=False,
        strict=True,
        description="The answer is a decision and needs a reason. It stands outside the order of the levels: "
        "plans leave it alone, and what it does not earn is not attainable.",
    )


class Tier(Model):
    """A band of scores with a name. It begins at its lower bound and ends where the next tier begins."""

    id: Id = Field(description="The name used in commands and JSON.")
    from_: Points | None = Field(default=None, alias="from", description="The lowest score in the tier.")
    above: Points | None = Field(default=None, description="Open lower bound: the tier begins just above it.")
    to: Points | None = Field(
        default=None,
        description="The highest score the published table gives the tier. A score above it that no other "
        "tier claims is shown with a note.",
    )
    label: str = Field(min_length=1, description="The name people read.")
    meaning: str = Field(default="", description="What a score in this tier says about a project.")

    @property
    def bound(self) -> tuple[Fraction, bool]:
        """The lower bound and whether it is open, in an order that sorts tiers."""
        return (self.above, True) if self.above is not None else (self.from_ or Fraction(0), False)

    def holds(self, score: Fraction) -> bool:
        """Tell whether `score` reaches the lower bound."""
        bound, is_open = self.bound
        return score > bound if is_open else score >= bound


class Test(Model):
    """One test of the rubric: what a team is asked to do, by hand or automatically."""

    __test__ = False  # not a test class of pytest's

    id: Id = Field(description="The key of the answer in a project file.")
    aliases: tuple[Id, ...] = Field(default=(), description="Other ids that are accepted for it.")
    title: str = Field(min_length=1, description="The name of the test.")
    alternative_title: str = Field(default="", description="Its name in another edition of the source.")
    short_title: str = Field(default="", max_length=40, description="A name for narrow tables.")
    purpose: str = Field(default="", description="Why it matters.")
    manual: str = Field(default="", description="What counts as done by hand.")
    automated: str = Field(default="", description="What counts as automated.")
    examples: tuple[str, ...] = Field(default=(), description="Sample tests and statistics.")
    references: tuple[str, ...] = Field(default=(), description="Where the test comes from.")
    max_age: Duration | None = Field(default=None, description="How long its evidence stays fresh.")

    @property
    def name(self) -> str:
        """The shortest title there is."""
        return self.short_title or self.title


class Category(Model):
    """A group of tests whose points are summed."""

    id: Id = Field(description="The name used in commands and JSON.")
    aliases: tuple[Id, ...] = Field(default=(), description="Other ids that are accepted for it.")
    title: str = Field(min_length=1, description="The name people read.")
    purpose: str = Field(default="", description="What the tests of the category protect.")
    tests: tuple[Test, ...] = Field(
        min_length=1, max_length=MAX_TESTS, description="The tests, in the order they are shown."
    )


class Rubric(Model):
    """A complete rubric: everything that decides a score, and the texts that explain it."""

    id: Id = Field(description="The name used in project files.")
    aliases: tuple[Id, ...] = Field(default=(), description="Other names of the rubric.")
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = Field(
        default=1, description="Raised when an answer could score differently."
    )
    title: str = Field(min_length=1, description="The name people read.")
    source: str = Field(default="", description="The work it comes from, as a citation.")
    aggregate: Literal["min", "sum", "mean"] = Field(
        default="min", description="How the final score is made from the categories."
    )
    levels: dict[Id, Level] = Field(min_length=1, description="The answers a team can give, ascending.")
    tiers: tuple[Tier, ...] = Field(min_length=1, description="The bands of the final score, ascending.")
    max_age: dict[Id, Duration] = Field(default={}, description="How long evidence stays fresh, by level.")
    categories: tuple[Category, ...] = Field(
        min_length=1, max_length=MAX_CATEGORIES, description="The groups of tests, in order."
    )

    _files: tuple[str, ...] = PrivateAttr(default=())

    @property
    def files(self) -> tuple[str, ...]:
        """The files it was read from, itself first, then what it extends."""
        return self._files

    def read_from(self, files: Iterable[str]) -> Self:
        """Return the same rubric with the files it was read from."""
        rubric = self.model_copy()
        rubric._files = tuple(files)  # noqa: SLF001 - a copy of our own
        return rubric

    @cached_property
    def tests(self) -> dict[str, Test]:
        """Every test by its id, in rubric order."""
        return {test.id: test for category in self.categories for test in category.tests}

    @cached_property
    def test_ids(self) -> dict[str, str]:
        """Every accepted name of a test, aliases included, with the id it stands for."""
        return _names(self.tests.values())

    @cached_property
    def category_ids(self) -> dict[str, str]:
        """Every accepted name of a category, aliases included, with the id it stands for."""
        return _names(self.categories)

    @cached_property
    def top(self) -> Fraction:
        """The most points one test can earn."""
        return max(level.points for level in self.levels.values())

    @cached_property
    def ladder(self) -> tuple[str, ...]:
        """The levels a team can climb, ascending: those that are not decisions with a reason."""
        return tuple(name for name, level in self.levels.items() if not level.reason_required)

    @cached_property
    def max_score(self) -> Fraction:
        """The final score of a project with every test at its most."""
        return self.combine([self.top * len(category.tests) for category in self.categories])

    @cached_property
    def digest(self) -> str:
        """A fingerprint of everything in the rubric: equal digests score and read alike."""
        import hashlib
        import json

        # In the order of the file, which decides what is higher and what comes first.
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return "sha256:" + hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def look(self, status: str) -> Look:
        """Return how a status is drawn, from what it earns: rubrics can have any levels."""
        level = self.levels.get(status)
        if level is None:
            return "unanswered"
        if level.reason_required:
            return "decision"
        if not level.points:
            return "empty"
        return "full" if level.points == self.top else "part"

    def combine(self, sums: Iterable[Fraction]) -> Fraction:
        """Make the final score from the sums of the categories, as `aggregate` says."""
        values = list(sums)
        if self.aggregate == "min":
            return min(values)
        total = sum(values, Fraction(0))
        return total if self.aggregate == "sum" else total / len(values)

    def tier(self, score: Fraction) -> Tier:
        """Return the highest tier whose lower bound `score` reaches."""
        return next((tier for tier in reversed(self.tiers) if tier.holds(score)), self.tiers[0])


Problem = tuple[tuple[str | int, ...], str]
"""A path into a rubric, and what is wrong there."""


def problems(rubric: Rubric) -> Iterator[Problem]:
    """Find what makes a well-formed rubric impossible to score with, each with its path."""
    if sum(len(category.tests) for category in rubric.categories) > MAX_TESTS:
        yield (("categories",), f"more than the limit of {MAX_TESTS:,} tests")
        return
    yield from _id_problems(rubric)
    yield from _level_problems(rubric)
    yield from _tier_problems(rubric.tiers)


def _names(items: Iterable[Test | Category]) -> dict[str, str]:
    return {name: item.id for item in items for name in (item.id, *item.aliases)}


def _id_problems(rubric: Rubric) -> Iterator[Problem]:
    seen_tests: set[str] = set()
    seen_categories: set[str] = set()
    seen_tiers: set[str] = set()
    for place, category in enumerate(rubric.categories):
        path = ("categories", place)
        yield from _clashes(path, category, seen_categories, "category")
        for index, test in enumerate(category.tests):
            yield from _clashes((*path, "tests", index), test, seen_tests, "test")
    for place, tier in enumerate(rubric.tiers):
        if tier.id in seen_tiers:
            yield (("tiers", place, "id"), f"the tier id {tier.id} is repeated; give each tier its own")
        seen_tiers.add(tier.id)


def _clashes(path: tuple[str | int, ...], item: Test | Category, seen: set[str], noun: str) -> Iterator[Problem]:
    for field, names in (("id", (item.id,)), ("aliases", item.aliases)):
        for name in names:
            if name in seen:
                yield ((*path, field), f"the {noun} id {name} is repeated; give each {noun} its own")
            seen.add(name)


def _level_problems(rubric: Rubric) -> Iterator[Problem]:
    if UNANSWERED in rubric.levels:
        yield (("levels", UNANSWERED), f"{UNANSWERED} is what a test without an answer is; rename the level")
    if not rubric.ladder:
        yield (("levels",), "every level needs a reason; at least one must be earned by work")
    elif not rubric.top:
        yield (("levels",), "no level earns points; at least one must")
    for lower, higher in pairwise(rubric.ladder):
        if rubric.levels[higher].points < rubric.levels[lower].points:
            yield (
                ("levels", higher),
                f"{higher} earns less than {lower}, which stands before it; put levels in ascending order",
            )
    for level in rubric.max_age:
        if level not in rubric.levels:
            yield (
                ("max_age", level),
                f"{level} is not a level of this rubric; it has {', '.join(rubric.levels)}",
            )


def _tier_problems(tiers: tuple[Tier, ...]) -> Iterator[Problem]:
    for place, tier in enumerate(tiers):
        if (tier.from_ is None) == (tier.above is None):
            yield (("tiers", place), f"the tier {tier.id} needs either `from` or `above`")
            return
    if not tiers[0].holds(Fraction(0)):
        yield (("tiers", 0), f"no tier holds the lowest score; let the tier {tiers[0].id} begin `from: 0`")
    for place, (tier, following) in enumerate(pairwise(tiers), start=1):
        if following.bound <= tier.bound:
            yield (
                ("tiers", place),
                f"the tiers {tier.id} and {following.id} overlap; put tiers in ascending order",
            )
        elif tier.to is not None and following.holds(tier.to):
            yield (("tiers", place - 1, "to"), f"the tiers {tier.id} and {following.id} overlap; lower `to`")
    for place, tier in enumerate(tiers):
        if tier.to is not None and not tier.holds(tier.to):
            yield (("tiers", place, "to"), f"the tier {tier.id} ends before it begins; raise `to`")
