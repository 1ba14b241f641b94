"""What reading JUnit XML costs, against the bare parser: `python tests/evidence/bench_junit.py`.

50,000 cases as pytest writes them. The budget is 8 times the bare parse of the same bytes, in processor time, best
of several rounds that alternate; and 50 MB beside the file, as the peak of a process of its own.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.parsers import expat

from mlscore.evidence import junit
from mlscore.project import Evidence

CASES = 50_000
FACTOR = 8
MEGABYTES = 50

PLAIN = '<testcase classname="tests.test_module_{m}.TestColumns" name="test_range_of_column_{n}" time="0.001" />'
PARAMETRIZED = '<testcase classname="tests.test_module_{m}.TestColumns" name="test_range[age-{n}]" time="0.001" />'
MARKED = (
    '<testcase classname="tests.test_module_{m}.TestColumns" name="test_range[age-{n}]" time="0.001"><properties>'
    '<property name="mlscore" value="data-1" /></properties></testcase>'
)
FAILING = (
    '<testcase classname="tests.test_module_{m}.TestColumns" name="test_range_of_column_{n}" time="0.001">'
    '<failure message="assert 0">&gt;   assert 0\nE   assert 0\n\ntest_bad.py:8: AssertionError</failure>'
    "</testcase>"
)
KINDS = {"plain": PLAIN, "parametrized": PARAMETRIZED, "marked": MARKED, "failing": FAILING}
PEAK = """
import sys
from mlscore.evidence import junit
from mlscore.project import Evidence

def peak():  # of this program: that of getrusage is inherited
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024

entry = Evidence(junit="report.xml", tests=["tests/*.py::*"])
raw = open(sys.argv[1], "rb").read()
before = peak()
report = junit.parse(raw)
reading = junit.judge([report], entry, "data-1")
print(peak() - before)
"""


def report(kind=MARKED):
    """Make a report of 50,000 cases, 50 a class."""
    head = (
        '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0"'
        ' failures="0" skipped="0" tests="50000" time="60" timestamp="2026-11-21T07:01:28.234054+00:00">'
    )
    body = "".join(kind.format(m=n // 50, n=n) for n in range(CASES))
    return f"{head}{body}</testsuite></testsuites>".encode()


def bare(raw):
    """Parse without looking at anything."""
    expat.ParserCreate().Parse(raw, True)


def judged(raw):
    """Parse, and judge by name: dearer than by mark."""
    entry = Evidence(junit="report.xml", tests=["tests/*.py::*"])
    return junit.judge([junit.parse(raw)], entry, "data-1")


def costs(raw, rounds=5):
    """Return the least seconds of a bare parse and of a judgement."""
    best = {bare: float("inf"), judged: float("inf")}
    for _ in range(rounds):
        for function, least in best.items():
            start = time.process_time()
            function(raw)
            best[function] = min(least, time.process_time() - start)
    return best[bare], best[judged]


def megabytes(folder, raw=None):
    """Return what a judgement takes beside the file, in a process of its own."""
    path = Path(folder, "report.xml")
    path.write_bytes(raw or report())
    return float(subprocess.check_output([sys.executable, "-c", PEAK, path], text=True))


def factor(kind):
    """Return how many times the bare parse a judgement costs, in a process of its own: no coverage, no plugins."""
    return float(subprocess.check_output([sys.executable, __file__, kind], text=True))


def main(chosen):
    """Write the costs of each kind of case, and fail when one is over its budget; or the factor of one kind."""
    if chosen:
        plain, full = costs(report(KINDS[chosen[0]]))
        sys.stdout.write(str(full / plain))
        return 0
    is_over = False
    for name, kind in KINDS.items():
        raw = report(kind)
        plain, full = costs(raw)
        with tempfile.TemporaryDirectory() as folder:
            memory = megabytes(folder, raw)
        is_over |= full > FACTOR * plain or memory > MEGABYTES
        sys.stdout.write(
            f"{name:13}{len(raw) / 1e6:5.1f} MB  bare {plain * 1000:4.0f} ms  judged {full * 1000:4.0f} ms "
            f"= {full / plain:.1f} times (budget {FACTOR})  {memory:5.1f} MB beside it (budget {MEGABYTES})\n"
        )
    return int(is_over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
