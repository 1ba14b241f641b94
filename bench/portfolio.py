"""What a portfolio costs: CPU and wall time against PyYAML's own C events over the same files; peak memory.

`make bench-portfolio` runs it with 1,000 and 10,000 files; `python bench/portfolio.py 50000` with as many.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
WORDS = ("schema", "batch", "check", "job", "results", "mailed", "owner", "table", "drift", "feature", "week")
EVENTS = """
import sys, yaml
for name in sys.stdin.read().split():
    with open(name, "rb") as file:
        raw = file.read()
    for event in yaml.parse(raw, Loader=yaml.CLoader):
        pass
"""


def project(number: int, random_: random.Random) -> str:
    """A realistic file: 28 answers with dates, owners, notes and evidence, some 6 KB."""
    lines = [f"rubric: ml-test-score-2016\nproject: model-{number}\nowner: team-{number % 40}\nanswers:"]
    for category in ("data", "model", "infra", "monitor"):
        for place in range(1, 8):
            name, status = f"{category}-{place}", random_.choice(("none", "manual", "automated"))
            day = f"2026-{random_.randint(1, 11):02d}-{random_.randint(1, 28):02d}"
            note = " ".join(random_.choices(WORDS, k=14))
            lines.append(f"  {name}:\n    status: {status}\n    date: {day}\n    owner: person-{number % 90}")
            lines.append(f"    note: {note}")
            if status != "none":
                lines.append(
                    f"    evidence:\n      - file: docs/{name}.md\n      - url: https://wiki.example.org/{name}"
                )
    return "\n".join(lines) + "\n"


def measured(command: list[str], given: str, folder: str) -> tuple[float, float]:
    """Run a command; return the CPU seconds of it and its children, and the seconds it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, input=given.encode(), cwd=folder, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Write the files, measure, and say what came out."""
    counts = [int(text) for text in sys.argv[1:]] or [1_000, 10_000]
    print("files   events us  mlscore us  CPU ratio (1.7)  wall ratio (1.1)  peak MB of a process (100)")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            random_ = random.Random(count)
            names = []
            for number in range(count):
                path = Path(folder, f"t{number // 1000}", f"m{number}.mlscore.yaml")
                path.parent.mkdir(exist_ok=True)
                path.write_text(project(number, random_))
                names.append(str(path))
            events = min(measured([sys.executable, "-c", EVENTS], "\n".join(names), folder) for _ in range(2))
            command = [str(BIN / "mlscore"), "portfolio", folder, "-f", "csv", "--no-verify"]
            ours = min(measured(command, "", folder) for _ in range(2))
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{count:<7} {events[0] / count * 1e6:>9.0f} {ours[0] / count * 1e6:>11.0f}"
                f" {ours[0] / events[0]:>16.2f} {ours[1] / events[1]:>17.2f} {peak:>10.0f}"
            )


if __name__ == "__main__":
    os.environ["PYTHONHASHSEED"] = "0"
    main()
