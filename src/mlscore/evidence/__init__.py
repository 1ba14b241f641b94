"""Evidence: claims held against what a team's own tools wrote. One module a kind, listed here.

A new kind is one module that fits `reading.Kind`, one line in KINDS here, its keys in `mlscore.project`, one
test file and one line in the documentation. Packages add kinds through the entry-point group `mlscore.evidence`.
"""

from importlib import import_module
from typing import cast

from mlscore.evidence.reading import Kind
from mlscore.project import ENTRY_POINTS

KINDS = {
    "junit": "mlscore.evidence.junit",
    "pytest": "mlscore.evidence.pytest",
    "json": "mlscore.evidence.json",
    "great_expectations": "mlscore.evidence.great_expectations",
    "dbt": "mlscore.evidence.dbt",
    "evidently": "mlscore.evidence.evidently",
    "deepchecks": "mlscore.evidence.deepchecks",
    "mlflow": "mlscore.evidence.mlflow",
    "sarif": "mlscore.evidence.sarif",
    "workflow": "mlscore.evidence.workflow",
    "file": "mlscore.evidence.file",
    "url": "mlscore.evidence.url",
}
"""The name of each kind and the module that reads it."""


def kind(name: str) -> Kind:
    """Return the module of a kind, our own or an installed package's."""
    if name in KINDS:
        return cast("Kind", import_module(KINDS[name]))
    from importlib.metadata import entry_points

    (point,) = entry_points(group=ENTRY_POINTS, name=name)
    return cast("Kind", point.load())
