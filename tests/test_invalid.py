"""Wrong files and what is said of them: each `invalid/NAME.yaml` has its stderr beside it in `NAME.errors.txt`.

A new message needs a new pair of files there, and no Python.
"""

import shutil
from pathlib import Path

import pytest

INVALID = Path(__file__).parent / "invalid"
NAMES = sorted(path.stem for path in INVALID.glob("*.yaml"))
COMMANDS = {
    "project": (["assess", "{}"], ["assess", "{}", "--format", "json"], ["assess", "{}", "-o", "report.json"]),
    "rubric": (["rubric", "check", "{}"], ["assess", "fine/project.yaml", "-r", "{}", "-f", "json"]),
}


RUNS = [
    pytest.param(name, command, id=" ".join([name, *command]))
    for name in NAMES
    for command in COMMANDS[name.partition("-")[0]]
]


@pytest.mark.parametrize(("name", "command"), RUNS)
def test_every_problem_is_said_and_nothing_is_written(name, command, mlscore, write, tmp_path):
    shutil.copytree(INVALID, tmp_path, dirs_exist_ok=True)
    write("fine/project.yaml", "project: fine\nanswers: {}\n")
    before = sorted(tmp_path.rglob("*"))

    code, out, err = mlscore(*(part.format(f"{name}.yaml") for part in command))

    expected = (INVALID / f"{name}.errors.txt").read_text()
    if "-o" in command:
        expected += "report.json: not written, because an input was refused\n"
    assert err == expected
    assert (code, out) == (2, "")
    assert sorted(tmp_path.rglob("*")) == before


def test_every_wrong_file_has_its_errors_and_the_other_way_round():
    assert sorted(path.name.removesuffix(".errors.txt") for path in INVALID.glob("*.errors.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_messages_are_short_and_plain(name):
    """At most 20 lines and a count, 300 characters each, no names of classes or libraries."""
    lines = (INVALID / f"{name}.errors.txt").read_text().splitlines()

    assert 1 <= len(lines) <= 21
    assert max(map(len, lines)) <= 300
    assert not [line for line in lines if any(word in line for word in ("Error", "pydantic", "Traceback", "http"))]
