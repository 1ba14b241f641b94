"""Large rubrics cost what their size asks for, in every format. Calls are counted: the same on any machine."""

import sys
from pathlib import Path

import pytest

from mlscore.formats import FORMATS, Style, render
from mlscore.loading import open_project
from mlscore.scoring import assess

LEVELS = ("none", "manual", "automated")


def rubric(tests: int) -> str:
    lines = ["id: large", "levels: {none: {points: 0}, manual: {points: 0.1}, automated: {points: 2}}"]
    lines += ["tiers: [{id: low, from: 0, label: Low}, {id: high, from: 5, label: High}]", "categories:"]
    for category in range(4):
        lines += [f"  - id: c{category}", f"    title: Category {category}", "    tests:"]
        for place in range(tests // 4):
            lines.append(f"      - {{id: c{category}-{place}, title: Test {place}, purpose: To have one.}}")
    return "\n".join(lines)


def project(tests: int) -> str:
    lines = ["rubric: large.yaml", "project: large", "answers:"]
    for place in range(tests):
        status = LEVELS[place % 3]
        lines.append(f"  c{place % 4}-{place // 4}: {{status: {status}, note: As it is., date: 2026-10-01}}")
    return "\n".join(lines)


def calls(file: Path, name: str) -> int:
    """How many functions are called from file to report."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        report = assess(*open_project(str(file)))
        render(name, [report], Style())
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", FORMATS)
def test_a_test_of_a_thousand_costs_less_than_twice_one_of_28(name, write):
    cost = {}
    for tests in (28, 1000):
        write("large.yaml", rubric(tests))
        file = write(f"{tests}.yaml", project(tests))
        calls(file, name)  # what is done once in a process
        cost[tests] = calls(file, name) / tests

    assert cost[1000] < 2 * cost[28]
