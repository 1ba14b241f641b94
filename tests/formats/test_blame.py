"""A blame as lines, JSON, CSV and a page."""

import json

import pytest
from hypothesis import given, settings
from inline_snapshot import snapshot

from formats.samples import PROJECT, RUBRIC
from formats.test_nasty import ANY_TEXT, NASTY, ReadHtml, harm, read_csv, read_json
from formats.test_plan import check_page, nasty_state, rows_of
from mlscore.comparing import State
from mlscore.formats import Style
from mlscore.formats.blame import FORMATS, render
from mlscore.git import Revision
from mlscore.history import Blame
from mlscore.loading import parse_project
from mlscore.text import one_line


def revision(author="Ada Lovelace", when="2026-03-01T12:00:00+01:00"):
    return Revision("0123456789abcdef0123456789abcdef01234567", (), when, author, "project.yaml", "blob")


FOUND = (
    Blame("data-1", "automated", revision()),
    Blame("data-2", "manual", revision("Bob", "2025-12-31T23:59:59-08:00")),
    Blame("data-3", "none", None),
    Blame("gone", "manual", revision()),
    Blame("serving-1", "not_applicable", revision()),
)


@pytest.fixture
def state(write):
    write("small.yaml", RUBRIC)
    return State(*parse_project(PROJECT.encode(), "project.yaml"))


def test_text(state):
    assert render("table", state, FOUND, Style(width=80)) == snapshot("""\
data-1     automated, 2026-03-01 01234567 Ada Lovelace (Feature schema)
data-2     manual, 2025-12-31 01234567 Bob (Features are beneficial)
data-3     none, not committed yet (Features are cheap)
gone       manual, 2026-03-01 01234567 Ada Lovelace
serving-1  not_applicable, 2026-03-01 01234567 Ada Lovelace (Roll back is quick)
""")


def test_narrow_text(state):
    assert render("table", state, FOUND, Style(width=40)) == snapshot("""\
data-1     automated, 2026-03-01
           01234567 Ada Lovelace
           (Feature schema)
data-2     manual, 2025-12-31 01234567
           Bob (Features are beneficial)
data-3     none, not committed yet
           (Features are cheap)
gone       manual, 2026-03-01 01234567
           Ada Lovelace
serving-1  not_applicable, 2026-03-01
           01234567 Ada Lovelace (Roll
           back is quick)
""")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_text_fits_the_width(state, width):
    assert max(map(len, render("table", state, FOUND, Style(width=width)).splitlines())) <= width


def test_without_answers(state):
    assert render("table", state, (), Style()) == "There is no answer yet.\n"
    assert json.loads(render("json", state, (), Style()))["answers"] == []
    assert read_csv(render("csv", state, (), Style())) == [["test", "status", "commit", "date", "author"]]
    assert check_page(render("html", state, (), Style())).all("table") == []


def test_json(state):
    data = json.loads(render("json", state, FOUND, Style()))
    data["rubric"]["digest"] = "DIGEST"

    assert data | {"mlscore": "VERSION"} == snapshot(
        {
            "schema": "mlscore/blame/1",
            "mlscore": "VERSION",
            "project": {"name": "churn", "path": "project.yaml"},
            "rubric": {"id": "small", "version": 3, "title": "Small rubric", "digest": "DIGEST"},
            "answers": [
                {
                    "test": "data-1",
                    "status": "automated",
                    "commit": "0123456789abcdef0123456789abcdef01234567",
                    "date": "2026-03-01T12:00:00+01:00",
                    "author": "Ada Lovelace",
                },
                {
                    "test": "data-2",
                    "status": "manual",
                    "commit": "0123456789abcdef0123456789abcdef01234567",
                    "date": "2025-12-31T23:59:59-08:00",
                    "author": "Bob",
                },
                {"test": "data-3", "status": "none", "commit": None, "date": None, "author": None},
                {
                    "test": "gone",
                    "status": "manual",
                    "commit": "0123456789abcdef0123456789abcdef01234567",
                    "date": "2026-03-01T12:00:00+01:00",
                    "author": "Ada Lovelace",
                },
                {
                    "test": "serving-1",
                    "status": "not_applicable",
                    "commit": "0123456789abcdef0123456789abcdef01234567",
                    "date": "2026-03-01T12:00:00+01:00",
                    "author": "Ada Lovelace",
                },
            ],
        }
    )


def test_csv(state):
    assert render("csv", state, FOUND, Style()) == snapshot("""\
test,status,commit,date,author
data-1,automated,0123456789abcdef0123456789abcdef01234567,2026-03-01T12:00:00+01:00,Ada Lovelace
data-2,manual,0123456789abcdef0123456789abcdef01234567,2025-12-31T23:59:59-08:00,Bob
data-3,none,,,
gone,manual,0123456789abcdef0123456789abcdef01234567,2026-03-01T12:00:00+01:00,Ada Lovelace
serving-1,not_applicable,0123456789abcdef0123456789abcdef01234567,2026-03-01T12:00:00+01:00,Ada Lovelace
""")


def test_page(state):
    page = check_page(render("html", state, FOUND, Style()))

    assert page.texts("title") == ["churn: Who answered what, mlscore"]
    assert page.texts("h1") == ["churn"]
    assert page.texts("p", class_="lead") == ["The commit that gave each answer its status"]
    assert rows_of(page, "Answers") == snapshot(
        [
            ["Test", "Title", "Status", "Day", "Commit", "Author"],
            ["data-1", "Feature schema", "automated", "2026-03-01", "01234567", "Ada Lovelace"],
            ["data-2", "Features are beneficial", "manual", "2025-12-31", "01234567", "Bob"],
            ["data-3", "Features are cheap", "none", "not committed yet", "", ""],
            ["gone", "", "manual", "2026-03-01", "01234567", "Ada Lovelace"],
            ["serving-1", "Roll back is quick", "not_applicable", "2026-03-01", "01234567", "Ada Lovelace"],
        ]
    )
    assert page.texts("footer") == ["Written by mlscore 0.1.0 from project.yaml."]


# Text that strangers wrote. Git knows no line breaks in an author.

READERS = {
    "table": str,
    "json": read_json,
    "csv": read_csv,
    "html": lambda text: (ReadHtml().feed(text), check_page(text)),
}


def check_nasty(name, text):
    state = State(*nasty_state(text, "a-1: {status: manual, note: {text}, owner: {text}}"))
    found = (
        Blame("a-1", "manual", revision(text.replace("\n", " ").replace("\0", " "))),
        Blame("b-1", "none", None),
    )
    for width in (80, 40):
        output = render(name, state, found, Style(width=width))

        assert harm(output) == []
        READERS[name](output)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_text_act(name, text):
    check_nasty(name, text)


@pytest.mark.parametrize("name", FORMATS)
@given(text=ANY_TEXT)
@settings(max_examples=30, deadline=None)
def test_any_text_in_any_format(name, text):
    check_nasty(name, text)


@pytest.mark.parametrize(
    "author", ["<b>Ada</b>", "Ada & Bob", "=cmd()", "::error::x", "Ada\x1b[31m", "Ad\udce9", 'O\'Hara "x"']
)
def test_an_author_is_shown_as_it_is(state, author):
    found = (Blame("data-1", "automated", revision(author)),)

    assert json.loads(render("json", state, found, Style()))["answers"][0]["author"] == one_line(author)
    assert rows_of(check_page(render("html", state, found, Style())), "Answers")[1][5] == one_line(author)
    assert read_csv(render("csv", state, found, Style()))[1][4].lstrip("'") == one_line(author)
    assert one_line(author) in render("table", state, found, Style(width=120))
