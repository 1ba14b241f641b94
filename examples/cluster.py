"""A portfolio on a cluster: every file is assessed where Dask sends it, and only small rows come back.

    pip install distributed .
    python examples/cluster.py examples/*.yaml

`Client()` starts a cluster on this machine; `Client("tcp://scheduler:8786")` uses a real one, whose workers have
mlscore installed and can read the paths.
"""

import sys

from dask.distributed import Client

from mlscore.bulk import Task, row
from mlscore.formats import Style
from mlscore.formats.portfolio import render
from mlscore.loading import open_project
from mlscore.portfolio import Portfolio, Refused, Row, gather


def main(paths: list[str]) -> None:
    """Assess the files on the cluster and print the table."""
    with Client(processes=True, n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        results = client.gather(client.map(row, paths, task=Task()))
    rows = [result for result in results if isinstance(result, Row)]
    refused = [result for result in results if isinstance(result, Refused)]
    # A row names its rubric by the digest; one file of each tells which it is.
    rubrics = {digest: open_project(path)[0] for digest, path in {item.rubric: item.path for item in rows}.items()}
    print(render("table", Portfolio(gather(rows, rubrics), tuple(refused)), Style(width=100)), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
