"""From the run to the verdict: the reader of evidence takes what the plugin writes."""

import pytest

from mlscore.evidence.pytest import judge, parse

TWO = """
    @mark("data-1")
    def test_a(): {}

    @mark("data-1", "monitor-2")
    def test_b(): pass
"""


@pytest.mark.parametrize(
    ("body", "options", "outcome"),
    [
        ("pass", [], "verified"),
        ("pass", ["-n", "2"], "verified"),
        ("assert False", [], "contradicted"),
        ("assert False", ["-n", "2"], "contradicted"),
        ("pytest.skip()", ["--deselect", "test_it.py::test_b"], "inconclusive"),
        ("pytest.exit('enough', 0)", [], "inconclusive"),
        ("os._exit(0)", [], "inconclusive"),
        ("os._exit(0)", ["-n", "2"], "contradicted"),
        ("pass", ["-k", "test_b"], "inconclusive"),
        ("pass", ["-k", "nothing"], "inconclusive"),
    ],
)
def test_a_run_becomes_a_verdict(suite, body, options, outcome):
    run = suite(TWO.format(body)).run("--mlscore-json", "mlscore.json", *options)

    reading = judge([parse((run.folder / "mlscore.json").read_bytes())], None, "data-1")

    assert reading.outcome == outcome, reading.reason
