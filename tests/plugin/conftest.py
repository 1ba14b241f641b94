"""Runs of pytest as users make them: processes of their own, in folders of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest

PLUGINS = ("mlscore", "xdist", "rerunfailures")


class Suite:
    """A folder with tests, and pytest in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "mlscore.json"
        self.write("pytest.ini", "[pytest]\naddopts = --strict-markers -p no:cacheprovider\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(dedent(text))

    def run(self, *options: str, plugins: tuple[str, ...] | None = PLUGINS) -> "Run":
        """Run pytest with these plugins only; None loads whatever is installed."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        if plugins is not None:
            env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        chosen = [word for name in plugins or () for word in ("-p", name)]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *chosen, *options],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr, self.folder)

    def record(self, *options: str) -> dict[str, Any]:
        """Run pytest with the option, and return what it wrote."""
        run = self.run("--mlscore-json", self.file.name, *options)
        return {**run.document, "out": run.out}


class Run(NamedTuple):
    """How a run of pytest ended."""

    code: int
    out: str
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        return json.loads((self.folder / "mlscore.json").read_bytes())

    @property
    def line(self) -> str:
        """The one line that the plugin adds."""
        (line,) = [line for line in self.out.splitlines() if line.startswith("mlscore: ")]
        return line

    @property
    def properties(self) -> dict[str, list[list[str]]]:
        """By the name of a test, for each of its records in junit.xml: the ids."""
        found: dict[str, list[list[str]]] = {}
        for case in ET.parse(self.folder / "junit.xml").iter("testcase"):
            ids = [node.attrib["value"] for node in case.iter("property") if node.attrib["name"] == "mlscore"]
            found.setdefault(case.attrib["name"], []).append(ids)
        return found


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Suite]:
    """Make a folder with tests: `suite("def test_a(): ...", conftest="...")`."""

    def make(source: str, **others: str) -> Suite:
        made = Suite(tmp_path)
        made.write("test_it.py", "import os, pytest\nmark = pytest.mark.mlscore\n" + dedent(source))
        for name, text in others.items():
            made.write(f"{name}.py", text)
        return made

    return make


def outcomes(document: dict[str, Any]) -> dict[str, str]:
    """Return the outcome of each test by its name."""
    return {nodeid.split("::")[-1]: test["outcome"] for nodeid, test in document["tests"].items()}


def attempts(document: dict[str, Any]) -> dict[str, int]:
    """Return how often each test was tried, by its name."""
    return {nodeid.split("::")[-1]: test["attempts"] for nodeid, test in document["tests"].items()}
