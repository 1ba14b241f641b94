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


def suggest(rubric: Rubric, other: Rubric, project: Project) -> dict[str, Suggestion]:
    """Find a suggestion for each test of `rubric` that overlaps with one `project` has answered.

    `other` is the rubric of the project. The same test of a rubric in the same line of `extends` keeps its level.
    Otherwise all related answers must earn points, and the lowest of them decides: its own level where
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
            level = _kept(rubric, sources[0]) if same else _level(rubric, other, sources)
            found[test.id] = Suggestion(sources, level)
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


def _kept(rubric: Rubric, source: Source) -> str | None:
    return source.answer.status if source.answer.status in rubric.levels else None


def _level(rubric: Rubric, other: Rubric, sources: tuple[Source, ...]) -> str | None:
    earning = [name for name in rubric.ladder if rubric.levels[name].points]
    statuses = [source.answer.status for source in sources]
    if not earning or not all(status in other.ladder and other.levels[status].points for status in statuses):
        return None
    return min((status if status in earning else earning[0] for status in statuses), key=earning.index)


def dropped(project: Project, rubric: Rubric) -> tuple[str, ...]:
    """Return the tests, by the ids the project has them under, whose answers `restate` would leave out."""
    kept: set[str] = set()
    lost = []
    for name, answer in project.answers.items():
        test = rubric.test_ids.get(name)
        if test is None or test in kept or (answer is not None and answer.status not in rubric.levels):
            lost.append(name)
        else:
            kept.add(test)
    return tuple(lost)


def renamed(readings: Readings | None, rubric: Rubric) -> Readings | None:
    """Return what was read of evidence by the ids of a rubric."""
    if readings is None:
        return None
    return {rubric.test_ids[name]: found for name, found in readings.items() if name in rubric.test_ids}


def restate(project: Project, rubric: Rubric) -> Project:
    """Return a project with the answers that `rubric` can score, under its ids, and without its gate.

    Answers to tests that the rubric does not have, or with levels that it does not know, are left out.
    """
    lost = set(dropped(project, rubric))
    answers = {rubric.test_ids[name]: answer for name, answer in project.answers.items() if name not in lost}
    return project.model_copy(update={"answers": answers, "gate": None})
