"""Git repositories for tests: made in a folder of the test, with fixed names and dates."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
OUTSIDE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


class GitFolder:
    """A repository; each commit is made a day after the one before."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.day = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str | bytes | Path, stdin: bytes = b"", author: str = "Anna") -> str:
        """Run git here and return what it says."""
        when = (FIRST_DAY + timedelta(days=self.day)).isoformat()
        env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        for role in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{role}_NAME": author, f"GIT_{role}_EMAIL": "a@example.org", f"GIT_{role}_DATE": when}
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments],
            input=stdin,
            env=env | OUTSIDE,
            capture_output=True,
            check=False,
        )
        assert not done.returncode, done.stderr
        return done.stdout.decode(errors="surrogateescape").strip()

    def write(self, name: str | bytes, content: str | bytes) -> Path:
        """Write a file of the work tree."""
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, files: dict[str | bytes, str | bytes | None] | None = None, author: str = "Anna") -> str:
        """Commit the files as given, None for one that goes away, and return the commit's name."""
        for name, content in (files or {}).items():
            if content is None:
                (self.folder / os.fsdecode(name)).unlink()
            else:
                self.write(name, content)
        self.git("add", "-A")
        return self.commit_index(author)

    def commit_index(self, author: str = "Anna") -> str:
        """Commit what is staged."""
        self.day += 1
        self.git("commit", "-q", "--allow-empty", "-m", f"day {self.day}", author=author)
        return self.head

    def rename(self, old: str, new: str, author: str = "Anna") -> str:
        """Commit a file under another name."""
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", "--", old, new)
        return self.commit_index(author)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Begin a branch and go to it."""
        self.git("checkout", "-q", "-b", name, start)

    def go(self, name: str) -> None:
        """Go to a branch."""
        self.git("checkout", "-q", name)

    def merge(self, name: str, author: str = "Anna", files: dict[str, str] | None = None) -> str:
        """Merge a branch with a commit; `files` is what the merge makes of those in conflict."""
        self.day += 1
        strategy = ("-s", "ours") if files else ()
        self.git("merge", "-q", "--no-ff", *strategy, "-m", f"day {self.day}", name, author=author)
        if files:
            for path, content in files.items():
                self.write(path, content)
            self.git("add", "-A")
            self.git("commit", "-q", "--amend", "--no-edit", author=author)
        return self.head

    def many(self, name: str, contents: list[str]) -> None:
        """Commit a file a thousand times, and quickly."""
        lines = []
        for place, content in enumerate(contents):
            who = f"Anna <a@example.org> {1_767_000_000 + place * 60} +0000"
            body = content.encode()
            lines.append(f"commit refs/heads/main\ncommitter {who}\ndata 1\nx\n".encode())
            lines.append(b"M 100644 inline %b\ndata %d\n%b\n" % (name.encode(), len(body), body))
        self.git("fast-import", "--quiet", stdin=b"".join(lines))
        self.git("reset", "-q", "--hard", "main")

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD")


def all_files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below a folder, .git included, with its mode and content."""
    return {
        os.fspath(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def spied(folder: Path) -> tuple[str, Path]:
    """Make a `git` that writes down each call and then does it: the PATH to find it on, and what it wrote."""
    log = folder / "calls"
    script(folder / "bin" / "git", f'echo "$*" >> "{log}"\nexec "{shutil.which("git")}" "$@"')
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", log


def script(path: Path, body: str) -> Path:
    """Write a shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
