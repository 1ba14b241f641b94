"""What a claim is worth: the rule, its edges, and what can never happen."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlscore import assess, load_rubric
from mlscore.evidence.reading import Moment, Reading
from mlscore.project import Answer, Evidence, Project
from mlscore.report import Outcome
from mlscore.verification import outcomes, shortfall, worth

TODAY = date(2026, 11, 21)
RUBRIC = load_rubric("ml-test-score-2016")
DATA_1 = RUBRIC.tests["data-1"]


def at(day: date, hour: int = 12) -> Moment:
    time = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Moment(time, time)


def ago(days: int) -> Moment:
    return at(TODAY - timedelta(days=days))


def result(outcome: str = "verified", when: Moment | None = None) -> Reading:
    return Reading(outcome, "3 cases passed", 3, when or ago(1))  # type: ignore[arg-type]


JUNIT = Evidence(junit="junit.xml")
FILE = Evidence(file="notes.md")
URL = Evidence(url="https://example.org/notes")
WORKFLOW = Evidence(workflow=".github/workflows/ci.yml")
THERE = Reading("verified", "the document is there")
ASSERTED = Reading("asserted", "never fetched")


def backed(
    status: str, *pairs: tuple[Evidence, Reading], answered: date | None = None, as_of: date = TODAY
) -> str | None:
    entries, readings = zip(*pairs, strict=True) if pairs else ((), ())
    answer = Answer(status=status, date=answered, evidence=entries)
    return worth(RUBRIC, DATA_1, answer, readings, as_of)[0]


@pytest.mark.parametrize(
    ("pairs", "level"),
    [
        ([], "none"),
        ([(JUNIT, result())], "automated"),
        ([(JUNIT, result("contradicted"))], "none"),
        # One that failed outweighs one that passed; but manual takes a document or a result, and has one.
        ([(JUNIT, result()), (JUNIT, result("contradicted"))], "manual"),
        ([(JUNIT, result("inconclusive"))], "none"),
        ([(JUNIT, result("missing"))], "none"),
        ([(JUNIT, result()), (JUNIT, result("missing"))], "automated"),
        ([(WORKFLOW, Reading("verified", "it runs daily", 1))], "none"),
        ([(WORKFLOW, Reading("verified", "it runs daily", 1)), (JUNIT, result())], "automated"),
        ([(JUNIT, result(when=ago(29)))], "automated"),
        ([(JUNIT, result(when=ago(30)))], "automated"),
        # Too old for automated (30 days), but young enough for manual (180 days).
        ([(JUNIT, result(when=ago(31)))], "manual"),
        ([(JUNIT, result(when=ago(181)))], "none"),
    ],
)
def test_what_backs_automated(pairs: list[tuple[Evidence, Reading]], level: str) -> None:
    assert backed("automated", *pairs) == level


@pytest.mark.parametrize(
    ("pairs", "answered", "level"),
    [
        ([], TODAY, "none"),
        ([(FILE, THERE)], TODAY, "manual"),
        ([(URL, ASSERTED)], TODAY, "manual"),
        ([(FILE, THERE)], None, "none"),
        ([(FILE, THERE)], TODAY - timedelta(days=180), "manual"),
        ([(FILE, THERE)], TODAY - timedelta(days=181), "none"),
        ([(FILE, Reading("contradicted", "another digest"))], TODAY, "none"),
        ([(FILE, Reading("missing", "there is no such file"))], TODAY, "none"),
        ([(JUNIT, result())], None, "manual"),
        ([(WORKFLOW, Reading("verified", "it runs daily", 1))], TODAY, "none"),
    ],
)
def test_what_backs_manual(pairs: list[tuple[Evidence, Reading]], answered: date | None, level: str) -> None:
    assert backed("manual", *pairs, answered=answered) == level


def test_a_document_never_backs_automated_but_backs_manual_below_it() -> None:
    assert backed("automated", (FILE, THERE), answered=TODAY) == "manual"


@pytest.mark.parametrize("status", ["none", "not_applicable"])
def test_levels_that_name_no_backing_need_none(status: str) -> None:
    assert backed(status) == status


def judged(entry: Evidence, reading: Reading, answered: date | None = None) -> Outcome:
    answer = Answer(status="automated", date=answered, evidence=[entry])
    (outcome,) = outcomes(RUBRIC, DATA_1, answer, [reading], TODAY, "automated")
    return outcome


def test_a_result_without_a_time_is_inconclusive() -> None:
    outcome = judged(JUNIT, Reading("verified", "3 cases passed", 3))

    assert (outcome.outcome, outcome.reason) == (
        "inconclusive",
        "3 cases passed, but without a time; state its date",
    )


def test_a_stated_date_counts_only_when_the_file_holds_none_and_is_shown_as_stated() -> None:
    dated = Evidence(junit="junit.xml", date=date(2026, 11, 20))

    stated = judged(dated, Reading("verified", "3 cases passed", 3))
    read = judged(dated, result(when=ago(100)))

    assert (stated.outcome, stated.is_stated) == ("verified", True)
    assert (read.outcome, read.is_stated) == ("stale", False)
    assert read.reason == "3 cases passed, but of 2026-08-13, older than 30 days"


@pytest.mark.parametrize(
    ("hours", "outcome"), [(-1, "verified"), (0.05, "verified"), (0.2, "inconclusive"), (24, "inconclusive")]
)
def test_times_after_the_day_of_the_assessment_are_refused(hours: float, outcome: str) -> None:
    """A clock may be five minutes ahead."""
    time = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hours)

    assert judged(JUNIT, result(when=Moment(time, time))).outcome == outcome


def test_a_time_without_zone_is_judged_by_its_worst_case() -> None:
    """30 days and a few hours ago, or just less: nobody knows, so it is stale."""
    time = datetime(2026, 10, 22, 10, tzinfo=UTC)

    assert judged(JUNIT, result(when=Moment(time, time))).outcome == "verified"
    assert (
        judged(JUNIT, result(when=Moment(time - timedelta(hours=14), time + timedelta(hours=14)))).outcome
        == "stale"
    )


@pytest.mark.parametrize(
    ("max_age", "days", "outcome"),
    [
        ("7d", 7, "verified"),
        ("7d", 8, "stale"),
        ("12h", 0, "verified"),
        ("12h", 1, "verified"),
        ("12h", 2, "stale"),
    ],
)
def test_the_age_of_an_entry_wins_over_the_rubrics(max_age: str, days: int, outcome: str) -> None:
    """Days are calendar days in UTC: what grows stale in the course of a day is fresh until its end."""
    assert judged(Evidence(junit="j.xml", max_age=max_age), result(when=ago(days))).outcome == outcome


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([], "not backed: no evidence"),
        ([(JUNIT, result("contradicted"))], "contradicted: junit junit.xml: 3 cases passed"),
        (
            [(JUNIT, result("missing")), (JUNIT, result("contradicted"))],
            "contradicted: junit junit.xml: 3 cases passed",
        ),
        ([(URL, ASSERTED)], "asserted, but the answer states no date"),
        ([(FILE, THERE)], "verified, but the answer states no date"),
        (
            [(WORKFLOW, Reading("verified", "it runs daily", 1))],
            "verified, but shows that it repeats, not that it passes",
        ),
    ],
)
def test_a_shortfall_names_what_says_most(pairs: list[tuple[Evidence, Reading]], reason: str) -> None:
    entries = [entry for entry, _ in pairs]
    project = Project(project="p", answers={"data-1": Answer(status="automated", evidence=entries)})
    test = assess(RUBRIC, project, TODAY, {"data-1": [r for _, r in pairs]}).categories[0].tests[0]
    if not pairs:  # some other answer must declare evidence for there to be a verified score
        test = test._replace(verified_points=Fraction(0))

    assert shortfall(test) == reason


ENTRIES = st.sampled_from(
    [JUNIT, FILE, URL, WORKFLOW, Evidence(junit="x", max_age="7d"), Evidence(file="f", date=TODAY)]
)
READINGS = st.builds(
    Reading,
    st.sampled_from(["verified", "contradicted", "missing", "inconclusive", "asserted"]),
    st.just("reason"),
    st.integers(0, 3),
    st.none() | st.integers(-2, 400).map(ago),
)
PAIRS = st.lists(st.tuples(ENTRIES, READINGS), max_size=5)
STATUS = st.sampled_from(list(RUBRIC.levels))
ANSWERED = st.none() | st.integers(0, 400).map(lambda days: TODAY - timedelta(days=days))


def points(level: str | None) -> Fraction:
    return RUBRIC.levels[level].points if level else Fraction(0)


@given(status=STATUS, pairs=PAIRS, answered=ANSWERED)
def test_the_verified_score_never_exceeds_the_claimed_one(
    status: str, pairs: list[tuple[Evidence, Reading]], answered: date | None
) -> None:
    assert points(backed(status, *pairs, answered=answered)) <= points(status)


@given(status=STATUS, pairs=PAIRS, answered=ANSWERED, entry=ENTRIES)
def test_adding_a_verified_entry_never_lowers_it(
    status: str, pairs: list[tuple[Evidence, Reading]], answered: date | None, entry: Evidence
) -> None:
    before = points(backed(status, *pairs, answered=answered))

    assert points(backed(status, *pairs, (entry, result()), answered=answered)) >= before


@given(status=STATUS, pairs=PAIRS, answered=ANSWERED, data=st.data())
def test_the_order_of_entries_does_not_matter(
    status: str, pairs: list[tuple[Evidence, Reading]], answered: date | None, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(pairs))

    assert backed(status, *shuffled, answered=answered) == backed(status, *pairs, answered=answered)


@given(status=STATUS, pairs=PAIRS, answered=ANSWERED, days=st.integers(1, 300))
def test_a_claim_is_never_worth_more_later(
    status: str, pairs: list[tuple[Evidence, Reading]], answered: date | None, days: int
) -> None:
    """But for evidence from the future, which later is no longer that."""
    past = [
        (entry, reading._replace(when=reading.when and ago(max(1, (TODAY - reading.when.earliest.date()).days))))
        for entry, reading in pairs
    ]
    later = backed(status, *past, answered=answered, as_of=TODAY + timedelta(days=days))

    assert points(later) <= points(backed(status, *past, answered=answered))


def test_without_evidence_there_is_no_verified_score() -> None:
    project = Project(project="p", answers={"data-1": Answer(status="automated")})

    assert assess(RUBRIC, project, TODAY, {}).verified is None
    assert assess(RUBRIC, project, TODAY, {}).categories[0].tests[0].verified_points is None


def test_one_entry_anywhere_makes_both_scores() -> None:
    project = Project(
        project="p",
        answers={"data-1": Answer(status="automated", evidence=[JUNIT]), "model-1": Answer(status="manual")},
    )
    report = assess(RUBRIC, project, TODAY, {"data-1": [result()]})

    assert report.verified is not None
    assert dict(report.verified.categories) == {"data": 2, "model": 0, "infra": 0, "monitor": 0}
    assert [test.test.id for test in report.unbacked] == ["model-1"]


def test_evidence_that_nobody_read_is_said_to_be_unread() -> None:
    project = Project(project="p", answers={"data-1": Answer(status="automated", evidence=[JUNIT])})
    report = assess(RUBRIC, project, TODAY)

    assert report.verified is None
    assert [item.outcome for item in report.categories[0].tests[0].evidence] == ["inconclusive"]
