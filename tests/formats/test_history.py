"""A history as a table with a sparkline, JSON, CSV and a page with a chart."""

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from formats.samples import RUBRIC
from formats.test_nasty import ANY_TEXT, NASTY, ReadHtml, harm, read_csv, read_json
from formats.test_plan import check_page, nasty_state, rows_of
from mlscore.comparing import State
from mlscore.formats import Style
from mlscore.formats.history import BARS, FORMATS, PLAIN_BARS, render, sparkline
from mlscore.git import Revision
from mlscore.history import Broken, History, point
from mlscore.loading import parse_project
from mlscore.text import one_line, visible

DAYS = (
    "2026-01-05T09:00:00+01:00",
    "2026-01-05T23:30:00-05:00",
    "2026-03-01T00:00:00+00:00",
    "2026-11-20T12:00:00Z",
)
ANSWERS = (
    "{data-1: manual}",
    "{data-1: manual, data-2: manual, serving-1: manual}",
    "{data-1: automated, data-2: manual, serving-1: manual, serving-2: automated}",
    "{data-1: automated, data-2: automated, serving-1: automated, serving-2: automated}",
)


def revision(place, when, author="Ada", path="project.yaml"):
    return Revision(f"{place:040x}"[::-1], (), when, author, path, "blob")


def made(answers=ANSWERS, days=DAYS, rubric="small.yaml", broken=(), author="Ada"):
    """A history of a project with these answers, one commit each."""
    found = []
    for place, (text, when) in enumerate(zip(answers, days, strict=True), start=1):
        project = f"rubric: {rubric}\nproject: churn\nanswers: {text}\n"
        rules, project = parse_project(project.encode(), "project.yaml")
        found.append(point(revision(place, when, author), State(rules, project)))
    return History(project, rules, tuple(found), broken)


BROKEN = (Broken(revision(9, DAYS[1]), ("project.yaml:3:1: the key 'answers' is missing", "another")),)


@pytest.fixture(autouse=True)
def rubric(write):
    write("small.yaml", RUBRIC)


@pytest.fixture
def found():
    return made(broken=BROKEN)


@pytest.fixture
def then(write):
    """Each commit with the rubric of its time, of which the later has another category and another scale."""
    old = made(ANSWERS[:2], DAYS[:2])
    third = "  - {id: ops, title: Ops, tests: [{id: ops-1, title: Alarms}, {id: ops-2, title: Logs}]}\n"
    write("later.yaml", RUBRIC.replace("points: 1,", "points: 2,").replace("version: 3", "version: 4") + third)
    new = made(("{data-1: manual, serving-1: automated, ops-1: automated}",), DAYS[3:], "later.yaml")
    return History(new.project, None, old.points + new.points)


def test_text(found, then):
    assert render("table", found, Style(width=80)) == snapshot("""\
churn: 0 of 2 → 2 of 2 in 4 commits, scored with small
▁▃▇█

2026-01-05 10000000  0 of 2 low: data 0.5, serving 0
2026-01-05 20000000  0.5 of 2 low: data 1, serving 0.5
2026-03-01 30000000  1.5 of 2 low: data 1.5, serving 1.5
2026-11-20 40000000  2 of 2 high: data 2, serving 2
2026-01-05 90000000  not scored: project.yaml:3:1: the key 'answers' is missing;
                     another
""")
    assert render("table", then, Style(width=80)) == snapshot("""\
churn: 0 of 2 → 0.5 of 4 in 3 commits, each scored with the rubric of its time
▁▃▂

2026-01-05 10000000  0 of 2 low: data 0.5, serving 0
2026-01-05 20000000  0.5 of 2 low: data 1, serving 0.5
2026-11-20 10000000  0.5 of 4 low: data 0.5, serving 2, ops 2
""")


def test_narrow_text(found):
    assert render("table", found, Style(width=40)) == snapshot("""\
churn: 0 of 2 → 2 of 2 in 4 commits,
  scored with small
▁▃▇█

2026-01-05 10000000
             0 of 2 low: data 0.5,
             serving 0
2026-01-05 20000000
             0.5 of 2 low: data 1,
             serving 0.5
2026-03-01 30000000
             1.5 of 2 low: data 1.5,
             serving 1.5
2026-11-20 40000000
             2 of 2 high: data 2,
             serving 2
2026-01-05 90000000
             not scored:
             project.yaml:3:1: the key
             'answers' is missing;
             another
""")


def test_text_without_unicode(found):
    text = render("table", found, Style(width=80, unicode=False))

    assert text.isascii()
    assert text.splitlines()[:2] == snapshot(["churn: 0 of 2 -> 2 of 2 in 4 commits, scored with small", "_-#@"])


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_text_fits_the_width(found, then, width):
    many = found._replace(points=found.points * 100)
    for item in (found, then, many):
        assert max(map(len, render("table", item, Style(width=width)).splitlines())) <= min(width, 100)


def test_answers_that_the_rubric_does_not_know_are_named():
    item = made()
    project = item.project.model_copy(
        update={"answers": {**item.project.answers, "gone": item.project.answers["data-1"]}}
    )
    lost = point(item.points[0].revision, State(item.rubric, project))

    text = render("table", item._replace(points=(lost,)), Style(width=80))

    assert "without gone, whose answers the rubric does not take" in " ".join(text.split())
    assert json.loads(render("json", item._replace(points=(lost,)), Style()))["points"][0]["lost"] == ["gone"]


# The sparkline: a bar for each commit, or for each share of a long history.


@pytest.mark.parametrize(
    ("sums", "bars"), [((0, 1, 2, 3, 4), "▁▃▅▇█"), ((4, 0), "█▁"), ((2,), "▅"), ((0,), "▁"), ((4,) * 3, "███")]
)
def test_bars_are_as_high_as_the_scores(sums, bars):
    levels = ["none", "manual", "automated"]
    texts = [
        "{" + ", ".join(f"{name}-{place}: {levels[min(2, max(0, halves - 2 * place + 2))]}"
                        for name in ("data", "serving") for place in (1, 2)) + "}"
        for halves in sums
    ]  # fmt: skip
    item = made(texts, [DAYS[0]] * len(texts))

    assert [point.score.score for point in item.points] == [Fraction(halves, 2) for halves in sums]
    assert sparkline(item.points, 80) == bars
    assert sparkline(item.points, 80, PLAIN_BARS) == bars.translate(str.maketrans(BARS, PLAIN_BARS))


@settings(deadline=None)
@given(count=st.integers(1, 300), width=st.integers(1, 120))
def test_a_long_history_fits_and_ends_with_its_last_score(count, width):
    low, _, _, high = made().points
    points = [low] * (count - 1) + [high]

    drawn = sparkline(points, width)

    assert len(drawn) == min(count, width)
    assert drawn == BARS[0] * (len(drawn) - 1) + BARS[-1]


# JSON and CSV.


def test_json(found):
    data = json.loads(render("json", found, Style()))
    for rubric in (data["rubric"], *(item["rubric"] for item in data["points"])):
        rubric["digest"] = "DIGEST"

    assert data | {"mlscore": "VERSION", "points": data["points"][:1]} == snapshot(
        {
            "schema": "mlscore/history/1",
            "mlscore": "VERSION",
            "project": {"name": "churn", "path": "project.yaml"},
            "rubric": {"id": "small", "version": 3, "title": "Small rubric", "digest": "DIGEST"},
            "points": [
                {
                    "commit": "1000000000000000000000000000000000000000",
                    "date": "2026-01-05T09:00:00+01:00",
                    "score": 0,
                    "tier": "low",
                    "categories": {"data": 0.5, "serving": 0},
                    "author": "Ada",
                    "path": "project.yaml",
                    "rubric": {"id": "small", "digest": "DIGEST"},
                    "max_score": 2,
                    "lost": [],
                }
            ],
            "errors": [
                {
                    "commit": "9000000000000000000000000000000000000000",
                    "date": "2026-01-05T23:30:00-05:00",
                    "messages": ["project.yaml:3:1: the key 'answers' is missing", "another"],
                }
            ],
        }
    )
    assert data.keys() >= {"schema", "mlscore", "project", "rubric", "points"}
    assert all(item.keys() >= {"commit", "date", "score", "tier", "categories"} for item in data["points"])
    assert [item["commit"] for item in data["points"]] == [point.revision.commit for point in found.points]
    assert [item["date"] for item in data["points"]] == list(DAYS)
    assert [(item["score"], item["tier"]) for item in data["points"]] == [
        (0, "low"), (0.5, "low"), (1.5, "low"), (2, "high")
    ]  # fmt: skip


def test_json_with_the_rubrics_of_then(then):
    data = json.loads(render("json", then, Style()))

    assert data["rubric"] is None
    assert [item["max_score"] for item in data["points"]] == [2, 2, 4]
    assert [list(item["categories"]) for item in data["points"]] == [["data", "serving"]] * 2 + [
        ["data", "serving", "ops"]
    ]
    assert len({item["rubric"]["digest"] for item in data["points"]}) == 2
    assert data["errors"] == []


def test_csv(found, then):
    assert render("csv", found, Style()) == snapshot("""\
commit,date,author,rubric,score,max_score,tier,data,serving
1000000000000000000000000000000000000000,2026-01-05T09:00:00+01:00,Ada,small,0,2,low,0.5,0
2000000000000000000000000000000000000000,2026-01-05T23:30:00-05:00,Ada,small,0.5,2,low,1,0.5
3000000000000000000000000000000000000000,2026-03-01T00:00:00+00:00,Ada,small,1.5,2,low,1.5,1.5
4000000000000000000000000000000000000000,2026-11-20T12:00:00Z,Ada,small,2,2,high,2,2
""")
    assert [row[3:] for row in read_csv(render("csv", then, Style()))] == snapshot(
        [
            ["rubric", "score", "max_score", "tier", "data", "serving", "ops"],
            ["small", "0", "2", "low", "0.5", "0", ""],
            ["small", "0.5", "2", "low", "1", "0.5", ""],
            ["small", "0.5", "4", "low", "0.5", "2", "2"],
        ]
    )


# Pages.


def chart(page):
    """The line of a chart as the scores it goes through: places in percent from the left and from the top."""
    [line] = page.all("path", class_="line")
    assert re.fullmatch(r"M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)*H100", line["d"])
    return [float(number) for number in re.findall(r"[\d.]+", line["d"])]


def test_page(found):
    page = check_page(render("html", found, Style()))

    assert page.texts("title")[0] == "churn: History of the score, mlscore"
    assert page.texts("h1") == ["churn"]
    assert page.texts("p", class_="lead") == snapshot(["0 of 2 → 2 of 2, High"])
    assert page.texts("p", class_="remark") == snapshot(["4 commits, scored with small."])
    assert rows_of(page, "Commits") == snapshot(
        [
            ["Day", "Commit", "Author", "Score", "Tier", "data", "serving"],
            ["2026-11-20", "40000000", "Ada", "2 of 2", "High", "2", "2"],
            ["2026-03-01", "30000000", "Ada", "1.5 of 2", "Low", "1.5", "1.5"],
            ["2026-01-05", "20000000", "Ada", "0.5 of 2", "Low", "1", "0.5"],
            ["2026-01-05", "10000000", "Ada", "0 of 2", "Low", "0.5", "0"],
        ]
    )
    assert rows_of(page, "Not scored") == snapshot(
        [["Day", "Commit", "Why"], ["2026-01-05", "90000000", "project.yaml:3:1: the key 'answers' is missing"]]
    )
    assert page.texts("p", class_="ends") == snapshot(["2026-01-05 2026-11-20"])


def test_the_chart_has_a_band_for_each_tier_and_a_dot_for_each_commit(found):
    page = check_page(render("html", found, Style()))

    assert [(band["y"], band["height"]) for band in page.all("rect", class_="band")] == [("0.0", "100.0")]
    assert [(dot["cy"], dot["text"]) for dot in page.all("circle")] == snapshot(
        [
            ("100.0%", "2026-01-05 0 of 2 "),
            ("75.0%", "2026-01-05 0.5 of 2 "),
            ("25.0%", "2026-03-01 1.5 of 2 "),
            ("0.0%", "2026-11-20 2 of 2 "),
        ]
    )
    assert [float(dot["cx"].rstrip("%")) for dot in page.all("circle")][::3] == [0, 100]
    assert len(chart(page)) == 2 * len(found.points) + 1


def test_the_bands_of_a_chart_lie_on_each_other(write):
    tiers = "{id: mid, from: 0.5, label: Mid}\n  - {id: high, above: 1,"
    text = RUBRIC.replace("to: 0.5, label: Low", "label: Low").replace("{id: high, from: 2,", tiers)
    write("bands.yaml", text)
    page = check_page(render("html", made(rubric="bands.yaml"), Style()))
    bands = [(float(band["y"]), float(band["height"])) for band in page.all("rect", class_="band")]

    assert bands == [(75, 25), (50, 25), (0, 50)]


def test_commits_of_one_moment_stand_side_by_side():
    places = chart(check_page(render("html", made(days=[DAYS[0]] * 4), Style())))

    assert places[::2] == [0, 25, 50, 75, 100]


def test_a_history_of_one_commit_has_a_line_all_the_way():
    page = check_page(render("html", made(ANSWERS[:1], DAYS[:1]), Style()))

    assert chart(page) == [0, 100, 100]
    assert page.texts("p", class_="ends") == ["2026-01-05 2026-01-05"]


def test_page_with_the_rubrics_of_then(then):
    page = check_page(render("html", then, Style()))

    assert rows_of(page, "Commits") == snapshot(
        [
            ["Day", "Commit", "Author", "Score", "Tier", "data", "serving", "ops"],
            ["2026-11-20", "10000000", "Ada", "0.5 of 4", "Low", "0.5", "2", "2"],
            ["2026-01-05", "20000000", "Ada", "0.5 of 2", "Low", "1", "0.5", ""],
            ["2026-01-05", "10000000", "Ada", "0 of 2", "Low", "0.5", "0", ""],
        ]
    )
    assert "each scored with the rubric of its time" in page.text


# Text that strangers wrote. Git knows no line breaks in an author.

READERS = {
    "table": str,
    "json": read_json,
    "csv": read_csv,
    "html": lambda text: (ReadHtml().feed(text), check_page(text)),
}


def check_nasty(name, text):
    rules, project = nasty_state(text, "a-1: {status: manual, note: {text}, owner: {text}}")
    author, path = text.replace("\n", " ").replace("\0", " "), text.replace("\0", " ")
    points = tuple(point(revision(place, DAYS[place], author, path), State(rules, project)) for place in range(3))
    broken = (Broken(revision(3, DAYS[3], author, path), (visible(text).strip() or "blank",)),)
    for rubric in (rules, None):
        output = render(name, History(project, rubric, points, broken), Style(width=80))

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
def test_an_author_is_shown_as_it_is(author):
    item = made(author=author)

    assert json.loads(render("json", item, Style()))["points"][0]["author"] == one_line(author)
    assert rows_of(check_page(render("html", item, Style())), "Commits")[1][2] == one_line(author)
    assert read_csv(render("csv", item, Style()))[1][2].lstrip("'") == one_line(author)
