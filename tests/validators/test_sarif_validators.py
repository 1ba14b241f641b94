"""SARIF as OASIS's schema has it, and as Microsoft's validator wants it for GitHub's code scanning."""

import json
import subprocess

import pytest
from jsonschema import Draft4Validator

FAULTS = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "mlscore"}},
            "results": [
                {
                    "message": {"text": "No rule, no region, and a slash that must not be."},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "/a b.yaml"}}}],
                }
            ],
        }
    ],
}


@pytest.fixture
def schema(validator):
    """What OASIS's schema refuses in a log."""
    loaded = json.loads(validator("sarif-2.1.0.json").read_text(encoding="utf-8"))
    Draft4Validator.check_schema(loaded)
    return lambda log: [error.message for error in Draft4Validator(loaded).iter_errors(log)]


@pytest.fixture
def multitool(validator, tmp_path):
    """What Microsoft's validator and GitHub's rules find in a file. It ends with 0 whatever that is."""
    command = validator("multitool/Sarif.Multitool")

    def validate(path):
        out = tmp_path / "validation.sarif"
        rules = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning")
        arguments = [command, "validate", path, *rules, "--output", out, "--log", "ForceOverwrite", "--quiet"]
        subprocess.run(arguments, check=True, capture_output=True, timeout=120)
        (run,) = json.loads(out.read_text(encoding="utf-8-sig"))["runs"]
        assert run["invocations"][0]["executionSuccessful"]
        return sorted({(found["ruleId"], found["message"]["arguments"][0]) for found in run["results"]})

    return validate


def test_logs_are_valid_by_the_schema(schema, written):
    log = json.loads(written("sarif").read_text(encoding="utf-8"))

    assert log["runs"]
    assert schema(log) == []


def test_logs_are_what_code_scanning_takes(multitool, written):
    assert multitool(written("sarif").rename("report.sarif").absolute()) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0"),
        (("runs", 0, "tool"), {}),
        (("runs", 0, "results", 0, "level"), "bad"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region"), {"startLine": 0}),
        (("runs", 0, "results", 0, "score"), 4),
    ],
)
def test_the_schema_refuses_what_it_should(schema, path, value):
    log = json.loads(json.dumps(FAULTS))
    assert schema(log) == []
    *way, last = path
    place = log
    for step in way:
        place = place[step]
    place[last] = value

    assert len(schema(log)) == 1


def test_the_multitool_finds_what_it_should(multitool, tmp_path):
    path = tmp_path / "faults.sarif"
    path.write_text(json.dumps(FAULTS), encoding="utf-8")

    assert {rule for rule, _ in multitool(path)} >= {"GH1018", "SARIF1002", "SARIF1004", "SARIF1010", "SARIF2017"}
