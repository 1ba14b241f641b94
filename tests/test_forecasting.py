"""The forecast: held against assessing each day one by one."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mlscore import assess
from mlscore.evidence.reading import Moment, Reading
from mlscore.forecasting import forecast
from mlscore.formats.forecast import render
from mlscore.project import Answer, Evidence, Project
from mlscore.rubric import Rubric

TODAY = date(2026, 11, 21)
SMALL = Rubric.model_validate(
    {
        "id": "small",
        "title": "Small",
        "levels": {
            "none": {"points": 0},
            "manual": {"points": 1, "backed_by": "document"},
            "automated": {"points": 2, "backed_by": "result"},
        },
        "tiers": [
            {"id": "low", "from": 0, "label": "Low"},
            {"id": "mid", "from": 1, "label": "Middle"},
            {"id": "high", "from": 2, "label": "High"},
        ],
        "max_age": {"manual": "20d", "automated": "5d"},
        "categories": [
            {"id": name, "title": name.upper(), "tests": [{"id": f"{name}-{i}", "title": "t"} for i in (1, 2)]}
            for name in ("a", "b")
        ],
    }
)
KINDS = [Evidence(junit="j.xml"), Evidence(file="f.md"), Evidence(junit="k.xml", max_age="9d")]


def reading(outcome: str, days: int | None) -> Reading:
    time = None if days is None else datetime(2026, 11, 21, 9, tzinfo=UTC) - timedelta(days=days)
    return Reading(outcome, "reason", 1, time and Moment(time, time))  # type: ignore[arg-type]


READINGS = st.builds(reading, st.sampled_from(["verified", "contradicted"]), st.none() | st.integers(0, 25))
ANSWERS = st.dictionaries(
    st.sampled_from(list(SMALL.tests)),
    st.tuples(
        st.sampled_from(["none", "manual", "automated"]),
        st.none() | st.integers(0, 25),
        st.lists(st.tuples(st.sampled_from(KINDS), READINGS), max_size=3),
    ),
)


@settings(deadline=None)
@given(answers=ANSWERS)
def test_every_fall_is_foreseen_and_nothing_else(
    answers: dict[str, tuple[str, int | None, list[tuple[Evidence, Reading]]]],
) -> None:
    project = Project(
        project="p",
        answers={
            test: Answer(
                status=status,
                date=None if days is None else TODAY - timedelta(days=days),
                evidence=[entry for entry, _ in pairs],
            )
            for test, (status, days, pairs) in answers.items()
        },
    )
    readings = {test: [item for _, item in pairs] for test, (_, _, pairs) in answers.items()}

    seen = []
    for ahead in range(60):
        day = TODAY + timedelta(days=ahead)
        verified = assess(SMALL, project, day, readings).verified
        if verified is not None and (not seen or verified.score != seen[-1][1]):
            seen.append((day, verified.score))

    assert [(point.day, point.verified.score) for point in forecast(SMALL, project, readings, TODAY)] == seen


@pytest.fixture
def example() -> tuple[Project, dict[str, list[Reading]]]:
    """High until the result of b-1 grows stale, then middle, then low."""
    dated = {"date": TODAY - timedelta(days=5), "evidence": [Evidence(file="f.md")]}
    answers = {
        "a-1": Answer(status="manual", **dated),
        "a-2": Answer(status="manual", **dated),
        "b-1": Answer(status="automated", evidence=[Evidence(junit="j.xml")]),
    }
    there = Reading("verified", "the document is there")
    return Project(project="Demo; a, b", answers=answers), {
        "a-1": [there],
        "a-2": [there],
        "b-1": [reading("verified", 1)],
    }


def rendered(example: tuple[Project, dict[str, list[Reading]]], name: str) -> str:
    project, readings = example
    report = assess(SMALL, project, TODAY, readings)
    return render(name, report, forecast(SMALL, project, readings, TODAY), 80)


def test_table(example: tuple[Project, dict[str, list[Reading]]]) -> None:
    assert rendered(example, "table") == snapshot("""\
Project Demo; a, b: high until 2026-11-25, then mid: b-1 goes stale.

2026-11-21  2 of 4 High
2026-11-26  1 of 4 Middle: b-1
2026-12-07  0 of 4 Low: a-1, a-2
""")


def test_json(example: tuple[Project, dict[str, list[Reading]]]) -> None:
    data = json.loads(rendered(example, "json"))

    assert data["schema"] == "mlscore/forecast/1"
    assert data["points"] == snapshot(
        [
            {"date": "2026-11-21", "score": 2, "tier": "high", "because": []},
            {"date": "2026-11-26", "score": 1, "tier": "mid", "because": ["b-1"]},
            {"date": "2026-12-07", "score": 0, "tier": "low", "because": ["a-1", "a-2"]},
        ]
    )


def test_calendar(example: tuple[Project, dict[str, list[Reading]]]) -> None:
    text = rendered(example, "ical")

    assert text.replace("\r\n", "\n") == snapshot("""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//mlscore//0.1.0//EN
BEGIN:VEVENT
UID:20261126-5971aaff6678dbaf@mlscore
DTSTAMP:20261121T000000Z
DTSTART;VALUE=DATE:20261126
SUMMARY:Demo\\; a\\, b: verified score falls to 1 of 4 (Middle)
DESCRIPTION:Evidence goes stale: b-1
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:20261207-5971aaff6678dbaf@mlscore
DTSTAMP:20261121T000000Z
DTSTART;VALUE=DATE:20261207
SUMMARY:Demo\\; a\\, b: verified score falls to 0 of 4 (Low)
DESCRIPTION:Evidence goes stale: a-1\\, a-2
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
""")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\n") == text.count("\r\n")


def test_a_project_without_evidence_has_nothing_to_forecast() -> None:
    project = Project(project="p", answers={"a-1": Answer(status="automated")})
    report = assess(SMALL, project, TODAY, {})

    assert forecast(SMALL, project, {}, TODAY) == ()
    assert render("table", report, (), 80) == (
        "Project p: no answer declares evidence, so there is nothing to forecast.\n"
    )
    assert json.loads(render("json", report, (), 80))["points"] == []
