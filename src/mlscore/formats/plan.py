"""The formats of a plan: lines for people, JSON (schema `mlscore/plan/1`), a Markdown checklist for an issue."""

import json
from fractions import Fraction
from typing import NamedTuple

import mlscore
from mlscore.diagnostics import shown_path
from mlscore.formats.json import as_number, identity
from mlscore.formats.markdown import escape
from mlscore.planning import Idle, Plan, Step, sums
from mlscore.report import Report
from mlscore.text import labelled, listing, number, one_line, wrap

SCHEMA = "mlscore/plan/1"
FORMATS = ("table", "json", "markdown", "html")


class Planned(NamedTuple):
    """A plan with what it was made from: all that a reader gets."""

    report: Report
    plan: Plan
    idle: tuple[Idle, ...] = ()
    budget: Fraction | None = None


def render(name: str, found: Planned, width: int) -> str:
    """Render a plan in one of FORMATS."""
    if name == "json":
        return _json(found)
    if name == "html":
        return _page(found)
    return _markdown(found) if name == "markdown" else _table(found, width)


def headline(found: Planned) -> str:
    """Say in a sentence what the plan leads to."""
    report, plan = found.report, found.plan
    scale = f"of {number(report.max_score)}"
    label = one_line(report.rubric.tier(plan.score_after).label)
    there = f"{number(plan.score_after)} {scale}, {label}"
    if plan.steps:
        there = f"{number(plan.score_before)} → {there}, at a cost of {number(plan.cost)}"
    if plan.target is None and not plan.steps and found.budget is None:
        return f"{there}: no tier is above it"
    if found.budget is not None and not plan.steps and plan.score_before < report.attainable:
        return f"{there}; nothing that raises it costs as little as {number(found.budget)}"
    if plan.is_reached:
        return there if plan.steps else f"{there}: there is nothing to do"
    target = plan.target or plan.score_after
    if found.budget is not None and target <= report.attainable:
        return f"{there}; {number(target)} costs more than {number(found.budget)}"
    short = [item for item in report.categories if item.attainable < item.max_points]
    if report.rubric.aggregate == "min":
        short = [item for item in short if item.attainable < target]
    held = [item.category.title for item in short if target <= report.max_score]
    because = f" ({listing(held, 'and')} cannot earn more)" if held else ""
    return f"{there}; {number(target)} cannot be reached{because}"


def _table(found: Planned, width: int) -> str:
    report, plan = found.report, found.plan
    lines = [wrap(f"{one_line(report.project.project)}: {headline(found)}.", width, "  ", "")]
    if plan.steps:
        column = max(len(step.test) for step in plan.steps) + 4
        lines.append("")
        lines += [labelled(f"  {step.test}", _said(report, step), width, column) for step in plan.steps]
        lines += ["", wrap(f"Then: {_sums(found)}.", width, "  ", "")]
    for idle in found.idle:
        lines.append(wrap(f"{_vain(idle)}.", width, "  ", ""))
    if plan.at_least is not None:
        lines.append(wrap(_bound(plan), width, "  ", ""))
    return "\n".join(lines) + "\n"


def _markdown(found: Planned) -> str:
    report, plan = found.report, found.plan
    parts = [f"## {escape(report.rubric.name)}, {escape(report.project.project)}: {escape(headline(found))}\n"]
    rows = []
    for step in plan.steps:
        guidance = report.rubric.guidance(report.rubric.tests[step.test]).get(step.to, "")
        text = f": {escape(guidance)}" if guidance else ""
        rows.append(f"- [ ] **{step.test}** {escape(_said(report, step))}{text}\n")
    if rows:
        parts += ["".join(rows), f"Then: {escape(_sums(found))}.\n"]
    parts += [f"{escape(_vain(idle))}.\n" for idle in found.idle]
    if plan.at_least is not None:
        parts.append(f"{_bound(plan)}\n")
    return "\n".join(parts)


def _json(found: Planned) -> str:
    report, plan = found.report, found.plan
    data = {
        "schema": SCHEMA,
        "mlscore": mlscore.__version__,
        "project": {"name": report.project.project, "path": shown_path(report.project.source.path)},
        "rubric": identity(report.rubric),
        "target": as_number(plan.score_after if plan.target is None else plan.target),
        "reachable": plan.is_reached,
        "score_before": as_number(plan.score_before),
        "score_after": as_number(plan.score_after),
        "tier_before": report.claimed.tier.id,
        "tier_after": report.rubric.tier(plan.score_after).id,
        "cost": as_number(plan.cost),
        "cost_at_least": as_number(plan.cost if plan.at_least is None else plan.at_least),
        "budget": None if found.budget is None else as_number(found.budget),
        "steps": [_step(step) for step in plan.steps],
        "categories": {name: as_number(value) for name, value in sums(report, plan.steps).items()},
        "idle": [
            {
                **_step(idle.step),
                "until": [item.category.id for item in idle.until],
                "exceed": as_number(idle.threshold),
            }
            for idle in found.idle
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _page(found: Planned) -> str:
    from mlscore.formats.page import Page, Table
    from mlscore.formats.page import render as written

    report, plan = found.report, found.plan
    rows = []
    for step in plan.steps:
        test = report.rubric.tests[step.test]
        guidance = report.rubric.guidance(test).get(step.to, "")
        rows.append(
            (step.test, test.name, step.start, step.to, f"+{number(step.gain)}", number(step.cost), guidance)
        )
    after = sums(report, plan.steps)
    parts = [
        (item.category.title, number(item.points), number(after[item.category.id])) for item in report.categories
    ]
    remarks = [f"{_vain(idle)}." for idle in found.idle]
    return written(
        Page(
            title=report.project.project,
            about="Plan",
            headline=headline(found),
            remarks=remarks if plan.at_least is None else [*remarks, _bound(plan)],
            tables=[
                Table(
                    "Steps",
                    ("Test", "Title", "From", "To", "Gain", "Cost", "What it takes"),
                    rows,
                    frozenset({4, 5}),
                ),
                Table("Categories", ("Category", "Now", "Then"), parts, frozenset({1, 2})),
            ],
            source=shown_path(report.project.source.path),
        )
    )


def _said(report: Report, step: Step) -> str:
    title = next(
        item.category.title for item in report.categories for test in item.tests if test.test.id == step.test
    )
    name = report.rubric.tests[step.test].name
    return f"{step.start} → {step.to}, +{number(step.gain)} {title}, cost {number(step.cost)}: {name}"


def _sums(found: Planned) -> str:
    after = sums(found.report, found.plan.steps)
    parts = []
    for item in found.report.categories:
        then = after[item.category.id]
        change = f"{number(item.points)} → {number(then)}" if then != item.points else number(then)
        parts.append(f"{item.category.title} {change}")
    return ", ".join(parts)


def _vain(idle: Idle) -> str:
    titles = listing([item.category.title for item in idle.until], "and")
    verb = "exceeds" if len(idle.until) == 1 else "exceed"
    return f"{idle.step.test} to {idle.step.to}: 0 gain until {titles} {verb} {number(idle.threshold)}"


def _bound(plan: Plan) -> str:
    bound = number(plan.at_least or Fraction(0))
    return f"The points are too fine to weigh every combination; no plan costs less than {bound}."


def _step(step: Step) -> dict[str, object]:
    return {
        "test": step.test,
        "from": step.start,
        "to": step.to,
        "cost": as_number(step.cost),
        "gain": as_number(step.gain),
    }
