"""What the history of a repository holds. The only caller of git, which only ever reads here.

The repository may be a stranger's: git is called with argument lists, without the network, and with everything off
by which a repository's own settings could run a program. Names of files are taken literally.
"""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from typing import NamedTuple, Self

from mlscore.errors import UsageError
from mlscore.files import reason
from mlscore.text import quote, shortened

TIMEOUT = 60
"""Seconds that a call of git may take."""
MAX_READING = 600
"""Seconds that reading contents may take, all in all."""
MAX_SAID = 200
"""Characters of git's own words."""
MAX_BLOB = 2 * 1024 * 1024
"""Bytes of a file that are read; a larger one comes back one byte longer than that, so that its reader sees it."""
_QUIET = (
    *("--no-pager", "--literal-pathspecs", "--no-optional-locks"),
    *("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "core.quotePath=false"),
    *("-c", "log.showRoot=true", "-c", "log.diffMerges=separate", "-c", "diff.relative=false"),
    *("-c", "i18n.logOutputEncoding=UTF-8", "-c", "protocol.allow=never"),
)
_DROPPED = tuple(
    f"GIT_{name}"
    for name in (
        *("DIR", "WORK_TREE", "INDEX_FILE", "PREFIX", "NAMESPACE", "EXTERNAL_DIFF"),
        *("GLOB_PATHSPECS", "NOGLOB_PATHSPECS", "ICASE_PATHSPECS", "LITERAL_PATHSPECS"),
    )
)
_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_FORMAT = "--format=%x00commit%x00%H%x00%P%x00%cI%x00%an"
_RAW = ("-m", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--find-renames")


class Revision(NamedTuple):
    """A commit that changed a file."""

    commit: str
    parents: tuple[str, ...]
    when: str
    """When it was committed, ISO 8601."""
    author: str
    path: str
    """The file's path from the top of the repository, as of this commit."""
    blob: str
    """The id of its content; empty where the commit takes the file away."""


class Repository:
    """The repository that a file belongs to. Raises UsageError, in git's own words where there are no better."""

    def __init__(self, path: str) -> None:
        """Find the repository of a file, which need not exist any more; its folder must."""
        self._start = self._folder = os.path.dirname(os.path.abspath(path))
        found = self._run("rev-parse", "--show-toplevel", "--is-shallow-repository")
        top, _, shallow = found.decode(errors="surrogateescape").removesuffix("\n").rpartition("\n")
        self.root = self._folder = top
        self.is_shallow = shallow == "true"

    def ignored(self) -> list[str]:
        """Return the files and folders that .gitignore leaves out, from the folder of the file."""
        out = self._run(
            "-C", self._start, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"
        )
        return [name.rstrip("/") for name in out.decode(errors="surrogateescape").split("\0") if name]

    def path_of(self, path: str) -> str:
        """Return a file's path from the top of the repository, with forward slashes."""
        folder, name = os.path.split(os.path.abspath(path))
        relative = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(self.root))
        return relative.replace(os.sep, "/")

    def commit(self, ref: str) -> str:
        """Return the commit that a branch, a tag or another name stands for."""
        try:
            found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        except UsageError:
            found = b""
        name = found.decode(errors="replace").strip()
        if not _COMMIT.fullmatch(name):
            hint = "; the clone is shallow, fetch more of it" if self.is_shallow else ""
            raise UsageError(f"{quote(ref)} is no commit of this repository{hint}")
        return name

    def merge_base(self, ref: str) -> str:
        """Return the commit at which the history of `ref` and that of HEAD part."""
        commits = self.commit("HEAD"), self.commit(ref)
        try:
            return self._run("merge-base", *commits).decode().split("\n")[0]
        except UsageError as error:
            if "ended with 1" not in str(error):
                raise
            why = "the clone is shallow, fetch more of it" if self.is_shallow else "they share no history"
            raise UsageError(f"{quote(ref)} and HEAD have no common commit: {why}") from None

    def path_at(self, commit: str, path: str) -> str:
        """Return what a file of HEAD was called in a commit, renames followed; its own path otherwise."""
        options = ("--name-status", "-z", "--diff-filter=R", "--find-renames", "--no-ext-diff", "--no-textconv")
        # NOTE: between commits. The working tree would go through the repository's filters, which are programs.
        changes = self._run("diff", *options, commit, "HEAD", "--").decode(errors="surrogateescape")
        names = changes.split("\0")
        return dict(zip(names[2::3], names[1::3], strict=False)).get(path, path)

    def changes(self, path: str) -> list[Revision]:
        """List the commits of the main line that changed a file, newest first, renames followed.

        A merge stands for all that it brought.
        """
        found = self._log("--first-parent", "--follow", "--", path)
        # What was there before a file was added, or of what it is a copy, is another file's history.
        whole = next((place for place, (_, kind) in enumerate(found) if kind in {"A", "C"}), len(found))
        return [revision for revision, _ in found[: whole + 1]]

    def graph(self, path: str) -> list[Revision]:
        """List all commits that changed a file, under any name it had, newest first, parents among themselves.

        A merge that only took over what one of its parents had is left out.
        """
        names = dict.fromkeys([path, *(revision.path for revision, _ in self._log("--follow", "--", path))])
        shape = ("--topo-order", "--full-history", "--simplify-merges", "--parents")
        return [revision for revision, _ in self._log(*shape, "--", *names)]

    def objects(self) -> "Objects":
        """Open the store of contents. To be closed, as a context."""
        return Objects(self._command("cat-file", "--batch"))

    def _log(self, *arguments: str) -> list[tuple[Revision, str]]:
        """Each commit once, with the kind of the change: A, M, D, R or C."""
        out = self._run("log", *_RAW, _FORMAT, *arguments)
        return list(_parsed(out.decode(errors="surrogateescape")))

    def _run(self, *arguments: str) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - git, with arguments of ours
                self._command(*arguments),
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UsageError(f"git {arguments[0]} took longer than {TIMEOUT} seconds") from None
        except (OSError, ValueError) as error:
            raise _unusable(error) from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().split("\n")[0].removeprefix("fatal: ")
            raise UsageError(f"git: {shortened(said, MAX_SAID) or f'{arguments[0]} ended with {done.returncode}'}")
        return done.stdout

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "-C", self._folder, *_QUIET, *arguments]


class Objects:
    """Contents by name, from one process: `COMMIT:PATH`, or the id of a blob."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - git, with arguments of ours
                command,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, ValueError) as error:
            raise _unusable(error) from None
        self._watch = threading.Timer(MAX_READING, self._process.kill)
        self._watch.daemon = True
        self._watch.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._watch.cancel()
        self._process.kill()
        self._process.communicate()

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None when there is no such file."""
        source, sink = self._process.stdin, self._process.stdout
        if "\n" in name or source is None or sink is None:
            return None
        try:
            source.write(name.encode(errors="surrogateescape") + b"\n")
            source.flush()
            header = sink.readline().split()
            if header[-1] in {b"missing", b"ambiguous"}:
                return None
            kind, size = header[1], int(header[2])
            content = sink.read(min(size, MAX_BLOB + 1))
            for start in range(len(content), size, MAX_BLOB):
                sink.read(min(MAX_BLOB, size - start))
            sink.read(1)
        except (OSError, IndexError, ValueError):
            raise UsageError("git: reading the history ended early") from None
        return content if kind == b"blob" else None


def _parsed(text: str) -> Iterator[tuple[Revision, str]]:
    """Read the output of log. A merge has an entry for each parent that differs; the first is taken, if any."""
    tokens = iter(text.split("\0"))
    found: dict[str, tuple[Revision, str]] = {}
    last = ""
    for token in tokens:
        if token.strip() == "commit":
            last, parents, when, author = (next(tokens) for _ in range(4))
            found.setdefault(last, (Revision(last, tuple(parents.split()), when, author, "", ""), ""))
        elif token.lstrip().startswith(":"):
            *_, blob, kind = token.split()
            path = [next(tokens) for _ in range(2 if kind[0] in "RC" else 1)][-1]
            revision, known = found[last]
            if not known:
                content = "" if set(blob) == {"0"} else blob
                found[last] = (revision._replace(path=path, blob=content), kind[0])
    return iter(found.values())


def _environment() -> dict[str, str]:
    """The environment with one language, no question to anybody, no fetching, and none of a hook's directions."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    return kept | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",  # for gits that do not know the line above
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def _unusable(error: Exception) -> UsageError:
    if isinstance(error, FileNotFoundError):
        return UsageError("git is needed for this, but it is not installed, or the folder is gone")
    return UsageError(f"git cannot be run: {reason(error)}")
