"""SARIF 2.1.0 for code scanning: one run a project, one rule a test, and one for the gate.

Rule ids and partial fingerprints never change, so that a re-run updates findings rather than adding to them.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import mlscore
from mlscore.findings import Finding, Weight, findings, in_repository
from mlscore.formats import Style
from mlscore.formats.gitlab import fingerprint
from mlscore.report import Report
from mlscore.rubric import Rubric, Test
from mlscore.text import number, one_line, shortened

MAX_NAME = 255
MAX_TEXT = 1024
"""Characters that code scanning takes of a rule's name and of its descriptions."""
LEVELS = {Weight.GATE: "error", Weight.LACKING: "warning", Weight.PARTIAL: "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ABOUT = "https://doi.org/10.1109/BigData.2017.8258038"


def render(reports: Sequence[Report], style: Style) -> str:
    """Write one log with a run for each report."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, style.root) for report in reports]}
    return json.dumps(log, indent=2) + "\n"


def _run(report: Report, root: str) -> dict[str, Any]:
    rules = [_gate_rule(), *(_rule(report.rubric, test) for test in report.rubric.tests.values())]
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    path = in_repository(report.project.source.path, root)
    return {
        "tool": {
            "driver": {
                "name": "mlscore",
                "semanticVersion": mlscore.__version__,
                "informationUri": ABOUT,
                "rules": rules,
            }
        },
        # One category of findings for each project file: projects do not close each other's findings.
        "automationDetails": {"id": f"mlscore/{report.rubric.id}/{_uri(path)}/"},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "project": report.project.project,
            "rubric": report.rubric.id,
            "rubricVersion": report.rubric.version,
            "rubricDigest": report.rubric.digest,
            "score": number(report.claimed.score),
            "tier": report.claimed.tier.id,
            "verified": number(report.verified.score) if report.verified else None,
        },
        "results": [_result(finding, places[_rule_id(finding.rule)]) for finding in findings(report, root)],
    }


def _rule_id(rule: str) -> str:
    return f"mlscore/{rule}"


def _gate_rule() -> dict[str, Any]:
    text = "The project falls short of its gate."
    return {
        "id": _rule_id("gate"),
        "name": "Gate",
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": "Run `mlscore assess` on the file: it names what falls short and the next step."},
        "defaultConfiguration": {"level": "error"},
    }


def _rule(rubric: Rubric, test: Test) -> dict[str, Any]:
    guidance = [f"{level.capitalize()}: {one_line(text)}" for level, text in rubric.guidance(test).items()]
    rule = {
        "id": _rule_id(test.id),
        "name": "".join(part.capitalize() for part in test.id.replace("_", "-").split("-"))[:MAX_NAME],
        "shortDescription": {"text": _sentence(test.title)},
        "fullDescription": {"text": _sentence(test.purpose or test.title)},
        "help": {"text": "\n".join(guidance) or _sentence(test.title)},
    }
    return rule | ({"helpUri": rubric.url} if rubric.url else {})


def _sentence(text: str) -> str:
    line = shortened(text, MAX_TEXT - 1)
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _result(finding: Finding, place: int) -> dict[str, Any]:
    identity = fingerprint(finding.path, finding.rule)
    location = {"artifactLocation": {"uri": _uri(finding.path)}, "region": {"startLine": finding.line}}
    return {
        "ruleId": _rule_id(finding.rule),
        "ruleIndex": place,
        "level": LEVELS[finding.weight],
        "message": {"text": _sentence(finding.message)},
        "locations": [{"physicalLocation": location}],
        # GitHub reads only the first, and would make it from the text around the line.
        "partialFingerprints": {"primaryLocationLineHash": identity, "mlscore/v1": identity},
    }


def _uri(path: str) -> str:
    """Return a path as a URI: relative to the repository, or a file's own address outside of it."""
    uri = quote(path.encode(errors="surrogateescape"), safe="/-_.~")
    return f"file://{uri}" if uri.startswith("/") else uri
