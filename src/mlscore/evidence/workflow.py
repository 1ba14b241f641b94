"""A GitHub workflow that repeats a test: a schedule that can fire, and a job that runs on it and tests. Pure.

It shows that something is meant to repeat, not that it ran: a result has to stand beside it. GitLab keeps its
schedules outside the file, so no file of it shows one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mlscore.errors import InputError
from mlscore.evidence import cron, github_if, shell
from mlscore.evidence.reading import Reading, Shows, Unreadable, inconclusive
from mlscore.evidence.tallies import mapping, sequence
from mlscore.loading import document
from mlscore.project import Evidence

SHOWS: Shows = "support"
MAX_BYTES = 256 * 1024

_SHELLS = {"": (True, False), "bash": (True, True), "sh": (True, False)}
"""Whether GitHub starts a shell so that it stops at errors, and with pipefail. Without a name it is bash."""


def parse(raw: bytes) -> str:
    """Return why a workflow does not repeat a test; empty when it does. Raises Unreadable for what is none."""
    try:
        read = document.parse(raw, "")
    except InputError:
        read = None
    if read is None or read.faults:
        raise Unreadable("it is not YAML that mlscore reads")
    data = mapping(read.data)
    if "on" not in data and "jobs" not in data and any("script" in mapping(job) for job in data.values()):
        raise Unreadable("GitLab keeps its schedules outside the file")
    if "on" not in data or not isinstance(data.get("jobs"), dict):
        raise Unreadable("it is no GitHub workflow")
    return _trouble(data)


def judge(files: Sequence[str], _entry: Evidence, _test_id: str) -> Reading:
    """One workflow that repeats a test is enough."""
    if all(files):
        return inconclusive(files[0])
    return Reading("verified", "it tests something on a schedule")


def _trouble(data: dict[str, Any]) -> str:
    """Return what keeps a workflow from repeating a test. Sets, as an alias may repeat one text many times."""
    schedule = mapping(data["on"]).get("schedule")
    if not isinstance(schedule, list):
        return "it has no schedule"
    lines = (mapping(entry).get("cron") for entry in schedule)
    if not any(cron.can_fire(line) for line in {line for line in lines if isinstance(line, str)}):
        return "its schedule names no time that comes"
    jobs = {name: mapping(job) for name, job in data["jobs"].items()}
    running = [jobs[name] for name in _running(jobs)]
    if not running:
        return "no job of it runs on the schedule"
    steps = [(mapping(step), job) for job in running for step in sequence(job.get("steps"))]
    scripts = {_script(step, job, data) for step, job in steps}
    found = [(script.matters, shell.look(*script[:3])) for script in scripts if script]
    if any(matters and look.counts for matters, look in found):
        return ""
    if any(look.tests for _, look in found):
        return "what it tests on the schedule cannot fail the run"
    return "no job that runs on the schedule tests anything that mlscore recognises"


def _running(jobs: dict[str, dict[str, Any]]) -> list[str]:
    """Return the jobs that run on a schedule: neither their condition nor a job they need keeps them from it."""
    waiting: dict[str, list[str]] = {}
    for name, job in jobs.items():
        needs = job.get("needs")
        for needed in [needs] if isinstance(needs, str) else sequence(needs):
            waiting.setdefault(str(needed), []).append(name)
    idle = {name for name, job in jobs.items() if not github_if.lets_schedule_through(job.get("if"))}
    spread = [*idle, *(set(waiting) - set(jobs))]
    while spread:
        for name in waiting.get(spread.pop(), ()):
            if name not in idle and not github_if.ignores_failures(jobs[name].get("if")):
                idle.add(name)
                spread.append(name)
    return [name for name in jobs if name not in idle]


class _Script(NamedTuple):
    """What one step runs on a schedule, and how."""

    text: str
    stops: bool
    pipefail: bool
    matters: bool
    """The job fails when it does."""


def _script(step: dict[str, Any], job: dict[str, Any], data: dict[str, Any]) -> _Script | None:
    """Return the script of a step; None where it has none, or does not run on a schedule."""
    text = step.get("run")
    if not isinstance(text, str) or not github_if.lets_schedule_through(step.get("if")):
        return None
    defaults = (mapping(mapping(part.get("defaults")).get("run")).get("shell") for part in (job, data))
    name = next((name for name in (step.get("shell"), *defaults) if name is not None), "")
    stops, pipefail = _SHELLS.get(name, (False, False)) if isinstance(name, str) else (False, False)
    matters = all(part.get("continue-on-error", False) is False for part in (step, job))
    return _Script(text, stops, pipefail, matters)
