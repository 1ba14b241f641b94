"""The formats of a blame: a line for each answer, JSON (schema `mlscore/blame/1`) and CSV."""

import json
from collections.abc import Sequence

import mlscore
from mlscore.comparing import State
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.formats.csv import table
from mlscore.formats.json import identity
from mlscore.history import Blame
from mlscore.text import labelled, one_line

SCHEMA = "mlscore/blame/1"
FORMATS = ("table", "json", "csv", "html")
SHORT = 8
"""Characters of a commit that people read."""


def render(name: str, state: State, found: Sequence[Blame], style: Style) -> str:
    """Render a blame in one of FORMATS."""
    if name == "json":
        return _json(state, found)
    if name == "html":
        return _page(state, found)
    return _csv(found) if name == "csv" else _table(state, found, style.width)


def _table(state: State, found: Sequence[Blame], width: int) -> str:
    column = max((len(item.test) for item in found), default=0) + 2
    lines = [labelled(item.test, _said(item, state), width, column) for item in found]
    return "".join(f"{line}\n" for line in lines) or "There is no answer yet.\n"


def _said(item: Blame, state: State) -> str:
    test = state.rubric.tests.get(item.test)
    name = f" ({one_line(test.name)})" if test else ""
    if item.revision is None:
        return f"{item.status}, not committed yet{name}"
    revision = item.revision
    return f"{item.status}, {revision.when[:10]} {revision.commit[:SHORT]} {one_line(revision.author)}{name}"


def _rows(found: Sequence[Blame]) -> list[dict[str, str | None]]:
    return [
        {
            "test": item.test,
            "status": item.status,
            "commit": item.revision and item.revision.commit,
            "date": item.revision and item.revision.when,
            "author": item.revision and one_line(item.revision.author),
        }
        for item in found
    ]


def _json(state: State, found: Sequence[Blame]) -> str:
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "project": {"name": state.project.project, "path": shown_path(state.project.source.path)},
        "rubric": identity(state.rubric),
        "answers": _rows(found),
    }
    return json.dumps(data, indent=2) + "\n"


def _page(state: State, found: Sequence[Blame]) -> str:
    from mlscore.formats.page import Page, Table
    from mlscore.formats.page import render as written

    rows = [
        (
            item.test,
            one_line(state.rubric.tests[item.test].name) if item.test in state.rubric.tests else "",
            item.status,
            item.revision.when[:10] if item.revision else "not committed yet",
            item.revision.commit[:SHORT] if item.revision else "",
            one_line(item.revision.author) if item.revision else "",
        )
        for item in found
    ]
    header = ("Test", "Title", "Status", "Day", "Commit", "Author")
    return written(
        Page(
            title=state.project.project,
            about="Who answered what",
            headline="The commit that gave each answer its status",
            remarks=(),
            tables=[Table("Answers", header, rows)],
            source=shown_path(state.project.source.path),
        )
    )


def _csv(found: Sequence[Blame]) -> str:
    header = ("test", "status", "commit", "date", "author")
    return table([header, *([row[key] or "" for key in header] for row in _rows(found))])
