"""`mlscore collect`: test results that carry ids become answers of a project file."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.output import emit, say, say_problems
from mlscore.diagnostics import Diagnostic, Location, shown_path
from mlscore.errors import ExitCode, InputError, OutputError, UsageError
from mlscore.files import STDIN, edit_file, read_input, repository_of
from mlscore.text import disarmed, visible

if TYPE_CHECKING:
    from mlscore.collecting import ResultFile

NO_IDS = "no test in it carries an id"
MARK = 'mark tests with @pytest.mark.mlscore("data-1"), or give their cases a property named mlscore'
NO_NEWLINE = r"\ No newline at end of file"


def collect(
    reports: Annotated[list[str], typer.Argument(help="JUnit XML, or the file of mlscore's pytest plugin.")],
    into: Annotated[str, typer.Option("--into", metavar="PROJECT", help="Project file to answer tests in.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the change as a diff and write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite answers that say something else, too.")
    ] = False,
) -> int:
    """Answer the tests that results name, with the results as evidence; nothing else in the file changes.

    Only results that are verified answer, and only tests that nobody has answered yet.
    """
    from mlscore.collecting import collect as collected
    from mlscore.loading import parse_project
    from mlscore.loading.document import MAX_BYTES
    from mlscore.loading.editing import edit

    if STDIN in {into, *reports}:
        raise UsageError("collect: - is no file; answers name their evidence by its path")
    folder = os.path.dirname(into)
    raw = read_input(into, MAX_BYTES)
    rubric, project = parse_project(raw, into, folder)
    collection = collected(rubric, project, _read(reports, folder), force=force)
    say_problems(InputError(collection.unknown))
    for line in collection.left:
        say(line)
    before = raw.decode()
    after, refused = edit(before, collection.changes, into)
    for change in collection.changes:
        if change.key in refused:
            say(f"{change.key}: left as it is; {refused[change.key]}")
    try:
        parse_project(after.encode(), into, folder, rubric)
    except InputError as error:
        say_problems(error)
        raise OutputError(f"{shown_path(into)}: not written: the answers would not be valid") from None
    if after == before:
        say(f"{shown_path(into)}: unchanged")
        return ExitCode.OK
    if dry_run:
        return emit(_diff(before, after, into))
    edit_file(into, after)
    return emit("".join(f"{line}\n" for key, line in collection.done.items() if key not in refused))


def _read(reports: list[str], folder: str) -> "list[ResultFile]":
    """Read every report. Raises InputError with all that is wrong with them, or when none carries an id."""
    folder = os.path.abspath(folder)
    root = os.path.realpath(repository_of(folder) or folder)
    files: list[ResultFile] = []
    problems: list[Diagnostic] = []
    for path in dict.fromkeys(reports):
        try:
            files.append(_result_file(path, folder, root))
        except InputError as error:
            problems += error.diagnostics
    if problems:
        raise InputError(problems)
    bare = InputError(Diagnostic(Location(file.path), NO_IDS, MARK) for file in files if not file.ids)
    if len(bare.diagnostics) == len(files):
        raise bare
    say_problems(bare)
    return files


def _result_file(path: str, folder: str, root: str) -> "ResultFile":
    """Read one report; what it is shows in its first character."""
    from mlscore.collecting import ResultFile, ids_in
    from mlscore.evidence import kind
    from mlscore.evidence.reading import Unreadable

    raw = read_input(path, max(kind(name).MAX_BYTES for name in ("junit", "pytest")))
    name = "pytest" if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["} else "junit"
    module = kind(name)
    if len(raw) > module.MAX_BYTES:
        raise _refusal(path, f"larger than the limit of {module.MAX_BYTES // 1024 // 1024} MiB")
    try:
        parsed = module.parse(raw)
    except Unreadable as trouble:
        help_ = "give JUnit XML, or the file of mlscore's pytest plugin"
        raise _refusal(path, f"no results to collect: {trouble}", help_) from None
    return ResultFile(path, name, _target(path, folder, root), ids_in(name, parsed), parsed)


def _target(path: str, folder: str, root: str) -> str:
    """Return a report's path from the project file. Raises InputError when evidence there would not count."""
    place = os.path.abspath(path)
    real = os.path.realpath(path)
    if not real.startswith(root.rstrip(os.sep) + os.sep):
        help_ = f"evidence there would not count; write the report below {shown_path(root)}"
        raise _refusal(path, "it lies outside the project's root", help_)
    target = os.path.relpath(place, folder)
    if os.path.realpath(os.path.join(folder, target)) != real:  # the way up leads through a linked folder
        target = os.path.relpath(real, os.path.realpath(folder))
    if visible(target) != target:
        raise _refusal(path, "a project file cannot hold its name as it is", "rename it")
    return target.replace(os.sep, "/")


def _refusal(path: str, message: str, instead: str = "") -> InputError:
    return InputError([Diagnostic(Location(path), message, instead)])


def _diff(before: str, after: str, path: str) -> str:
    """Return a unified diff for people; what could act on a terminal or in a CI log is shown as escapes."""
    import difflib

    shown = shown_path(path)
    old, new = (text.removeprefix("\ufeff").splitlines(keepends=True) for text in (before, after))
    lines = []
    for line in difflib.unified_diff(old, new, shown, shown):
        lines.append(disarmed(visible(line.rstrip("\r\n"))))
        if not line.endswith("\n"):
            lines.append(NO_NEWLINE)
    return "".join(f"{line}\n" for line in lines)
