"""The formats of a comparison of rubrics: lines for people, Markdown, JSON (schema `mlscore/rubric-diff/1`)."""

import json
from collections.abc import Iterator

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats.json import as_number, identity
from mlscore.formats.markdown import escape, table
from mlscore.project import Project
from mlscore.report import Report
from mlscore.rubric_diff import Compared, Effect
from mlscore.text import labelled, listing, number, one_line, wrap

SCHEMA = "mlscore/rubric-diff/1"
FORMATS = ("text", "markdown", "json")
_KINDS = {"rubric": "Rubric", "level": "Levels", "tier": "Tiers", "category": "Categories", "test": "Tests"}


def render(name: str, found: Compared, width: int) -> str:
    """Render a comparison in one of FORMATS."""
    if name == "json":
        return _json(found)
    return _markdown(found) if name == "markdown" else _text(found, width)


def _text(found: Compared, width: int) -> str:
    lines = [wrap(_heading(found), width, "  ", "")]
    for kind, rows in _changes(found):
        column = 4 + max(len(row[0]) for row in rows)
        lines += ["", kind, *(labelled(f"  {name}", text, width, column) for name, text in rows)]
    for remark in _remarks(found):
        lines += ["", wrap(remark, width)]
    for project, effect in found.effects:
        if effect is not None and effect.is_changed:
            lines += ["", wrap(f"{_named(project)}: {_moved(effect)}", width, "  ", "")]
            lines += [wrap(reason, width, "    ", "  ") for reason in effect.reasons]
    return "\n".join(lines) + "\n"


def _markdown(found: Compared) -> str:
    parts = [f"## {escape(_heading(found))}\n"]
    for kind, rows in _changes(found):
        parts.append(f"### {kind}\n\n{table(('Id', 'Change'), [(name, escape(text)) for name, text in rows])}")
    parts += [f"{escape(remark)}\n" for remark in _remarks(found)]
    changed = [(project, effect) for project, effect in found.effects if effect is not None and effect.is_changed]
    if changed:
        cells = (
            (_named(project), _score(effect.old), _score(effect.new), "; ".join(effect.reasons))
            for project, effect in changed
        )
        header = ("Project", "Old", "New", "Why")
        parts.append(f"### Projects\n\n{table(header, (tuple(map(escape, row)) for row in cells))}")
    return "\n".join(parts)


def _json(found: Compared) -> str:
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "old": identity(found.old),
        "new": identity(found.new),
        "needs_version": found.needs_version,
        "changes": [change._asdict() for change in found.changes],
        "projects": [
            {
                "path": shown_path(project.source.path),
                "project": project.project,
                "comparable": effect is not None,
                "changed": effect is not None and effect.is_changed,
                "old": _standing(effect.old) if effect else None,
                "new": _standing(effect.new) if effect else None,
                "lost": list(effect.lost) if effect else [],
                "reasons": list(effect.reasons) if effect else [],
            }
            for project, effect in found.effects
        ],
        "errors": [{"path": shown_path(path), "messages": list(messages)} for path, messages in found.refused],
    }
    return json.dumps(data, indent=2) + "\n"


def _standing(report: Report) -> dict[str, object]:
    return {
        "score": as_number(report.claimed.score),
        "max_score": as_number(report.max_score),
        "tier": report.claimed.tier.id,
        "categories": {name: as_number(value) for name, value in report.claimed.categories.items()},
        "verified": as_number(report.verified.score) if report.verified else None,
    }


def _heading(found: Compared) -> str:
    if not found.changes:
        return f"{found.old.label} and {found.new.label}: no difference"
    return f"{found.old.label} → {found.new.label}"


def _changes(found: Compared) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The changes of each kind, as id and text."""
    for kind, title in _KINDS.items():
        rows = [(change.id, change.detail) for change in found.changes if change.what == kind]
        if rows:
            yield title, rows


def _remarks(found: Compared) -> Iterator[str]:
    if found.needs_version:
        yield f"Answers could score differently, but the version is still {found.new.version}: raise it."
    effects = [effect for _, effect in found.effects if effect is not None]
    if effects:
        changed = sum(effect.is_changed for effect in effects)
        yield f"Projects that it changes: {changed} of {len(effects)}"
    foreign = [_named(project) for project, effect in found.effects if effect is None]
    if foreign:
        yield f"Not compared, since they answer none of the tests: {listing(foreign, 'and')}"


def _named(project: Project) -> str:
    return f"{one_line(project.project)} ({shown_path(project.source.path)})"


def _moved(effect: Effect) -> str:
    return f"{_score(effect.old)} → {_score(effect.new)}"


def _score(report: Report) -> str:
    verified = f", verified {number(report.verified.score)}" if report.verified else ""
    return f"{number(report.claimed.score)} of {number(report.max_score)} {report.claimed.tier.id}{verified}"
