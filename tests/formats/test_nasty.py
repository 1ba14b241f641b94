"""Text that strangers wrote, through every format: nothing of it acts, nothing breaks, the score stays."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from formats.samples import AS_OF, in_yaml
from mlscore import checklist
from mlscore.formats import FORMATS, Style, render
from mlscore.loading import parse_project
from mlscore.scoring import assess
from mlscore.template import template

NASTY = {
    "plain": "plain",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": '"\'><b a="\'">&amp;&#60;',
    "pipe": "a|b \\| c \\\\| d",
    "backticks": "`a` ``b`` ```",
    "markup": "[red]alarm[/red] [link=file:///x]y[/link]",
    "closing markup": "[/]",
    "emoji code": ":smile:",
    "runner command": "::error::x",
    "old runner command": "##[error]x",
    "commands on new lines": "x\n::error::y\n  ::warning::z\n##[add-mask]w\n\t::debug::v",
    "command after blanks": "  \u00a0::error::x",
    "command after an escape": "\x1b::error::x \x00::error::x",
    "encoded newline": "x%0A::error::y%0D%0Az",
    "formula": "=cmd()",
    "plus": "+1",
    "at": "@x",
    "minus": "-1+1",
    "colours": "\x1b[31mred\x1b[0m",
    "link": "\x1b]8;;https://example.org\x1b\\click\x1b]8;;\x07",
    "title": "\x1b]0;owned\x07",
    "c1": "\x9b31m \x90 \x85 \x7f",
    "bidi": "abc\u202edef\u2066ghi\u2069\u200f\u061c",
    "nul": "a\0b",
    "carriage return": "good\rbad\r\nworse",
    "backspaces": "good\b\b\b\bbad",
    "line separators": "a\u2028::error::b\u2029c\x0bd\x0ce",
    "non-characters": "\ufffe\uffff\U0001ffff",
    "emoji": "\U0001f469\u200d\U0001f52c \U0001f3f4\U000e0067\U000e007f",
    "combining": "e\u0301" + "\u0335" * 50,
    "wide": "データの品質",
    "long": "x" * 10_000,
    "many words": "word " * 2_000,
    "javascript link": "[x](javascript:alert(1)) <javascript:alert(1)>",
    "image": "![x](y)",
    "comment": "<!-- mlscore --> --> <!--",
    "yaml": "a: b # c",
    "percent": "%s {0} {} $HOME ${x}",
    "tab": "a\tb",
}
RUBRIC = """
id: nasty
version: 1
title: {text}
source: {text}
levels:
  none: {{points: 0, meaning: {text}}}
  manual: {{points: 1, meaning: {text}}}
  waived: {{points: 0, reason_required: true, meaning: {text}}}
tiers: [{{id: low, from: 0, to: 0, label: {text}, meaning: {text}}}, {{id: high, from: 2, label: High}}]
categories:
  - id: a
    title: {text}
    purpose: {text}
    tests:
      - {{id: a-1, title: {text}, short_title: {short}, purpose: {text}, manual: {text}, automated: {text},
         alternative_title: {text}, examples: [{text}, {text}], references: [{text}]}}
      - {{id: a-2, title: {text}}}
      - {{id: a-3, title: {text}, purpose: {text}}}
"""
PROJECT = """
rubric: nasty.yaml
project: {text}
description: {text}
owner: {text}
answers:
  a-1: {{status: manual, note: {text}, owner: {text}, reason: {text},
         evidence: [{{url: {text}}}, {{file: {text}}}, {{junit: {text}, tests: [{text}]}}]}}
  a-2: {{status: waived, reason: {reason}}}
gate: {{fail_under: 2, require: [a-3], categories: {{a: 2}}}}
"""
FORBIDDEN = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
MARKDOWN = MarkdownIt("commonmark").enable("table")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60) | st.text(
    alphabet=" \n\t\r:#[]%|`*_<>!()\\&\x1b\u202e\u2028=+-@'\"{}~x1.", min_size=1, max_size=30
)


def load(text):
    """A rubric and the report of a project, with `text` wherever text can be."""
    visible = text.strip() or "blank"
    quoted, short = in_yaml(visible), in_yaml(visible[:6])
    Path("nasty.yaml").write_text(RUBRIC.format(text=quoted, short=short), encoding="utf-8")
    project = PROJECT.format(text=quoted, reason=in_yaml("why " + visible)).encode()
    rubric, parsed = parse_project(project, "project.yaml")
    return rubric, assess(rubric, parsed, AS_OF)


def harm(text):
    """The lines of an output that a terminal, an editor or a CI runner would act on."""
    return [
        line
        for line in text.split("\n")
        if FORBIDDEN.search(line) or line.lstrip().startswith("::") or "##[" in line
    ]


def read_json(text):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def read_csv(text):
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    return rows


def read_markdown(text):
    """Refuse what a project's text must not bring in: HTML, images, links, code, headings of its own."""
    tokens = MARKDOWN.parse(text)
    tokens += [inner for token in tokens for inner in token.children or ()]
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_inline", "image", "link_open", "fence", "code_block", "hr", "blockquote_open"}
    assert [token.content for token in tokens if token.type == "html_block"] in ([], ["<!-- mlscore -->\n"])
    return tokens


def read_xml(text):
    """Refuse what an SVG or a JUnit report must not hold."""
    assert "<!DOCTYPE" not in text
    for element in ET.fromstring(text).iter():
        assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "image", "a", "use"}
        assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]


class ReadHtml(HTMLParser):
    """Refuse what a page must not hold: scripts, frames, event handlers, links that are no addresses."""

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "iframe", "object", "embed", "base", "form", "img", "b"}
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in {"href", "src"} or value.startswith(("http://", "https://", "#"))


def read_github(text):
    """Every line is a command of our own, with a message that cannot end it."""
    for line in text.splitlines():
        assert re.fullmatch(r"::(notice|warning|error) ([a-z]+=[^:,]*,?)+::.*", line)


READERS = {
    **dict.fromkeys(("json", "gitlab", "sarif", "shields"), read_json),
    **dict.fromkeys(("junit", "badge"), read_xml),
    "csv": read_csv,
    "markdown": read_markdown,
    "value": int,
    "html": lambda text: ReadHtml().feed(text),
    "github": read_github,
}
DOCUMENTS = {
    "text": (lambda rubric: checklist.outline(rubric, 80), str),
    "markdown": (checklist.as_markdown, read_markdown),
    "csv": (checklist.as_csv, read_csv),
    "explain": (lambda rubric: checklist.explain(rubric, "a-1", 80), str),
    "explain, narrow": (lambda rubric: checklist.explain(rubric, "a-1", 40), str),
}

every_text = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)


def check_format(name, text):
    _, report = load(text)

    output = render(name, [report], Style(width=80))

    assert harm(output.replace("::", "") if name == "github" else output) == []
    READERS.get(name, str)(output)


def check_document(name, text):
    write, read = DOCUMENTS[name]
    output = write(load(text)[0])

    assert harm(output) == []
    read(output)


def check_template(text):
    rubric, _ = load(text)
    output = template(rubric, "nasty.yaml", text.strip() or "blank")

    assert [line for line in harm(output) if not line.startswith("project: ")] == []
    assert not FORBIDDEN.search(output)
    assert parse_project(output.encode(), "project.yaml")[1].answers == dict.fromkeys(rubric.tests)


@every_text
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_text_act(name, text):
    check_format(name, text)


@every_text
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_lets_a_rubric_s_text_act(name, text):
    check_document(name, text)


@every_text
def test_a_template_of_any_rubric_and_name_is_a_project(text):
    check_template(text)


@every_text
def test_text_never_changes_a_score(text):
    claimed, plain = load(text)[1].claimed, load("plain")[1].claimed

    assert (claimed.score, claimed.limiting, claimed.categories) == (
        plain.score,
        plain.limiting,
        plain.categories,
    )


@every_text
def test_with_colour_on_the_only_escapes_are_colour_codes(text):
    _, report = load(text)

    output = render("table", [report], Style(width=80, color=True))

    assert harm(re.sub(r"\x1b\[[0-9;]*m", "", output)) == []


@every_text
def test_what_fails_the_gate_is_said_without_acting(mlscore, write, text):
    load(text)
    visible = text.strip()
    write("project.yaml", PROJECT.format(text=in_yaml(visible), reason=in_yaml(f"why {visible}")))

    run = mlscore("assess", "project.yaml", "--quiet")

    assert (run.code, run.out) == (1, "")
    assert len(run.err.splitlines()) == 3
    assert harm(run.err) == []


@pytest.mark.parametrize("name", FORMATS)
@given(text=ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_in_any_format(name, text):
    check_format(name, text)


@pytest.mark.parametrize("name", DOCUMENTS)
@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_in_any_document(name, text):
    check_document(name, text)


@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_in_a_template(text):
    check_template(text)


@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_scores_the_same(text):
    assert load(text)[1].claimed.score == 1
