"""The score of a project along its history, and the commit behind each answer. Pure: git is read elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlscore.comparing import State
from mlscore.crosswalk import lost
from mlscore.git import Revision
from mlscore.project import Project
from mlscore.report import Score
from mlscore.rubric import Rubric


class Point(NamedTuple):
    """The score after a commit."""

    revision: Revision
    rubric: Rubric
    """The rubric it is scored with."""
    score: Score
    lost: tuple[str, ...] = ()
    """Answers that the rubric does not know, so that they earn nothing."""


class Broken(NamedTuple):
    """A commit in which the file was none that can be scored."""

    revision: Revision
    messages: tuple[str, ...]


class History(NamedTuple):
    """What the history of a file holds, oldest first."""

    project: Project
    """The project as it is now."""
    rubric: Rubric | None
    """The rubric of all points; None where each has the rubric of its time."""
    points: tuple[Point, ...]
    broken: tuple[Broken, ...] = ()


class Blame(NamedTuple):
    """The commit that last changed the status of an answer."""

    test: str
    status: str
    revision: Revision | None
    """None where the change is not committed yet."""


def point(revision: Revision, state: State) -> Point:
    """Score the state of a file after a commit, with the rubric of the state."""
    report = state.under(state.rubric)
    return Point(revision, state.rubric, report.claimed, lost(state.project, state.rubric))


Statuses = Mapping[str, str]
"""The status of each answer, by the id of its test."""


def statuses(project: Project, rubric: Rubric) -> Statuses:
    """Return the status of each answer, by the ids of a rubric."""
    return {
        rubric.test_ids.get(name, name): answer.status
        for name, answer in project.answers.items()
        if answer is not None
    }


def blame(
    now: Statuses, graph: Sequence[Revision], known: Callable[[Revision], Statuses | None]
) -> tuple[Blame, ...]:
    """Find for each answer of `now` the commit that gave it its status.

    `graph` are the commits that changed the file, newest first; `known` gives the answers after one, None where
    nothing is known of them: such a commit is passed over. At a merge a parent with the status is followed.
    """
    commits = {revision.commit: revision for revision in graph}

    def parents(revision: Revision) -> Iterator[Revision]:
        names, seen = list(reversed(revision.parents)), set[str]()
        while names:
            parent = commits.get(name := names.pop())
            if parent is None or name in seen:
                continue
            seen.add(name)
            if known(parent) is None:
                names += reversed(parent.parents)
            else:
                yield parent

    def source(test: str, status: str) -> Revision | None:
        tips = (
            graph[:1]
            if graph and known(graph[0]) is not None
            else [tip for top in graph[:1] for tip in parents(top)]
        )
        place = next((tip for tip in tips if (known(tip) or {}).get(test) == status), None)
        if place is None:
            return None
        while True:
            older = (parent for parent in parents(place) if (known(parent) or {}).get(test) == status)
            following = next(older, None)
            if following is None:
                return place
            place = following

    return tuple(Blame(test, status, source(test, status)) for test, status in now.items())
