"""The JSON report, schema `mlscore/report/1`: keys are added within a version, never removed or changed."""

import json
from collections.abc import Sequence
from fractions import Fraction

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.planning import Plan, next_steps
from mlscore.report import CategoryScore, Report, Score, TestScore
from mlscore.rubric import Rubric

SCHEMA = "mlscore/report/1"


def render(reports: Sequence[Report], style: Style) -> str:
    """Write one object for one project, an array for several."""
    objects = [as_object(report) for report in reports]
    return json.dumps(objects if style.many else objects[0], indent=2) + "\n"


def as_object(report: Report) -> dict[str, object]:
    """Return a report as the JSON object the contract fixes."""
    rubric = report.rubric
    return {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "as_of": report.as_of.isoformat(),
        "project": {"name": report.project.project, "path": shown_path(report.project.source.path)},
        "rubric": identity(rubric),
        "max_score": as_number(report.max_score),
        "attainable_score": as_number(report.attainable),
        "claimed": _score(report.claimed),
        "verified": _score(report.verified) if report.verified else None,
        "counts": dict(report.counts),
        "waivers": [test.test.id for test in report.waivers],
        "categories": [_category(report, category) for category in report.categories],
        "next": _plan(next_steps(report)),
        "gate": {"passed": report.gate.passed, "failures": list(report.gate.failures)} if report.gate else None,
    }


def identity(rubric: Rubric) -> dict[str, object]:
    """Return what tells a rubric from others and from its own other versions."""
    return {"id": rubric.id, "version": rubric.version, "title": rubric.title, "digest": rubric.digest}


def as_number(value: Fraction) -> int | float:
    """Return an exact number as the JSON number nearest to it, whole where it is whole."""
    return value.numerator if value.denominator == 1 else float(value)


def _score(score: Score) -> dict[str, object]:
    tier = {"id": score.tier.id, "label": score.tier.label, "meaning": score.tier.meaning}
    return {
        "score": as_number(score.score),
        "tier": tier | ({"note": score.note} if score.note else {}),
        "limiting": list(score.limiting),
        "categories": {name: as_number(points) for name, points in score.categories.items()},
    }


def _category(report: Report, item: CategoryScore) -> dict[str, object]:
    return {
        "id": item.category.id,
        "title": item.category.title,
        "points": as_number(item.points),
        "max_points": as_number(item.max_points),
        "attainable_points": as_number(item.attainable),
        "verified_points": None if item.verified_points is None else as_number(item.verified_points),
        "tests": [_test(test, report.line(test)) for test in item.tests],
    }


def _test(item: TestScore, line: int | None) -> dict[str, object]:
    answer = item.answer
    return {
        "id": item.test.id,
        "title": item.test.title,
        "status": item.status,
        "points": as_number(item.points),
        "max_points": as_number(item.max_points),
        "verified_points": None if item.verified_points is None else as_number(item.verified_points),
        "verified_status": item.verified_status,
        "line": line,
        "owner": answer.owner if answer else None,
        "date": answer.date.isoformat() if answer and answer.date else None,
        "note": answer.note if answer else None,
        "reason": answer.reason if answer else None,
        "evidence": [
            {
                "kind": entry.evidence.kind,
                "outcome": entry.outcome,
                "reason": entry.reason,
                "path": entry.evidence.target,
                "checks": entry.checks,
                "time": entry.when.isoformat() if entry.when else None,
                "time_is_stated": entry.is_stated,
            }
            for entry in item.evidence
        ],
    }


def _plan(plan: Plan | None) -> dict[str, object] | None:
    if plan is None:
        return None
    return {
        "score_after": as_number(plan.score_after),
        "cost": as_number(plan.cost),
        "steps": [
            {"test": step.test, "from": step.start, "to": step.to, "cost": as_number(step.cost)}
            for step in plan.steps
        ],
    }
