"""Project files to Project, checked against the rubric they name."""

import os
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from mlscore.diagnostics import Diagnostic
from mlscore.errors import InputError
from mlscore.files import STDIN, Reader, read_input
from mlscore.loading.document import MAX_BYTES, Document, parse
from mlscore.loading.faults import faults, ordered
from mlscore.loading.rubrics import read_rubric, rubric_path
from mlscore.project import DEFAULT_RUBRIC, Project, Source
from mlscore.rubric import Rubric
from mlscore.text import quote


def load_project(path: str | os.PathLike[str], rubric: Rubric | None = None) -> Project:
    """Load a project file, checked against its rubric or against the one given.

    Ids written as an alias come out as the id. Raises InputError with every problem of the file.
    """
    return open_project(os.fspath(path), rubric)[1]


def open_project(path: str, rubric: Rubric | None = None) -> tuple[Rubric, Project]:
    """Load a project file (`-` is standard input) together with the rubric it was checked against."""
    raw = read_input(path, MAX_BYTES)
    name, folder = ("<stdin>", "") if path == STDIN else (path, os.path.dirname(path))
    return parse_project(raw, name, folder, rubric)


def parse_project(
    raw: bytes, name: str, folder: str = "", rubric: Rubric | None = None, read: Reader = read_input
) -> tuple[Rubric, Project]:
    """Read a project from bytes. `name` stands in messages; a rubric's path is taken from `folder` and `read`."""
    document = parse(raw, name)
    found = list(document.faults)
    data = document.data
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "a project file is a mapping (key: value)"
        raise InputError(
            [
                *found,
                Diagnostic(document.locate(()), what, "write project: and answers:, or start with `mlscore init`"),
            ]
        )
    if rubric is None:
        try:
            rubric = _named_rubric(data, document, folder, read)
        except InputError as error:
            found += error.diagnostics
    project = None
    try:
        project = Project.model_validate(data, context=rubric)
    except ValidationError as error:
        found += faults(error, Project, lambda path, key: document.locate(path, key=key))
    answers, gate = data.get("answers"), data.get("gate")
    keys: dict[str, str] = {}
    if rubric is not None:
        found += _clashes(answers, rubric.test_ids, document, ("answers",), keys)
        wanted = gate.get("categories") if isinstance(gate, dict) else None
        found += _clashes(wanted, rubric.category_ids, document, ("gate", "categories"), {})
    if found or project is None or rubric is None:
        raise InputError(ordered(found))
    return rubric, project.read_from(Source(name, document, keys))


def parse_answers(raw: bytes, name: str) -> Project:
    """Read a project from bytes without its rubric: ids and statuses are taken as they are written."""
    document = parse(raw, name)
    found = list(document.faults)
    try:
        project = Project.model_validate(document.data)
    except ValidationError as error:
        found += faults(error, Project, lambda path, key: document.locate(path, key=key))
    if found:
        raise InputError(ordered(found))
    return project.read_from(Source(name, document))


def _named_rubric(data: Mapping[str, object], document: Document, folder: str, read: Reader) -> Rubric | None:
    """Load the rubric a project names; None when the name is not even text, which validation will say."""
    ref = data.get("rubric", DEFAULT_RUBRIC)
    if not isinstance(ref, str):
        return None
    try:
        path = rubric_path(ref, folder)
    except ValueError as error:
        raise InputError([Diagnostic(document.locate(("rubric",)), str(error))]) from None
    try:
        return read_rubric(path, read)
    except InputError as error:
        where = document.locate(("rubric",))
        raise InputError(
            [Diagnostic(where, f"the rubric {quote(ref)} cannot be used"), *error.diagnostics]
        ) from None


def _clashes(
    written: object, names: Mapping[str, str], document: Document, path: tuple[str, ...], keys: dict[str, str]
) -> Iterable[Diagnostic]:
    """Find ids given twice under different names; collect in `keys` what each aliased id is written as."""
    first: dict[str, str] = {}
    found = []
    for key in written if isinstance(written, dict) else ():
        name = names.get(key, key)
        if name in first:
            where = document.locate((*path, key), key=True)
            found.append(Diagnostic(where, f"{quote(key)} and {quote(first[name])} are the same; keep one"))
        first.setdefault(name, key)
        if name != key:
            keys[name] = key
    return found
