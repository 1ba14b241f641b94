"""Reads a project's evidence for a command, when there is any."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlscore.project import Project
    from mlscore.scoring import Readings


def readings(project: "Project") -> "Readings | None":
    """Read what the answers point at; None when no answer declares evidence, which costs nothing."""
    from mlscore.scoring import declares_evidence

    if not declares_evidence(project):
        return None
    from mlscore.evidence.gather import read_evidence

    return read_evidence(project)
