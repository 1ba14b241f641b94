"""The bare number."""

import pytest

from formats.samples import PROJECT, project_with
from mlscore.formats import Style, render


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ("answers: {}", "0\n"),
        ("answers: {data-1: manual, serving-1: manual}", "0.5\n"),
        ("answers: {data-1: automated, serving-1: automated}", "1\n"),
    ],
)
def test_only_the_score_without_trailing_zeros(assessed, answers, value):
    assert render("value", [assessed(f"rubric: small.yaml\nproject: x\n{answers}\n")], Style()) == value


def test_two_digits(assessed):
    sums = dict.fromkeys(("data", "model", "infra", "monitor"), 14)

    assert render("value", [assessed(project_with(sums))], Style()) == "14\n"


def test_several_projects_one_line_each(assessed):
    better = PROJECT.replace("answers:", "answers:\n  serving-2: manual")
    reports = [assessed("project: x\nanswers: {}\n"), assessed(better)]

    assert render("value", reports, Style(many=True)) == "0\n0.5\n"
