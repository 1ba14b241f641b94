"""Reports to render."""

from collections.abc import Callable
from pathlib import Path

import pytest

from formats.samples import AS_OF, RUBRIC
from mlscore.gate import Policy, judge
from mlscore.loading import parse_project
from mlscore.report import Report
from mlscore.scoring import assess


@pytest.fixture
def assessed(write: Callable[[str, str], Path]) -> Callable[[str], Report]:
    """Assess a project written as YAML, its own gate included. It may name the rubric small.yaml."""
    write("small.yaml", RUBRIC)

    def report(text: str, path: str = "project.yaml") -> Report:
        rubric, project = parse_project(text.encode(), path)
        return judge(assess(rubric, project, AS_OF), Policy().over(project.gate))

    return report
