"""`mlscore rubric`: list, show, new, schema, check and diff."""

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from jsonschema import Draft7Validator

from formats.samples import RUBRIC
from mlscore import load_rubric
from mlscore.loading.document import parse

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = ["ml-test-score-2016", "ml-test-score-2017", "pipeline-testing", "production-checklist"]
FILES = sorted([*ROOT.glob("rubric/*.yaml"), *ROOT.glob("examples/rubrics/*.yaml")])
SCHEMA = "mlscore.rubric.schema.json"
COMPLETE = """\
id: whole
title: A rubric without doubts
levels:
  none: {points: 0, meaning: Not done.}
  done: {points: 1, meaning: Done.}
tiers:
  - {id: low, from: 0, label: Low, meaning: Not there yet.}
  - {id: high, from: 2, label: High, meaning: As good as it gets.}
categories:
  - id: a
    title: A
    tests:
      - {id: a-1, title: One, purpose: Because., guidance: {done: Someone did it.}}
      - {id: a-2, title: Two, purpose: Because., guidance: {done: Someone did it.}}
"""


def data_of(file):
    return parse(Path(file).read_bytes(), str(file)).data


def test_list_names_every_rubric_with_its_scale(mlscore):
    assert mlscore("rubric", "list").out == snapshot("""\
ml-test-score-2016    0 to 14  28 tests  version 1  ML Test Score, 2016 scale
ml-test-score-2017    0 to 7   28 tests  version 1  ML Test Score, 2017 scale
pipeline-testing      0 to 18  9 tests   version 1  Testing through the ML pipeline
production-checklist  0 to 11  11 tests  version 1  ML model production checklist
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
        "mlscore: 'xyzzy' is not a built-in rubric; there are ml-test-score-2016, ml-test-score-2017, "
        "pipeline-testing and production-checklist; a path ends with .yaml\n"
    )


def test_check_says_in_one_line_what_a_good_rubric_is(mlscore, write):
    run = mlscore("rubric", "check", write("whole.yaml", COMPLETE))

    digest = load_rubric("whole.yaml").digest[:19]
    assert run == (0, f"whole.yaml: ok: whole, version 1, 2 tests, scale 0 to 2, {digest}\n", "")


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

    assert mlscore("rubric", "check", file).out.startswith(
        "mine.yaml: ok: mine, version 1, 4 tests, scale 0 to 2, "
    )


def test_check_refuses_an_address_that_is_none(mlscore, write):
    run = mlscore("rubric", "check", write("r.yaml", f"url: wiki.example.org/rubric\n{COMPLETE}"))

    assert (run.code, run.out) == (2, "")
    assert run.err == (
        "r.yaml:1:6: 'wiki.example.org/rubric' is not an address; write one that begins with https://\n"
    )


# What check doubts


def test_check_warns_of_what_is_likely_a_mistake_and_still_ends_with_0(mlscore, write):
    doubtful = """\
id: doubtful
title: Doubtful
comparison: {label: Three teams}
levels:
  none: {points: 0, meaning: Not done.}
  half: {points: 0.5}
  done: {points: 1, meaning: Done.}
tiers:
  - {id: low, from: 0, to: 0.5, label: Low, meaning: Not there yet.}
  - {id: odd, from: 1.1, label: Odd, meaning: Odd.}
  - {id: high, from: 1.2, label: High}
  - {id: top, above: 2, label: Top, meaning: Never.}
categories:
  - id: a
    title: A
    tests:
      - {id: a-1, title: One, purpose: Because., guidance: {half: Half., done: Done.}}
      - {id: a-2, title: Two, guidance: {done: Done., double: Twice.}, automated: By a job.}
"""
    run = mlscore("rubric", "check", write("doubtful.yaml", doubtful))

    assert run.code == 0
    assert run.out.endswith(", 10 warnings\n")
    assert run.err == snapshot("""\
doubtful.yaml:3:13: warning: no test has an average to compare with
doubtful.yaml:6:9: warning: the level half has no meaning; say when a team may claim it
doubtful.yaml:9:28: warning: scores above 0.5 and below 1.1 are in no tier; they count as low
doubtful.yaml:10:5: warning: the tier odd cannot be reached: no sum of points falls into it
doubtful.yaml:11:5: warning: the tier high has no meaning; say what a score in it tells
doubtful.yaml:12:5: warning: the tier top cannot be reached: the scale ends at 2
doubtful.yaml:18:9: warning: a-2 does not say what counts as half
doubtful.yaml:18:9: warning: a-2 has no purpose; say why it matters
doubtful.yaml:18:63: warning: a-2 says what counts as double, which is no level of this rubric
doubtful.yaml:18:83: warning: a-2 says what counts as automated, which is no level of this rubric
""")


def test_an_average_without_a_comparison_is_doubted(mlscore, write):
    doubtful = COMPLETE.replace("title: One", "title: One, average: 0.5")

    run = mlscore("rubric", "check", write("r.yaml", doubtful))

    assert run.code == 0
    assert run.out.endswith(", 1 warning\n")
    assert run.err == "r.yaml:13:40: warning: a-1 has an average; add `comparison` to say whose\n"


def test_a_related_test_that_a_built_in_rubric_does_not_have_is_doubted(mlscore, write):
    related = (
        "related: {ml-test-score: [data-1, data-8], ml-test-score-2017: [infrastructure-3], elsewhere: [x-1]}"
    )
    doubtful = COMPLETE.replace("title: One", f"title: One, {related}")

    run = mlscore("rubric", "check", write("r.yaml", doubtful))

    assert run.code == 0
    assert run.err == "r.yaml:13:65: warning: 'data-8' is not a test of ml-test-score\n"


@pytest.mark.parametrize("name", ["ml-test-score-2016", "ml-test-score-2017", "ml-test-score"])
def test_a_rubric_file_with_the_name_of_a_built_in_rubric_is_doubted(mlscore, write, name):
    run = mlscore("rubric", "check", write("r.yaml", COMPLETE.replace("id: whole", f"id: {name}")))

    assert run.code == 0
    assert run.err == f"r.yaml:1:5: warning: {name} is the id of a built-in rubric; choose another\n"


@pytest.mark.parametrize("base", ["ml-test-score-2016", "ml-test-score-2017", "pipeline-testing"])
def test_the_tiers_of_a_longer_scale_are_not_doubted_while_all_can_be_reached(mlscore, write, base):
    first = load_rubric(base).categories[0].tests[-1].id

    run = mlscore("rubric", "check", write("mine.yaml", f"id: mine\nextends: {base}\nremove: [{first}]\n"))

    assert (run.code, run.err) == (0, "")


def test_the_tiers_of_a_shorter_scale_are_doubted(mlscore, write):
    """One test more in a rubric whose tests are summed: the highest tier begins too early."""
    test = "{id: ms-12, title: New, purpose: Because., guidance: {done: Done.}}"
    category = load_rubric("production-checklist").categories[0].id
    added = f"id: mine\nextends: production-checklist\ncategories: [{{id: {category}, tests: [{test}]}}]\n"

    run = mlscore("rubric", "check", write("mine.yaml", added))

    assert run.code == 0
    assert run.err == (
        "mine.yaml:2:10: warning: the scale ends at 12, but the tiers are those of production-checklist for 11; "
        "write tiers\n"
    )


def test_warnings_stand_in_the_file_also_when_they_come_about_by_extending(mlscore, write):
    write("base.yaml", COMPLETE.replace("id: low, from: 0, ", "id: low, from: 0, to: 1, "))
    mine = write(
        "mine.yaml",
        """\
id: mine
extends: base.yaml
categories:
  - id: a
    tests:
      - {id: a-3, title: Three}
levels:
  done: {points: 1.5}
""",
    )

    run = mlscore("rubric", "check", mine)

    assert run.code == 0
    assert run.err == snapshot("""\
mine.yaml:2:10: warning: scores above 1 and below 2 are in no tier; they count as low
mine.yaml:2:10: warning: the scale ends at 4.5, but the tiers are those of whole for 2; write tiers
mine.yaml:6:9: warning: a-3 does not say what counts as done
mine.yaml:6:9: warning: a-3 has no purpose; say why it matters
""")


def test_what_is_doubtful_in_a_base_alone_is_the_base_s_business(mlscore, write):
    write("base.yaml", RUBRIC)
    mine = write("mine.yaml", "id: mine\nextends: base.yaml\n")

    assert mlscore("rubric", "check", "base.yaml").err.count("warning: ") == 11
    assert mlscore("rubric", "check", mine).err == ""


@pytest.mark.parametrize(
    ("tests", "rest"), [(20, ""), (21, "and 1 more warning\n"), (25, "and 5 more warnings\n")]
)
def test_at_most_20_warnings_are_said_and_the_rest_counted(mlscore, write, tests, rest):
    lines = "".join(
        f"      - {{id: b-{place}, title: B, guidance: {{done: Done.}}}}\n" for place in range(1, tests + 1)
    )

    run = mlscore("rubric", "check", write("r.yaml", COMPLETE + lines))

    said = run.err.removesuffix(rest).splitlines()
    assert run.code == 0
    assert run.err.endswith(rest)
    assert [line.partition("warning: ")[2] for line in said] == [
        f"b-{place} has no purpose; say why it matters" for place in range(1, 21)
    ]
    assert run.out.endswith(f", {tests} warnings\n")


def test_the_2016_scale_has_the_gap_of_the_paper_and_no_other_doubt(mlscore):
    file = ROOT / "rubric" / "ml-test-score-2016.yaml"

    run = mlscore("rubric", "check", os.path.relpath(file))

    assert run.code == 0
    assert run.out.endswith(", 1 warning\n")
    assert run.err.endswith(": warning: scores above 10 and below 12 are in no tier; they count as strong\n")
    assert run.err.count("\n") == 1


# new and schema


def test_new_writes_a_rubric_and_the_schema_beside_it(mlscore):
    run = mlscore("rubric", "new")

    assert (run.code, run.out) == (0, "")
    assert run.err == "Wrote rubric.yaml. Change what you like, then run: mlscore rubric check rubric.yaml\n"
    assert sorted(os.listdir()) == [SCHEMA, "rubric.yaml"]
    assert Path("rubric.yaml").read_text().startswith(f"# yaml-language-server: $schema=./{SCHEMA}\n")
    assert Path(SCHEMA).read_text() == mlscore("rubric", "schema").out


def test_a_new_rubric_has_nothing_that_check_doubts(mlscore):
    mlscore("rubric", "new", "ours.yaml")

    run = mlscore("rubric", "check", "ours.yaml")

    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("ours.yaml: ok: ours, version 1, 4 tests, scale 0 to 4, sha256:")


@pytest.mark.parametrize(
    ("base", "warnings"),
    [
        ("ml-test-score-2016", []),
        ("ml-test-score-2017", []),
        ("ml-test-score", []),
        (
            "pipeline-testing",
            [
                "scores above 18 are in no tier; they count as thorough",
            ],
        ),
        (
            "production-checklist",
            ["the scale ends at 12, but the tiers are those of production-checklist for 11; write tiers"],
        ),
    ],
)
def test_a_new_extension_has_one_test_more_and_is_doubted_only_where_sums_have_tiers(mlscore, base, warnings):
    assert mlscore("rubric", "new", "ours.yaml", "--extends", base).code == 0

    run = mlscore("rubric", "check", "ours.yaml")

    assert run.code == 0
    assert [line.partition(" warning: ")[2] for line in run.err.splitlines()] == warnings
    assert load_rubric("ours.yaml").extends == base
    assert len(load_rubric("ours.yaml").tests) == len(load_rubric(base).tests) + 1


def test_a_base_given_by_a_path_is_named_by_its_path_from_the_file(mlscore, write):
    write("shared/our base.yaml", COMPLETE)
    os.mkdir("teams")

    assert mlscore("rubric", "new", "teams/ours.yaml", "--extends", "shared/our base.yaml").code == 0

    rubric = load_rubric("teams/ours.yaml")
    assert rubric.extends == "../shared/our base.yaml"
    assert list(rubric.tests) == ["a-1", "a-2", "a-3"]
    assert sorted(os.listdir("teams")) == [SCHEMA, "ours.yaml"]
    assert mlscore("rubric", "check", "teams/ours.yaml").code == 0


@pytest.mark.parametrize(
    ("category", "last", "added"),
    [("a", "last", "a-2"), ("c" * 64, "last", "c" * 50 + "-1"), ("a", "x" * 64, "a-2")],
    ids=["short", "a long category", "a long test"],
)
def test_the_added_test_has_a_valid_id_where_the_last_one_has_no_number(mlscore, write, category, last, added):
    write("base.yaml", COMPLETE.replace("id: a\n", f"id: {category}\n").replace("id: a-2", f"id: {last}"))

    assert mlscore("rubric", "new", "ours.yaml", "--extends", "base.yaml").code == 0

    assert list(load_rubric("ours.yaml").tests) == ["a-1", last, added]


@pytest.mark.parametrize("base", BUILT_IN)
def test_what_stands_in_the_comments_of_an_extension_can_be_uncommented(mlscore, base):
    mlscore("rubric", "new", "ours.yaml", "--extends", base)
    text = Path("ours.yaml").read_text()
    first = next(iter(load_rubric(base).categories[-1].tests))
    uncommented = re.sub(r"(?m)^( *)# (?=require:|levels:|tiers:|- \{|  \w+: \{|  - \{)", r"\1", text)
    Path("ours.yaml").write_text(uncommented)

    rubric = load_rubric("ours.yaml")
    assert rubric.required == (first.id,)
    assert rubric.tests[first.id].title == "Another title"
    assert [tier.id for tier in rubric.tiers] == [tier.id for tier in load_rubric(base).tiers]
    assert {name: level.points for name, level in rubric.levels.items()} == {
        name: level.points for name, level in load_rubric(base).levels.items()
    }
    assert uncommented.count("\n# ") == text.count("\n# ") - 3 - len(rubric.levels) - len(rubric.tiers)


@pytest.mark.parametrize("base", [None, *BUILT_IN])
def test_a_project_can_answer_what_new_writes(mlscore, write, base):
    mlscore("rubric", "new", "ours.yaml", *(["--extends", base] if base else []))
    test = list(load_rubric("ours.yaml").tests)[-1]
    best = load_rubric("ours.yaml").ladder[-1]
    write("project.yaml", f"project: churn\nrubric: ours.yaml\nanswers: {{{test}: {best}}}\n")

    run = mlscore("assess", "project.yaml", "-f", "json")

    report = json.loads(run.out)
    assert run.code == 0
    assert report["rubric"]["id"] == "ours"
    assert report["counts"][best] == 1


@pytest.mark.parametrize(
    ("file", "rubric_id", "title"),
    [
        ("acme.yaml", "acme", "acme"),
        ("ACME Rules.yml", "acme-rules", "ACME Rules"),
        ("acme-2025.yaml", "acme-2025", "acme-2025"),
        ("2025-acme-.yaml", "acme", "2025-acme-"),
        ("Über Modell 2.yaml", "uber-modell-2", "Über Modell 2"),
        ("123.yaml", "rubric", "123"),
        ("日本.yaml", "rubric", "日本"),
        ("no.yaml", "no", "no"),
        ("a: b #c.yaml", "a-b-c", "a: b #c"),
        ("'quoted\".yaml", "quoted", "'quoted\""),
        ("x" * 100 + ".yaml", "x" * 60, "x" * 100),
        ("ours", "ours", "ours"),
    ],
)
@pytest.mark.parametrize("base", [None, "ml-test-score-2017"])
def test_any_file_name_gives_an_id_and_stays_the_title(mlscore, file, rubric_id, title, base):
    assert mlscore("rubric", "new", file, *(["--extends", base] if base else [])).code == 0

    rubric = load_rubric(f"./{file}")
    assert (rubric.id, rubric.title) == (rubric_id, title)


@pytest.mark.parametrize("present", ["rubric.yaml", SCHEMA])
def test_new_never_overwrites_without_force_and_leaves_nothing_half_written(mlscore, write, present):
    write(present, "mine")

    run = mlscore("rubric", "new")

    assert (run.code, run.out) == (2, "")
    assert run.err == f"mlscore: {present}: already there; --force overwrites\n"
    assert os.listdir() == [present]
    assert Path(present).read_text() == "mine"


def test_new_overwrites_with_force(mlscore, write):
    write("rubric.yaml", "mine")
    write(SCHEMA, "mine")

    assert mlscore("rubric", "new", "--force").code == 0
    assert load_rubric("rubric.yaml").id == "rubric"
    assert Path(SCHEMA).read_text() == mlscore("rubric", "schema").out


@pytest.mark.parametrize("target", ["base.yaml", "./sub/../base.yaml", "link.yaml", "mine.yaml"])
def test_new_never_overwrites_what_it_extends(mlscore, write, target):
    write("base.yaml", COMPLETE)
    write("mine.yaml", "id: mine\nextends: base.yaml\n")
    os.symlink("base.yaml", "link.yaml")
    os.mkdir("sub")
    before = {file: Path(file).read_bytes() for file in ("base.yaml", "mine.yaml")}

    run = mlscore("rubric", "new", target, "--extends", "mine.yaml", "--force")

    assert (run.code, run.out) == (2, "")
    assert "not written: it is an input" in run.err
    assert {file: Path(file).read_bytes() for file in before} == before
    assert sorted(os.listdir()) == ["base.yaml", "link.yaml", "mine.yaml", "sub"]


def test_new_never_overwrites_itself_with_an_extension_of_itself(mlscore, write):
    write("a.yaml", COMPLETE)

    run = mlscore("rubric", "new", "a.yaml", "--extends", "a.yaml", "--force")

    assert run == (2, "", "mlscore: a.yaml: not written: it is an input, or written already\n")
    assert Path("a.yaml").read_text() == COMPLETE
    assert os.listdir() == ["a.yaml"]


def test_a_second_rubric_in_a_folder_shares_the_schema(mlscore):
    assert mlscore("rubric", "new", "one.yaml").code == 0
    assert mlscore("rubric", "new", "two.yaml", "--extends", "one.yaml").code == 0
    assert sorted(os.listdir()) == [SCHEMA, "one.yaml", "two.yaml"]


@pytest.mark.parametrize("file", ["-", ""])
def test_new_needs_the_name_of_a_file(mlscore, file):
    run = mlscore("rubric", "new", file)

    assert run == (2, "", "mlscore: give the name of a file to write\n")
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing/rubric.yaml"], "not written: no such file or directory"),
        (["ours.yaml", "--extends", "ml-test-score-2018"], "did you mean ml-test-score-201"),
        (["ours.yaml", "--extends", "missing.yaml"], "missing.yaml: cannot be read"),
    ],
)
def test_new_that_cannot_be_is_exit_2_and_leaves_nothing(mlscore, arguments, words):
    run = mlscore("rubric", "new", *arguments)

    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert os.listdir() == []


def test_the_schema_of_rubric_files_is_a_schema(mlscore):
    run = mlscore("rubric", "schema")

    schema = json.loads(run.out)
    assert (run.code, run.err) == (0, "")
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rubric_there_is_validates_against_the_schema(mlscore, file):
    validator = Draft7Validator(json.loads(mlscore("rubric", "schema").out))

    assert [error.message for error in validator.iter_errors(data_of(file))] == []


@pytest.mark.parametrize("base", [None, *BUILT_IN])
def test_what_new_writes_validates_against_the_schema_beside_it(mlscore, base):
    mlscore("rubric", "new", "ours.yaml", *(["--extends", base] if base else []))

    validator = Draft7Validator(json.loads(Path(SCHEMA).read_text()))
    assert [error.message for error in validator.iter_errors(data_of("ours.yaml"))] == []


# diff

CHANGED = (
    RUBRIC.replace("manual: {points: 0.5", "manual: {points: 0.25")
    .replace("id: data-2, title: Features are beneficial", "id: data-2, title: Every feature earns its place")
    .replace("      - {id: data-3, title: Features are cheap, aliases: [input-3]}\n", "")
    .replace("canaried}", "canaried}\n      - {id: serving-3, title: Failures raise an alert}")
)


@pytest.fixture
def compared(write):
    """Two versions of a rubric, and projects that answer the old one."""
    write("small.yaml", RUBRIC)
    write("new.yaml", CHANGED)
    write(
        "teams/a/project.yaml",
        """\
project: churn
rubric: ../../small.yaml
answers: {data-1: automated, data-2: manual, input-3: none, serving-1: automated, serving-2: manual}
""",
    )
    write("teams/b.mlscore.yaml", "project: untouched\nrubric: ../small.yaml\nanswers: {}\n")
    write("teams/notes.yaml", "not: a project\n")
    write("broken.yaml", "project: broken\nrubric: small.yaml\nanswers: {data-1: done}\n")
    write("foreign.yaml", "project: foreign\nanswers: {model-1: manual}\n")
    return "small.yaml", "new.yaml"


def test_diff_as_text(mlscore, compared):
    run = mlscore("rubric", "diff", *compared, "--projects", "teams", "foreign.yaml", "--as-of", "2026-11-21")

    assert (run.code, run.err) == (0, "")
    assert run.out == snapshot("""\
small version 3 (sha256:eecb825c5c19) → small version 3 (sha256:80ad5f16f552)

Levels
  manual  points 0.5 → 0.25

Tests
  serving-3  added: Failures raise an alert
  data-3     removed: Features are cheap
  data-2     changed: title

Answers could score differently, but the version is still 3: raise it.

Projects that it changes: 1 of 2

Not compared, since they answer none of the tests: foreign (foreign.yaml)

churn (teams/a/project.yaml): 1.5 of 2 low → 1.25 of 2 low
  data-3 is gone, with 0 points: its answer has to go
  manual earns 0.25 instead of 0.5 (2 tests)
  data 1.5 → 1.25, serving 1.5 → 1.25
""")


def test_diff_as_markdown(mlscore, compared):
    run = mlscore("rubric", "diff", *compared, "--projects", "teams", "-f", "markdown", "--as-of", "2026-11-21")

    assert (run.code, run.err) == (0, "")
    assert run.out == snapshot("""\
## small version 3 (sha256:eecb825c5c19) → small version 3 (sha256:80ad5f16f552)

### Levels

| Id | Change |
| --- | --- |
| manual | points 0.5 → 0.25 |

### Tests

| Id | Change |
| --- | --- |
| serving-3 | added: Failures raise an alert |
| data-3 | removed: Features are cheap |
| data-2 | changed: title |

Answers could score differently, but the version is still 3: raise it.

Projects that it changes: 1 of 2

### Projects

| Project | Old | New | Why |
| --- | --- | --- | --- |
| churn (teams/a/project.yaml) | 1.5 of 2 low | 1.25 of 2 low | data-3 is gone, with 0 points: its answer has to go; manual earns 0.25 instead of 0.5 (2 tests); data 1.5 → 1.25, serving 1.5 → 1.25 |
""")  # noqa: E501


def test_diff_as_json(mlscore, compared):
    run = mlscore(
        "rubric", "diff", *compared, "--projects", "teams", "foreign.yaml", "-f", "json", "--as-of", "2026-11-21"
    )

    found = json.loads(run.out)
    assert (run.code, run.err) == (0, "")
    assert found["schema"] == "mlscore/rubric-diff/1"
    assert found["old"]["digest"] == load_rubric("small.yaml").digest
    assert found["new"]["digest"] == load_rubric("new.yaml").digest
    assert found["needs_version"] is True
    assert found["changes"] == snapshot(
        [
            {"what": "level", "id": "manual", "detail": "points 0.5 → 0.25", "scores": True},
            {"what": "test", "id": "serving-3", "detail": "added: Failures raise an alert", "scores": True},
            {"what": "test", "id": "data-3", "detail": "removed: Features are cheap", "scores": True},
            {"what": "test", "id": "data-2", "detail": "changed: title", "scores": False},
        ]
    )
    assert found["projects"] == snapshot(
        [
            {
                "path": "teams/a/project.yaml",
                "project": "churn",
                "comparable": True,
                "changed": True,
                "old": {
                    "score": 1.5,
                    "max_score": 2,
                    "tier": "low",
                    "categories": {"data": 1.5, "serving": 1.5},
                    "verified": None,
                },
                "new": {
                    "score": 1.25,
                    "max_score": 2,
                    "tier": "low",
                    "categories": {"data": 1.25, "serving": 1.25},
                    "verified": None,
                },
                "lost": ["data-3"],
                "reasons": [
                    "data-3 is gone, with 0 points: its answer has to go",
                    "manual earns 0.25 instead of 0.5 (2 tests)",
                    "data 1.5 → 1.25, serving 1.5 → 1.25",
                ],
            },
            {
                "path": "teams/b.mlscore.yaml",
                "project": "untouched",
                "comparable": True,
                "changed": False,
                "old": {
                    "score": 0,
                    "max_score": 2,
                    "tier": "low",
                    "categories": {"data": 0, "serving": 0},
                    "verified": None,
                },
                "new": {
                    "score": 0,
                    "max_score": 2,
                    "tier": "low",
                    "categories": {"data": 0, "serving": 0},
                    "verified": None,
                },
                "lost": [],
                "reasons": [],
            },
            {
                "path": "foreign.yaml",
                "project": "foreign",
                "comparable": False,
                "changed": False,
                "old": None,
                "new": None,
                "lost": [],
                "reasons": [],
            },
        ]
    )
    assert found["errors"] == []


def test_a_rubric_does_not_differ_from_itself(mlscore, compared):
    run = mlscore("rubric", "diff", "small.yaml", "small.yaml", "--projects", "teams", "-f", "json")

    found = json.loads(run.out)
    assert run.code == 0
    assert (found["changes"], found["needs_version"]) == ([], False)
    assert [project["changed"] for project in found["projects"]] == [False, False]
    assert "no difference" in mlscore("rubric", "diff", "small.yaml", "small.yaml").out


def test_diff_writes_to_a_file(mlscore, compared):
    expected = mlscore("rubric", "diff", *compared, "-f", "markdown").out

    run = mlscore("rubric", "diff", *compared, "-f", "markdown", "-o", "diff.md")

    assert run == (0, "", "")
    assert Path("diff.md").read_text() == expected


@pytest.mark.parametrize(
    "projects",
    [
        ["--projects", "teams/a/project.yaml", "--projects", "teams/b.mlscore.yaml"],
        ["--projects", "teams/a/project.yaml", "teams/b.mlscore.yaml"],
        ["--projects", "teams"],
        ["--projects", "teams", "--projects", "teams/a"],
    ],
)
def test_projects_are_named_one_by_one_together_or_by_their_folder(mlscore, compared, projects):
    run = mlscore("rubric", "diff", *compared, *projects, "-f", "json")

    assert run.code == 0
    assert [project["path"] for project in json.loads(run.out)["projects"]] == [
        "teams/a/project.yaml",
        "teams/b.mlscore.yaml",
    ]


def test_a_folder_without_project_files_is_exit_2(mlscore, compared):
    os.mkdir("empty")

    run = mlscore("rubric", "diff", *compared, "--projects", "empty")

    assert run == (2, "", "mlscore: --projects: no project file in empty\n")


def test_a_broken_project_is_said_and_the_others_are_still_compared(mlscore, compared):
    run = mlscore("rubric", "diff", *compared, "--projects", "broken.yaml", "teams", "missing.yaml", "-f", "json")

    found = json.loads(run.out)
    problems = run.err.splitlines()
    assert run.code == 2
    assert problems[0].startswith("broken.yaml:3:19: 'done' ")
    assert problems[1:] == ["missing.yaml: cannot be read: no such file or directory"]
    assert [project["project"] for project in found["projects"]] == ["churn", "untouched"]
    assert found["errors"] == [
        {"path": "broken.yaml", "messages": problems[:1]},
        {"path": "missing.yaml", "messages": problems[1:]},
    ]


@pytest.mark.parametrize(
    "target", ["small.yaml", "new.yaml", "base.yaml", "teams/a/project.yaml", "./teams/../new.yaml"]
)
def test_diff_never_writes_over_what_it_reads(mlscore, compared, write, target):
    write("base.yaml", COMPLETE)
    write("extended.yaml", "id: x\nextends: base.yaml\n")
    before = Path(target).read_bytes()
    pair = ("extended.yaml", "new.yaml") if target == "base.yaml" else compared

    run = mlscore("rubric", "diff", *pair, "--projects", "teams", "-o", target)

    assert (run.code, run.out) == (2, "")
    assert "not written: it is an input" in run.err
    assert Path(target).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ml-test-score-2016", "ml-test-score-2018"], "did you mean ml-test-score-201"),
        (["xyzzy", "ml-test-score-2016"], "'xyzzy' is not a built-in rubric"),
        (["ml-test-score-2016", "missing.yaml"], "missing.yaml: cannot be read"),
        (["ml-test-score-2016"], "Usage: mlscore rubric diff"),
        (["ml-test-score-2016", "ml-test-score-2017", "-f", "jsn"], "did you mean json?"),
        (["ml-test-score-2016", "ml-test-score-2017", "--as-of", "today"], "--as-of: 'today' is not a date"),
    ],
)
def test_a_diff_that_cannot_be_is_exit_2_with_an_empty_stdout(mlscore, arguments, words):
    run = mlscore("rubric", "diff", *arguments)

    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_a_rubric_that_is_related_to_none_is_doubted(mlscore, write):
    test = "{id: b-8, title: T, related: {ml-test-scor: [data-1], of-our-own: [x-1]}}"
    write("r.yaml", f"id: mine\nextends: ml-test-score-2017\ncategories: [{{id: data, tests: [{test}]}}]\n")

    result = mlscore("rubric", "check", "r.yaml")

    assert result.code == 0
    assert "'ml-test-scor' is not a built-in rubric; did you mean ml-test-score?" in result.err
    assert "of-our-own" not in result.err


def test_a_built_in_rubric_is_checked_by_its_id(mlscore):
    result = mlscore("rubric", "check", "ml-test-score-2017")

    assert (result.code, result.err) == (0, "")
    assert ": ok: ml-test-score-2017, version 1, 28 tests" in result.out


def test_what_a_rubric_requires_is_shown_before_it_fails(mlscore, write):
    write("r.yaml", "id: mine\nextends: ml-test-score-2017\nrequire: [data-5, infra-4]\n")

    shown = mlscore("rubric", "show", "r.yaml").out
    mlscore("init", "project.yaml", "--rubric", "r.yaml")
    failed = mlscore("assess", "project.yaml", "-q")

    assert "\nRequired in every project: data-5 and infra-4\n" in shown
    assert "The rubric requires data-5 and infra-4" in Path("project.yaml").read_text()
    assert failed.code == 1
    assert "must earn points (as mine requires); it is unanswered" in failed.err
