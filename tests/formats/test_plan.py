"""A plan as lines, JSON, a Markdown checklist and a page."""

import json
from base64 import b64encode
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from formats.samples import AS_OF, RUBRIC, in_yaml
from formats.test_html import Page
from formats.test_markdown import kinds
from formats.test_nasty import ANY_TEXT, NASTY, ReadHtml, harm, read_json, read_markdown
from mlscore import knapsack
from mlscore.formats.plan import FORMATS, Planned, headline, render
from mlscore.loading import parse_project
from mlscore.planning import Plan, idle_steps, next_tier, plan
from mlscore.scoring import assess
from mlscore.text import one_line

STEPS = """
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2: {status: manual, effort: 2.5}
  serving-1: {status: not_applicable, reason: batch only}
  serving-2: {status: none, effort: 3}
"""
IDLE = STEPS.replace("data-1: automated", "data-1: {status: automated}").replace(
    "not_applicable, reason", "none, note"
)
GUIDED = "{id: serving-2, title: Models are canaried, manual: Someone looks., automated: A *system* looks.}"


def planned(report, score=None, budget=None, is_open=False):
    """As the command does: to a score, or to the next tier."""
    bound = (Fraction(score), is_open) if score is not None else next_tier(report).bound
    found = plan(report, bound, None if budget is None else Fraction(budget))
    return Planned(report, found, idle_steps(report, found), None if budget is None else Fraction(budget))


@pytest.fixture
def found(assessed):
    return planned(assessed(IDLE), "0.5")


@pytest.fixture
def whole(assessed):
    return planned(assessed(IDLE))


def test_text(found, whole):
    assert render("table", found, 80) == snapshot("""\
churn: 0 → 0.5 of 2, Low, at a cost of 1.

  serving-1  none → manual, +0.5 Serving, cost 1: Roll back is quick

Then: Data quality 1.5, Serving 0 → 0.5.
data-3 to manual: 0 gain until Serving exceeds 1.5.
""")
    assert render("table", whole, 80) == snapshot("""\
churn: 0 → 2 of 2, High, at a cost of 9.

  data-3     unanswered → manual, +0.5 Data quality, cost 1: Features are cheap
  serving-1  none → automated, +1 Serving, cost 2: Roll back is quick
  serving-2  none → automated, +1 Serving, cost 6: Models are canaried

Then: Data quality 1.5 → 2, Serving 0 → 2.
""")


def test_narrow_text(found, whole):
    assert render("table", found, 40) == snapshot("""\
churn: 0 → 0.5 of 2, Low, at a cost of
  1.

  serving-1  none → manual, +0.5
             Serving, cost 1: Roll back
             is quick

Then: Data quality 1.5, Serving 0 → 0.5.
data-3 to manual: 0 gain until Serving
  exceeds 1.5.
""")
    assert render("table", whole, 40) == snapshot("""\
churn: 0 → 2 of 2, High, at a cost of 9.

  data-3     unanswered → manual, +0.5
             Data quality, cost 1:
             Features are cheap
  serving-1  none → automated, +1
             Serving, cost 2: Roll back
             is quick
  serving-2  none → automated, +1
             Serving, cost 6: Models are
             canaried

Then: Data quality 1.5 → 2, Serving 0 →
  2.
""")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_text_fits_the_width(found, whole, width):
    for item in (found, whole):
        assert max(map(len, render("table", item, width).splitlines())) <= width


def test_markdown(write):
    write("small.yaml", RUBRIC.replace("{id: serving-2, title: Models are canaried}", GUIDED))
    rubric, project = parse_project(IDLE.replace("effort: 2.5", "effort: 4").encode(), "project.yaml")

    assert render("markdown", planned(assess(rubric, project, AS_OF), "1.5"), 80) == snapshot("""\
## Small rubric, churn: 0 → 1.5 of 2, Low, at a cost of 5

- [ ] **serving-1** none → automated, +1 Serving, cost 2: Roll back is quick
- [ ] **serving-2** none → manual, +0.5 Serving, cost 3: Models are canaried: Someone looks.

Then: Data quality 1.5, Serving 0 → 1.5.

data-3 to manual: 0 gain until Serving exceeds 1.5.
""")


def test_markdown_reads_back_as_a_checklist(whole):
    text = render("markdown", whole, 80)
    tokens = MarkdownIt("commonmark").parse(text)
    items = [token.content for token in tokens if token.type == "inline" and token.level == 3]

    assert [item.split("**")[:2] for item in items] == [["[ ] ", step.test] for step in whole.plan.steps]
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h2"]
    assert sum(token.type == "bullet_list_open" for token in tokens) == 1
    assert kinds(text) <= {
        *("heading_open", "heading_close", "inline", "text", "text_special", "strong_open", "strong_close"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
        *("paragraph_open", "paragraph_close"),
    }


REPORT_KEYS = {"schema", "mlscore", "project", "rubric"}
PLAN_KEYS = {"target", "reachable", "score_before", "score_after", "cost", "steps"}


def test_json(found):
    data = json.loads(render("json", found, 80))

    assert data | {"mlscore": "VERSION", "rubric": {**data["rubric"], "digest": "DIGEST"}} == snapshot(
        {
            "schema": "mlscore/plan/1",
            "mlscore": "VERSION",
            "project": {"name": "churn", "path": "project.yaml"},
            "rubric": {"id": "small", "version": 3, "title": "Small rubric", "digest": "DIGEST"},
            "target": 0.5,
            "reachable": True,
            "score_before": 0,
            "score_after": 0.5,
            "tier_before": "low",
            "tier_after": "low",
            "cost": 1,
            "cost_at_least": 1,
            "budget": None,
            "steps": [{"test": "serving-1", "from": "none", "to": "manual", "cost": 1, "gain": 0.5}],
            "categories": {"data": 1.5, "serving": 0.5},
            "idle": [
                {
                    "test": "data-3",
                    "from": "unanswered",
                    "to": "manual",
                    "cost": 1,
                    "gain": 0.5,
                    "until": ["serving"],
                    "exceed": 1.5,
                }
            ],
        }
    )
    assert data.keys() >= REPORT_KEYS | PLAN_KEYS
    assert data["schema"] == "mlscore/plan/1"
    assert all(step.keys() >= {"test", "from", "to", "cost"} for step in data["steps"])


def test_json_has_the_same_keys_whatever_the_plan(found, whole, assessed):
    nothing = Planned(found.report, Plan((), Fraction(0), Fraction(0)))
    keys = json.loads(render("json", found, 80)).keys()

    for item in (whole, nothing, planned(found.report, "100"), planned(found.report, "2", "1")):
        data = json.loads(render("json", item, 80))
        assert data.keys() == keys
        assert isinstance(data["target"], int | float)
    assert json.loads(render("json", planned(found.report, "100"), 80))["reachable"] is False


def test_json_of_a_plan_that_is_reached_already(assessed):
    data = json.loads(render("json", planned(assessed(IDLE), "0"), 80))

    assert (data["target"], data["reachable"], data["cost"], data["steps"], data["idle"]) == (0, True, 0, [], [])


def test_what_the_plan_leads_to_in_a_sentence(assessed):
    report, stuck = assessed(IDLE), assessed(STEPS)
    top = assessed("rubric: small.yaml\nproject: p\nanswers: {data-1: automated}")
    nothing = Plan((), report.claimed.score, report.claimed.score)

    assert headline(planned(report, "0.5")) == snapshot("0 → 0.5 of 2, Low, at a cost of 1")
    assert headline(planned(report, "0")) == snapshot("0 of 2, Low: there is nothing to do")
    assert headline(planned(stuck, "2")) == snapshot(
        "0 → 1 of 2, Low, at a cost of 6; 2 cannot be reached (Serving cannot earn more)"
    )
    assert headline(planned(report, "50")) == snapshot("0 → 2 of 2, High, at a cost of 9; 50 cannot be reached")
    assert headline(planned(top, "2", "3")) == snapshot("0 → 1 of 2, Low, at a cost of 2; 2 costs more than 3")
    assert headline(planned(top, "2", "0")) == snapshot("0 of 2, Low; nothing that raises it costs as little as 0")
    assert headline(Planned(report, nothing)) == snapshot("0 of 2, Low: no tier is above it")


def test_the_bound_of_a_plan_that_may_not_be_the_cheapest_is_said(assessed, monkeypatch):
    monkeypatch.setattr(knapsack, "MAX_CELLS", 0)
    report = assessed(
        """
rubric: small.yaml
project: churn
answers:
  data-1: {status: manual, effort: 3}
  data-2: {status: none, effort: 4}
  data-3: {status: not_applicable, reason: r}
  serving-1: automated
  serving-2: automated
"""
    )

    found = planned(report, "1.5")

    assert (found.plan.cost, found.plan.at_least) == (11, 7)
    said = "The points are too fine to weigh every combination; no plan costs less than 7."
    assert said in " ".join(render("table", found, 80).split())
    assert said in render("markdown", found, 80)
    assert said in Page(render("html", found, 80)).text
    assert json.loads(render("json", found, 80))["cost_at_least"] == 7


# Pages. What the style and the template share with the report is tested in test_html.


def check_page(html):
    """A page is well nested, ASCII, asks for nothing, runs nothing, and has its own style only."""
    page = Page(html)
    names = {name for item in page.elements for name in item}
    [policy] = [
        item["content"] for item in page.all("meta") if item.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = b64encode(sha256(page.css.encode()).digest()).decode()

    assert html.isascii()
    assert html.startswith("<!DOCTYPE html>\n")
    assert html.endswith("</html>\n")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert {item["tag"] for item in page.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "base",
        "form",
        "a",
    } == set()
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "srcset", "href", "style", "action"}
    kept = {"text", "content"}
    assert not [item for item in page.elements for name in item.keys() - kept if "://" in str(item[name])]
    assert not [part for part in ("url(", "@import", "@font-face", "expression") if part in page.css]
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == len(page.texts("title")[:1]) == 1
    return page


def rows_of(page, caption):
    """The cells of the table with a caption, its header first; nothing where there is none."""
    rows, inside = [], False
    for item in page.elements:
        if item["tag"] == "caption":
            inside = item["text"] == caption
        elif item["tag"] == "tr" and inside:
            rows.append([])
        elif item["tag"] in {"td", "th"} and inside:
            rows[-1].append(item["text"])
    return rows


def test_page(whole):
    page = check_page(render("html", whole, 80))

    assert page.texts("title") == ["churn: Plan, mlscore"]
    assert page.texts("h1") == ["churn"]
    assert page.texts("p", class_="lead") == [headline(whole)]
    assert rows_of(page, "Steps") == snapshot(
        [
            ["Test", "Title", "From", "To", "Gain", "Cost", "What it takes"],
            ["data-3", "Features are cheap", "unanswered", "manual", "+0.5", "1", ""],
            ["serving-1", "Roll back is quick", "none", "automated", "+1", "2", ""],
            ["serving-2", "Models are canaried", "none", "automated", "+1", "6", ""],
        ]
    )
    assert rows_of(page, "Categories") == snapshot(
        [["Category", "Now", "Then"], ["Data quality", "1.5", "2"], ["Serving", "0", "2"]]
    )
    assert page.texts("caption") == ["Steps", "Categories"]
    assert page.texts("footer") == ["Written by mlscore 0.1.0 from project.yaml."]


def test_page_with_a_tempting_step(found):
    assert check_page(render("html", found, 80)).texts("p", class_="remark") == snapshot(
        ["data-3 to manual: 0 gain until Serving exceeds 1.5."]
    )


def test_page_without_steps(assessed):
    page = check_page(render("html", planned(assessed(IDLE), "0"), 80))

    assert rows_of(page, "Steps") == []
    assert len(rows_of(page, "Categories")) == 3


# Text that strangers wrote.

NASTY_RUBRIC = """
id: nasty
version: 1
title: {text}
source: {text}
levels:
  none: {{points: 0, meaning: {text}}}
  manual: {{points: 1, meaning: {text}}}
  waived: {{points: 0, reason_required: true, meaning: {text}}}
tiers: [{{id: low, from: 0, to: 0, label: {text}, meaning: {text}}}, {{id: high, from: 2, label: {text}}}]
categories:
  - id: a
    title: {text}
    tests:
      - {{id: a-1, title: {text}, short_title: {short}, manual: {text}}}
      - {{id: a-2, title: {text}, manual: {text}}}
  - id: b
    title: {text}
    tests: [{{id: b-1, title: {text}, manual: {text}}}, {{id: b-2, title: {text}}}, {{id: b-3, title: {text}}}]
"""
NASTY_PROJECT = """
rubric: nasty.yaml
project: {text}
description: {text}
owner: {text}
answers:
  {answers}
"""
READERS = {
    "table": str,
    "json": read_json,
    "markdown": read_markdown,
    "html": lambda text: (ReadHtml().feed(text), check_page(text)),
}


def nasty_state(text, answers="a-1: none"):
    """A rubric and a project with `text` wherever text can be; answers may have it as {text}."""
    visible = text.strip() or "blank"
    quoted, short = in_yaml(visible), in_yaml(visible[:6])
    Path("nasty.yaml").write_text(NASTY_RUBRIC.format(text=quoted, short=short), encoding="utf-8")
    project = NASTY_PROJECT.format(text=quoted, answers=answers.replace("{text}", quoted))
    return parse_project(project.encode(), "project.yaml")


ANSWERS = (
    "b-1: {status: manual, note: {text}, owner: {text}, reason: {text}}\n  b-2: {status: waived, reason: why}"
)


def check_nasty(name, text):
    report = assess(*nasty_state(text, ANSWERS), AS_OF)
    for found in (planned(report, "1"), planned(report, "2"), planned(report, "9"), planned(report, "2", "1")):
        output = render(name, found, 80)

        assert harm(output) == []
        READERS[name](output)
    assert planned(report, "1").idle


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
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "*b* _e_ `c`", "# h", "a|b", "&lt;"]
)
def test_text_is_shown_as_it_is(text):
    report = assess(*nasty_state(text, ANSWERS), AS_OF)
    found, plain = (planned(item, "2") for item in (report, assess(*nasty_state("plain", ANSWERS), AS_OF)))
    written = render("markdown", found, 80)
    shown = [
        "".join(inner.content for inner in token.children)
        for token in MarkdownIt("commonmark").parse(written)
        if token.type == "inline"
    ]

    assert kinds(written) - {"text_special"} == kinds(render("markdown", plain, 80)) - {"text_special"}
    assert any(f"{text}: 0 → 2 of 2, {one_line(text)}, at a cost" in part for part in shown)
    assert Page(render("html", found, 80)).texts("h1") == [text]
