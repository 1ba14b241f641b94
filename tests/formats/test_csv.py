"""CSV for spreadsheets."""

import csv
import io

import pytest
from inline_snapshot import snapshot

from formats.samples import PROJECT, in_yaml, project_with
from mlscore.formats import Style, render


def rows(*reports):
    return list(csv.DictReader(io.StringIO(render("csv", reports, Style())), strict=True))


def test_a_header_and_one_row_for_each_test(assessed):
    assert render("csv", [assessed(PROJECT)], Style()) == snapshot("""\
path,project,rubric,category,test,title,status,points,max_points,verified_points,owner,date,note,reason,evidence,rubric_version,rubric_digest
project.yaml,churn,small,data,data-1,Features are described in a schema,automated,1,1,,,,,,,3,sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a
project.yaml,churn,small,data,data-2,Features are beneficial,manual,0.5,1,,Anna,2026-10-01,"a|b, by hand",,"url https://wiki.example.org/x: inconclusive, it was not read; file docs/ablation.md: inconclusive, it was not read",3,sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a
project.yaml,churn,small,data,data-3,Features are cheap,none,0,1,,,,,,,3,sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a
project.yaml,churn,small,serving,serving-1,Roll back is quick,not_applicable,0,1,,,,,batch only,,3,sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a
project.yaml,churn,small,serving,serving-2,Models are canaried,unanswered,0,1,,,,,,,3,sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a
""")  # noqa: E501


def test_the_default_rubric_gives_28_rows(assessed):
    report = assessed(project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6}))

    assert [(row["category"], row["test"]) for row in rows(report)] == [
        (category, f"{category}-{place}")
        for category in ("data", "model", "infra", "monitor")
        for place in range(1, 8)
    ]
    assert sum(int(row["points"]) for row in rows(report)) == 5 + 4 + 8 + 6


def test_several_projects_share_one_header(assessed):
    first, second = assessed(PROJECT, "a.yaml"), assessed("project: x\nanswers: {}\n", "b.yaml")

    assert [row["path"] for row in rows(first, second)] == ["a.yaml"] * 5 + ["b.yaml"] * 28


@pytest.mark.parametrize("note", ['a, b; "c"', "'quoted'", "ü \U0001f642", "semi;colon", "a\\b"])
def test_text_comes_back_as_it_was(assessed, note):
    report = assessed(PROJECT.replace('"a|b, by hand"', in_yaml(note)))

    assert rows(report)[1]["note"] == note


def test_newlines_become_spaces_so_that_a_row_is_a_line(assessed):
    report = assessed(PROJECT.replace('"a|b, by hand"', in_yaml("one\n\n  two\tthree")))

    assert rows(report)[1]["note"] == "one two three"
    assert len(render("csv", [report], Style()).splitlines()) == 1 + 5


@pytest.mark.parametrize(
    "note",
    [
        "=cmd()",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        '=HYPERLINK("http://x")',
        "=",
        "\uff1d1",
        "|calc",
    ],
)
def test_no_cell_is_a_formula(assessed, note):
    """Spreadsheets run cells that begin with = + - @, also in their full-width forms and after blanks."""
    report = assessed(PROJECT.replace('"a|b, by hand"', in_yaml(note)).replace("churn", in_yaml(note)))

    for row in rows(report):
        assert not row["note"].lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
        assert not row["project"].lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
