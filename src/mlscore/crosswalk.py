"""From the answers to one rubric to suggestions for another, along the tests that overlap. Pure.

What is suggested is never an answer: two tests that overlap do not ask for the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mlscore.project import Answer, Project
from mlscore.rubric import Rubric, Test
from mlscore.scoring import Readings


class Source(NamedTuple):
    """An answer that has something to say about a test of another rubric."""

    test: str
    answer: Answer


class Suggestion(NamedTuple):
    """What is known of a test from the answers to another rubric."""

    sources: tuple[Source, ...]
    """In the order of the rubric they answer."""
    level: str | None
    """The level to consider; None where the answers speak against all that earn points."""
    unanswered: tuple[str, ...] = ()
    """Related tests that have no answer."""


def suggest(rubric: Rubric, other: Rubric, project: Project) -> dict[str, Suggestion]:
    """Find a suggestion for each test of `rubric` that overlaps with one `project` has answered.

    `other` is the rubric of the project. The same test of a rubric in the same line of `extends` keeps its level.
    Otherwise all related tests must have answers that earn points, and the lowest decides: its own level where
    both rubrics have one of that name, else the lowest that earns points.
    """
    found: dict[str, Suggestion] = {}
    kin = not rubric.names.isdisjoint(other.names)
    for test in rubric.tests.values():
        same = set(_namesakes(test, other)) if kin else set()
        ids = same or set(_related(rubric, test, other))
        answers = [(name, project.answers.get(name)) for name in other.tests if name in ids]
        sources = tuple(Source(name, answer) for name, answer in answers if answer is not None)
        if sources:
            unanswered = () if same else tuple(name for name, answer in answers if answer is None)
            level = _same(rubric, sources) if same else _level(rubric, other, sources)
            found[test.id] = Suggestion(sources, None if unanswered else level, unanswered)
    return found


def _namesakes(test: Test, other: Rubric) -> Iterator[str]:
    """The tests of a rubric in the same line that are this one, under its id or an alias of either."""
    yield from (other.test_ids[name] for name in (test.id, *test.aliases) if name in other.test_ids)


def _related(rubric: Rubric, test: Test, other: Rubric) -> Iterator[str]:
    """The tests of `other` that overlap with a test, whichever of the two rubrics says so."""
    for name, ids in test.related.items():
        if name in other.names:
            yield from (other.test_ids[ref] for ref in ids if ref in other.test_ids)
    for candidate in other.tests.values():
        refs = (ref for name, ids in candidate.related.items() if name in rubric.names for ref in ids)
        if any(rubric.test_ids.get(ref) == test.id for ref in refs):
            yield candidate.id


def _same(rubric: Rubric, sources: tuple[Source, ...]) -> str | None:
    """The lowest level that the answers to the very same test have."""
    order = list(rubric.levels)
    statuses = [source.answer.status for source in sources]
    return min(statuses, key=order.index) if set(statuses) <= set(order) else None


def _level(rubric: Rubric, other: Rubric, sources: tuple[Source, ...]) -> str | None:
    earning = [name for name in rubric.ladder if rubric.levels[name].points]
    statuses = [source.answer.status for source in sources]
    if not earning or not all(status in other.ladder and other.levels[status].points for status in statuses):
        return None
    return min((status if status in earning else earning[0] for status in statuses), key=earning.index)


def restate(project: Project, rubric: Rubric, own: Rubric | None = None) -> Project:
    """Return a project with the answers that `rubric` can score, under its ids, and without its gate.

    Tests are matched by id or alias, those of `own`, the project's rubric, too. Left out are answers to tests that
    the rubric does not have, those with levels that it does not know, and of several tests that became one all
    answers but the first.
    """
    answers = {test: project.answers[name] for test, name in _kept(project, rubric, own).items()}
    return project.model_copy(update={"answers": answers, "gate": None})


def dropped(project: Project, rubric: Rubric, own: Rubric | None = None) -> tuple[str, ...]:
    """Return the tests, by the project's ids, whose answers `restate` leaves out, empty or not."""
    kept = set(_kept(project, rubric, own).values())
    return tuple(name for name in project.answers if name not in kept)


def lost(project: Project, rubric: Rubric, own: Rubric | None = None) -> tuple[str, ...]:
    """Return the tests whose answers are there and `restate` leaves out."""
    return tuple(name for name in dropped(project, rubric, own) if project.answers[name] is not None)


def renamed(
    readings: Readings | None, project: Project, rubric: Rubric, own: Rubric | None = None
) -> Readings | None:
    """Return what was read of a project's evidence for its restated answers."""
    if readings is None:
        return None
    return {test: readings[name] for test, name in _kept(project, rubric, own).items() if name in readings}


def _kept(project: Project, rubric: Rubric, own: Rubric | None) -> dict[str, str]:
    """Which of a project's answers stands for each test of a rubric: a real one before an empty one."""
    found: dict[str, str] = {}
    for name, answer in project.answers.items():
        aliases = own.tests[name].aliases if own is not None and name in own.tests else ()
        test = next((rubric.test_ids[other] for other in (name, *aliases) if other in rubric.test_ids), None)
        if test is None or (answer is not None and answer.status not in rubric.levels):
            continue
        if test not in found or (answer is not None and project.answers[found[test]] is None):
            found[test] = name
    return found
