"""`mlscore rubric`: list, show and check."""

import csv
import io

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC


def test_list_names_every_rubric_with_its_scale(mlscore):
    assert mlscore("rubric", "list").out == snapshot("""\
ml-test-score-2016  0 to 14  28 tests  version 1  ML Test Score, 2016 scale
ml-test-score-2017  0 to 7   28 tests  version 1  ML Test Score, 2017 scale
""")


def test_show_without_a_name_shows_the_default(mlscore):
    assert mlscore("rubric", "show") == mlscore("rubric", "show", "ml-test-score-2016")


def test_show_as_text(mlscore, write):
    assert mlscore("rubric", "show", write("small.yaml", RUBRIC)).out == snapshot("""\
Small rubric
small, version 3: 5 tests; the score is the lowest category sum, 0 to 2
Source: The tests, 2026

Levels
  none (0 points): Not done.
  manual (0.5 points): Done by hand.
  automated (1 point): Done by a system.
  not_applicable (0 points, needs a reason): Does not fit.

Tiers
  low (0 to 0.5): Low. Not there yet.
  high (2 and more): High. As good as it gets.

Data quality (data)
  data-1  Features are described in a schema
  data-2  Features are beneficial
  data-3  Features are cheap

Serving (serving)
  serving-1  Roll back is quick
  serving-2  Models are canaried
""")


def test_show_as_markdown(mlscore, write):
    assert mlscore("rubric", "show", write("small.yaml", RUBRIC), "-f", "markdown").out == snapshot("""\
# Small rubric

`small`, version 3: 5 tests; the score is the lowest category sum, 0 to 2.

Source: The tests, 2026

## Levels

| Level | Points | Meaning |
| --- | ---: | --- |
| `none` | 0 | Not done. |
| `manual` | 0.5 | Done by hand. |
| `automated` | 1 | Done by a system. |
| `not_applicable` | 0 | Does not fit. |

## Tiers

| Tier | Score | Label | Meaning |
| --- | --- | --- | --- |
| `low` | 0 to 0.5 | Low | Not there yet. |
| `high` | 2 and more | High | As good as it gets. |

## Data quality

### data-1: Features are described in a schema

### data-2: Features are beneficial

### data-3: Features are cheap

## Serving

### serving-1: Roll back is quick

### serving-2: Models are canaried
""")


def test_show_as_csv(mlscore, write):
    assert mlscore("rubric", "show", write("small.yaml", RUBRIC), "--format", "csv").out == snapshot("""\
Test Type,Description,Sample Test
Data quality,Features are described in a schema,
Data quality,Features are beneficial,
Data quality,Features are cheap,
Serving,Roll back is quick,
Serving,Models are canaried,
""")


def test_the_csv_of_the_default_is_the_checklist_with_28_rows(mlscore):
    header, *rows = csv.reader(io.StringIO(mlscore("rubric", "show", "--format", "csv").out))

    assert header == ["Test Type", "Description", "Sample Test"]
    assert len(rows) == 28


@pytest.mark.parametrize("rubric", ["ml-test-score-2016", "ml-test-score-2017"])
def test_the_bands_of_the_tiers_are_those_of_the_paper(mlscore, rubric):
    lines = mlscore("rubric", "show", rubric).out.splitlines()

    bands = [line.split(":")[0].strip() for line in lines[lines.index("Tiers") + 1 :] if "):" in line]
    assert (
        bands
        == {
            "ml-test-score-2016": [
                "research (0)",
                "gaps (1 to 2)",
                "basic (3 to 4)",
                "reasonable (5 to 6)",
                "strong (7 to 10)",
                "exceptional (12 and more)",
            ],
            "ml-test-score-2017": [
                "research (0)",
                "gaps (above 0 to 1)",
                "basic (above 1 to 2)",
                "reasonable (above 2 to 3)",
                "strong (above 3 to 5)",
                "exceptional (above 5)",
            ],
        }[rubric]
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "ml-test-score-2018"], "did you mean ml-test-score-201"),
        (["show", "--format", "jsn"], "text, markdown or csv"),
        (["show", "--format", "makdown"], "did you mean markdown?"),
        (["show", "missing.yaml"], "missing.yaml: cannot be read"),
        (["check", "missing.yaml"], "missing.yaml: cannot be read"),
        (["check"], "Usage: mlscore rubric check"),
        (["bogus"], "Usage: mlscore rubric"),
        ([], "Usage: mlscore rubric"),
    ],
)
def test_what_does_not_make_sense_is_exit_2_with_an_empty_stdout(mlscore, arguments, words):
    run = mlscore("rubric", *arguments)

    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_an_unknown_name_that_resembles_none_is_told_the_names_and_the_way_to_a_path(mlscore):
    assert mlscore("rubric", "show", "xyzzy").err == (
        "mlscore: 'xyzzy' is not a built-in rubric; there are ml-test-score-2016 and ml-test-score-2017; "
        "a path ends with .yaml\n"
    )


def test_check_says_in_one_line_what_a_good_rubric_is(mlscore, write):
    run = mlscore("rubric", "check", write("small.yaml", RUBRIC))

    assert run == (0, "small.yaml: ok: small, version 3, 5 tests, scale 0 to 2\n", "")


def test_check_lists_every_problem_with_its_line(mlscore, write):
    rubric = RUBRIC.replace("points: 0.5", "points: -1").replace("title: Serving", "titel: Serving")

    run = mlscore("rubric", "check", write("small.yaml", rubric))

    assert (run.code, run.out) == (2, "")
    assert run.err == snapshot("""\
small.yaml:8:20: '-1' is out of range; write a number from 0 to 1,000,000
small.yaml:22:5: the key 'title' is missing in categories[1]
small.yaml:23:5: unknown key 'titel'; did you mean title?
""")


def test_check_reads_what_a_rubric_extends(mlscore, write):
    write("base.yaml", RUBRIC)
    file = write("mine.yaml", "id: mine\nversion: 1\nextends: base.yaml\nremove: [data-3]\n")

    assert mlscore("rubric", "check", file).out == "mine.yaml: ok: mine, version 1, 4 tests, scale 0 to 2\n"
