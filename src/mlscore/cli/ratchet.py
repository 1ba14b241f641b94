"""`assess --no-regress` and `--prove`: a gate that compares with the history, and one that is seen to fail."""

from typing import TYPE_CHECKING

from mlscore.cli.output import say
from mlscore.diagnostics import Diagnostic, Location, shown_path
from mlscore.errors import InputError, UsageError
from mlscore.files import STDIN

if TYPE_CHECKING:
    from mlscore.comparing import State
    from mlscore.gate import Policy
    from mlscore.report import Report
    from mlscore.rubric import Rubric


def base_of(path: str, ref: str, rubric: "Rubric | None") -> "State":
    """Load a project as it was where the history of `ref` and that of HEAD part.

    That is never a file that the change under review can edit. Raises InputError when there is nothing to compare.
    """
    from mlscore.comparing import State
    from mlscore.git import Repository
    from mlscore.loading.revisions import project_at

    if path == STDIN:
        raise _incomparable(path, "--no-regress: standard input has no history")
    try:
        repository = Repository(path)
        commit = repository.merge_base(ref)
        if commit == repository.commit("HEAD"):
            say(f"{shown_path(path)}: {ref} holds all of HEAD, so only what is not committed is compared")
        name = repository.path_at(commit, repository.path_of(path))
        with repository.objects() as objects:
            if objects.read(f"{commit}:{name}") is None:
                raise _incomparable(
                    path,
                    f"--no-regress: {commit[:12]} does not have it; a new file has nothing to compare with yet",
                )
            return State(*project_at(objects, commit[:12], name, rubric))
    except UsageError as error:
        raise _incomparable(path, f"--no-regress: {error}") from None


def hold(report: "Report", old: "State", new: "State") -> "Report":
    """Return the report with what went down since the old state among the failures of its gate."""
    from mlscore.comparing import ratchet
    from mlscore.report import Verdict

    path = report.project.source.path
    found = ratchet(old, new, report.as_of)
    if found.incomparable:
        raise _incomparable(path, f"--no-regress: not comparable: {found.incomparable}")
    if found.is_rescored:
        say(f"{shown_path(path)}: the rubric changed; both states were scored with the old and with the new one")
    gate = report.gate or Verdict(())
    return report._replace(gate=gate._replace(failures=(*gate.failures, *found.failures)))


def prove(report: "Report", policy: "Policy", old: "State | None", new: "State") -> None:
    """Plant a worse state in memory, and say how each gate fails. Raises UsageError for one that cannot."""
    from mlscore.comparing import planted, ratchet
    from mlscore.gate import check
    from mlscore.scoring import assess

    path = shown_path(report.project.source.path)
    if not policy.is_set and old is None:
        raise UsageError(f"{path}: --prove: there is no gate")
    if policy.is_set:
        empty = new.project.model_copy(update={"answers": {}})
        failures = check(assess(new.rubric, empty, report.as_of), policy)
        if not failures:
            raise UsageError(f"{path}: --prove: this gate cannot fail: it is met without a single answer")
        say(f"{path}: proved: without any answer the gate fails: {failures[0]}")
    if old is not None:
        found = planted(old, new)
        failures = ratchet(old, found[1], report.as_of).failures if found else ()
        names = found[0] if found else ()
        seen = next((failure for failure in failures if failure.partition(" ")[0] in names), None)
        if seen is None:
            raise UsageError(f"{path}: --prove: --no-regress cannot fail: no answer was there that could be lost")
        say(f"{path}: proved: with one answer taken away --no-regress fails: {seen}")


def _incomparable(path: str, why: str) -> InputError:
    return InputError([Diagnostic(Location("<stdin>" if path == STDIN else path), why)])
