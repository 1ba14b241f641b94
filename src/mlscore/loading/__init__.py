"""YAML text to models, or every problem located. Nothing outside this package reads YAML."""

from mlscore.loading.projects import load_project, open_project, parse_project
from mlscore.loading.rubrics import builtin_rubrics, check_rubric, is_path, load_rubric, read_rubric

__all__ = [
    "builtin_rubrics",
    "check_rubric",
    "is_path",
    "load_project",
    "load_rubric",
    "open_project",
    "parse_project",
    "read_rubric",
]
