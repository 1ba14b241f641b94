"""Two states of a project side by side, and what the ratchet makes of every way to lower one."""

from copy import deepcopy
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlscore import load_rubric
from mlscore.checking import problems
from mlscore.comparing import State, difference, planted, ratchet
from mlscore.evidence.reading import Moment, Reading
from mlscore.project import Answer, Evidence, Gate, Project
from mlscore.rubric import Rubric

AS_OF = date(2026, 11, 21)
GONE = "taken away"
BASE = {
    "id": "small",
    "version": 3,
    "title": "Small",
    "levels": {
        "none": {"points": 0},
        "half": {"points": 0.5, "backed_by": "document"},
        "done": {"points": 1, "backed_by": "result"},
        "skipped": {"points": 0, "reason_required": True},
        "waived": {"points": 0.5, "reason_required": True},
    },
    "tiers": [
        {"id": "low", "from": 0, "label": "Low"},
        {"id": "mid", "from": 1, "label": "Middle"},
        {"id": "high", "from": 2, "label": "High"},
    ],
    "categories": [
        {
            "id": "data",
            "aliases": ["input"],
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
TESTS = ("data-1", "data-2", "serving-1", "serving-2")
DATA, SERVING = "categories/0", "categories/1"
EVERY = {"data_1": "done", "data_2": "half", "serving_1": "done", "serving_2": "none"}


def rubric(**edits):
    """The small rubric, with values at some paths replaced, added or GONE."""
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
    made = Rubric.model_validate(data)
    assert list(problems(made)) == []
    return made


def project(statuses, **more):
    answers = {
        name.replace("_", "-"): None if status is None else Answer(status=status, reason="r")
        for name, status in statuses.items()
    }
    return Project(project="churn", answers=answers, **more)


def state(rules=None, gate=None, /, **statuses):
    """A state of the small rubric, or of another; `_` in ids for `-`."""
    return State(rules or rubric(), project(statuses, gate=gate))


def found(old, new):
    """The failures; the states can be compared."""
    result = ratchet(old, new, AS_OF)
    assert result.incomparable == ""
    return result.failures


# What changed.


def test_nothing_differs_from_itself():
    both = state(**EVERY)

    seen = difference(both, both, AS_OF)

    assert (seen.tests, seen.lost, seen.is_rescored, seen.is_verified) == ((), (), False, False)
    assert seen.old == seen.new
    assert seen.new.as_of == AS_OF


def test_the_tests_whose_status_changed_are_named_in_rubric_order():
    new = {"serving_2": "half", "data_2": None, "data_1": "done", "serving_1": "done"}

    seen = difference(state(**EVERY), state(**new), AS_OF)

    assert [(old.test.id, old.status, new.status) for old, new in seen.tests] == [
        ("data-2", "half", "unanswered"),
        ("serving-2", "none", "half"),
    ]
    assert (seen.old.claimed.score, seen.new.claimed.score) == (1, 1)


@pytest.mark.parametrize("change", ["note", "owner", "effort", "date", "reason"])
def test_what_is_said_beside_a_status_is_no_difference(change):
    value = {"effort": Fraction(7), "date": AS_OF}.get(change, "other")
    old = state(data_1="done")
    answer = old.project.answers["data-1"].model_copy(update={change: value})
    new = State(old.rubric, old.project.model_copy(update={"answers": {"data-1": answer}}))

    assert difference(old, new, AS_OF).tests == ()
    assert found(old, new) == found(new, old) == ()


def test_with_another_rubric_the_old_state_is_scored_anew():
    then, now = load_rubric("ml-test-score-2016"), load_rubric("ml-test-score-2017")
    answers = project({name.replace("-", "_"): "automated" for name in then.tests})

    seen = difference(State(then, answers), State(now, answers), AS_OF)

    assert (seen.is_rescored, seen.lost, seen.tests) == (True, (), ())
    assert seen.old_rubric is then
    assert seen.old.rubric is seen.new.rubric is now
    assert (seen.old.claimed.score, seen.new.claimed.score) == (7, 7)


def test_the_same_rubric_read_twice_is_no_other_rubric():
    seen = difference(state(rubric(), **EVERY), state(rubric(), **EVERY), AS_OF)

    assert not seen.is_rescored


def test_answers_that_the_new_rubric_does_not_take_are_lost():
    smaller = rubric(**{f"{SERVING}/tests/1": GONE, "levels/waived": GONE})

    seen = difference(
        state(data_1="waived", data_2="half", serving_1="done", serving_2="done"), state(smaller), AS_OF
    )

    assert seen.lost == ("data-1", "serving-2")
    assert [(old.test.id, old.status) for old, _ in seen.tests] == [("data-2", "half"), ("serving-1", "done")]


def test_an_answer_under_another_name_of_its_test_is_the_same_answer():
    renamed = rubric(**{f"{DATA}/tests/1": {"id": "price", "title": "Cost", "aliases": ["data-2"]}})

    seen = difference(state(schema="done", data_2="half"), state(renamed, data_1="done", price="half"), AS_OF)

    assert (seen.tests, seen.lost) == ((), ())


def with_readings(status, outcome, rules=None):
    """A state in which data-1 names evidence, of which `outcome` was read; None when nothing was."""
    answer = Answer(status=status, evidence=(Evidence(junit="a.xml"),))
    made = Project(project="churn", answers={"data-1": answer})
    moment = Moment(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    read = None if outcome is None else {"data-1": (Reading(outcome, "because", 1, moment),)}
    return State(rules or rubric(), made, read)


@pytest.mark.parametrize(
    ("old", "new", "is_verified", "changed"),
    [
        ("verified", "verified", True, []),
        ("verified", "contradicted", True, [("done", "none")]),
        ("verified", None, False, []),
        (None, "contradicted", False, []),
        (None, None, False, []),
    ],
)
def test_what_evidence_backs_differs_only_where_it_was_read_on_both_sides(old, new, is_verified, changed):
    sides = [with_readings("done", outcome) for outcome in (old, new)]
    seen = difference(*sides, AS_OF)

    assert seen.is_verified is is_verified
    assert [(was.verified_status, now.verified_status) for was, now in seen.tests] == changed


def test_readings_follow_their_answer_to_another_rubric():
    renamed = rubric(**{f"{DATA}/tests/0": {"id": "shape", "title": "Schema", "aliases": ["data-1"]}})

    seen = difference(with_readings("done", "verified"), State(renamed, project({}), {}), AS_OF)

    assert seen.old.verified is not None
    assert [(old.test.id, old.verified_status) for old, _ in seen.tests] == [("shape", "done")]


# What went down.


@pytest.mark.parametrize(
    ("status", "failures"),
    [
        (
            "half",
            [
                "the score went down from 1 to 0.5",
                "Data went down from 1 to 0.5",
                "data-1 went down from done to half",
            ],
        ),
        (
            "none",
            [
                "the score went down from 1 to 0",
                "Data went down from 1 to 0",
                "data-1 went down from done to none",
            ],
        ),
        (
            "skipped",
            [
                "the score went down from 1 to 0",
                "Data went down from 1 to 0",
                "data-1 went down from done to skipped",
            ],
        ),
        (
            "waived",
            [
                "the score went down from 1 to 0.5",
                "Data went down from 1 to 0.5",
                "data-1 went down from done to waived",
            ],
        ),
        (
            None,
            [
                "the score went down from 1 to 0",
                "Data went down from 1 to 0",
                "data-1 was done and has no answer any more",
            ],
        ),
    ],
)
def test_an_answer_lowered_emptied_or_turned_into_a_decision(status, failures):
    assert list(found(state(data_1="done", serving_1="done"), state(data_1=status, serving_1="done"))) == failures


@pytest.mark.parametrize("status", ["none", "half", "done", "skipped", "waived"])
def test_an_answer_that_is_taken_away_is_down_whatever_it_earned(status):
    removed = found(state(data_1=status), state())

    assert removed == found(state(data_1=status), state(data_1=None))
    assert removed[-1] == f"data-1 was {status} and has no answer any more"


def test_a_test_that_goes_down_is_seen_where_no_sum_does():
    """The points of the category and the final score stay; one test pays for another."""
    old = state(data_1="done", data_2="half", serving_1="half")
    new = state(data_1="half", data_2="done", serving_1="half")

    assert found(old, new) == ("data-1 went down from done to half",)


def test_a_category_that_goes_down_is_seen_where_the_score_does_not():
    assert found(state(data_1="done"), state(data_1="half")) == (
        "Data went down from 1 to 0.5",
        "data-1 went down from done to half",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"data_1": "done"}, {"schema": "done"}),
        ({"schema": "done"}, {"data_1": "done"}),
        (EVERY, dict(reversed(EVERY.items()))),
        ({"data_1": "half"}, {"data_1": "done"}),
        ({"data_1": "half"}, {"data_1": "waived"}),
        ({"data_1": "none"}, {"data_1": "skipped"}),
        ({"data_1": "skipped"}, {"data_1": "none"}),
        ({"data_1": None}, {}),
        ({}, {"data_1": None}),
        ({}, {"data_1": "none"}),
        ({}, EVERY),
        ({}, {}),
    ],
    ids=str,
)
def test_what_is_not_down(old, new):
    assert ratchet(state(**old), state(**new), AS_OF) == ((), False, "")


def test_an_answer_lowered_under_another_name_is_still_lower():
    assert found(state(data_1="done"), state(schema="half"))[-1] == "data-1 went down from done to half"


def test_claims_are_compared_not_what_evidence_backs():
    assert found(with_readings("done", "verified"), with_readings("done", "contradicted")) == ()


# The rubric edited in the same change. What is lower under the rubric of then is named first, as it was then.


def edit(**edits):
    return rubric(**{"version": 4, **edits})


NEW_TEST = {"id": "data-3", "title": "Fresh"}


@pytest.mark.parametrize(
    ("edits", "new"),
    [
        ({"levels/none/points": 0.5}, {"data_1": "none"}),
        ({"levels/half/points": 1}, {"data_1": "half"}),
        ({"levels/done/points": 2, "levels/half/points": 2}, {"data_1": "half"}),
        ({"levels/skipped/points": 1}, {"data_1": "skipped"}),
        ({"levels/waived/points": 1}, {"data_1": "waived"}),
        ({"aggregate": "sum"}, {"data_1": "half"}),
        ({"tiers/1/from": 0.25}, {"data_1": "half"}),
        ({f"{DATA}/tests/2": NEW_TEST}, {"data_1": "half", "data_3": "done"}),
        ({"title": "Other"}, {"data_1": None}),
    ],
    ids=str,
)
def test_an_edited_rubric_does_not_hide_what_went_down(edits, new):
    old = {"data_1": "done", "serving_1": "done"}
    result = ratchet(state(**old), state(edit(**edits), **{**old, **new}), AS_OF)

    assert result.is_rescored
    assert result.incomparable == ""
    assert any(failure.startswith("data-1 ") for failure in result.failures)


@pytest.mark.parametrize(
    "edits",
    [
        {"title": "Other"},
        {"tiers/1/from": 0.75},
        {f"{DATA}/tests/2": NEW_TEST},
        {"levels/best": {"points": 2}},
        {"levels/half/points": 0.25, "levels/waived/points": 0.25},
        {f"{DATA}/title": "Input"},
        {"aggregate": "mean"},
    ],
    ids=str,
)
def test_an_edited_rubric_alone_brings_nothing_down(edits):
    assert ratchet(state(**EVERY), state(edit(**edits), **EVERY), AS_OF) == ((), True, "")


def test_a_test_that_moved_to_another_category_is_compared_where_it_was_and_where_it_is():
    moved = edit(
        **{
            f"{DATA}/tests": [{"id": "data-1", "title": "Schema"}],
            f"{SERVING}/tests/2": {"id": "data-2", "title": "Cost"},
        }
    )
    old = {"data_1": "half", "data_2": "done", "serving_1": "done"}

    assert ratchet(state(**old), state(moved, **old), AS_OF) == ((), True, "")
    assert "data-2 went down from done to half" in found(state(**old), state(moved, **old | {"data_2": "half"}))


def test_what_is_down_only_under_the_new_rubric_is_down():
    """skipped is worth as much as done then, and less now."""
    old = rubric(**{"levels/skipped/points": 1})
    new = rubric()

    assert found(state(old, data_1="done"), state(new, data_1="skipped"))[-1] == (
        "data-1 went down from done to skipped"
    )


@pytest.mark.parametrize(
    ("edits", "new", "names"),
    [
        ({f"{DATA}/tests/0": GONE}, {}, "data-1"),
        ({"levels/done": GONE}, {"data_1": "half", "serving_1": "half"}, "data-1 and serving-1"),
        ({"levels/half": GONE}, {}, "data-2"),
        ({"levels/half": GONE, f"{SERVING}/tests/1": GONE}, {}, "data-2 and serving-2"),
        ({"levels/best": {"points": 2}}, {"data_1": "best"}, "data-1"),
        ({f"{DATA}/tests/0": GONE, "levels/best": {"points": 2}}, {"data_2": "best"}, "data-1 and data-2"),
    ],
    ids=str,
)
def test_states_that_not_both_rubrics_can_score_are_not_compared(edits, new, names):
    rules = edit(**edits)
    answers = {name: status for name, status in (EVERY | new).items() if name.replace("_", "-") in rules.tests}

    result = ratchet(state(**EVERY), state(rules, **answers), AS_OF)

    assert result == ((), False, f"the rubric changed, and not both can score {names}")


def test_an_answer_to_a_test_that_there_was_not_is_no_trouble():
    rules = edit(**{f"{DATA}/tests/2": NEW_TEST, "levels/best": {"points": 2}})

    assert ratchet(state(**EVERY), state(rules, **EVERY, data_3="best"), AS_OF) == ((), True, "")


def test_an_answer_under_a_name_that_the_rubric_of_then_knew_is_compared():
    before = rubric(**{f"{DATA}/tests/1/aliases": ["price"]})
    after = rubric(**{f"{DATA}/tests/1": {"id": "price", "title": "Cost", "aliases": ["data-2"]}})

    assert found(state(before, data_2="half"), state(after, price="half")) == ()
    assert found(state(before, data_2="half"), state(after, price="none"))[-1] == (
        "data-2 went down from half to none"
    )


def test_tests_that_became_one_are_not_compared():
    rules = edit(**{f"{DATA}/tests": [{"id": "data-1", "title": "Schema", "aliases": ["data-2"]}]})

    result = ratchet(state(data_1="done", data_2="half"), state(rules, data_1="done"), AS_OF)

    assert result.incomparable.endswith("not both can score data-2")


@pytest.mark.parametrize("names", [("2016", "2017"), ("2017", "2016")])
def test_another_scale(names):
    old, new = (load_rubric(f"ml-test-score-{name}") for name in names)
    answers = {name.replace("-", "_"): "manual" for name in old.tests}

    same = ratchet(state(old, **answers), state(new, **answers), AS_OF)
    lower = ratchet(state(old, **answers), state(new, **answers | {"model_3": "none"}), AS_OF)
    higher = ratchet(state(old, **answers), state(new, **answers | {"model_3": "automated"}), AS_OF)

    assert same == higher == ((), True, "")
    assert (lower.is_rescored, lower.incomparable) == (True, "")
    assert lower.failures[-1] == "model-3 went down from manual to none"
    top = "7 to 6" if names[0] == "2016" else "3.5 to 3"
    assert lower.failures[0] == f"the score went down from {top}"


# The gate lowered in the same change.

FULL = {
    "fail_under": Fraction(1),
    "min_tier": "mid",
    "categories": {"data": Fraction(1)},
    "require": ("data-1", "serving-1"),
    "basis": "verified",
}


def gate(**changes):
    """The full gate, with other values or without those that are GONE."""
    values = {name: value for name, value in {**FULL, **changes}.items() if value is not GONE}
    return Gate(**values)


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"fail_under": Fraction(1, 2)}, "fail_under of the gate went down from 1 to 0.5"),
        ({"fail_under": Fraction(0)}, "fail_under of the gate went down from 1 to 0"),
        ({"fail_under": GONE}, "fail_under of the gate is gone; it was 1"),
        ({"min_tier": "low"}, "min_tier of the gate went down from mid to low"),
        ({"min_tier": GONE}, "min_tier of the gate went down from mid to nothing"),
        ({"categories": {"data": Fraction(1, 2)}}, "data in the gate went down from 1 to 0.5"),
        ({"categories": {"data": Fraction(0), "serving": Fraction(2)}}, "data in the gate went down from 1 to 0"),
        ({"categories": GONE}, "data in the gate is gone; it was 1"),
        ({"require": ("serving-1",)}, "the gate does not require data-1 any more"),
        ({"require": GONE}, "the gate does not require data-1 and serving-1 any more"),
        ({"basis": "claimed"}, "basis of the gate went down from verified to claimed"),
        ({"basis": GONE}, "basis of the gate went down from verified to claimed"),
    ],
    ids=str,
)
def test_a_gate_lowered_in_the_same_change(changes, failure):
    assert found(state(None, gate(), **EVERY), state(None, gate(**changes), **EVERY)) == (failure,)


def test_a_gate_that_is_taken_away_loses_everything():
    assert found(state(None, gate(), **EVERY), state(None, None, **EVERY)) == (
        "fail_under of the gate is gone; it was 1",
        "min_tier of the gate went down from mid to nothing",
        "data in the gate is gone; it was 1",
        "the gate does not require data-1 and serving-1 any more",
        "basis of the gate went down from verified to claimed",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, gate()),
        (gate(), gate()),
        (gate(), gate(require=("serving-1", "data-2", "schema"))),
        (gate(), gate(categories={"data": Fraction(2), "serving": Fraction(1)})),
        (gate(basis="claimed"), gate()),
        (Gate(), None),
        (Gate(basis="verified"), None),
        (Gate(fail_under=Fraction(0)), None),
    ],
    ids=range(8),
)
def test_a_gate_that_asks_as_much_or_more(old, new):
    assert found(state(None, old, **EVERY), state(None, new, **EVERY)) == ()


@pytest.mark.parametrize(
    ("points", "fail_under", "categories"), [(2, 2, {"data": Fraction(2)}), (2, 3, {"data": Fraction(3)})]
)
def test_after_a_switch_of_scale_a_gate_is_compared_as_a_share(points, fail_under, categories):
    doubled = edit(
        **{f"levels/{name}/points": value for name, value in (("half", 1), ("waived", 1), ("done", points))},
        id="doubled",
    )
    changed = gate(fail_under=Fraction(fail_under), categories=categories)

    assert found(state(None, gate(), **EVERY), state(doubled, changed, **EVERY)) == ()
    assert found(state(None, gate(), **EVERY), state(doubled, gate(), **EVERY)) == (
        "fail_under of the gate went down from 1 of 2 to 1 of 4",
        "data in the gate went down from 1 of 2 to 1 of 4",
    )


def test_the_published_scales_compare_as_shares_too():
    old, new = load_rubric("ml-test-score-2016"), load_rubric("ml-test-score-2017")
    five = Gate(fail_under=Fraction(5))

    assert found(state(old, five), state(new, Gate(fail_under=Fraction(5, 2)))) == ()
    assert found(state(old, five), state(new, Gate(fail_under=Fraction(2)))) == (
        "fail_under of the gate went down from 5 of 14 to 2 of 7",
    )
    assert found(state(old, Gate(min_tier="strong")), state(new, Gate(min_tier="reasonable"))) == (
        "min_tier of the gate went down from strong to reasonable",
    )
    assert found(state(old, Gate(min_tier="strong")), state(new, Gate(min_tier="strong"))) == ()


def test_what_the_rubric_requires_counts_as_the_gate_s():
    strict = rubric(require=("schema", "data-2"))

    assert found(state(strict, **EVERY), state(rubric(require=("data-2",)), **EVERY)) == (
        "the gate does not require data-1 any more",
    )
    assert found(state(strict, **EVERY), state(rubric(), Gate(require=("data-1", "data-2")), **EVERY)) == ()
    assert found(state(rubric(), Gate(require=("data-1",)), **EVERY), state(strict, **EVERY)) == ()


def test_a_gate_follows_its_tests_and_categories_to_other_names():
    renamed = edit(
        **{
            f"{DATA}/id": "content",
            f"{DATA}/aliases": ["data"],
            f"{DATA}/tests/1": {"id": "price", "title": "Cost", "aliases": ["data-2"]},
        }
    )
    old = Gate(categories={"data": Fraction(1)}, require=("data-2",))

    assert (
        found(state(None, old), state(renamed, Gate(categories={"content": Fraction(1)}, require=("price",))))
        == ()
    )
    assert found(state(None, old), state(renamed, Gate(categories={"content": Fraction(1, 2)}))) == (
        "data in the gate went down from 1 to 0.5",
        "the gate does not require data-2 any more",
    )


def test_a_lowered_gate_and_a_lowered_answer_are_both_named():
    failures = found(state(None, gate(), data_1="done"), state(None, gate(fail_under=GONE), data_1="half"))

    assert failures == (
        "Data went down from 1 to 0.5",
        "data-1 went down from done to half",
        "fail_under of the gate is gone; it was 1",
    )


def test_titles_of_others_stay_on_one_line():
    rules = rubric(**{f"{DATA}/title": "Da\nta\x1b"})

    assert found(state(rules, data_1="done"), state(rules))[0] == r"Da ta\x1b went down from 1 to 0"


# Any states.

RUBRICS = (
    rubric(),
    edit(aggregate="sum"),
    edit(aggregate="mean"),
    edit(**{"levels/none/points": 0.25}),
    edit(**{"levels/skipped/points": 1}),
    edit(**{"levels/waived": GONE}),
    edit(**{f"{DATA}/tests/2": NEW_TEST}),
    edit(**{f"{DATA}/tests/1": GONE}),
    edit(
        **{
            f"{DATA}/tests": [{"id": "data-1", "title": "Schema"}],
            f"{SERVING}/tests/2": {"id": "data-2", "title": "Cost", "aliases": ["price"]},
        }
    ),
)
STATUSES = st.sampled_from([None, *BASE["levels"]])
GATES = st.none() | st.builds(
    Gate,
    fail_under=st.none() | st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(2)]),
    min_tier=st.none() | st.sampled_from(["low", "mid", "high"]),
    categories=st.dictionaries(st.sampled_from(["data", "serving"]), st.just(Fraction(1)), max_size=2),
    require=st.lists(st.sampled_from(["data-1", "serving-2"]), unique=True).map(tuple),
    basis=st.sampled_from(["claimed", "verified"]),
)


@st.composite
def states(draw, rubrics=RUBRICS[:1]):
    rules = draw(st.sampled_from(rubrics))
    names = draw(st.lists(st.sampled_from(list(rules.tests)), unique=True))
    statuses = st.sampled_from([None, *rules.levels])
    return State(rules, project({name: draw(statuses) for name in names}, gate=draw(GATES)))


def answered(before, test, status):
    """The state with another answer; without any where the status is GONE."""
    answers = {name: answer for name, answer in before.project.answers.items() if name != test}
    if status is not GONE:
        answers[test] = None if status is None else Answer(status=status, reason="r")
    return before._replace(project=before.project.model_copy(update={"answers": answers}))


def worth(before, test):
    """What an answer is worth: none is less than one that earns nothing."""
    answer = before.project.answers.get(test)
    return -1 if answer is None else before.rubric.levels[answer.status].points


@settings(deadline=None)
@given(before=states(RUBRICS))
def test_no_state_is_below_itself(before):
    assert ratchet(before, before, AS_OF) == ((), False, "")


def subjects(failures):
    return {failure.split(" went ")[0].split(" was ")[0] for failure in failures}


@settings(deadline=None)
@given(rules=st.sampled_from(RUBRICS), data=st.data())
def test_a_higher_answer_never_adds_a_failure(rules, data):
    old, new = (data.draw(states([rules])) for _ in range(2))
    test = data.draw(st.sampled_from(list(rules.tests)))
    higher = answered(new, test, data.draw(st.sampled_from([None, *rules.levels])))
    assume(worth(higher, test) >= worth(new, test))

    assert subjects(found(old, higher)) <= subjects(found(old, new))


@settings(deadline=None)
@given(old=states(RUBRICS), new=st.sampled_from(RUBRICS), data=st.data())
def test_with_another_rubric_too_what_holds_still_holds_with_a_higher_answer(old, new, data):
    same = State(new, old.project)
    assume(old.rubric.levels.keys() <= new.levels.keys() and set(old.project.answers) <= set(new.tests))
    assume(not subjects(ratchet(old, same, AS_OF).failures))
    test = data.draw(st.sampled_from(sorted(set(old.rubric.tests) & set(new.tests))))
    higher = answered(same, test, data.draw(st.sampled_from([None, *old.rubric.levels])))
    assume(worth(higher, test) >= worth(same, test))
    assume(worth(State(old.rubric, higher.project), test) >= worth(old, test))

    assert found(old, higher) == ()


@settings(deadline=None)
@given(old=states(RUBRICS), test=st.sampled_from(TESTS), status=st.none() | st.just(GONE) | STATUSES)
def test_a_lower_answer_always_fails(old, test, status):
    assume(test in old.rubric.tests and (status in {None, GONE} or status in old.rubric.levels))
    lower = answered(old, test, status)
    assume(worth(lower, test) < worth(old, test))

    assert any(failure.startswith(f"{test} ") for failure in found(old, lower))


@given(old=states(RUBRICS), new=states(RUBRICS), test=st.sampled_from(TESTS))
@settings(deadline=None, max_examples=200)
def test_with_whatever_rubric_a_test_that_lost_its_answer_is_named(old, new, test):
    lower = answered(new, test, GONE)
    result = ratchet(old, lower, AS_OF)
    assume(old.project.answers.get(test) is not None and not result.incomparable)

    assert any(failure.startswith(f"{test} was ") for failure in result.failures)


@given(old=states(RUBRICS), new=states(RUBRICS))
@settings(deadline=None, max_examples=300)
def test_what_is_planted_makes_the_ratchet_fail(old, new):
    assume(not ratchet(old, new, AS_OF).incomparable)

    made = planted(old, new)

    if made is None:
        assert not any(old.project.answers.values())
        return
    (before, test), worse = made
    assert worse.project.answers[test] is None
    assert (worse.rubric, worse.project.gate) == (new.rubric, new.project.gate)
    failures = ratchet(old, worse, AS_OF).failures
    assert any(failure.startswith((f"{before} was ", f"{test} was ")) for failure in failures)
    best = max(old.rubric.levels[answer.status].points for answer in old.project.answers.values() if answer)
    assert old.rubric.levels[old.project.answers[before].status].points == best


def test_nothing_is_planted_where_there_was_no_answer():
    assert planted(state(), state(**EVERY)) is None
    assert planted(state(data_1=None), state(**EVERY)) is None


def test_what_is_planted_leaves_the_states_as_they_are():
    old, new = state(**EVERY), state(**EVERY)
    _, worse = planted(old, new)

    assert old.project == new.project == project(EVERY)
    assert {name for name in EVERY if not worse.project.answers[name.replace("_", "-")]} == {"data_1"}


@pytest.mark.parametrize("new", [state(**EVERY), state(), state(data_1="none")], ids=range(3))
def test_a_first_state_without_answers_cannot_be_gone_below(new):
    assert found(state(), new) == ()
    assert found(state(data_1=None, data_2=None), new) == ()
