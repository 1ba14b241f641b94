"""The project file a team starts from."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formats.samples import RUBRIC
from mlscore import assess, load_rubric
from mlscore.loading import parse_project
from mlscore.template import template
from mlscore.text import one_line

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50).filter(one_line)


@pytest.fixture(scope="module", params=["ml-test-score-2016", "ml-test-score-2017"])
def rubric(request):
    return load_rubric(request.param)


@pytest.fixture(scope="module")
def text(rubric):
    return template(rubric, rubric.id, "churn")


def teaching(text):
    """The comments as running text."""
    return " ".join(re.sub(r"(?m)^\s*#", " ", text).split())


def test_it_scores_0_with_every_test_unanswered(rubric, text):
    found, project = parse_project(text.encode(), "project.yaml")
    report = assess(found, project)

    assert found == rubric
    assert project.project == "churn"
    assert project.answers == dict.fromkeys(rubric.tests)
    assert report.claimed.score == 0
    assert report.counts["unanswered"] == 28
    assert report.counts["none"] == 0


def test_every_test_has_its_line_below_its_title(rubric, text):
    for test_id, test in rubric.tests.items():
        before, found, _ = text.partition(f"\n  {test_id}:\n")
        assert found
        assert f"# {test.title}"[:90] in before.rpartition("\n\n")[2]


def test_what_each_level_asks_for_stands_beside_the_test(rubric, text):
    words = teaching(text)
    wanted = [part for test in rubric.tests.values() for part in (test.title, test.manual, test.automated)]

    assert [part for part in wanted if " ".join(part.split()) not in words] == []


def test_every_level_is_explained_and_every_category_introduced(rubric, text):
    words = teaching(text)

    assert [level.meaning for level in rubric.levels.values() if level.meaning not in words] == []
    assert [item.title for item in rubric.categories if f"== {item.title} ==" not in words] == []


def test_it_fits_100_columns_without_trailing_blanks(text):
    lines = text.split("\n")

    assert max(map(len, lines)) <= 100
    assert [line for line in lines if line != line.rstrip()] == []
    assert text.endswith(":\n")


def test_the_first_line_tells_an_editor_where_the_schema_is(text):
    assert text.startswith("# yaml-language-server: $schema=./mlscore.schema.json\n")


def test_the_examples_in_its_comments_are_answers(rubric, text):
    """A team copies them: `# ` away, they must load."""
    example_ = text[text.index("#   data-1:\n") : text.index("# A test without an answer")]
    long, short = example_.replace("#   ", "  ").split("  data-1: {")

    for answer in (long, f"  data-1: {{{short}", "  data-1: automated\n"):
        parse_project(f"rubric: {rubric.id}\nproject: x\nanswers:\n{answer}".encode(), "project.yaml")


def test_the_gate_in_its_comments_can_be_uncommented(text):
    gated = re.sub(r"(?m)^# (?=owner|gate|  fail_under)", "", text)

    _, project = parse_project(gated.encode(), "project.yaml")

    assert project.gate is not None
    assert project.gate.fail_under is not None
    assert project.owner == "who answers for the project"


@given(name=NAMES)
@example(name="no")
@example(name="NULL")
@example(name="~")
@example(name="1e3")
@example(name="0x10")
@example(name="2026-10-01")
@example(name="12:30:45")
@example(name="a #b")
@example(name="a: b")
@example(name="- a")
@example(name="'")
@example(name='"\\')
@example(name="\x1b[31m\u202e\x85\u2028\ufeff")
@example(name="x" * 500)
@settings(max_examples=200, deadline=None)
def test_any_name_round_trips_as_it_is_shown(name):
    rubric = load_rubric()

    _, project = parse_project(template(rubric, rubric.id, name).encode(), "project.yaml")

    assert project.project == one_line(name)


@given(ref=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_any_path_of_a_rubric_round_trips(ref):
    rubric = load_rubric()

    _, project = parse_project(template(rubric, f"{ref}/r.yaml", "x").encode(), "project.yaml", rubric=rubric)

    assert project.rubric == f"{ref}/r.yaml"


def test_a_rubric_of_one_s_own_levels_gives_a_template_too(write):
    renamed = RUBRIC.replace("automated:", "done:").replace("manual:", "half:")
    rubric = load_rubric(str(write("small.yaml", renamed)))

    text = template(rubric, "small.yaml", "x")

    assert parse_project(text.encode(), "project.yaml")[1].answers == dict.fromkeys(rubric.tests)
    assert "data-1: done" in text
    assert "automated" not in text
