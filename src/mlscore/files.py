"""Reading and writing files that strangers may have prepared: bounded reads, whole-or-nothing writes."""

import os
import stat
import sys
from collections.abc import Callable, Collection, Sequence

from mlscore.diagnostics import Diagnostic, Location, shown_path
from mlscore.errors import InputError, OutputError

STDIN = "-"
Reader = Callable[[str, int], bytes]
"""Reads at most a number of bytes, and one more, of what a path names. Raises InputError."""
PROJECT_FILES = ("project.yaml", "mlscore.yaml", "*.mlscore.yaml")
"""What project files are called where a folder is searched for them."""
FOREIGN = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})
"""Folders of other people's files, which are not searched; nor are those whose name begins with a dot."""


def read_input(path: str, limit: int) -> bytes:
    """Read at most `limit` + 1 bytes of a regular file, or of standard input when `path` is `-`.

    One byte more than the limit tells the caller that the file is too large. Raises InputError.
    """
    try:
        if path == STDIN:
            return sys.stdin.buffer.read(limit + 1)
        # NOTE: non-blocking, so that opening a FIFO nobody writes to does not wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise _refusal(path, "a folder, not a file")
            if not stat.S_ISREG(mode):
                raise _refusal(path, "not a regular file", "pipe it in and name it -")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(limit + 1)
        finally:
            os.close(descriptor)
    except (
        OSError,
        ValueError,
        AttributeError,
    ) as error:  # ValueError: a NUL in the name; a closed stdin is None
        raise _refusal(path, f"cannot be read: {reason(error)}") from None


def project_files(
    path: str,
    patterns: Sequence[str] = PROJECT_FILES,
    ignored: Callable[[str], Collection[str]] | None = None,
    unreadable: Callable[[OSError], None] | None = None,
) -> list[str]:
    """Return the project files that a path stands for: itself, or those in a folder and below it, by name.

    `ignored` gives the paths below a folder that are left out. Links to folders are not followed. `unreadable` is
    told of folders that cannot be searched.
    """
    if not os.path.isdir(path):
        return [path]
    import fnmatch
    import re

    skipped = {os.path.join(path, name) for name in (ignored(path) if ignored else ())}
    matches = re.compile("|".join(fnmatch.translate(pattern) for pattern in patterns)).match
    found = []
    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in FOREIGN and os.path.join(folder, name) not in skipped
        ]
        own = (os.path.join(folder, name) for name in names if matches(name))
        found += [name for name in own if name not in skipped]
    return sorted(found)


def edit_file(path: str, text: str) -> None:
    """Write a document back that was read and changed: whole or not at all, as `write_output` does.

    Unlike a report, it stays what it was: a link is followed, and the file keeps its mode.
    """
    try:
        real = os.path.realpath(path)
        mode = stat.S_IMODE(os.stat(real).st_mode)
        if not os.access(real, os.W_OK):  # replacing it would get around its mode
            raise OutputError(f"{shown_path(path)}: not written: permission denied")
    except (OSError, ValueError) as error:
        raise OutputError(f"{shown_path(path)}: not written: {reason(error)}") from None
    write_output(real, text, mode)


def write_output(path: str, text: str, mode: int | None = None) -> None:
    """Write a file whole or not at all.

    The text goes to a temporary file in the same folder, which then takes the name, so a reader sees the old
    file or the new one. A symbolic link is replaced, not followed. Raises OutputError.
    """
    try:
        try:
            kind = os.lstat(path).st_mode
        except FileNotFoundError:
            kind = stat.S_IFREG
        if stat.S_ISDIR(kind):
            raise OutputError(f"{shown_path(path)}: not written: it is a folder")
        if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
            raise OutputError(f"{shown_path(path)}: not written: it is not a regular file; use - for stdout")
        if stat.S_ISLNK(kind) and (_is_of_the_system(path) or (os.path.exists(path) and not os.path.isfile(path))):
            raise OutputError(f"{shown_path(path)}: not written: it leads to something that is not a regular file")
        _replace(path, text.encode(), mode)
    except (OSError, ValueError) as error:
        raise OutputError(f"{shown_path(path)}: not written: {reason(error)}") from None


def append(path: str, text: str) -> None:
    """Add text to the end of a file that a CI system names. Raises OutputError."""
    try:
        with open(path, "ab") as file:
            file.write(text.encode())
    except (OSError, ValueError) as error:
        raise OutputError(f"{shown_path(path)}: not written: {reason(error)}") from None


def repository_of(folder: str) -> str:
    """Return the nearest folder, from `folder` upwards, that holds a .git; empty when there is none."""
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return folder


def reason(error: Exception) -> str:
    """Return what the system says of a failure, in its own short words."""
    return (getattr(error, "strerror", None) or "no such name or stream").lower()


def _is_of_the_system(path: str) -> bool:
    """Tell a link such as /dev/stdout, or one to it: it must stay, even while it leads to a regular file."""
    target = os.path.join(os.path.dirname(path), os.readlink(path))
    return any(os.path.abspath(place).startswith(("/dev/", "/proc/")) for place in (path, target))


def _replace(path: str, data: bytes, mode: int | None) -> None:
    temporary = os.path.join(os.path.dirname(path), f".mlscore-{os.urandom(8).hex()}.tmp")
    # 0o666 less the umask: the mode any other program would give a new file.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if mode is not None:
                os.chmod(temporary, mode)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _refusal(path: str, message: str, instead: str = "") -> InputError:
    name = "<stdin>" if path == STDIN else path
    return InputError([Diagnostic(Location(name), message, instead)])
