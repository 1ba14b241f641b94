"""What every test gets: a clean environment, and ways to run the command line as a user does."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SCRUBBED = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "CI", "PY_COLORS")


class Run(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No colours, CI or terminal width from outside; work in an empty folder."""
    for name in list(os.environ):
        if name in SCRUBBED or name.startswith(("GITHUB_", "GITLAB_", "MLSCORE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def mlscore(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run a command line in this process: `mlscore("assess", "project.yaml")`."""
    from mlscore.cli.main import main

    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the installed command as a process of its own, in the current folder."""

    def run(
        *arguments: str | Path,
        stdin: bytes | None = b"",
        env: dict[str, str] | None = None,
        timeout: float = 20,
    ) -> subprocess.CompletedProcess[bytes]:
        command = [str(BIN / "mlscore"), *(str(argument) for argument in arguments)]
        return subprocess.run(
            command,
            input=stdin,
            env={**os.environ, **(env or {})},
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below the test's folder and return its path, relative to it."""

    def file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path(name)

    return file
