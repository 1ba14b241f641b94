"""Score an ML project with the ML Test Score rubric.

The names a library user needs, imported when first used so that the command line starts fast:

>>> from mlscore import assess, load_project, load_rubric  # doctest: +SKIP
>>> project = load_project("project.yaml")
>>> report = assess(load_rubric(project.rubric, relative_to="project.yaml"), project)
>>> report.claimed.score, report.claimed.tier.label

PYTEST_DONT_REWRITE: a process that imports mlscore and then runs pytest with `-W error` would end at once, since
the package carries a plugin.
"""

TYPE_CHECKING = False  # as type checkers read it; importing typing would double the cost of --version
if TYPE_CHECKING:
    from mlscore.loading import load_project, load_rubric
    from mlscore.report import Report
    from mlscore.scoring import assess

__version__ = "0.1.0"

__all__ = ["Report", "__version__", "assess", "load_project", "load_rubric"]

_HOMES = {
    "Report": "mlscore.report",
    "assess": "mlscore.scoring",
    "load_project": "mlscore.loading",
    "load_rubric": "mlscore.loading",
}


def __getattr__(name: str) -> object:
    """Import a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mlscore' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, those not imported yet too."""
    return sorted([*globals(), *_HOMES])
