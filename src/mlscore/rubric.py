"""What is asked: Rubric > Category > Test, the levels a team can answer with, and the tiers of a score.

Pure: reads no file. How a rubric file with `extends` becomes a Rubric is mlscore.loading's business.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, PrivateAttr

from mlscore.fields import Duration, Id, Model, Points, Share, unit_of
from mlscore.text import number

MAX_CATEGORIES = 100
"""Categories of a rubric."""
MAX_TESTS = 2_000
"""Tests of a rubric."""
DIGEST_LENGTH = len("sha256:") + 12
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

    @property
    def band(self) -> str:
        """The scores of the tier in words, as far as its own bounds tell."""
        start = f"above {number(self.above)}" if self.above is not None else number(self.bound[0])
        if self.to is None:
            return start if self.above is not None else f"{start} and more"
        if self.to == self.bound[0]:
            return start
        return f"{start} to {number(self.to)}"

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
    questions: tuple[str, ...] = Field(default=(), description="Questions that lead to the answer.")
    manual: str = Field(default="", description="What counts as the level `manual`.")
    automated: str = Field(default="", description="What counts as the level `automated`.")
    guidance: dict[Id, str] = Field(default={}, description="What counts as each level, by the level's name.")
    examples: tuple[str, ...] = Field(default=(), description="Sample tests and statistics.")
    references: tuple[str, ...] = Field(default=(), description="Where the test comes from.")
    related: dict[Id, tuple[Id, ...]] = Field(
        default={}, description="Tests of other rubrics that it overlaps with, by the rubric's id."
    )
    average: Share | None = Field(
        default=None, description="The mean share of its points among the systems of `comparison`, 0 to 1."
    )
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


class Comparison(Model):
    """A published study that scored other systems with the rubric; `average` of a test is what it found."""

    label: str = Field(min_length=1, description="Who was scored, as it reads in a sentence.")
    source: str = Field(default="", description="Where the figures were published.")
    caveat: str = Field(default="", description="What the figures do not tell.")


class Origin(NamedTuple):
    """Where a rubric was read."""

    files: tuple[str, ...] = ()
    """The files, its own first, then what it extends."""
    lineage: frozenset[str] = frozenset()
    """The ids and aliases of the rubrics it extends."""


class Rubric(Model):
    """A complete rubric: everything that decides a score, and the texts that explain it."""

    id: Id = Field(description="The name used in project files.")
    aliases: tuple[Id, ...] = Field(default=(), description="Other names of the rubric.")
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = Field(
        default=1, description="Raised when an answer could score differently."
    )
    title: str = Field(min_length=1, description="The name people read; the id where it is left out.")
    short_title: str = Field(default="", max_length=40, description="A name for headings.")
    source: str = Field(default="", description="The work it comes from, as a citation.")
    url: Annotated[str, Field(pattern=r"^https?://[!-~]+$")] | None = Field(
        default=None, description="Where to read more about it. Never fetched."
    )
    introduction: str = Field(default="", description="What to know before answering, a paragraph a line.")
    extends: str | None = Field(
        default=None, description="The rubric it starts from: a built-in id, or a path relative to this file."
    )
    remove: tuple[str, ...] = Field(default=(), description="Ids of tests to take out of the rubric it extends.")
    aggregate: Literal["min", "sum", "mean"] = Field(
        default="min", description="How the final score is made from the categories."
    )
    levels: dict[Id, Level] = Field(min_length=1, description="The answers a team can give, ascending.")
    tiers: tuple[Tier, ...] = Field(min_length=1, description="The bands of the final score, ascending.")
    max_age: dict[Id, Duration] = Field(default={}, description="How long evidence stays fresh, by level.")
    require: tuple[Id, ...] = Field(
        default=(), description="Tests that must earn points in every project, whatever its own gate says."
    )
    comparison: Comparison | None = Field(
        default=None, description="A study that scored other systems, for the `average` of the tests."
    )
    categories: tuple[Category, ...] = Field(
        min_length=1, max_length=MAX_CATEGORIES, description="The groups of tests, in order."
    )

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def name(self) -> str:
        """The shortest title there is."""
        return self.short_title or self.title

    @property
    def files(self) -> tuple[str, ...]:
        """The files it was read from, itself first, then what it extends."""
        return self._origin.files

    @property
    def names(self) -> frozenset[str]:
        """The ids and aliases of the rubric and of all that it extends."""
        return self._origin.lineage | {self.id, *self.aliases}

    def read_from(self, origin: Origin) -> Self:
        """Return the same rubric with where it was read."""
        rubric = self.model_copy()
        rubric._origin = origin  # noqa: SLF001 - a copy of our own
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
    def unit(self) -> Fraction:
        """The largest number of which the points of all levels are whole multiples."""
        return unit_of(level.points for level in self.levels.values())

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

        # In the order of the file, which decides what is higher and what comes first. How the rubric came
        # about does not count.
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"extends", "remove"})
        return "sha256:" + hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The ids of the tests that must earn points in every project."""
        return tuple(dict.fromkeys(self.test_ids[name] for name in self.require))

    def guidance(self, test: Test) -> dict[str, str]:
        """What counts as each level of a test, in the order of the levels; levels without a text are left out."""
        texts = {"manual": test.manual, "automated": test.automated} | test.guidance
        return {name: texts[name] for name in self.levels if texts.get(name)}

    def average(self, tests: Iterable[Test]) -> Fraction | None:
        """The points that the systems of the comparison earned in `tests` on average; None where it lacks one."""
        shares = [test.average for test in tests if self.comparison is not None]
        known = [share * self.top for share in shares if share is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(shares) else None

    @property
    def short_digest(self) -> str:
        """As much of the digest as people compare."""
        return self.digest[:DIGEST_LENGTH]

    @property
    def label(self) -> str:
        """The rubric in a line: which one, which version, and what it holds."""
        return f"{self.id} version {self.version} ({self.short_digest})"

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


def _names(items: Iterable[Test | Category]) -> dict[str, str]:
    return {name: item.id for item in items for name in (item.id, *item.aliases)}
