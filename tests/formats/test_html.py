"""The HTML page. How it looks and sounds in a browser is tested in tests/browser."""

import re
import subprocess
import sys
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from formats.samples import AS_OF, PROJECT, RUBRIC, in_yaml, project_with
from mlscore.evidence.reading import Moment, Reading
from mlscore.formats import Style, render
from mlscore.formats.page import _href
from mlscore.loading import parse_project
from mlscore.scoring import assess
from mlscore.text import one_line

FULL = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})
NOTHING = "rubric: small.yaml\nproject: churn\nanswers: {}\n"
VOID = {"meta", "br", "rect", "path", "line"}
INLINE = {"a", "code", "span", "strong", "svg", "text", "time"}


class Page(HTMLParser):
    """A page as a browser reads it: its elements, and the text of each; refuses what is not well nested."""

    def __init__(self, html):
        super().__init__()
        self.html, self.elements, self.open = html, [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        element = {"tag": tag, "text": "", "inside": [item["tag"] for item in self.open], **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert tag not in VOID
        assert self.open.pop()["tag"] == tag
        if tag not in INLINE:
            self.handle_data(" ")

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag=None, **attributes):
        """Elements of a tag, with attributes: a class counts where it is one of several."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            item
            for item in self.elements
            if tag in {None, item["tag"]}
            and all(value in (item.get(name) or "").split() for name, value in wanted.items())
        ]

    def texts(self, tag=None, **attributes):
        return [" ".join(item["text"].split()) for item in self.all(tag, **attributes)]

    @property
    def text(self):
        return " ".join("".join(self.texts("html")).split())

    @property
    def css(self):
        return self.all("style")[0]["text"]

    def entry(self, test_id):
        """The text of one test in the list."""
        [text] = [text for text in self.texts("li", class_="test") if text.startswith(f"{test_id} ")]
        return text


def page(*reports):
    return Page(render("html", reports, Style()))


def with_evidence(text, **readings):
    """Assess a project whose evidence was read: by test, with _ for -, the outcome and reason of each entry."""
    moment = Moment(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    rubric, project = parse_project(text.encode(), "project.yaml")
    found = {
        test_id.replace("_", "-"): tuple(Reading(outcome, reason, 1, moment) for outcome, reason in entries)
        for test_id, entries in readings.items()
    }
    return assess(rubric, project, AS_OF, found)


def test_the_page_says_what_the_report_is_about(assessed):
    text = page(
        assessed(PROJECT.replace("project: churn", "project: churn\nowner: Ada\ndescription: Who leaves."))
    ).text

    for part in ("churn", "Owner: Ada", "Who leaves.", "2026-11-21", "Small rubric", "small, version 3", "0 of 2",
                 "Low", "Not there yet.", "Written by mlscore 0.1.0 from project.yaml"):  # fmt: skip
        assert part in text


def test_every_test_has_a_square_that_links_to_its_entry(assessed):
    report = assessed(FULL)
    html = page(report)
    squares = html.all("a", class_="cell")
    entries = html.all("li", class_="test")

    assert [square["href"] for square in squares] == [f"#churn-{test_id}" for test_id in report.rubric.tests]
    assert [entry["id"] for entry in entries] == [f"churn-{test_id}" for test_id in report.rubric.tests]
    assert squares[0]["text"] == "data-1 Feature expectations in a schema: automated, 2 of 2 points"
    assert squares[3]["text"].endswith(": unanswered, 0 of 2 points")


def test_ids_are_unique_and_every_link_inside_the_page_arrives(assessed):
    other = PROJECT.replace("project: churn", "project: churn data")
    html = page(*(assessed(text) for text in (FULL, FULL, PROJECT, other, other)))
    ids = [item["id"] for item in html.elements if "id" in item]
    named = [item["aria-labelledby"] for item in html.elements if "aria-labelledby" in item]

    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in html.all("a") if link["href"].startswith("#")} | set(named) <= set(ids)


def test_a_category_and_a_test_may_have_one_id(assessed, write):
    write("small.yaml", RUBRIC.replace("serving-1", "serving"))

    html = page(assessed("rubric: small.yaml\nproject: データ\nanswers: {}\n"))

    assert [item["id"] for item in html.all("h2", class_="heading") if "id" in item] == [
        "project-data",
        "project-serving",
    ]
    assert html.all("li", class_="test")[3]["id"] == "project-serving-2"
    assert html.all("a", class_="cell")[3]["href"] == "#project-serving-2"


def test_one_project_is_the_heading_of_the_page(assessed):
    html = page(assessed(FULL))

    assert html.all("html")[0]["lang"] == "en"
    assert html.texts("title") == ["churn: 4 of 14, mlscore"]
    assert html.texts("h1") == ["churn"]
    assert html.texts("h2") == [
        *("Gate", "Next", "Where the score comes from"),
        *("Data", "Model", "Infrastructure", "Monitoring", "How to read it"),
    ]
    assert len(html.all("h3")) == 28
    assert [len(html.all(tag)) for tag in ("main", "article", "nav", "footer")] == [1, 1, 0, 1]


def test_several_projects_share_a_page_with_a_list_of_them(assessed):
    html = page(assessed(FULL), assessed(PROJECT.replace("project: churn", "project: fraud")))
    contents = [link for link in html.all("a") if "nav" in link["inside"]]

    assert html.texts("h1") == ["2 reports"]
    assert [(link["text"], link["href"]) for link in contents] == [
        ("churn, ML Test Score", "#churn"),
        ("fraud, Small rubric", "#fraud"),
    ]
    assert html.texts("ul", class_="contents") == [
        "churn, ML Test Score 4 of 14, First pass at production fraud, Small rubric 0 of 2, Low; gate not met"
    ]
    assert len(html.all("article")) == len(html.all("h2", class_="title")) == 2
    assert len(html.all("h4")) == 28 + 5


def test_the_limiting_category_is_marked_in_words_and_one_line_stands_at_the_minimum(assessed):
    html = page(assessed(FULL))
    rows = html.all("li", class_="row")
    lines = html.all("line", class_="least")

    assert ["limits the score" in row["text"] for row in rows] == [False, True, False, False]
    assert ["limits" in row["class"].split() for row in rows] == [False, True, False, False]
    assert {(line["x1"], line["x2"]) for line in lines} == {("28.571%", "28.571%")}
    assert [bar["x2"] for bar in html.all("line", class_="reached")] == [
        "35.714%",
        "28.571%",
        "57.143%",
        "42.857%",
    ]
    assert html.texts("text", class_="limit") == ["score 4"]
    assert "The score is the lowest of the category sums." in html.text


@pytest.mark.parametrize(("aggregate", "score"), [("sum", "2.5 of 5"), ("mean", "1.25 of 2.5")])
def test_a_sum_or_a_mean_has_no_limit_and_no_line(assessed, write, aggregate, score):
    write("small.yaml", RUBRIC.replace("levels:", f"aggregate: {aggregate}\nlevels:", 1))

    html = page(assessed(PROJECT.replace("not_applicable, reason: batch only", "automated")))

    assert html.texts("p", class_="score") == [score]
    assert html.all("line", class_="least") == []
    assert "limits the score" not in html.text
    assert f"The score is the {aggregate} of the categories." in html.text


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        (NOTHING, "start"),
        (project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 7)), "middle"),
        (project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14)), "end"),
    ],
)
def test_the_words_at_the_minimum_stay_on_the_page(assessed, text, anchor):
    assert page(assessed(text)).all("text", class_="limit")[0]["text-anchor"] == anchor


def test_each_kind_of_status_is_drawn_and_counted_apart(assessed):
    html = page(assessed(PROJECT))

    assert [mark["class"] for mark in html.all("svg", class_="mark")[:5]] == [
        "mark full", "mark part", "mark empty", "mark decision", "mark unanswered"
    ]  # fmt: skip
    assert html.texts("ul", class_="legend") == ["none 1 manual 1 automated 1 not_applicable 1 unanswered 1"]


def test_a_level_between_is_filled_by_what_it_earns(assessed, write):
    write("small.yaml", RUBRIC.replace("manual: {points: 0.5", "manual: {points: 0.3"))

    html = page(assessed(PROJECT))

    assert {item["width"] for item in html.all("rect") if "%" in item["width"]} == {"30%"}


def test_an_entry_tells_everything_about_an_answer(assessed):
    text = page(assessed(PROJECT)).entry("data-2")

    assert text == (
        "data-2 Features are beneficial manual 0.5 of 1 point Note a|b, by hand Owner Anna Date 2026-10-01 "
        "Evidence url https://wiki.example.org/x: inconclusive, it was not read "
        "file docs/ablation.md: inconclusive, it was not read "
        "To raise it automated (+0.5 points): Done by a system."
    )


def test_what_raises_an_answer_is_the_guidance_of_the_next_level(assessed):
    html = page(assessed(FULL))

    assert "To raise it" not in html.entry("data-1")  # it has all its points
    assert "To raise it automated (+1 point): " in html.entry("data-3")
    assert "To raise it manual (+1 point): Someone " in html.entry("data-4")
    assert "To raise it" not in page(assessed(PROJECT)).entry("serving-1")  # a decision


def test_lines_of_a_note_stay_lines(assessed):
    report = assessed(PROJECT.replace('"a|b, by hand"', in_yaml("one\n\n  ::error::two\nthree")))
    html = render("html", [report], Style())

    assert "one<br>&#58;:error&#58;:two<br>three</dd>" in html


def test_the_gap_in_the_published_table_is_noted(assessed):
    text = page(assessed(PROJECT.replace("not_applicable, reason: batch only", "automated"))).text

    assert "Note: the published table gives 1 no tier; it counts as Low until 2 is reached." in text


def test_what_cannot_be_reached_is_said(assessed):
    html = page(assessed(PROJECT))

    assert "At most 1 can be reached" in html.text
    assert "at most 1" in html.all("li", class_="row")[1]["text"]
    assert "At most" not in page(assessed(FULL)).text


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("", ["Gate No gate is set."]),
        ("gate: {fail_under: 0}", ["Gate \u2713 Passed"]),
        (
            "gate: {fail_under: 1}",
            ["Gate \u2715 Not met the score 0 is below 1 (limited by Serving)"],
        ),
    ],
)
def test_the_gate_is_passed_not_met_or_not_set(assessed, gate, said):
    html = page(assessed(PROJECT.replace("gate: {fail_under: 1}", gate)))

    assert [text for text in html.texts("section") if text.startswith("Gate")] == said


def test_the_next_steps_link_to_their_tests(assessed):
    html = page(assessed(NOTHING))

    assert "Next data-1 and serving-1 to manual (0 → 0.5)" in html.text
    assert [link["href"] for link in html.all("a") if ": " in link["text"] and "class" not in link] == [
        "#churn-data-1",
        "#churn-serving-1",
    ]


def test_claimed_and_verified_stand_side_by_side(write):
    rubric = RUBRIC.replace("points: 0.5,", "points: 0.5, backed_by: result,")
    write("small.yaml", rubric.replace("points: 1,", "points: 1, backed_by: result,"))
    html = page(
        with_evidence(
            """
rubric: small.yaml
project: churn
answers:
  data-1: {status: automated, evidence: [{junit: a.xml}]}
  data-2: {status: automated, evidence: [{junit: b.xml}]}
  data-3: manual
  serving-1: {status: automated, evidence: [{file: notes.md}]}
  serving-2: none
""",
            data_1=[("verified", "3 tests passed")],
            data_2=[("contradicted", "1 of 3 tests failed")],
            serving_1=[("verified", "it is there")],
        )
    )

    claimed, verified = html.texts("div", class_="headline")
    assert claimed.startswith("Claimed 1 of 2 Low Not there yet. Note: the published table")
    assert verified == "Verified 0 of 2 Low Not there yet."
    assert html.texts("p", class_="sum")[:2] == ["2.5 of 3 1 verified", "1 of 2 0 verified"]
    assert [bar["x2"] for bar in html.all("line", class_="proven")] == ["33.333%", "0%"]
    assert html.texts("text", class_="limit") == ["claimed 1"]
    assert [text.partition(": ")[2] for text in html.texts("a", class_="cell")] == [
        "automated, 1 of 1 point, 1 verified",
        "automated, 1 of 1 point, 0 verified",
        "manual, 0.5 of 1 point, 0 verified",
        "automated, 1 of 1 point, 0 verified",
        "none, 0 of 1 point",
    ]


def test_what_evidence_makes_of_a_claim_is_drawn_and_told(write):
    write("small.yaml", RUBRIC.replace("points: 1,", "points: 1, backed_by: result,"))
    html = page(
        with_evidence(
            """
rubric: small.yaml
project: churn
answers:
  data-1: {status: automated, evidence: [{junit: a.xml}]}
  data-2: {status: automated, evidence: [{junit: b.xml}]}
  data-3: automated
  serving-1: {status: automated, evidence: [{file: notes.md}]}
  serving-2: {status: not_applicable, reason: batch only}
""",
            data_1=[("verified", "3 tests passed")],
            data_2=[("contradicted", "1 of 3 tests failed")],
            serving_1=[("verified", "it is there")],
        )
    )
    squares = [item["class"] for item in html.all("path") if "class" in item and "a" in item["inside"]]

    assert squares == ["backed", "failed", "partly", "partly"]
    assert (
        html.texts("ul", class_="legend")[1]
        == "backed by evidence evidence contradicts it, is stale or is missing"
    )
    assert "junit a.xml: verified, 3 tests passed" in html.entry("data-1")
    assert "junit b.xml: contradicted, 1 of 3 tests failed" in html.entry("data-2")
    assert "Not backed" not in html.entry("data-1") + html.entry("data-2") + html.entry("serving-2")
    assert "Not backed No evidence" in html.entry("data-3")
    assert "Not backed Verified, but no result of a run" in html.entry("serving-1")


LINKS = {
    "http://example.org": "http://example.org",
    "https://example.org/a?b=c&d=%20#e": "https://example.org/a?b=c&d=%20#e",
    "https://bob:secret@example.org/x": "https://example.org/x",
    "https://token@example.org": "https://example.org",
    "https://[::1]:8080/": "https://[::1]:8080/",
    "https://例え.jp/": "https://例え.jp/",
    "https://": "",
    "https:///x": "",
    "https://example.org:port/": "",
    "https://[bad/": "",
    "https://example.org/ x": "",
    "https://example.org/\u202e": "",
    "https://evil.org\\@example.org": "",
    "javascript:alert(1)": "",
    "JaVaScRiPt://example.org/%0aalert(1)": "",
    "data:text/html,x": "",
    "file:///etc/passwd": "",
    "//example.org": "",
    "example.org": "",
}


@pytest.mark.parametrize(("address", "href"), LINKS.items())
def test_only_an_address_of_the_web_becomes_a_link(address, href):
    assert _href(address) == href


def test_evidence_links_give_nothing_away(assessed):
    url = "https://bob:hunter2@example.org/x?a=b&c"
    html = page(assessed(PROJECT.replace("https://wiki.example.org/x", url).replace("docs/ablation.md", url)))
    links = [item for item in html.all("a") if not item["href"].startswith("#")]

    assert [(link["href"], link["text"], link["rel"]) for link in links] == [
        ("https://example.org/x?a=b&c", "https://***@example.org/x?a=b&c", "noreferrer noopener")
    ]
    assert "hunter2" not in html.html


NASTY = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>&lt;b&gt;&#60;",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "::error::x ##[error]x ###[y",
    "</style></title><!-- ]]>",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_text_is_shown_and_never_acts(assessed, write, nasty):
    rubric, project = RUBRIC, PROJECT.replace("churn", "churn\ndescription: Who leaves\nowner: Ada")
    for text in (
        "Small rubric",
        "The tests, 2026",
        "Not done.",
        "Not there yet.",
        "Serving",
        "Models are canaried",
    ):
        rubric = re.sub(rf": {text}(?=[,}}\n])", lambda _: f": {in_yaml(nasty)}", rubric)
    for text in (
        "churn",
        "Who leaves",
        "Ada",
        "https://wiki.example.org/x",
        "docs/ablation.md",
        "batch only",
        "Anna",
    ):
        project = re.sub(rf": {text}(?=[,}}\n])", lambda _: f": {in_yaml(nasty)}", project)
    plain = page(assessed(PROJECT))
    write("small.yaml", rubric)

    html = page(assessed(project))

    assert html.texts("h1") == [one_line(nasty)]
    assert html.text.count(one_line(nasty)) == 19
    assert {item["tag"] for item in html.elements} == {item["tag"] for item in plain.elements}
    assert [line for line in html.html.splitlines() if line.lstrip().startswith("::") or "##[" in line] == []


def test_the_page_runs_nothing_and_asks_for_nothing(assessed):
    html = page(assessed(FULL), assessed(PROJECT))
    names = {name for item in html.elements for name in item}

    assert {item["tag"] for item in html.elements} & {"script", "link", "img", "iframe", "base", "form"} == set()
    assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset", "style", "action"}
    assert not re.search(r"url\(|@import|@font-face|expression", html.css)


def test_the_policy_allows_the_page_s_own_style_and_nothing_else(assessed):
    html = page(assessed(PROJECT))
    [policy] = [
        item["content"] for item in html.all("meta") if item.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = b64encode(sha256(html.css.encode()).digest()).decode()

    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_bytes_are_the_same_every_time_and_in_every_encoding(assessed):
    project = PROJECT.replace("project: churn", "project: データ é")
    html = render("html", [assessed(project)], Style())

    assert html == render("html", [assessed(project)], Style(width=40, color=True, unicode=False))
    assert html.isascii()
    assert html.endswith("</html>\n")
    assert Page(html).texts("h1") == ["データ é"]


def test_a_thousand_tests_are_a_page_too(assessed, write):
    tests = "".join(f"      - {{id: t-{place}, title: Test {place}}}\n" for place in range(1000))
    categories = f"categories:\n  - id: a\n    title: A\n    tests:\n{tests}"
    write("small.yaml", RUBRIC[: RUBRIC.index("categories:")] + categories)

    assert len(page(assessed("rubric: small.yaml\nproject: x\nanswers: {}\n")).all("a", class_="cell")) == 1000


def test_a_file_s_suffix_asks_for_the_page(mlscore, write):
    write("project.yaml", FULL)

    assert mlscore("assess", "project.yaml", "-o", "report.html").code == 0
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n")


def test_the_terminal_s_libraries_are_not_loaded_for_it():
    code = "import mlscore.formats.html, sys; sys.exit('rich' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def luminance(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """The ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_palette_can_be_read(assessed, scheme):
    """Texts 4.5, graphics 3.0 (WCAG 2.2, 1.4.3 and 1.4.11), on the page and on tinted ground."""
    blocks = re.findall(r":root \{([^}]*--paper[^}]*)\}", page(assessed(FULL)).css)
    colors = dict(re.findall(r"--(\w+): (#\w{6})", blocks[scheme]))
    ratios = {
        (name, ground): (contrast(colors[name], colors[ground]), least)
        for ground in ("paper", "tint")
        for least, names in ((4.5, ("ink", "soft", "full", "limit")), (3.0, ("empty", "part", "bar")))
        for name in names
    }

    assert len(blocks) == 2
    assert {pair: ratio for pair, (ratio, least) in ratios.items() if ratio < least} == {}
