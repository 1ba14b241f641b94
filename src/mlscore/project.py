"""What the team says: Project > Answer > Evidence, and the gate it sets for itself.

Pure: reads no file. Ids and statuses are checked against the rubric that validation gets as its context;
without one (a Project made in Python) they are taken as they are.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from mlscore.fields import Day, Duration, Effort, Model, Points
from mlscore.rubric import MAX_TESTS, Rubric
from mlscore.text import Advice, listing, nearest, quote, written

if TYPE_CHECKING:
    from mlscore.loading.document import Document

MAX_NAMED = 8
"""Ids that a message lists."""
DEFAULT_RUBRIC = "ml-test-score-2016"
MAX_ANSWERS = 2 * MAX_TESTS
"""Answers of a project: as many as a rubric can have tests, each by its id or an alias."""
MAX_EVIDENCE = 1_000
"""Evidence entries of one answer."""


def known(name: str, names: Mapping[str, str], what: str) -> str:
    """Return the id that `name` stands for; raise ValueError with the nearest match when it is none."""
    if name in names:
        return names[name]
    raise Advice(lambda: f"{quote(name)} is not {what}; {_instead(name, names)}")


def _instead(name: str, names: Mapping[str, str]) -> str:
    prefix, _, place = name.rpartition("-")
    numbers = [other.rpartition("-")[2] for other in names if prefix and other.rpartition("-")[0] == prefix]
    siblings = sorted(int(number) for number in numbers if number.isdecimal()) if place.isdigit() else []
    if len(siblings) > 1:  # a number too high: another number is no better guess
        if siblings == list(range(siblings[0], siblings[-1] + 1)):
            return f"there are {prefix}-{siblings[0]} to {prefix}-{siblings[-1]}"
        return f"there are {listing([f'{prefix}-{number}' for number in siblings[:MAX_NAMED]], 'and')}"
    match = nearest(name, names)
    if match:
        return f"did you mean {match}?"
    ids = list(dict.fromkeys(names.values()))
    if len(ids) == 1:
        return f"there is only {ids[0]}"
    return f"there are {listing(ids, 'and') if len(ids) <= MAX_NAMED else f'{ids[0]} to {ids[-1]}'}"


def test_id(rubric: Rubric, name: str) -> str:
    """Return the id of the test that `name` stands for; raise ValueError when there is none."""
    return known(name, rubric.test_ids, f"a test of {rubric.id}")


def category_id(rubric: Rubric, name: str) -> str:
    """Return the id of the category that `name` stands for; raise ValueError when there is none."""
    return known(name, rubric.category_ids, f"a category of {rubric.id}")


def tier_id(rubric: Rubric, name: str) -> str:
    """Return `name` when it is the id of a tier; raise ValueError otherwise."""
    return known(name, {tier.id: tier.id for tier in rubric.tiers}, f"a tier of {rubric.id}")


def _in_rubric(find: Callable[[Rubric, str], str]) -> AfterValidator:
    """Look a name up in the rubric of the validation; without one, take it as it is."""
    return AfterValidator(lambda name, info: find(info.context, name) if info.context else name)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One text, or a list of them."""

TestId = Annotated[str, _in_rubric(test_id)]
CategoryId = Annotated[str, _in_rubric(category_id)]
TierId = Annotated[str, _in_rubric(tier_id)]

KINDS: dict[str, frozenset[str]] = {
    "junit": frozenset({"tests", "min_tests"}),
    "pytest": frozenset(),
    "json": frozenset({"checks", "time"}),
    "great_expectations": frozenset(),
    "dbt": frozenset(),
    "evidently": frozenset(),
    "deepchecks": frozenset(),
    "mlflow": frozenset({"checks"}),
    "sarif": frozenset({"level"}),
    "workflow": frozenset(),
    "file": frozenset({"sha256"}),
    "url": frozenset(),
}
"""The kinds of evidence and the further keys each takes; every kind takes `max_age` and `date` too."""


ENTRY_POINTS = "mlscore.evidence"
"""The entry-point group in which packages offer kinds of evidence of their own."""


class Extension(NamedTuple):
    """An entry of a kind that an installed package offers."""

    kind: str
    target: str
    options: Mapping[str, object]
    """The entry's further keys, as the file has them; the package judges them."""


class Evidence(Model):
    """Something that backs an answer. Exactly one key names its kind; its value is a path or an address."""

    junit: str | None = Field(default=None, description="JUnit XML report: path or glob.")
    pytest: str | None = Field(default=None, description="File written by mlscore's pytest plugin.")
    json_: str | None = Field(default=None, alias="json", description="Any JSON file, judged by `checks`.")
    great_expectations: str | None = Field(default=None, description="Great Expectations result file or glob.")
    dbt: str | None = Field(default=None, description="dbt's run_results.json.")
    evidently: str | None = Field(default=None, description="Evidently report with tests.")
    deepchecks: str | None = Field(default=None, description="Deepchecks suite result as JSON.")
    mlflow: str | None = Field(default=None, description="MLflow run described as JSON, judged by `checks`.")
    sarif: str | None = Field(default=None, description="SARIF file of a static analysis.")
    workflow: str | None = Field(default=None, description="CI workflow file that repeats a test on a schedule.")
    file: str | None = Field(default=None, description="A document: path or glob.")
    url: str | None = Field(default=None, description="A document's http(s) address. Never fetched.")
    tests: Texts = Field(
        default=(), description="junit: which cases count, as `classname::name` patterns with `*`."
    )
    min_tests: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = Field(
        default=1, description="junit: how many cases must have passed."
    )
    checks: Texts = Field(default=(), description="json, mlflow: conditions such as `/metrics/auc >= 0.8`.")
    time: str | None = Field(default=None, description="json: pointer to the time of the run.")
    level: Literal["note", "warning", "error"] = Field(
        default="warning", description="sarif: the lowest level that counts against it."
    )
    sha256: str | None = Field(default=None, description="file: the digest the document must have.")
    max_age: Duration | None = Field(default=None, description="How long this entry stays fresh.")
    date: Day | None = Field(default=None, description="Its date, when the file itself holds none.")
    # Only made here from a package's kind: no file can write an instance.
    extension: SkipJsonSchema[InstanceOf[Extension] | None] = Field(default=None, exclude=True)

    @property
    def kind(self) -> str:
        """The key that names the kind."""
        if self.extension is not None:
            return self.extension.kind
        return next(kind for kind in KINDS if self._value(kind) is not None)

    @property
    def target(self) -> str:
        """The path, glob or address."""
        if self.extension is not None:
            return self.extension.target
        return str(self._value(self.kind))

    def _value(self, kind: str) -> object:
        return getattr(self, "json_" if kind == "json" else kind)

    @model_validator(mode="before")
    @classmethod
    def _of_a_package(cls, value: object) -> object:
        unknown = set(value) - _EVIDENCE_KEYS if isinstance(value, dict) else set()
        if not unknown or not isinstance(value, dict):
            return value
        kind = next((name for name in _offered() if name in unknown), None)
        if kind is None or not isinstance(value[kind], str) or not set(value).isdisjoint(KINDS):
            return value
        common = {key: value[key] for key in _COMMON if key in value}
        options = {key: item for key, item in value.items() if key not in {kind, *_COMMON}}
        return {**common, "extension": Extension(kind, value[kind], options)}

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.extension is not None:
            return self
        kinds = [kind for kind in KINDS if self._value(kind) is not None]
        if len(kinds) != 1:
            found = f"it has {listing(kinds, 'and')}" if kinds else f"one of {listing(KINDS)}"
            raise ValueError(f"an entry of evidence needs exactly one kind; {found}")
        stray = self.model_fields_set - KINDS[kinds[0]] - {"max_age", "date", "json_", *KINDS}
        if stray:
            verb, them = ("does", "it") if len(stray) == 1 else ("do", "them")
            raise ValueError(f"{listing(sorted(stray), 'and')} {verb} not go with {kinds[0]}; remove {them}")
        return self


_COMMON = ("max_age", "date")
_EVIDENCE_KEYS = {field.alias or name for name, field in Evidence.model_fields.items()} - {"extension"}


@cache
def _offered() -> list[str]:
    """The kinds that installed packages offer; only asked for when a file has a key we do not know."""
    from importlib.metadata import entry_points

    return [point.name for point in entry_points(group=ENTRY_POINTS)]


class Answer(Model):
    """The answer to one test: a status, and what stands behind it."""

    status: str = Field(description="One of the rubric's levels.")
    date: Day | None = Field(default=None, description="When the test was last carried out.")
    owner: str | None = Field(default=None, description="Who answers for it.")
    note: str | None = Field(default=None, description="Anything a reader should know.")
    reason: str | None = Field(
        default=None, validate_default=True, description="Why: needed where the status is a decision."
    )
    effort: Effort = Field(default=Fraction(1), description="What it costs to raise the answer by one level.")
    evidence: Annotated[tuple[Evidence, ...] | None, Field(max_length=MAX_EVIDENCE)] = Field(
        default=None, description="What backs the answer."
    )

    @model_validator(mode="before")
    @classmethod
    def _long_form(cls, value: object) -> object:
        return {"status": value} if not isinstance(value, dict | list | Answer) else value

    @field_validator("status", mode="before")
    @classmethod
    def _known_level(cls, value: object, info: ValidationInfo) -> object:
        rubric: Rubric | None = info.context
        if rubric is None or (isinstance(value, str) and value in rubric.levels):
            return value
        raise Advice(lambda: _status_advice(value, rubric))

    @field_validator("reason")
    @classmethod
    def _reason_where_required(cls, value: str | None, info: ValidationInfo) -> str | None:
        rubric: Rubric | None = info.context
        status = info.data.get("status")
        required = rubric is not None and status in rubric.levels and rubric.levels[status].reason_required
        if required and not (value and value.strip()):
            raise ValueError(f"{status} needs a reason; write {{status: {status}, reason: ...}}")
        return value


class Gate(Model):
    """The least a project asks of itself. Options of the command line win over it."""

    fail_under: Points | None = Field(default=None, description="The lowest final score that passes.")
    min_tier: TierId | None = Field(default=None, description="The lowest tier that passes.")
    categories: dict[CategoryId, Points] = Field(default={}, description="The lowest points by category.")
    require: tuple[TestId, ...] = Field(default=(), description="Tests that must earn points.")
    basis: Literal["claimed", "verified"] = Field(default="claimed", description="Which score is held to it.")


class Source(NamedTuple):
    """Where a project was read: what the report needs to point back into the file."""

    path: str = "<project>"
    document: "Document | None" = None
    keys: Mapping[str, str] = MappingProxyType({})
    """The key in the file, for each answer that is written under an alias."""

    def line(self, test_id: str) -> int | None:
        """The line of an answer's key; None when the test has no line or the project no file."""
        if self.document is None:
            return None
        path = ("answers", self.keys.get(test_id, test_id))
        spot = self.document.find(path, key=True)
        return spot.location.line if spot.depth == len(path) else None

    def place(self, key: str) -> int:
        """The line of a top-level key; the first line when the file does not have it."""
        return max(1, self.document.locate((key,), key=True).line) if self.document else 1


class Project(Model):
    """A project file: what a team answers."""

    rubric: str = Field(
        default=DEFAULT_RUBRIC, description="A built-in rubric's id, or a path relative to this file."
    )
    project: str = Field(min_length=1, description="The project's name.")
    description: str | None = Field(default=None, description="What the project does.")
    owner: str | None = Field(default=None, description="Who answers for the project.")
    answers: dict[TestId, Answer | None] = Field(description="The answer to each test, by its id.")
    gate: Gate | None = Field(default=None, description="The least this project asks of itself.")

    _source: Source = PrivateAttr(default_factory=Source)

    @field_validator("answers", mode="before")
    @classmethod
    def _not_too_many(cls, value: object) -> object:
        if isinstance(value, dict) and len(value) > MAX_ANSWERS:
            raise ValueError(f"answers has more than the limit of {MAX_ANSWERS:,} entries")
        return value

    @property
    def source(self) -> Source:
        """Where the project was read."""
        return self._source

    def read_from(self, source: Source) -> Self:
        """Return the same project with its source."""
        project = self.model_copy()
        project._source = source  # noqa: SLF001 - a copy of our own
        return project


_ADVICE = {
    "no": "none",
    "off": "none",
    "false": "none",
    "null": "none",
    "nil": "none",
    "todo": "none",
    "n/a": "not_applicable",
    "na": "not_applicable",
    "auto": "automated",
    "automatic": "automated",
    "ci": "automated",
    "hand": "manual",
    "partial": "manual",
}


def _status_advice(value: object, rubric: Rubric) -> str:
    """Say what to write instead of a status that is none."""
    levels = listing(rubric.levels)
    if value is None:
        return f"status is empty; write {levels}, or leave the whole answer empty"
    if isinstance(value, dict | list):
        return f"a status is one word; write {levels}"
    shown = written(value)
    word = shown.strip().lower()
    if not isinstance(value, str | bool):
        named = [name for name in rubric.ladder if rubric.levels[name].points == value]
        return f"{quote(shown)} is points, not a status; write {listing(named or rubric.levels)}"
    if word in {"yes", "true", "on", "done"}:
        return f"{quote(shown)} does not say how; write {levels}"
    advice: Any = _ADVICE.get(word)
    if advice not in rubric.levels:
        advice = nearest(word, rubric.levels)
    return f"{quote(shown)} is not a status; " + (f"write {advice}" if advice else f"write {levels}")
