"""The example of a cluster, on Dask's local one: what is written is what one machine writes."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlscore.bulk import Task, rows
from mlscore.formats import Style
from mlscore.formats.portfolio import render
from mlscore.portfolio import Portfolio, Row, gather

ROOT = Path(__file__).resolve().parent.parent


def test_a_portfolio_on_a_local_cluster_is_that_of_one_machine():
    pytest.importorskip("distributed")
    paths = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "examples").glob("*.yaml"))

    done = subprocess.run(
        [sys.executable, "examples/cluster.py", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    rubrics = {}
    found = [
        result
        for result in rows([str(ROOT / path) for path in paths], Task(), 1, rubrics)
        if isinstance(result, Row)
    ]
    own = [row._replace(path=str(Path(row.path).relative_to(ROOT))) for row in found]
    assert done.returncode == 0, done.stderr
    assert done.stdout == render("table", Portfolio(gather(own, rubrics)), Style(width=100))
