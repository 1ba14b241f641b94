"""Whole-process cost of everyday commands, as ratios to `python -c pass` in the same run.

Each command runs in turn, round after round, so that a slow moment of the machine hits all of them; figures
are medians of CPU time (user and system, as the kernel accounts for the finished process).
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = 21
HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "examples" / "predictive-maintenance.yaml"
BIN = Path(sys.executable).parent
MLSCORE = str(BIN / "mlscore")

COMMANDS = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "mlscore --version": ([MLSCORE, "--version"], 3),
    "mlscore --help": ([MLSCORE, "--help"], 15),
    "mlscore assess --format json": ([MLSCORE, "assess", str(PROJECT), "--format", "json"], 16),
    "mlscore assess": ([MLSCORE, "assess", str(PROJECT)], 20),
}


def cost(command: list[str]) -> tuple[float, int]:
    """Run a command; return its CPU seconds and its peak memory in KiB."""
    environ = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main() -> None:
    """Print a row for each command."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    memory: dict[str, int] = {}
    for turn in range(-1, ROUNDS):  # the first round warms the caches
        for name, (command, _) in COMMANDS.items():
            spent, memory[name] = cost(command)
            if turn >= 0:
                seconds[name].append(spent)
    floor = statistics.median(seconds["python -c pass"])
    print(f"{'command':32}{'CPU ms':>8}{'ratio':>8}{'budget':>8}{'MiB':>6}")
    for name, (_, budget) in COMMANDS.items():
        median = statistics.median(seconds[name])
        limit = "" if budget is None else str(budget)
        print(f"{name:32}{median * 1000:8.1f}{median / floor:8.2f}{limit:>8}{memory[name] / 1024:6.0f}")


if __name__ == "__main__":
    main()
