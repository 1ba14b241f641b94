"""A comparison of two rubrics as text, Markdown and JSON."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from inline_snapshot import snapshot
from markdown_it import MarkdownIt

from formats.samples import AS_OF, RUBRIC, in_yaml
from formats.test_nasty import ANY_TEXT, NASTY, harm, read_json, read_markdown
from mlscore.formats.rubric_diff import FORMATS, render
from mlscore.loading import parse_project, read_rubric
from mlscore.rubric_diff import Compared, compare, effect

NEW = """
id: small
version: 3
title: Small rubric, revised
source: The tests, 2026
levels:
  none: {points: 0, meaning: Not done.}
  manual: {points: 0.25, meaning: "Done by hand, with a note."}
  automated: {points: 1, meaning: Done by a system.}
tiers:
  - {id: low, from: 0, to: 0.5, label: Low, meaning: Not there yet.}
  - {id: mid, above: 0.5, label: Middle}
  - {id: high, from: 1.5, label: High, meaning: As good as it gets.}
require: [data-1]
categories:
  - id: data
    aliases: [input]
    title: Data quality
    tests:
      - {id: data-1, title: Features are described in a schema, short_title: Feature schema}
      - {id: usefulness, title: Features are beneficial, aliases: [data-2]}
  - id: serving
    title: Serving
    tests:
      - {id: serving-1, title: Roll back is quick}
      - {id: data-3, title: Features are cheap, aliases: [input-3]}
      - {id: serving-3, title: "Models are shadowed, for as long as it takes"}
"""
PROJECTS = {
    "churn.yaml": "{data-1: automated, data-2: manual, serving-1: automated, serving-2: automated}",
    "fraud.yaml": "{data-1: manual, serving-1: manual}",
    "idle.yaml": "{data-1: none}",
    "away.yaml": "{serving-1: {status: not_applicable, reason: batch only}, data-1: automated}",
}
FOREIGN = """
id: foreign
version: 1
levels: {no: {points: 0}, yes: {points: 1}}
tiers: [{id: all, from: 0, label: All}]
categories: [{id: x, title: X, tests: [{id: x-1, title: One}]}]
"""


def compared(old, new, projects=(), refused=()):
    """What `rubric diff` finds, of the rubrics and projects written to files."""
    before, after = read_rubric(old), read_rubric(new)
    parsed = [parse_project(text.encode(), path)[1] for path, text in projects]
    effects = tuple((project, effect(before, after, project, AS_OF)) for project in parsed)
    return Compared(before, after, compare(before, after), effects, refused)


@pytest.fixture
def found(write):
    write("old.yaml", RUBRIC)
    write("new.yaml", NEW)
    write("foreign.yaml", FOREIGN)
    projects = [
        (path, f"{{rubric: old.yaml, project: {path.partition('.')[0]}, answers: {answers}}}")
        for path, answers in PROJECTS.items()
    ]
    projects.append(("other.yaml", "{rubric: foreign.yaml, project: other, answers: {x-1: 'yes'}}"))
    refused = (("broken.yaml", ("broken.yaml:1:1: the key 'project' is missing",)),)
    return compared("old.yaml", "new.yaml", projects, refused)


@pytest.fixture
def same(write):
    write("old.yaml", RUBRIC)
    project = "{rubric: old.yaml, project: churn, answers: {data-1: automated}}"
    return compared("old.yaml", "old.yaml", [("churn.yaml", project)])


def table_rows(text):
    """The cells of every table as they are shown, and the text outside."""
    rows, outside = [], []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            shown = "".join(inner.content for inner in token.children)
            (rows[-1] if token.level >= 4 else outside).append(shown)
    return rows, outside


def test_text(found):
    assert render("text", found, 80) == snapshot("""\
small version 3 (sha256:eecb825c5c19) → small version 3 (sha256:c9d75affcc61)

Rubric
  small  requires no test → data-1
  small  changed: title

Levels
  not_applicable  removed: 0 points
  manual          points 0.5 → 0.25
  manual          changed: meaning

Tiers
  mid   added: above 0.5
  high  2 and more → 1.5 and more

Tests
  serving-3   added: Models are shadowed, for as long as it takes
  serving-2   removed: Models are canaried
  usefulness  id data-2 → usefulness
  data-3      category data → serving

Answers could score differently, but the version is still 3: raise it.

Projects that it changes: 4 of 4

Not compared, since they answer none of the tests: other (other.yaml)

churn (churn.yaml): 1.5 of 2 low → 1 of 2 mid
  serving-2 is gone, with 1 point: its answer has to go
  manual earns 0.25 instead of 0.5 (1 test)
  data 1.5 → 1.25, serving 2 → 1
  limited by serving
  mid is above 0.5

fraud (fraud.yaml): 0.5 of 2 low → 0.25 of 2 low
  manual earns 0.25 instead of 0.5 (2 tests)
  data 0.5 → 0.25, serving 0.5 → 0.25

idle (idle.yaml): 0 of 2 low → 0 of 2 low
  data-1 is required now and earns nothing: the gate fails

away (away.yaml): 0 of 2 low → 0 of 2 low
  serving-1 is not_applicable, which is no level any more, with 0 points: its
    answer has to go
""")


def test_narrow_text(found):
    assert render("text", found, 40) == snapshot("""\
small version 3 (sha256:eecb825c5c19) →
  small version 3 (sha256:c9d75affcc61)

Rubric
  small  requires no test → data-1
  small  changed: title

Levels
  not_applicable
             removed: 0 points
  manual     points 0.5 → 0.25
  manual     changed: meaning

Tiers
  mid   added: above 0.5
  high  2 and more → 1.5 and more

Tests
  serving-3  added: Models are shadowed,
             for as long as it takes
  serving-2  removed: Models are
             canaried
  usefulness id data-2 → usefulness
  data-3     category data → serving

Answers could score differently, but the
version is still 3: raise it.

Projects that it changes: 4 of 4

Not compared, since they answer none of
the tests: other (other.yaml)

churn (churn.yaml): 1.5 of 2 low → 1 of
  2 mid
  serving-2 is gone, with 1 point: its
    answer has to go
  manual earns 0.25 instead of 0.5 (1
    test)
  data 1.5 → 1.25, serving 2 → 1
  limited by serving
  mid is above 0.5

fraud (fraud.yaml): 0.5 of 2 low → 0.25
  of 2 low
  manual earns 0.25 instead of 0.5 (2
    tests)
  data 0.5 → 0.25, serving 0.5 → 0.25

idle (idle.yaml): 0 of 2 low → 0 of 2
  low
  data-1 is required now and earns
    nothing: the gate fails

away (away.yaml): 0 of 2 low → 0 of 2
  low
  serving-1 is not_applicable, which is
    no level any more, with 0 points:
    its answer has to go
""")


def test_markdown(found):
    assert render("markdown", found, 80) == snapshot("""\
## small version 3 (sha256:eecb825c5c19) → small version 3 (sha256:c9d75affcc61)

### Rubric

| Id | Change |
| --- | --- |
| small | requires no test → data-1 |
| small | changed: title |

### Levels

| Id | Change |
| --- | --- |
| not_applicable | removed: 0 points |
| manual | points 0.5 → 0.25 |
| manual | changed: meaning |

### Tiers

| Id | Change |
| --- | --- |
| mid | added: above 0.5 |
| high | 2 and more → 1.5 and more |

### Tests

| Id | Change |
| --- | --- |
| serving-3 | added: Models are shadowed, for as long as it takes |
| serving-2 | removed: Models are canaried |
| usefulness | id data-2 → usefulness |
| data-3 | category data → serving |

Answers could score differently, but the version is still 3: raise it.

Projects that it changes: 4 of 4

Not compared, since they answer none of the tests: other (other.yaml)

### Projects

| Project | Old | New | Why |
| --- | --- | --- | --- |
| churn (churn.yaml) | 1.5 of 2 low | 1 of 2 mid | serving-2 is gone, with 1 point: its answer has to go; manual earns 0.25 instead of 0.5 (1 test); data 1.5 → 1.25, serving 2 → 1; limited by serving; mid is above 0.5 |
| fraud (fraud.yaml) | 0.5 of 2 low | 0.25 of 2 low | manual earns 0.25 instead of 0.5 (2 tests); data 0.5 → 0.25, serving 0.5 → 0.25 |
| idle (idle.yaml) | 0 of 2 low | 0 of 2 low | data-1 is required now and earns nothing: the gate fails |
| away (away.yaml) | 0 of 2 low | 0 of 2 low | serving-1 is not\\_applicable, which is no level any more, with 0 points: its answer has to go |
""")  # noqa: E501


def test_json(found):
    assert json.loads(render("json", found, 80)) | {"mlscore": "VERSION"} == snapshot(
        {
            "schema": "mlscore/rubric-diff/1",
            "mlscore": "VERSION",
            "old": {
                "id": "small",
                "version": 3,
                "title": "Small rubric",
                "digest": "sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a",
            },
            "new": {
                "id": "small",
                "version": 3,
                "title": "Small rubric, revised",
                "digest": "sha256:c9d75affcc6184fff85680842d03f733cb00ad7af215ff58df48022d641dd826",
            },
            "needs_version": True,
            "changes": [
                {"what": "rubric", "id": "small", "detail": "requires no test → data-1", "scores": False},
                {"what": "rubric", "id": "small", "detail": "changed: title", "scores": False},
                {"what": "level", "id": "not_applicable", "detail": "removed: 0 points", "scores": True},
                {"what": "level", "id": "manual", "detail": "points 0.5 → 0.25", "scores": True},
                {"what": "level", "id": "manual", "detail": "changed: meaning", "scores": False},
                {"what": "tier", "id": "mid", "detail": "added: above 0.5", "scores": True},
                {"what": "tier", "id": "high", "detail": "2 and more → 1.5 and more", "scores": True},
                {
                    "what": "test",
                    "id": "serving-3",
                    "detail": "added: Models are shadowed, for as long as it takes",
                    "scores": True,
                },
                {"what": "test", "id": "serving-2", "detail": "removed: Models are canaried", "scores": True},
                {"what": "test", "id": "usefulness", "detail": "id data-2 → usefulness", "scores": False},
                {"what": "test", "id": "data-3", "detail": "category data → serving", "scores": True},
            ],
            "projects": [
                {
                    "path": "churn.yaml",
                    "project": "churn",
                    "comparable": True,
                    "changed": True,
                    "old": {
                        "score": 1.5,
                        "max_score": 2,
                        "tier": "low",
                        "categories": {"data": 1.5, "serving": 2},
                        "verified": None,
                    },
                    "new": {
                        "score": 1,
                        "max_score": 2,
                        "tier": "mid",
                        "categories": {"data": 1.25, "serving": 1},
                        "verified": None,
                    },
                    "lost": ["serving-2"],
                    "reasons": [
                        "serving-2 is gone, with 1 point: its answer has to go",
                        "manual earns 0.25 instead of 0.5 (1 test)",
                        "data 1.5 → 1.25, serving 2 → 1",
                        "limited by serving",
                        "mid is above 0.5",
                    ],
                },
                {
                    "path": "fraud.yaml",
                    "project": "fraud",
                    "comparable": True,
                    "changed": True,
                    "old": {
                        "score": 0.5,
                        "max_score": 2,
                        "tier": "low",
                        "categories": {"data": 0.5, "serving": 0.5},
                        "verified": None,
                    },
                    "new": {
                        "score": 0.25,
                        "max_score": 2,
                        "tier": "low",
                        "categories": {"data": 0.25, "serving": 0.25},
                        "verified": None,
                    },
                    "lost": [],
                    "reasons": [
                        "manual earns 0.25 instead of 0.5 (2 tests)",
                        "data 0.5 → 0.25, serving 0.5 → 0.25",
                    ],
                },
                {
                    "path": "idle.yaml",
                    "project": "idle",
                    "comparable": True,
                    "changed": True,
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
                    "reasons": ["data-1 is required now and earns nothing: the gate fails"],
                },
                {
                    "path": "away.yaml",
                    "project": "away",
                    "comparable": True,
                    "changed": True,
                    "old": {
                        "score": 0,
                        "max_score": 2,
                        "tier": "low",
                        "categories": {"data": 1, "serving": 0},
                        "verified": None,
                    },
                    "new": {
                        "score": 0,
                        "max_score": 2,
                        "tier": "low",
                        "categories": {"data": 1, "serving": 0},
                        "verified": None,
                    },
                    "lost": ["serving-1"],
                    "reasons": [
                        "serving-1 is not_applicable, which is no level any more, with 0 points: its answer has to go"  # noqa: E501
                    ],
                },
                {
                    "path": "other.yaml",
                    "project": "other",
                    "comparable": False,
                    "changed": False,
                    "old": None,
                    "new": None,
                    "lost": [],
                    "reasons": [],
                },
            ],
            "errors": [{"path": "broken.yaml", "messages": ["broken.yaml:1:1: the key 'project' is missing"]}],
        }
    )


def test_a_rubric_and_itself(same):
    assert render("text", same, 80) == snapshot("""\
small version 3 (sha256:eecb825c5c19) and small version 3 (sha256:eecb825c5c19):
  no difference

Projects that it changes: 0 of 1
""")
    assert render("markdown", same, 80) == snapshot("""\
## small version 3 (sha256:eecb825c5c19) and small version 3 (sha256:eecb825c5c19): no difference

Projects that it changes: 0 of 1
""")


def test_nothing_differs_in_json(same):
    data = json.loads(render("json", same, 80))

    assert data["changes"] == []
    assert data["needs_version"] is False
    assert [(item["comparable"], item["changed"], item["reasons"]) for item in data["projects"]] == [
        (True, False, [])
    ]


def test_a_rubric_without_projects(write):
    write("old.yaml", RUBRIC)
    write("new.yaml", RUBRIC.replace("version: 3", "version: 4").replace("points: 0.5", "points: 0.25"))

    assert render("text", compared("old.yaml", "new.yaml"), 80) == snapshot("""\
small version 3 (sha256:eecb825c5c19) → small version 4 (sha256:ad757db0c2eb)

Levels
  manual  points 0.5 → 0.25
""")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_text_fits_the_width(found, width):
    assert max(map(len, render("text", found, width).splitlines())) <= width


def test_a_long_id_leaves_room_for_what_is_said_of_it(write):
    """Ids can have 64 characters, more than a narrow terminal."""
    write("old.yaml", RUBRIC)
    write("new.yaml", RUBRIC.replace("id: data-3,", f"id: {'long-' * 12}data,").replace("cheap", "cheap to have"))

    text = render("text", compared("old.yaml", "new.yaml"), 40)

    assert text.partition("\nTests\n")[2].partition("\n\n")[0] == snapshot("""\
  long-long-long-long-long-long-long-long-long-long-long-long-data
             added: Features are cheap
             to have
  data-3     removed: Features are cheap\
""")


@pytest.mark.parametrize("name", FORMATS)
def test_one_line_break_ends_it(found, name):
    text = render(name, found, 80)

    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_markdown_reader_sees_every_change_and_project(found):
    rows, outside = table_rows(render("markdown", found, 80))

    changes = [[change.id, change.detail] for change in found.changes]
    assert [row for row in rows if len(row) == 2 and row != ["Id", "Change"]] == changes
    assert [row[0] for row in rows if len(row) == 4] == [
        "Project",
        "churn (churn.yaml)",
        "fraud (fraud.yaml)",
        "idle (idle.yaml)",
        "away (away.yaml)",
    ]
    assert outside[1:] == [
        "Rubric",
        "Levels",
        "Tiers",
        "Tests",
        "Answers could score differently, but the version is still 3: raise it.",
        "Projects that it changes: 4 of 4",
        "Not compared, since they answer none of the tests: other (other.yaml)",
        "Projects",
    ]


def nasty(text, path):
    """A comparison with `text` wherever it can be, in titles that come, go and change, and in projects."""
    quoted = in_yaml(text.strip() or "blank")
    head = f"id: r\nversion: 1\ntitle: {quoted}\nsource: {quoted}\n"
    head += f"levels: {{done: {{points: 1, meaning: {quoted}}}}}\n"
    tiers = f"tiers: [{{id: low, from: 0, label: {quoted}, meaning: {quoted}}}]\n"
    tests = f"{{id: a-1, title: {quoted}}}, {{id: a-2, title: {quoted}, purpose: {quoted}}}"
    before = f"{head}{tiers}categories: [{{id: a, title: {quoted}, tests: [{tests}]}}]"
    Path("old.yaml").write_text(before, encoding="utf-8")
    Path("new.yaml").write_text(
        before.replace("a-2", "a-3").replace("points: 1", "points: 2").replace("id: low", "id: high"),
        encoding="utf-8",
    )
    Path("foreign.yaml").write_text(FOREIGN, encoding="utf-8")
    projects = [
        (path, f"{{rubric: old.yaml, project: {quoted}, answers: {{a-1: done, a-2: done}}}}"),
        (path, f"{{rubric: foreign.yaml, project: {quoted}, answers: {{x-1: 'yes'}}}}"),
    ]
    return compared("old.yaml", "new.yaml", projects, ((path, (text,)),))


def check(text):
    found = nasty(text, text.strip().replace("\0", "") or "blank")

    assert harm(render("text", found, 80)) == []
    assert harm(render("text", found, 40)) == []
    markdown = render("markdown", found, 80)
    assert harm(markdown) == []
    read_markdown(markdown)
    rows, outside = table_rows(markdown)
    assert [len(row) for row in rows] == [2] * 2 + [2] * 2 + [2] * 3 + [2] * 3 + [4] * 2
    assert len(outside) == 1 + 5 + 3
    data = read_json(render("json", found, 80))
    assert [item["changed"] for item in data["projects"]] == [True, False]


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_text_does_not_act(text):
    check(text)


@given(text=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_does_not_act(text):
    check(text)
