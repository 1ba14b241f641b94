"""GitLab Code Quality: findings beside the lines of a merge request.

Fingerprints come from the path and the rule, never from the line or the wording, so that a finding stays the
same one when the file around it changes.
"""

import json
from collections.abc import Sequence

from mlscore.findings import Finding, Weight, findings
from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import visible

SEVERITIES = {Weight.GATE: "blocker", Weight.LACKING: "major", Weight.PARTIAL: "minor"}


def render(reports: Sequence[Report], style: Style) -> str:
    """Write one array with the findings of all reports."""
    found = [finding for report in reports for finding in findings(report, style.root)]
    return json.dumps([_issue(finding) for finding in found], indent=2) + "\n"


def fingerprint(path: str, rule: str) -> str:
    """Return what makes a finding the same one from run to run."""
    import hashlib

    return hashlib.sha256(f"mlscore/1\0{path}\0{rule}".encode(errors="surrogateescape")).hexdigest()


def _issue(finding: Finding) -> dict[str, object]:
    return {
        "description": finding.message,
        "check_name": f"mlscore/{finding.rule}",
        "fingerprint": fingerprint(finding.path, finding.rule),
        "severity": SEVERITIES[finding.weight],
        "location": {"path": visible(finding.path), "lines": {"begin": finding.line}},
    }
