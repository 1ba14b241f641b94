"""What changed between two rubrics, which of it can change a score, and what it does to projects."""

from copy import deepcopy
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlscore.checking import problems
from mlscore.evidence.reading import Reading
from mlscore.project import Answer, Evidence, Gate, Project
from mlscore.rubric import Rubric
from mlscore.rubric_diff import Change, Compared, compare, effect

AS_OF = date(2026, 11, 21)
GONE = object()
BASE = {
    "id": "small",
    "version": 3,
    "title": "Small",
    "levels": {
        "none": {"points": 0, "meaning": "No."},
        "half": {"points": 0.5, "meaning": "By hand.", "backed_by": "document"},
        "done": {"points": 1, "meaning": "By a system.", "backed_by": "result"},
        "skipped": {"points": 0, "meaning": "Not here.", "reason_required": True},
    },
    "tiers": [
        {"id": "low", "from": 0, "to": 0.5, "label": "Low", "meaning": "Not yet."},
        {"id": "high", "from": 1, "label": "High", "meaning": "Good."},
    ],
    "max_age": {"done": "30d"},
    "require": ["data-1"],
    "categories": [
        {
            "id": "data",
            "title": "Data",
            "tests": [
                {"id": "data-1", "title": "Schema", "aliases": ["schema"]},
                {"id": "data-2", "title": "Cost"},
            ],
        },
        {
            "id": "serving",
            "title": "Serving",
            "tests": [{"id": "serving-1", "title": "Roll back"}, {"id": "serving-2", "title": "Canary"}],
        },
    ],
}
DATA, SERVING = "categories/0", "categories/1"


def edited(edits):
    """BASE with other values at some paths."""
    data = deepcopy(BASE)
    for path, value in edits.items():
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        inside = data
        for step in way:
            inside = inside[step]
        if value is GONE:
            del inside[last]
        elif isinstance(inside, list) and last == len(inside):
            inside.append(value)
        else:
            inside[last] = value
    return data


def rubric(**edits):
    """The small rubric, with values at some paths replaced, added or GONE."""
    made = Rubric.model_validate(edited(edits))
    assert list(problems(made)) == []
    return made


def project(**statuses):
    answers = {
        name.replace("_", "-"): None if status is None else Answer(status=status, reason="r")
        for name, status in statuses.items()
    }
    return Project(project="churn", answers=answers)


def mirrored(data):
    return {**data, "categories": [{**item, "tests": item["tests"][::-1]} for item in data["categories"][::-1]]}


def test_a_rubric_and_itself_have_no_difference():
    assert compare(rubric(), rubric()) == ()


def test_the_order_of_categories_and_tests_is_no_difference():
    assert compare(rubric(), Rubric.model_validate(mirrored(BASE))) == ()


@pytest.mark.parametrize(
    ("edits", "changes"),
    [
        (
            {"aggregate": "sum"},
            [("rubric", "small", "aggregate min → sum"), ("rubric", "small", "scale 0 to 2 → 0 to 4")],
        ),
        ({"aggregate": "mean"}, [("rubric", "small", "aggregate min → mean")]),
        (
            {"levels/done/points": 2},
            [("rubric", "small", "scale 0 to 2 → 0 to 4"), ("level", "done", "points 1 → 2")],
        ),
        ({"levels/half/points": 0.25}, [("level", "half", "points 0.5 → 0.25")]),
        ({"levels/half/backed_by": "result"}, [("level", "half", "backed_by document → result")]),
        ({"levels/done/backed_by": GONE}, [("level", "done", "backed_by result → nothing")]),
        ({"levels/none/reason_required": True}, [("level", "none", "reason_required no → yes")]),
        ({"max_age/done": "24h"}, [("level", "done", "max_age 30d → 1d")]),
        ({"max_age/done": GONE}, [("level", "done", "max_age 30d → none")]),
        ({"max_age/half": "12h"}, [("level", "half", "max_age none → 12h")]),
        ({"levels/skipped": GONE}, [("level", "skipped", "removed: 0 points")]),
        (
            {"levels/done": GONE, "max_age": {}},
            [("rubric", "small", "scale 0 to 2 → 0 to 1"), ("level", "done", "removed: 1 point")],
        ),
        ({"tiers/1/from": 1.5}, [("tier", "high", "1 and more → 1.5 and more")]),
        ({"tiers/1/from": GONE, "tiers/1/above": 0.75}, [("tier", "high", "1 and more → above 0.75")]),
        ({"tiers/1/from": GONE, "tiers/1/above": 1}, [("tier", "high", "1 and more → above 1")]),
        ({"tiers/2": {"id": "top", "from": 2, "label": "Top"}}, [("tier", "top", "added: 2 and more")]),
        ({"tiers/1": GONE}, [("tier", "high", "removed: 1 and more")]),
        (
            {"tiers/1/id": "best"},
            [("tier", "best", "added: 1 and more"), ("tier", "high", "removed: 1 and more")],
        ),
        (
            {"categories/2": {"id": "new", "title": "New", "tests": [{"id": "new-1", "title": "One"}]}},
            [
                ("rubric", "small", "scale 0 to 2 → 0 to 1"),
                ("category", "new", "added: 1 test"),
                ("test", "new-1", "added: One"),
            ],
        ),
        (
            {SERVING: GONE},
            [
                ("category", "serving", "removed: 2 tests"),
                ("test", "serving-1", "removed: Roll back"),
                ("test", "serving-2", "removed: Canary"),
            ],
        ),
        (
            {f"{DATA}/tests/2": {"id": "data-3", "title": "More\n and more"}},
            [("test", "data-3", "added: More and more")],
        ),
        (
            {f"{DATA}/tests/1": GONE},
            [("rubric", "small", "scale 0 to 2 → 0 to 1"), ("test", "data-2", "removed: Cost")],
        ),
        ({f"{DATA}/tests/1/max_age": "2w"}, [("test", "data-2", "max_age none → 14d")]),
        (
            {f"{DATA}/tests/2": {"id": "serving-2", "title": "Canary"}, f"{SERVING}/tests/1": GONE},
            [("rubric", "small", "scale 0 to 2 → 0 to 1"), ("test", "serving-2", "category serving → data")],
        ),
        (
            {f"{DATA}/id": "input"},
            [
                ("category", "input", "added: 2 tests"),
                ("category", "data", "removed: 2 tests"),
                ("test", "data-1", "category data → input"),
                ("test", "data-2", "category data → input"),
            ],
        ),
    ],
)
def test_what_can_change_a_score_is_said_to(edits, changes):
    assert compare(rubric(), rubric(**edits)) == tuple(Change(*change, scores=True) for change in changes)


@pytest.mark.parametrize(
    ("edits", "changes"),
    [
        ({"version": 4}, []),
        ({"levels/done/points": 1.0}, []),
        ({"max_age/done": "720h"}, []),
        (
            {"title": "Other", "introduction": "Read me.", "url": "https://example.org"},
            [("rubric", "small", "changed: title, url and introduction")],
        ),
        ({"comparison": {"label": "36 teams"}}, [("rubric", "small", "changed: comparison")]),
        ({"require": []}, [("rubric", "small", "requires data-1 → no test")]),
        ({"require": ["serving-1", "data-1"]}, [("rubric", "small", "requires data-1 → serving-1 and data-1")]),
        ({"require": ["schema"]}, []),
        ({"levels/half/meaning": "Else."}, [("level", "half", "changed: meaning")]),
        ({"tiers/0/label": "Lowest", "tiers/0/meaning": ""}, [("tier", "low", "changed: label and meaning")]),
        ({"tiers/0/to": 0.75}, [("tier", "low", "0 to 0.5 → 0 to 0.75")]),
        ({"tiers/1/to": 2}, [("tier", "high", "1 and more → 1 to 2")]),
        (
            {f"{DATA}/title": "Input", f"{DATA}/purpose": "So."},
            [("category", "data", "changed: title and purpose")],
        ),
        ({f"{DATA}/id": "input", f"{DATA}/aliases": ["data"]}, []),
        (
            {f"{DATA}/tests/1/title": "Price", f"{DATA}/tests/1/guidance": {"done": "A job."}},
            [("test", "data-2", "changed: title and guidance")],
        ),
        ({f"{DATA}/tests/1/average": 0.5}, [("test", "data-2", "changed: average")]),
        ({f"{DATA}/tests/1/aliases": ["cost"]}, []),
        ({f"{DATA}/tests/0/aliases": []}, [("test", "data-1", "no longer goes by schema")]),
        (
            {f"{DATA}/tests/1": {"id": "cost", "title": "Cost", "aliases": ["data-2"]}},
            [("test", "cost", "id data-2 → cost")],
        ),
    ],
)
def test_what_cannot_change_a_score_is_not_said_to(edits, changes):
    assert compare(rubric(), rubric(**edits)) == tuple(Change(*change) for change in changes)


def test_a_new_level_can_change_what_is_verified():
    """A claim of a higher level may be verified at it."""
    more = rubric(levels={"none": BASE["levels"]["none"], "little": {"points": 0.25}, **BASE["levels"]})

    assert compare(rubric(), more) == (Change("level", "little", "added: 0.25 points", scores=True),)


def test_a_level_that_earns_most_changes_the_scale():
    more = rubric(**{"levels/waived": {"points": 3, "reason_required": True}})

    assert compare(rubric(), more) == (
        Change("rubric", "small", "scale 0 to 2 → 0 to 6", scores=True),
        Change("level", "waived", "added: 3 points", scores=False),
    )


def test_tests_that_become_one_are_said_to():
    merged = {"id": "data-1", "title": "Schema", "aliases": ["schema", "data-2"]}

    assert compare(rubric(), rubric(**{f"{DATA}/tests": [merged]})) == (
        Change("rubric", "small", "scale 0 to 2 → 0 to 1", scores=True),
        Change("test", "data-1", "made of data-1 and data-2", scores=True),
    )


def test_tests_that_become_one_under_a_new_id_are_said_to():
    merged = {"id": "table", "title": "Schema", "aliases": ["data-1", "data-2", "schema"]}

    assert compare(rubric(), rubric(**{f"{DATA}/tests": [merged]})) == (
        Change("rubric", "small", "scale 0 to 2 → 0 to 1", scores=True),
        Change("rubric", "small", "requires data-1 → table"),
        Change("test", "table", "made of data-1 and data-2", scores=True),
        Change("test", "table", "id data-1 → table"),
    )


def test_categories_that_become_one_are_said_to():
    data, serving = BASE["categories"]
    merged = {**data, "aliases": ["serving"], "tests": [*data["tests"], *serving["tests"]]}

    assert compare(rubric(), rubric(categories=[merged])) == (
        Change("rubric", "small", "scale 0 to 2 → 0 to 4", scores=True),
        Change("category", "data", "made of data and serving", scores=True),
    )


def test_categories_that_become_one_are_said_to_although_the_scale_stays():
    """Nor does any test change its category, which is only called otherwise."""
    sizes = {f"{SERVING}/tests/1": GONE, "aggregate": "sum"}
    data, serving = edited(sizes)["categories"]
    merged = {**data, "aliases": ["serving"], "tests": [*data["tests"], *serving["tests"]]}

    assert compare(rubric(**sizes), rubric(aggregate="sum", categories=[merged])) == (
        Change("category", "data", "made of data and serving", scores=True),
    )


@pytest.mark.parametrize(
    ("edits", "change"),
    [
        (
            {f"{DATA}/tests/0/aliases": [], f"{DATA}/tests/1/aliases": ["schema"]},
            Change("test", "data-2", "schema stands for it, not for data-1", scores=True),
        ),
        (
            {f"{DATA}/tests/0/aliases": [], f"{SERVING}/tests/1/aliases": ["schema"]},
            Change("test", "serving-2", "schema stands for it, not for data-1", scores=True),
        ),
    ],
)
def test_an_alias_that_leads_to_another_test_is_said_to(edits, change):
    """An answer under that name counts for another test."""
    assert compare(rubric(), rubric(**edits)) == (change,)
    assert compare(rubric(**edits), rubric())[0].scores


def test_the_order_of_levels_decides_what_evidence_backs():
    levels = {"none": 0, "half": 1, "done": 1}
    old, new = (
        rubric(levels={name: {"points": levels[name]} for name in order})
        for order in (("none", "half", "done"), ("none", "done", "half"))
    )

    assert compare(old, new) == (
        Change("level", "done", "order none, half, done → none, done, half", scores=True),
    )


def test_changes_come_in_the_order_of_a_rubric_file():
    edits = {
        "title": "Other",
        "levels/done/points": 2,
        "tiers/1/from": 1.5,
        f"{DATA}/title": "Input",
        f"{DATA}/tests/0/title": "Table",
    }

    found = [change.what for change in compare(rubric(), rubric(**edits))]

    assert found == ["rubric", "rubric", "level", "tier", "category", "test"]


@pytest.mark.parametrize(
    ("edits", "needed"),
    [
        ({}, False),
        ({"title": "Other"}, False),
        ({"levels/half/points": 0.25}, True),
        ({"levels/half/points": 0.25, "version": 2}, True),
        ({"levels/half/points": 0.25, "version": 4}, False),
        ({"levels/half/points": 0.25, "id": "other"}, False),
    ],
)
def test_a_version_is_needed_where_answers_could_score_differently(edits, needed):
    old, new = rubric(), rubric(**edits)

    assert Compared(old, new, compare(old, new)).needs_version is needed


FULL = project(data_1="done", data_2="half", serving_1="done", serving_2="none")


class TestEffect:
    """One project under both rubrics: FULL has 1.5 and 1 point, so its score is 1, which is high."""

    @pytest.mark.parametrize(
        ("edits", "scores", "tiers", "reasons"),
        [
            ({}, (1, 1), ("high", "high"), ()),
            ({"title": "Other"}, (1, 1), ("high", "high"), ()),
            ({f"{DATA}/tests/2": {"id": "data-3", "title": "More"}}, (1, 1), ("high", "high"), ()),
            (
                {"levels/done/points": 2},
                (1, 2),
                ("high", "high"),
                (
                    "the scale ends at 4, not 2",
                    "done earns 2 instead of 1 (2 tests)",
                    "data 1.5 → 2.5, serving 1 → 2",
                ),
            ),
            ({"levels/skipped/points": 1}, (1, 1), ("high", "high"), ()),
            ({"tiers/1/from": 1.5}, (1, 1), ("high", "low"), ("low is 0 to 0.5",)),
            ({"tiers/1/id": "best"}, (1, 1), ("high", "best"), ("best is 1 and more",)),
            (
                {"aggregate": "sum"},
                (1, Fraction(5, 2)),
                ("high", "high"),
                ("the score is the sum of the categories, not the min", "the scale ends at 4, not 2"),
            ),
            (
                {f"{SERVING}/tests/0": {"id": "serving-3", "title": "New"}},
                (1, 0),
                ("high", "low"),
                ("serving-1 is gone, with 1 point: its answer has to go", "serving 1 → 0"),
            ),
            (
                {
                    f"{DATA}/tests/2": {"id": "serving-1", "title": "Roll back"},
                    f"{SERVING}/tests/0": {"id": "serving-3", "title": "New"},
                },
                (1, 0),
                ("high", "low"),
                ("data 1.5 → 2.5, serving 1 → 0",),
            ),
            (
                {f"{SERVING}/tests/2": BASE["categories"][0]["tests"][1], f"{DATA}/tests/1": GONE},
                (1, 1),
                ("high", "high"),
                ("the scale ends at 1, not 2", "data 1.5 → 1, serving 1 → 1.5", "limited by data"),
            ),
        ],
    )
    def test_what_becomes_of_the_score_and_why(self, edits, scores, tiers, reasons):
        found = effect(rubric(), rubric(**edits), FULL, AS_OF)

        assert found is not None
        assert (found.old.claimed.score, found.new.claimed.score) == scores
        assert (found.old.claimed.tier.id, found.new.claimed.tier.id) == tiers
        assert found.reasons == reasons
        assert found.is_changed is bool(reasons)

    @pytest.mark.parametrize(
        ("answered", "lost", "reasons"),
        [
            (
                project(data_1="half", serving_1="done"),
                ("data-1",),
                (
                    "data-1 is half, which is no level any more, with 0.5 points: its answer has to go",
                    "data 0.5 → 0",
                ),
            ),
            (project(data_1="done", data_2="done"), (), ()),
            (project(data_1=None, data_2="done"), (), ()),
        ],
    )
    def test_an_answer_at_a_level_that_is_gone_is_lost(self, answered, lost, reasons):
        found = effect(rubric(), rubric(**{"levels/half": GONE}), answered, AS_OF)

        assert found is not None
        assert found.lost == lost
        assert found.reasons == reasons

    @pytest.mark.parametrize("status", [None, "none", "done"])
    def test_an_answer_to_a_test_that_is_gone_is_lost_whatever_it_is(self, status):
        new = rubric(**{f"{DATA}/tests/2": {"id": "data-3", "title": "N"}, f"{DATA}/tests/1": GONE})

        found = effect(rubric(), new, project(data_2=status, data_1="done"), AS_OF)

        assert found is not None
        assert found.lost == ("data-2",)
        assert found.is_changed

    def test_a_test_that_goes_by_another_id_keeps_its_answer(self):
        new = rubric(**{f"{DATA}/tests/1": {"id": "cost", "title": "Cost", "aliases": ["data-2"]}})

        found = effect(rubric(), new, FULL, AS_OF)

        assert found is not None
        assert not found.is_changed
        assert found.new.project.answers["cost"] == FULL.answers["data-2"]

    @pytest.mark.parametrize(
        ("answered", "reasons"),
        [
            (project(data_3="none", data_1="half", serving_1="half"), ()),
            (
                project(data_3="done", serving_1="done"),
                ("data-3 is new, with 1 point", "data 0 → 1", "limited by data and serving"),
            ),
            (
                project(data_3="done", data_1="done", serving_1="half", serving_2="done"),
                ("data-3 is new, with 1 point", "data 1 → 2", "limited by serving"),
            ),
        ],
    )
    def test_an_answer_that_only_the_new_rubric_asks_for_counts_there(self, answered, reasons):
        new = rubric(**{f"{DATA}/tests/2": {"id": "data-3", "title": "New"}})

        found = effect(rubric(), new, answered, AS_OF)

        assert found is not None
        assert found.lost == ()
        assert found.reasons == reasons

    @pytest.mark.parametrize(
        "answered",
        [project(x_1="done"), project(other_1="done"), project(data_9="done", other_1=None)],
    )
    def test_a_project_without_a_test_of_either_rubric_is_not_compared(self, answered):
        other = rubric(
            categories=[{"id": "o", "title": "O", "tests": [{"id": "other-1", "title": "O"}]}], require=[]
        )

        assert effect(rubric(), other, answered, AS_OF) is None
        assert effect(other, rubric(), answered, AS_OF) is None

    def test_a_project_without_answers_is_compared(self):
        found = effect(rubric(), rubric(), project(), AS_OF)

        assert found is not None
        assert not found.is_changed

    def test_the_gate_of_a_project_takes_no_part(self):
        gated = FULL.model_copy(update={"gate": Gate(fail_under=Fraction(2), require=("gone-1",))})

        found = effect(rubric(), rubric(), gated, AS_OF)

        assert found is not None
        assert found.old.gate is None
        assert not found.is_changed

    def test_a_scale_that_is_another_is_a_change(self):
        new = rubric(**{"levels/done/points": 2})

        found = effect(rubric(), new, project(data_1="none"), AS_OF)

        assert found is not None
        assert found.old.claimed.score == found.new.claimed.score
        assert found.is_changed
        assert found.reasons == ("the scale ends at 4, not 2",)

    @pytest.mark.parametrize("statuses", [("done", "half"), ("none", "done"), ("done", "done")])
    def test_of_two_answers_that_fall_together_one_is_lost(self, statuses):
        old = rubric(**{f"{DATA}/tests/2": {"id": "data-3", "title": "Cheap"}})
        merged = {"id": "data-3", "title": "Cheap", "aliases": ["data-2"]}
        new = rubric(**{f"{DATA}/tests/1": merged})
        answered = project(data_1="done", data_2=statuses[0], data_3=statuses[1], serving_1="none")

        found = effect(old, new, answered, AS_OF)

        assert found is not None
        assert found.lost == ("data-3",)
        assert found.new.project.answers["data-3"] == answered.answers["data-2"]
        assert found.reasons[0] == "data-3 stands for several tests that are answered: its answer has to go"

    def test_one_answer_to_tests_that_fall_together_stays(self):
        old = rubric(**{f"{DATA}/tests/2": {"id": "data-3", "title": "Cheap"}})
        new = rubric(**{f"{DATA}/tests/1": {"id": "data-3", "title": "Cheap", "aliases": ["data-2"]}})

        found = effect(old, new, project(data_2="done"), AS_OF)

        assert found is not None
        assert not found.is_changed


DOCUMENT = Reading("asserted", "it was not fetched")
BACKED = Project(
    project="p",
    answers={
        name: Answer(status="half", date="2026-11-01", evidence=[Evidence(url="https://example.org")])
        for name in ("data-1", "serving-1")
    },
)
READINGS = {name: [DOCUMENT] for name in BACKED.answers}


class TestVerified:
    @pytest.mark.parametrize(
        ("edits", "verified"),
        [
            ({}, (Fraction(1, 2), Fraction(1, 2))),
            ({"max_age/half": "2d"}, (Fraction(1, 2), 0)),
            ({"max_age/half": "60d"}, (Fraction(1, 2), Fraction(1, 2))),
            ({f"{DATA}/tests/0/max_age": "2d"}, (Fraction(1, 2), 0)),
            ({"levels/half/backed_by": "result"}, (Fraction(1, 2), 0)),
        ],
    )
    def test_other_rules_of_evidence_are_a_change_where_they_bite(self, edits, verified):
        found = effect(rubric(), rubric(**edits), BACKED, AS_OF, READINGS)

        assert found is not None
        assert found.old.verified is not None
        assert found.new.verified is not None
        assert (found.old.verified.score, found.new.verified.score) == verified
        assert found.is_changed is (verified[0] != verified[1])
        assert found.reasons == (
            ("evidence counts by other rules (levels, backed_by, max_age)",) if found.is_changed else ()
        )

    @pytest.mark.parametrize("status", ["none", "skipped"])
    def test_a_lost_answer_worth_nothing_does_not_change_the_rules_of_evidence(self, status):
        answered = BACKED.model_copy(
            update={"answers": {**BACKED.answers, "data-2": Answer(status=status, reason="r")}}
        )
        new = rubric(**{f"{DATA}/tests/1": {"id": "data-3", "title": "N"}})

        found = effect(rubric(), new, answered, AS_OF, {**READINGS, "data-2": []})

        assert found is not None
        assert found.old.verified is not None
        assert found.new.verified is not None
        assert found.old.verified.score == found.new.verified.score
        assert found.reasons == ("data-2 is gone, with 0 points: its answer has to go",)

    def test_a_claim_may_be_verified_at_a_level_that_is_added(self):
        levels = {name: level for name, level in BASE["levels"].items() if name != "half"}
        answers = {name: answer.model_copy(update={"status": "done"}) for name, answer in BACKED.answers.items()}
        answered = BACKED.model_copy(update={"answers": answers})

        found = effect(rubric(levels=levels), rubric(), answered, AS_OF, READINGS)

        assert found is not None
        assert found.old.claimed.score == found.new.claimed.score == 1
        assert found.old.verified is not None
        assert found.new.verified is not None
        assert (found.old.verified.score, found.new.verified.score) == (0, Fraction(1, 2))
        assert any(change.scores for change in compare(rubric(levels=levels), rubric()))
        assert found.reasons == ("evidence counts by other rules (levels, backed_by, max_age)",)

    def test_evidence_follows_a_test_to_its_new_id(self):
        new = rubric(**{f"{DATA}/tests/0": {"id": "table", "title": "Schema", "aliases": ["data-1", "schema"]}})

        found = effect(rubric(), new, BACKED, AS_OF, READINGS)

        assert found is not None
        assert found.new.verified is not None
        assert found.new.verified.score == Fraction(1, 2)

    def test_without_readings_nothing_is_verified(self):
        found = effect(rubric(), rubric(**{"max_age/half": "2d"}), BACKED, AS_OF)

        assert found is not None
        assert (found.old.verified, found.new.verified) == (None, None)
        assert not found.is_changed


def _tests(data):
    return [
        (category["tests"], place) for category in data["categories"] for place in range(len(category["tests"]))
    ]


def _put(data, draw, key, values):
    tests, place = draw(st.sampled_from(_tests(data)))
    tests[place] = tests[place] | {key: draw(st.sampled_from(values))}


def _rename(data, draw):
    tests, place = draw(st.sampled_from(_tests(data)))
    if not tests[place].get("aliases"):
        old = tests[place]["id"]
        tests[place] = tests[place] | {"id": f"new-{old}", "aliases": [old]}


def _drop(data, draw):
    tests, place = draw(st.sampled_from(_tests(data)))
    if len(tests) > 1:
        return tests.pop(place)
    return None


def _move(data, draw):
    moved = _drop(data, draw)
    if moved:
        draw(st.sampled_from(data["categories"]))["tests"].append(moved)


def _swap(data, draw):
    (first, one), (second, two) = (draw(st.sampled_from(_tests(data))) for _ in range(2))
    first[one], second[two] = second[two], first[one]


def _add(data, draw):
    draw(st.sampled_from(data["categories"]))["tests"].append({"id": f"added-{len(_tests(data))}", "title": "T"})


def _merge(data, draw):
    moved = _drop(data, draw)
    if moved:
        tests, place = draw(st.sampled_from(_tests(data)))
        names = [*tests[place].get("aliases", []), moved["id"], *moved.get("aliases", [])]
        tests[place] = tests[place] | {"aliases": names}


def _readdress(data, draw):
    found = [(tests, place) for tests, place in _tests(data) if tests[place].get("aliases")]
    if found:
        tests, place = draw(st.sampled_from(found))
        aliases = tests[place]["aliases"]
        tests[place] = tests[place] | {"aliases": []}
        others, other = draw(st.sampled_from(_tests(data)))
        others[other] = others[other] | {"aliases": [*others[other].get("aliases", []), *aliases]}


def _join(data, draw):
    if len(data["categories"]) > 1:
        joined = data["categories"].pop(draw(st.integers(0, len(data["categories"]) - 1)))
        into = draw(st.sampled_from(data["categories"]))
        into |= {
            "aliases": [*into.get("aliases", []), joined["id"], *joined.get("aliases", [])],
            "tests": [*into["tests"], *joined["tests"]],
        }


def _shuffle(data, draw):
    data["categories"] = draw(st.permutations(data["categories"]))
    for category in data["categories"]:
        category["tests"] = draw(st.permutations(category["tests"]))


def _retitle(data, draw):
    _put(data, draw, "title", ["Other", "Another"])
    data["categories"][0] |= {"title": "Other"}
    data["tiers"][0] |= {"label": "Other"}


def _reprice(data, draw):
    name = draw(st.sampled_from(list(data["levels"])))
    data["levels"][name] |= {"points": draw(st.sampled_from([0, 0.5, 1, 2]))}


def _waive(data, draw):
    data["levels"]["waived"] = {"points": draw(st.sampled_from([0, 1])), "reason_required": True}


def _unlevel(data, draw):
    data["levels"].pop(draw(st.sampled_from(list(data["levels"]))))


def _rebound(data, draw):
    tier = draw(st.sampled_from(data["tiers"][1:]))
    data["tiers"][data["tiers"].index(tier)] = {
        **{key: tier[key] for key in ("id", "label")},
        draw(st.sampled_from(["from", "above"])): draw(st.sampled_from([0.5, 1, 1.5, 2])),
    }


def _end(data, draw):
    data["tiers"][-1] |= {"to": draw(st.sampled_from([2, 3, 9]))}


def _reband(data, draw):
    tier = draw(st.sampled_from(data["tiers"]))
    tier |= {"id": draw(st.sampled_from(["low", "mid", "high"]))}


def _regroup(data, draw):
    category = draw(st.sampled_from(data["categories"]))
    if not category.get("aliases"):
        category |= {"id": f"new-{category['id']}", "aliases": draw(st.sampled_from([[], [category["id"]]]))}


def _reaggregate(data, draw):
    data["aggregate"] = draw(st.sampled_from(["min", "sum", "mean"]))


HARMLESS = (_rename, _shuffle, _retitle, _end)
HARMFUL = (_move, _swap, _add, _drop, _merge, _join, _readdress, _waive)
HARMFUL += (_reprice, _unlevel, _rebound, _reband, _regroup, _reaggregate)
EDITS = st.lists(st.sampled_from(HARMLESS), max_size=2).flatmap(
    lambda harmless: st.lists(st.sampled_from(HARMFUL), max_size=2).map(lambda harmful: [*harmful, *harmless])
)


@st.composite
def rubrics(draw):
    """Two small rubrics, the second the first after a few edits, and projects on the first."""
    sizes = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    points = sorted(draw(st.lists(st.sampled_from([0.5, 1, 2]), min_size=1, max_size=2)))
    bounds = sorted(draw(st.sets(st.sampled_from([0.5, 1, 1.5, 2]), min_size=1, max_size=2)))
    data = {
        "id": "small",
        "title": "Small",
        "aggregate": draw(st.sampled_from(["min", "sum", "mean"])),
        "levels": {"none": {"points": 0}}
        | {f"l-{place}": {"points": value} for place, value in enumerate(points)},
        "tiers": [{"id": f"t-{place}", "from": bound, "label": "T"} for place, bound in enumerate([0, *bounds])],
        "categories": [
            {
                "id": name,
                "title": name,
                "tests": [{"id": f"{name}-{place}", "title": "T"} for place in range(size)],
            }
            for name, size in zip("abc", sizes, strict=False)
        ],
    }
    old = Rubric.model_validate(data)
    for edit in draw(EDITS):
        edit(data, draw)
    assume(data["levels"])
    new = Rubric.model_validate(data)
    assume(not list(problems(new)))
    statuses = st.sampled_from([None, *old.levels])
    drawn = [{name: draw(statuses) for name in old.tests} for _ in range(3)]
    return old, new, [project(**answers) for answers in drawn]


@given(rubrics())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_where_no_change_is_said_to_score_every_project_scores_the_same(found):
    old, new, projects = found
    assume(not any(change.scores for change in compare(old, new)))

    effects = [effect(old, new, answered, AS_OF) for answered in projects]

    assert [
        (both.new.claimed.score, both.new.claimed.tier.id, both.new.max_score, both.lost)
        for both in effects
        if both
    ] == [(both.old.claimed.score, both.old.claimed.tier.id, both.old.max_score, ()) for both in effects if both]
    assert None not in effects


def test_a_test_that_is_required_from_now_on_changes_those_that_lack_it():
    """The score stays, but the gate fails: whoever ships the rubric has to know."""
    new = rubric(require=["data-2"], version=9)

    lacking = effect(rubric(), new, project(data_1="done", data_2="none"))
    fine = effect(rubric(), new, project(data_1="done", data_2="done"))

    assert (lacking.is_changed, lacking.reasons) == (
        True,
        ("data-2 is required now and earns nothing: the gate fails",),
    )
    assert (fine.is_changed, fine.reasons) == (False, ())
    assert not effect(new, new, project(data_2="none")).is_changed
