"""Opens what evidence points at, and nothing else: files inside the project's root, bounded, each read once.

Every trouble is a reading with a reason, never an error: a team's evidence may be wrong, but mlscore can run.
"""

import fnmatch
import os
import stat
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from mlscore.evidence import kind
from mlscore.evidence.reading import Kind, Reading, Unreadable, inconclusive
from mlscore.files import reason, repository_of
from mlscore.project import Evidence, Project

MAX_FILES = 1_000
"""Files one entry may name."""
MAX_VISITED = 20_000
"""Names a glob may look at."""
MAX_PATTERN = 1_000
"""Characters of a path or glob."""
MAX_TOTAL = 256 * 1024 * 1024
"""Bytes read for one project."""
KEPT = 32 * 1024 * 1024
"""Bytes of files whose parsed form is kept for further entries."""


def read_evidence(project: Project) -> dict[str, tuple[Reading, ...]]:
    """Read the evidence of every answer: by test id, one reading for each entry.

    Paths are taken from the project file's folder and must stay inside its root: the git repository it lies in,
    else its folder. Opens no network connection.
    """
    path = project.source.path
    folder = os.path.dirname(os.path.abspath(path)) if path != "<stdin>" else os.getcwd()
    reader = _Reader(folder, repository_of(folder) or folder)
    return {
        test_id: tuple(reader.read(entry, test_id) for entry in answer.evidence or ())
        for test_id, answer in project.answers.items()
        if answer is not None
    }


class _Reader:
    """Reads entries of one project, and remembers the files it has parsed."""

    def __init__(self, folder: str, root: str) -> None:
        self._folder = folder
        self._root = os.path.realpath(root)
        self._parsed: OrderedDict[tuple[str, str], tuple[Any, int]] = OrderedDict()
        self._kept = 0
        self._total = 0

    def read(self, entry: Evidence, test_id: str) -> Reading:
        """Read one entry; whatever goes wrong is its reading."""
        try:
            return self._read(entry, test_id)
        except Unreadable as trouble:
            return inconclusive(str(trouble))
        except FileNotFoundError:
            return Reading("missing", "there is no such file")
        except OSError as error:
            return inconclusive(f"it cannot be read: {reason(error)}")
        except Exception as error:  # noqa: BLE001 - a reader's bug, perhaps a third party's, is no verdict
            return inconclusive(f"its reader failed ({type(error).__name__})")

    def _read(self, entry: Evidence, test_id: str) -> Reading:
        module = kind(entry.kind)
        if not module.MAX_BYTES:  # an address: there is nothing to open
            return module.judge([], entry, test_id)
        paths = self._paths(entry.target)
        if not paths:
            return Reading("missing", "nothing matches" if _is_glob(entry.target) else "there is no such file")
        return module.judge([self._file(module, entry, path) for path in paths], entry, test_id)

    def _paths(self, target: str) -> list[str]:
        """Return the files a path or glob names; raise Unreadable when it leaves the root."""
        if len(target) > MAX_PATTERN or "\0" in target:
            raise Unreadable(f"its path is longer than {MAX_PATTERN} characters, or none")
        path = os.path.join(self._folder, target)
        self._check_inside(path if not _is_glob(target) else os.path.join(self._folder, _base(target)))
        if not _is_glob(target) or os.path.isfile(path):
            return [path] if os.path.lexists(path) else []
        return self._expand(target)

    def _expand(self, pattern: str) -> list[str]:
        base = _base(pattern)
        parts = [part for part in pattern[len(base) :].split("/") if part not in {"", "."}]
        if ".." in parts:
            raise Unreadable("its glob goes up from where it began")
        found = []
        for visited, path in enumerate(_matches(os.path.join(self._folder, base), parts)):
            if visited > MAX_VISITED:
                raise Unreadable(f"its glob looks at more than {MAX_VISITED:,} names")
            if path:
                found.append(path)
            if len(found) > MAX_FILES:
                raise Unreadable(f"its glob matches more than {MAX_FILES:,} files")
        return sorted(set(found))

    def _check_inside(self, path: str) -> None:
        """Refuse what resolves to a place outside the root, whether it is there or not."""
        real = os.path.realpath(path)
        if real != self._root and not real.startswith(self._root.rstrip(os.sep) + os.sep):
            raise Unreadable("it lies outside the project's root")

    def _file(self, module: Kind, entry: Evidence, path: str) -> Any:  # noqa: ANN401 - each kind has a shape
        """Return a file's parsed form, from memory where it was parsed before."""
        self._check_inside(path)
        key = (entry.kind, os.path.realpath(path))
        reads = getattr(module, "reads", None)
        if reads is not None and not reads(entry):
            _open(key[1], closing=True)
            return None
        if key not in self._parsed:
            raw = self._bytes(key[1], module.MAX_BYTES)
            try:
                parsed = module.parse(raw)
            except Unreadable as trouble:
                parsed = trouble
            self._keep(key, parsed, len(raw))
        parsed = self._parsed[key][0]
        if isinstance(parsed, Unreadable):
            raise parsed
        return parsed

    def _keep(self, key: tuple[str, str], parsed: object, size: int) -> None:
        self._parsed[key] = (parsed, size)
        self._kept += size
        while self._kept > KEPT and len(self._parsed) > 1:
            _, (_, dropped) = self._parsed.popitem(last=False)
            self._kept -= dropped

    def _bytes(self, path: str, limit: int) -> bytes:
        descriptor = _open(path)
        with os.fdopen(descriptor, "rb") as file:
            size = os.fstat(descriptor).st_size
            if size > limit:
                raise Unreadable(f"larger than the limit of {limit // 1024 // 1024} MiB")
            if self._total + size > MAX_TOTAL:
                raise Unreadable(f"more than {MAX_TOTAL // 1024 // 1024} MiB of evidence in one project")
            raw = file.read(limit + 1)
        self._total += len(raw)
        if len(raw) > limit:
            raise Unreadable(f"larger than the limit of {limit // 1024 // 1024} MiB")
        return raw


def _open(path: str, *, closing: bool = False) -> int:
    """Open a regular file without waiting for anything and without following a last-moment link."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if closing or not is_regular:
        os.close(descriptor)
    if not is_regular:
        raise Unreadable("it is not a regular file")
    return descriptor


def _is_glob(target: str) -> bool:
    return any(sign in target for sign in "*?[")


def _base(pattern: str) -> str:
    """The folders before the first wildcard."""
    parts = pattern.split("/")
    wild = next(place for place, part in enumerate(parts) if _is_glob(part))
    return "".join(f"{part}/" for part in parts[:wild])


def _matches(folder: str, parts: list[str]) -> Iterator[str]:
    """Walk a folder by the parts of a glob; yield matching files, and "" for every other name looked at.

    Links to folders are not followed; hidden names need a part that begins with a dot.
    """
    part, *rest = parts
    if part == "**" and rest:
        yield from _matches(folder, rest)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        hidden = entry.name.startswith(".") and not part.startswith(".")
        is_folder = entry.is_dir(follow_symlinks=False)
        yield ""
        if hidden:
            continue
        if part == "**":
            if is_folder:
                yield from _matches(entry.path, parts)
            elif not rest:
                yield entry.path
        elif fnmatch.fnmatchcase(entry.name, part):
            if rest and is_folder:
                yield from _matches(entry.path, rest)
            elif not rest and not is_folder:
                yield entry.path
