"""Project files as they were in a commit, each with the rubric of that commit."""

import posixpath

from mlscore.diagnostics import Diagnostic, Location
from mlscore.errors import InputError
from mlscore.files import Reader
from mlscore.git import Objects
from mlscore.loading.projects import parse_project
from mlscore.project import Project
from mlscore.rubric import Rubric


def project_at(
    objects: Objects, commit: str, path: str, rubric: Rubric | None = None, name: str = ""
) -> tuple[Rubric, Project]:
    """Load a project as it was in a commit; `path` is from the top of the repository, `name` stands in messages.

    A rubric that it names by its path is taken from the same commit. Raises InputError with every problem.
    """
    read = reader(objects, commit)
    shown = name or f"{commit}:{path}"
    raw = read(f"{commit}:{path}", 0)
    return parse_project(raw, shown, f"{commit}:{posixpath.dirname(path) or '.'}", rubric, read)


def reader(objects: Objects, commit: str) -> Reader:
    """Return what reads `COMMIT:PATH` from the history. A path that leads out of the repository is none of its."""
    mark = f"{commit}:"

    def read(path: str, limit: int) -> bytes:  # noqa: ARG001 - the history has a limit of its own
        inside = posixpath.normpath(path.removeprefix(mark).lstrip("/"))
        if not path.startswith(mark) or inside.startswith(".."):
            raise InputError(
                [Diagnostic(Location(path), "lies outside the repository, so the commit has no such file")]
            )
        content = objects.read(f"{mark}{inside}")
        if content is None:
            raise InputError([Diagnostic(Location(f"{mark}{inside}"), "the commit has no such file")])
        return content

    return read
