"""A rubric as a document."""

import csv
import io

import pytest
from markdown_it import MarkdownIt

from formats.samples import RUBRIC
from mlscore import checklist, load_rubric


@pytest.fixture(scope="module", params=["ml-test-score-2016", "ml-test-score-2017"])
def rubric(request):
    return load_rubric(request.param)


@pytest.fixture
def small(write):
    return load_rubric(str(write("small.yaml", RUBRIC)))


def words(text):
    return " ".join(text.split())


def shown(markdown):
    """What a reader of a rendered document reads."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    inner = [child for token in tokens for child in token.children or ()]
    return words(" ".join(child.content for child in inner))


TEST_IDS = list(load_rubric().tests)


@pytest.mark.parametrize("test_id", TEST_IDS)
@pytest.mark.parametrize("width", [40, 88])
def test_explain_shows_everything_the_rubric_has_on_a_test(rubric, test_id, width):
    test = rubric.tests[test_id]
    text = checklist.explain(rubric, test_id, width)
    parts = (
        test.title,
        test.alternative_title,
        test.purpose,
        test.manual,
        test.automated,
        *test.examples,
        *test.references,
    )

    assert [part for part in parts if words(part) not in words(text)] == []
    assert max(map(len, text.splitlines())) <= width
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("rubric_id", "manual", "automated"),
    [("ml-test-score-2016", "1 point", "2 points"), ("ml-test-score-2017", "0.5 points", "1 point")],
)
def test_explain_gives_the_points_of_the_rubric(rubric_id, manual, automated):
    text = checklist.explain(load_rubric(rubric_id), "data-1", 80)

    assert f"\nManual ({manual})\n" in text
    assert f"\nAutomated ({automated})\n" in text


def test_explain_leaves_out_what_is_not_there(small):
    assert (
        checklist.explain(small, "data-1", 80)
        == "data-1: Features are described in a schema\nIn Data quality, Small rubric\n"
    )


def test_the_csv_is_the_article_s(rubric):
    text = checklist.as_csv(rubric)
    rows = list(csv.reader(io.StringIO(text), strict=True))

    assert text.splitlines()[0] == "Test Type,Description,Sample Test"
    assert len(rows) == 1 + 28
    assert [row[0] for row in rows[1::7]] == ["Data", "Model", "Infrastructure", "Monitoring"]
    assert [row[1] for row in rows[1:]] == [test.title for test in rubric.tests.values()]
    assert all(row[2] for row in rows)


def test_the_markdown_has_everything_on_every_test(rubric):
    document = shown(checklist.as_markdown(rubric))
    parts = [
        part
        for test_id, test in rubric.tests.items()
        for part in (
            f"{test_id}: {test.title}",
            test.purpose,
            test.manual,
            test.automated,
            *test.examples,
            *test.references,
        )
    ]

    assert [part for part in parts if words(part) not in document] == []


def test_the_markdown_has_the_scale(rubric):
    document = shown(checklist.as_markdown(rubric))
    parts = [rubric.title, rubric.source, *(level.meaning for level in rubric.levels.values())]
    parts += [part for tier in rubric.tiers for part in (tier.label, tier.meaning)]

    assert [part for part in parts if words(part) not in document] == []


def test_the_markdown_has_no_blank_line_too_many_and_ends_with_one_newline(rubric):
    text = checklist.as_markdown(rubric)

    assert "\n\n\n" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


def test_the_markdown_has_a_box_to_tick_for_each_level_of_each_test(rubric):
    assert checklist.as_markdown(rubric).count("- [ ] **") == 2 * 28


@pytest.mark.parametrize("width", [40, 80])
def test_the_outline_has_every_title_and_meaning(rubric, width):
    text = checklist.outline(rubric, width)
    parts = [rubric.title, rubric.source, *(test.title for test in rubric.tests.values())]
    parts += [level.meaning for level in rubric.levels.values()]
    parts += [part for tier in rubric.tiers for part in (tier.label, tier.meaning)]

    assert [part for part in parts if words(part) not in words(text)] == []
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(
    ("aggregate", "scale"),
    [
        ("min", "lowest category sum, 0 to 2"),
        ("sum", "sum of the categories, 0 to 5"),
        ("mean", "mean of the categories, 0 to 2.5"),
    ],
)
def test_the_scale_says_how_the_score_is_made(write, aggregate, scale):
    rubric = load_rubric(str(write("small.yaml", f"aggregate: {aggregate}\n{RUBRIC}")))

    assert f"5 tests; the score is the {scale}" in words(checklist.outline(rubric, 88))


def test_texts_a_rubric_leaves_out_leave_no_traces(write):
    bare = RUBRIC.replace(", meaning: Not there yet.", "").replace(", meaning: Not done.", "")
    rubric = load_rubric(str(write("small.yaml", bare)))

    for text in (checklist.outline(rubric, 80), checklist.as_markdown(rubric)):
        assert [line for line in text.splitlines() if line != line.rstrip() or line.endswith(("):", ". "))] == []
