"""A portfolio in every format: as a person sees it, as the contract has it, and with text that strangers wrote."""

import csv
import io
import json
import re
from base64 import b64encode
from datetime import date
from hashlib import sha256

import pytest
from inline_snapshot import snapshot
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as textfile

import mlscore
from formats.samples import RUBRIC
from formats.test_html import Page
from formats.test_nasty import NASTY, READERS, harm, read_csv, read_markdown
from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.formats.portfolio import FORMATS, gap_line, lift_line, render
from mlscore.loading import load_rubric, read_rubric
from mlscore.portfolio import Group, Portfolio, Refused, Row, gather
from mlscore.text import one_line

PAPER = load_rubric("ml-test-score-2016")
BROKEN = Refused("c/project.yaml", ("c/project.yaml:3:11: 'done' is not a level", "c/project.yaml:4:3: x"))


def row(name="churn", path="a/project.yaml", sums=(5, 4, 8, 6), **keys):
    """A project on the scale of 2016, whose categories earn `sums`; what is not earned is unanswered."""
    statuses = b"".join(bytes([2] * (units // 2) + [1] * (units % 2)).ljust(7, b"\4") for units in sums)
    return Row(path, name, keys.pop("owner", ""), PAPER.digest, tuple(sums), statuses, **keys)


@pytest.fixture
def small(write):
    return read_rubric(str(write("small.yaml", RUBRIC)))


def portfolio(*rows, refused=(), group_by=None, rubrics=()):
    known = {rubric.digest: rubric for rubric in (PAPER, *rubrics)}
    return Portfolio(gather(rows, known), tuple(refused), group_by)


def rich(small):
    """Two rubrics, a gate that is met and one that is not, a broken file."""
    return portfolio(
        row(owner="growth", oldest=date(2026, 10, 1), gate=()),
        row("fraud", "b/project.yaml", (4, 4, 4, 2), verified=(4, 0, 2, 2), gate=("the score 2 is below 3",)),
        row("ads", "d/project.yaml", (14, 14, 14, 14), owner="growth"),
        Row("e/project.yaml", "small one", "ana", small.digest, (3, 1), bytes([2, 1, 0, 1, 3])),
        refused=[BROKEN],
        rubrics=[small],
    )


def text_of(name, found, width=80):
    return render(name, found, Style(width=width))


# The table


def test_the_table_says_what_it_has_to(small):
    text = text_of("table", rich(small))
    flat = " ".join(text.split())

    for part in (
        *("ml-test-score-2016, version", ": 3 projects", "small, version 3, 0 to 2", ": 1 project"),
        *("fraud (b/project.yaml)", "churn (a/project.yaml, growth)", "2026-10-01", "not met", "met", "2*"),
        *("* limits the score", "of 3 projects lack", "36 systems at Google", "Gate not met: 1 project"),
        *("Left out: 1 file", "small one (e/project.yaml, ana)", "0.5*"),
    ):
        assert part in flat
    assert text.endswith("\n")
    assert not text.startswith("\n")
    assert [line for line in text.splitlines() if line.startswith("* ")] == ["* limits the score"] * 2


@pytest.mark.parametrize("width", [80, 40])
def test_sentences_keep_to_the_width(small, width):
    lines = text_of("table", rich(small), width).splitlines()

    assert not [line for line in lines if len(line) > width and re.search(r"projects? lack|would lift", line)]


def test_the_table_at_80_columns(small):
    assert text_of("table", rich(small)) == snapshot("""\
ml-test-score-2016, version 1, 0 to 14 (sha256:aa42b87851da): 3 projects

score  verified  tier         data  model  infra  monitor  open  oldest      gate
    project
    2         0  gaps            4      4      4       2*    21              not met
    fraud (b/project.yaml)
    4            basic           5     4*      8        6    16  2026-10-01  met
    churn (a/project.yaml, growth)
   14            exceptional   14*    14*    14*      14*     0
    ads (d/project.yaml, growth)

* limits the score
2 of 3 projects lack data-4 (Features meet meta-level requirements), mean 0.66
  (36 systems at Google: 0.42).
2 of 3 projects lack data-5 (Privacy controls across the pipeline), mean 0.66
  (36 systems at Google: 1.08).
2 of 3 projects lack data-6 (New features can be added quickly), mean 0.66 (36
  systems at Google: 0.72).
2 of 3 projects lack data-7 (All input feature code is tested), mean 0.66 (36
  systems at Google: 0.94).
2 of 3 projects lack model-3 (All hyperparameters have been tuned), mean 0.66
  (36 systems at Google: 0.8).
model-3, made automated everywhere, would lift 1 of 3 projects a tier; no other
  test would lift more.

small, version 3, 0 to 2 (sha256:eecb825c5c19): 1 project

score  tier  data  serving  open  oldest  gate  project
  0.5  low    1.5     0.5*     0                small one (e/project.yaml, ana)

* limits the score
1 of 1 project lacks data-3 (Features are cheap), mean 0.
No test by itself would lift a project a tier.

Gate not met: 1 project
Left out: 1 file
""")


def test_the_table_at_40_columns():
    assert text_of("table", portfolio(row(owner="growth"), group_by="owner"), 40) == snapshot("""\
ml-test-score-2016, version 1, 0 to 14
  (sha256:aa42b87851da): 1 project

score  tier   data  model  infra  monitor  open  oldest  gate
    project
owner growth: 1 project
    4  basic     5     4*      8        6    16
    churn (a/project.yaml, growth)

* limits the score
1 of 1 project lacks data-4 (Features
  meet meta-level requirements), mean 0
  (36 systems at Google: 0.42).
1 of 1 project lacks data-5 (Privacy
  controls across the pipeline), mean 0
  (36 systems at Google: 1.08).
1 of 1 project lacks data-6 (New
  features can be added quickly), mean 0
  (36 systems at Google: 0.72).
1 of 1 project lacks data-7 (All input
  feature code is tested), mean 0 (36
  systems at Google: 0.94).
1 of 1 project lacks model-3 (All
  hyperparameters have been tuned), mean
  0 (36 systems at Google: 0.8).
model-3, made automated everywhere,
  would lift 1 of 1 project a tier; no
  other test would lift more.
""")


def test_the_table_at_120_columns():
    assert text_of("table", portfolio(row(owner="growth", gate=()), refused=[BROKEN]), 120) == snapshot("""\
ml-test-score-2016, version 1, 0 to 14 (sha256:aa42b87851da): 1 project

score  tier   data  model  infra  monitor  open  oldest  gate  project
    4  basic     5     4*      8        6    16          met   churn (a/project.yaml, growth)

* limits the score
1 of 1 project lacks data-4 (Features meet meta-level requirements), mean 0 (36 systems at Google: 0.42).
1 of 1 project lacks data-5 (Privacy controls across the pipeline), mean 0 (36 systems at Google: 1.08).
1 of 1 project lacks data-6 (New features can be added quickly), mean 0 (36 systems at Google: 0.72).
1 of 1 project lacks data-7 (All input feature code is tested), mean 0 (36 systems at Google: 0.94).
1 of 1 project lacks model-3 (All hyperparameters have been tuned), mean 0 (36 systems at Google: 0.8).
model-3, made automated everywhere, would lift 1 of 1 project a tier; no other test would lift more.

Left out: 1 file
""")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_of_the_table_ends_in_spaces(small, width):
    assert not [line for line in text_of("table", rich(small), width).splitlines() if line != line.rstrip()]


def test_a_platform_problem_is_what_three_of_four_lack():
    rows = [row(path=str(place), sums=(2 * (place < 1), 0, 0, 0)) for place in range(4)]
    group = Group(PAPER, rows)
    first, second, *_ = group.gaps()

    assert gap_line(group, first) == (
        "3 of 4 projects lack data-1 (Feature expectations in a schema), mean 0.5 (36 systems at Google: 0.86)"
        ": a platform problem"
    )
    assert gap_line(group, second).endswith(": a platform problem")
    for few in ([row(sums=(0, 0, 0, 0))], rows[:2]):
        group = Group(PAPER, few)
        assert not gap_line(group, group.gaps()[0]).endswith("problem")


def test_the_test_that_lifts_most_is_named():
    lifted = Group(PAPER, [row(sums=(4, 4, 4, 2)), row(sums=(14, 14, 14, 14))])
    stuck = Group(PAPER, [row(sums=(0, 0, 0, 0))])

    assert lift_line(lifted, lifted.gaps()) == (
        "monitor-2, made automated everywhere, would lift 1 of 2 projects a tier; no other test would lift more"
    )
    assert lift_line(stuck, stuck.gaps()) == "No test by itself would lift a project a tier"


@pytest.mark.parametrize(
    ("group_by", "parts"),
    [
        ("owner", ["owner growth: 2 projects", "owner none: 1 project"]),
        ("tier", ["tier basic: 1 project", "tier gaps: 1 project", "tier exceptional: 1 project"]),
        ("limiting", ["limiting data: 1 project", "limiting model: 2 projects", "limiting monitor: 2 projects"]),
    ],
)
def test_rows_are_parted(group_by, parts):
    found = portfolio(
        row(owner="growth"),
        row("fraud", "b", (4, 4, 4, 2)),
        row("ads", "d", (14, 14, 14, 14), owner="growth"),
        group_by=group_by,
    )

    for part in parts:
        assert part in text_of("table", found).splitlines()
        assert f"### {part.partition(':')[0]}" in text_of("markdown", found).replace("\\", "")
        assert part.partition(":")[0] in Page(text_of("html", found)).text


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_but_broken_files(name):
    text = text_of(name, portfolio(refused=[BROKEN]))

    assert "c/project.yaml" in text or name in {"table", "csv", "openmetrics"}
    READERS.get(name, str)(text)


# For machines


def test_json_is_what_the_contract_says(small):
    data = json.loads(text_of("json", rich(small)))

    assert list(data) == ["schema", "mlscore", "projects", "errors", "gaps", "rubrics"]
    assert (data["schema"], data["mlscore"]) == ("mlscore/portfolio/1", mlscore.__version__)
    assert [item["project"] for item in data["projects"]] == ["fraud", "churn", "ads", "small one"]
    assert data["projects"][0] == {
        "path": "b/project.yaml",
        "project": "fraud",
        "rubric": "ml-test-score-2016",
        "rubric_digest": data["rubrics"][0]["digest"],
        "score": 2,
        "verified": 0,
        "tier": "gaps",
        "categories": {"data": 4, "model": 4, "infra": 4, "monitor": 2},
        "limiting": ["monitor"],
        "unanswered": 21,
        "owner": None,
        "oldest": None,
        "gate": {"passed": False, "failures": ["the score 2 is below 3"]},
    }
    assert data["projects"][1] | {"path": ""} == {
        "path": "",
        "project": "churn",
        "rubric": "ml-test-score-2016",
        "rubric_digest": data["rubrics"][0]["digest"],
        "score": 4,
        "verified": None,
        "tier": "basic",
        "categories": {"data": 5, "model": 4, "infra": 8, "monitor": 6},
        "limiting": ["model"],
        "unanswered": 16,
        "owner": "growth",
        "oldest": "2026-10-01",
        "gate": {"passed": True, "failures": []},
    }
    assert data["projects"][3]["score"] == 0.5
    assert data["errors"] == [{"path": BROKEN.path, "messages": list(BROKEN.messages)}]
    assert len(data["gaps"]) == 28 + 5
    assert data["gaps"][0] == {
        "rubric": "ml-test-score-2016",
        "rubric_digest": data["rubrics"][0]["digest"],
        "test": "data-1",
        "counts": {"none": 0, "manual": 0, "automated": 3, "not_applicable": 0, "unanswered": 0},
        "mean_points": 2,
        "average_of_others": 0.86,
        "lacking": 0,
        "lifts": 0,
    }
    assert data["gaps"][-1]["average_of_others"] is None
    assert [(item["id"], item["projects"], item["max_score"]) for item in data["rubrics"]] == [
        *(("ml-test-score-2016", 3, 14), ("small", 1, 2))
    ]


def test_numbers_of_json_are_numbers():
    data = json.loads(
        text_of("json", portfolio(row(), row(path="b", sums=(0,) * 4), row(path="c", sums=(0,) * 4)))
    )

    assert [type(item["mean_points"]) for item in data["gaps"] if item["test"] == "data-1"] == [float]


def test_csv_has_a_header_and_a_row_a_project(small):
    rows = read_csv(text_of("csv", rich(small)))
    found = list(csv.DictReader(io.StringIO(text_of("csv", rich(small)))))

    assert rows[0] == [
        *("path", "project", "owner", "rubric", "rubric_version", "rubric_digest", "score", "max_score"),
        *("verified", "tier", "limiting", "unanswered", "oldest", "gate"),
        *("data", "model", "infra", "monitor", "serving"),
    ]
    assert [item["project"] for item in found] == ["fraud", "churn", "ads", "small one"]
    assert [item["gate"] for item in found] == ["not met", "met", "", ""]
    assert [item["verified"] for item in found] == ["0", "", "", ""]
    assert [item["limiting"] for item in found] == ["monitor", "model", "data model infra monitor", "serving"]
    assert [item["data"] for item in found] == ["4", "5", "14", "1.5"]
    assert [(item["model"], item["serving"]) for item in found][2:] == [("14", ""), ("", "0.5")]
    assert [item["oldest"] for item in found] == ["", "2026-10-01", "", ""]


def test_markdown_is_a_table_and_what_is_lacking(small):
    text = text_of("markdown", rich(small))
    tokens = read_markdown(text)

    assert [token.content for token, before in zip(tokens[1:], tokens, strict=False) if before.tag == "h3"]
    assert len([token for token in tokens if token.type == "table_open"]) == 4
    assert "## Left out\n\n- c/project.yaml:3:11: 'done' is not a level\n- c/project.yaml:4:3: x\n" in text


def read(text, parse=openmetrics):
    samples = [sample for family in parse(text) for sample in family.samples]
    found = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}
    assert len(found) == len(samples), "a series is there twice"
    return found


@pytest.mark.parametrize("parse", [openmetrics, textfile], ids=["OpenMetrics", "text format"])
def test_openmetrics_is_read_by_prometheus(small, parse):
    found = read(text_of("openmetrics", rich(small)), parse)

    def values(name, *labels):
        name = f"mlscore_portfolio_{name}"
        return {tuple(dict(key)[label] for label in labels): at for (of, key), at in found.items() if of == name}

    assert values("score", "project", "tier") == {
        ("fraud", "gaps"): 2,
        ("churn", "basic"): 4,
        ("ads", "exceptional"): 14,
        ("small one", "low"): 0.5,
    }
    assert values("verified_score", "path") == {("b/project.yaml",): 0}
    assert values("gate_passed", "path") == {("a/project.yaml",): 1, ("b/project.yaml",): 0}
    assert values("category_points", "project", "category")["churn", "infra"] == 8
    assert values("unanswered", "project")["churn",] == 16
    assert values("projects", "rubric") == {("ml-test-score-2016",): 3, ("small",): 1}
    assert values("tests", "test", "status")["serving-2", "not_applicable"] == 1
    assert values("errors") == {(): 1}


# The page


def page(found):
    return Page(text_of("html", found))


def test_the_page_has_two_views_the_gaps_the_gate_and_what_is_left_out(small):
    html = page(rich(small))

    assert html.texts("caption") == ["Projects by category", "What is lacking", "Projects by test"] * 2
    assert html.texts("h2")[-2:] == ["Gate not met", "Left out"]
    assert len(html.all("h1")) == 1
    assert "b/project.yaml: the score 2 is below 3" in html.text
    assert "c/project.yaml:3:11: 'done' is not a level; c/project.yaml:4:3: x" in html.text
    assert [text for text in html.texts("td") if text.endswith("*")] == ["2*", "4*", *["14*"] * 4, "0.5*"]
    assert html.texts("td", class_="limit") == [text for text in html.texts("td") if text.endswith("*")]
    assert {tuple(item["class"].split()) for item in html.all("td", class_="limit")} == {("n", "limit")}
    assert len(html.all("span", role="img")) == 3 * 28 + 5
    assert {item["aria-label"] for item in html.all("span", role="img")} == {
        *("automated", "manual", "none", "not_applicable", "unanswered")
    }


def test_regions_that_scroll_are_named_and_reached_by_the_keyboard(small):
    regions = page(rich(small)).all("div", role="region")
    names = [item["aria-label"] for item in regions]

    assert len(names) == len(set(names)) == 6
    assert {item["tabindex"] for item in regions} == {"0"}


def test_the_page_runs_nothing_and_asks_for_nothing(small):
    html = page(rich(small))
    names = {name for item in html.elements for name in item}

    assert {item["tag"] for item in html.elements} & {"script", "link", "img", "iframe", "base", "form"} == set()
    assert not {name for name in names if name.startswith("on")} | names & {
        "src",
        "srcset",
        "style",
        "action",
        "href",
    }
    assert not re.search(r"url\(|@import|@font-face|expression", html.css)
    [policy] = [
        item["content"] for item in html.all("meta") if item.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = b64encode(sha256(html.css.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_page_is_ascii_and_the_same_every_time(small):
    found = rich(small)
    html = text_of("html", found)

    assert html.isascii()
    assert html == render("html", found, Style(width=40, color=True, unicode=False))
    assert html.endswith("</html>\n")


@pytest.mark.parametrize("name", FORMATS)
def test_five_hundred_projects(name):
    rows = [row(f"p {place}", f"{place}/p.yaml", (place % 15, 3, 9, place % 4)) for place in range(500)]

    text = text_of(name, portfolio(*rows))

    assert all(f"p {place}" in text for place in range(500))
    assert len(text) < 4_000_000


# Text that strangers wrote

every_text = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)


def nasty(text, small):
    shown = one_line(text)  # loading does no less to a name
    return portfolio(
        row(shown, text, owner=shown, gate=(f"x {shown}",)),
        Row("e" + text, shown, shown, small.digest, (3, 1), bytes([2, 1, 0, 1, 3])),
        refused=[Refused(text, (f"{shown_path(text)}:1:1: {shown}",))],
        rubrics=[small],
        group_by="owner",
    )


@every_text
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_text_act(name, text, small):
    output = text_of(name, nasty(text, small))

    assert harm(output) == []
    if name == "openmetrics":
        assert {dict(labels).get("project", one_line(text)) for _, labels in read(output)} == {one_line(text)}
    else:
        READERS.get(name, str)(output)


@every_text
def test_text_brings_no_element_into_a_page(text, small):
    assert {item["tag"] for item in page(nasty(text, small)).elements} == {
        item["tag"] for item in page(nasty("plain", small)).elements
    }


def test_each_format_as_it_is_read(small):
    """What a person sees."""
    found = portfolio(row(owner="growth", gate=()), refused=[BROKEN])

    assert text_of("csv", found).replace(PAPER.digest, "DIGEST") == snapshot("""\
path,project,owner,rubric,rubric_version,rubric_digest,score,max_score,verified,tier,limiting,unanswered,oldest,gate,data,model,infra,monitor
a/project.yaml,churn,growth,ml-test-score-2016,1,DIGEST,4,14,,basic,model,16,,met,5,4,8,6
""")
    assert text_of("openmetrics", portfolio(refused=[BROKEN])) == snapshot("""\
# HELP mlscore_portfolio_score Final score of a project.
# TYPE mlscore_portfolio_score gauge
# HELP mlscore_portfolio_verified_score Final score that evidence backs.
# TYPE mlscore_portfolio_verified_score gauge
# HELP mlscore_portfolio_category_points Points of a category of a project.
# TYPE mlscore_portfolio_category_points gauge
# HELP mlscore_portfolio_unanswered Tests of a project without an answer.
# TYPE mlscore_portfolio_unanswered gauge
# HELP mlscore_portfolio_gate_passed 1 when the gate is met, 0 when it is not.
# TYPE mlscore_portfolio_gate_passed gauge
# HELP mlscore_portfolio_tests Projects by status of a test.
# TYPE mlscore_portfolio_tests gauge
# HELP mlscore_portfolio_projects Projects of a rubric.
# TYPE mlscore_portfolio_projects gauge
# HELP mlscore_portfolio_errors Files that could not be read.
# TYPE mlscore_portfolio_errors gauge
mlscore_portfolio_errors 1
# EOF
""")
