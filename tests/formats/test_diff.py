"""A difference as lines, Markdown for a pull request, JSON and a page."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from inline_snapshot import snapshot

from formats.samples import AS_OF, PROJECT, RUBRIC
from formats.test_markdown import cells, kinds
from formats.test_nasty import ANY_TEXT, NASTY, ReadHtml, harm, read_json, read_markdown
from formats.test_plan import check_page, nasty_state, rows_of
from mlscore.comparing import State, difference
from mlscore.evidence.reading import Moment, Reading
from mlscore.formats.diff import FORMATS, render
from mlscore.formats.markdown import MARKER
from mlscore.loading import parse_project

NEW = """
rubric: new.yaml
project: churn
answers:
  data-1: manual
  data-2: automated
  data-3: manual
  serving-1: manual
  serving-2: {status: automated, evidence: [{junit: a.xml}]}
"""


def state(text, **outcomes):
    """A state, with what was read of the evidence of some answers."""
    moment = Moment(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
    read = {name.replace("_", "-"): (Reading(outcome, "so", 1, moment),) for name, outcome in outcomes.items()}
    return State(*parse_project(text.encode(), "project.yaml"), read or None)


@pytest.fixture(autouse=True)
def rubrics(write):
    backed = RUBRIC.replace("points: 1,", "points: 1, backed_by: result,")
    write("small.yaml", backed)
    write("new.yaml", backed)
    write("other.yaml", backed.replace("version: 3", "version: 4").replace(", reason_required: true", "").replace(
        "  not_applicable: {points: 0, meaning: Does not fit.}\n", ""))  # fmt: skip


@pytest.fixture
def found():
    return difference(state(PROJECT), state(NEW), AS_OF)


@pytest.fixture
def rescored():
    """With another rubric, which does not take the decision."""
    return difference(state(PROJECT), state(NEW.replace("new.yaml", "other.yaml")), AS_OF)


@pytest.fixture
def proven():
    """With evidence that was read on both sides."""
    old = state(NEW.replace("serving-1: manual", "serving-1: none"), serving_2="verified")
    return difference(old, state(NEW, serving_2="contradicted"), AS_OF)


@pytest.fixture
def same():
    return difference(state(NEW), state(NEW), AS_OF)


def test_text(found, rescored, proven, same):
    assert render("table", found, 80) == snapshot("""\
churn: 0 → 1.5 of 2, Low
project.yaml → project.yaml, small version 3 (sha256:bfda108fca60).

  Data quality  1.5 → 2
  Serving       0 → 1.5

  data-1     automated → manual: Feature schema
  data-2     manual → automated: Features are beneficial
  data-3     none → manual: Features are cheap
  serving-1  not_applicable → manual: Roll back is quick
  serving-2  unanswered → automated: Models are canaried
""")
    assert render("table", rescored, 80) == snapshot("""\
churn: not comparable
project.yaml → project.yaml, small version 4 (sha256:499114735fa0).
The rubric changed from small version 3 (sha256:bfda108fca60) to small version 4
(sha256:499114735fa0); both sides are scored with the new one.
Not comparable: the new rubric does not take the old answers to serving-1.

  Data quality  1.5 → 2
  Serving       0 → 1.5

  data-1     automated → manual: Feature schema
  data-2     manual → automated: Features are beneficial
  data-3     none → manual: Features are cheap
  serving-1  unanswered → manual: Roll back is quick
  serving-2  unanswered → automated: Models are canaried
""")
    assert render("table", proven, 80) == snapshot("""\
churn: 1 → 1.5 of 2, Low; verified 1
project.yaml → project.yaml, small version 3 (sha256:bfda108fca60).

  Serving  1 (1 verified) → 1.5 (1 verified)

  serving-1  none → manual: Roll back is quick
  serving-2  automated → automated (verified manual): Models are canaried
""")
    assert render("table", same, 80) == snapshot("""\
churn: still 1.5 of 2, Low
project.yaml → project.yaml, small version 3 (sha256:bfda108fca60).
No answer changed.
""")


def test_narrow_text(found, rescored, proven, same):
    assert render("table", found, 40) == snapshot("""\
churn: 0 → 1.5 of 2, Low
project.yaml → project.yaml, small
version 3 (sha256:bfda108fca60).

  Data quality
             1.5 → 2
  Serving    0 → 1.5

  data-1     automated → manual: Feature
             schema
  data-2     manual → automated:
             Features are beneficial
  data-3     none → manual: Features are
             cheap
  serving-1  not_applicable → manual:
             Roll back is quick
  serving-2  unanswered → automated:
             Models are canaried
""")
    assert render("table", rescored, 40) == snapshot("""\
churn: not comparable
project.yaml → project.yaml, small
version 4 (sha256:499114735fa0).
The rubric changed from small version 3
(sha256:bfda108fca60) to small version 4
(sha256:499114735fa0); both sides are
scored with the new one.
Not comparable: the new rubric does not
take the old answers to serving-1.

  Data quality
             1.5 → 2
  Serving    0 → 1.5

  data-1     automated → manual: Feature
             schema
  data-2     manual → automated:
             Features are beneficial
  data-3     none → manual: Features are
             cheap
  serving-1  unanswered → manual: Roll
             back is quick
  serving-2  unanswered → automated:
             Models are canaried
""")
    assert render("table", proven, 40) == snapshot("""\
churn: 1 → 1.5 of 2, Low; verified 1
project.yaml → project.yaml, small
version 3 (sha256:bfda108fca60).

  Serving  1 (1 verified) → 1.5 (1
           verified)

  serving-1  none → manual: Roll back is
             quick
  serving-2  automated → automated
             (verified manual): Models
             are canaried
""")
    assert render("table", same, 40) == snapshot("""\
churn: still 1.5 of 2, Low
project.yaml → project.yaml, small
version 3 (sha256:bfda108fca60).
No answer changed.
""")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_text_fits_the_width(found, rescored, proven, width):
    for item in (found, rescored, proven):
        assert max(map(len, render("table", item, width).splitlines())) <= width


def test_markdown(rescored, proven, same):
    assert render("markdown", rescored, 80) == snapshot("""\
<!-- mlscore -->
## Small rubric, churn: not comparable

project.yaml → project.yaml, small version 4 (sha256:499114735fa0).

The rubric changed from small version 3 (sha256:bfda108fca60) to small version 4 (sha256:499114735fa0); both sides are scored with the new one.

Not comparable: the new rubric does not take the old answers to serving-1.

| Category | Old | New |
| --- | --- | --- |
| Data quality | 1.5 | 2 |
| Serving | 0 | 1.5 |

| Test | Old | New | Title |
| --- | --- | --- | --- |
| data-1 | automated | manual | Feature schema |
| data-2 | manual | automated | Features are beneficial |
| data-3 | none | manual | Features are cheap |
| serving-1 | unanswered | manual | Roll back is quick |
| serving-2 | unanswered | automated | Models are canaried |
""")  # noqa: E501
    assert render("markdown", proven, 80) == snapshot("""\
<!-- mlscore -->
## Small rubric, churn: 1 → 1.5 of 2, Low; verified 1

project.yaml → project.yaml, small version 3 (sha256:bfda108fca60).

| Category | Old | New |
| --- | --- | --- |
| Serving | 1 (1 verified) | 1.5 (1 verified) |

| Test | Old | New | Title |
| --- | --- | --- | --- |
| serving-1 | none | manual | Roll back is quick |
| serving-2 | automated | automated (verified manual) | Models are canaried |
""")
    assert render("markdown", same, 80) == snapshot("""\
<!-- mlscore -->
## Small rubric, churn: still 1.5 of 2, Low

project.yaml → project.yaml, small version 3 (sha256:bfda108fca60).

No answer changed.
""")


def test_markdown_reads_back_as_tables(found):
    text = render("markdown", found, 80)
    rows = cells(text)

    assert text.startswith(f"{MARKER}\n## ")
    assert [row for row in rows if len(row) == 3] == [
        ["Category", "Old", "New"],
        ["Data quality", "1.5", "2"],
        ["Serving", "0", "1.5"],
    ]
    assert [row for row in rows if len(row) == 4] == [
        ["Test", "Old", "New", "Title"],
        *([new.test.id, old.status, new.status, new.test.name] for old, new in found.tests),
    ]


def test_without_a_change_there_are_no_tables(same):
    assert cells(render("markdown", same, 80)) == []
    assert check_page(render("html", same, 80)).all("table") == []


def test_json(rescored, proven):
    data = json.loads(render("json", rescored, 80))
    for rubric in (data["rubric"], data["old_rubric"]):
        rubric["digest"] = "DIGEST"

    assert data | {"mlscore": "VERSION"} == snapshot(
        {
            "schema": "mlscore/diff/1",
            "mlscore": "VERSION",
            "project": {"name": "churn", "path": "project.yaml"},
            "rubric": {"id": "small", "version": 4, "title": "Small rubric", "digest": "DIGEST"},
            "comparable": False,
            "rescored": True,
            "old_rubric": {"id": "small", "version": 3, "title": "Small rubric", "digest": "DIGEST"},
            "lost": ["serving-1"],
            "old": {"score": 0, "tier": "low", "verified": None, "categories": {"data": 1.5, "serving": 0}},
            "new": {"score": 1.5, "tier": "low", "verified": None, "categories": {"data": 2, "serving": 1.5}},
            "tests": [
                {
                    "id": "data-1",
                    "old": "automated",
                    "new": "manual",
                    "old_points": 1,
                    "new_points": 0.5,
                    "old_verified": None,
                    "new_verified": None,
                },
                {
                    "id": "data-2",
                    "old": "manual",
                    "new": "automated",
                    "old_points": 0.5,
                    "new_points": 1,
                    "old_verified": None,
                    "new_verified": None,
                },
                {
                    "id": "data-3",
                    "old": "none",
                    "new": "manual",
                    "old_points": 0,
                    "new_points": 0.5,
                    "old_verified": None,
                    "new_verified": None,
                },
                {
                    "id": "serving-1",
                    "old": "unanswered",
                    "new": "manual",
                    "old_points": 0,
                    "new_points": 0.5,
                    "old_verified": None,
                    "new_verified": None,
                },
                {
                    "id": "serving-2",
                    "old": "unanswered",
                    "new": "automated",
                    "old_points": 0,
                    "new_points": 1,
                    "old_verified": None,
                    "new_verified": None,
                },
            ],
        }
    )
    assert data.keys() >= {"schema", "mlscore", "project", "rubric", "comparable", "old", "new", "tests"}
    assert data["old"].keys() >= {"score", "tier", "verified", "categories"}
    assert data["new"].keys() == data["old"].keys()
    assert all(test.keys() >= {"id", "old", "new"} for test in data["tests"])


def test_json_with_evidence(proven):
    data = json.loads(render("json", proven, 80))

    assert (data["old"]["verified"], data["new"]["verified"]) == (1, 1)
    assert [(test["id"], test["old_verified"], test["new_verified"]) for test in data["tests"]] == snapshot(
        [("serving-1", "none", "manual"), ("serving-2", "automated", "manual")]
    )


def test_json_where_nothing_differs(same, found):
    data = json.loads(render("json", same, 80))

    assert (data["comparable"], data["rescored"], data["lost"], data["tests"]) == (True, False, [], [])
    assert data["old"] == data["new"]
    assert data["old"]["verified"] is None
    assert data.keys() == json.loads(render("json", found, 80)).keys()


def test_page(rescored):
    page = check_page(render("html", rescored, 80))

    assert page.texts("title") == ["churn: What changed, mlscore"]
    assert page.texts("h1") == ["churn"]
    assert page.texts("p", class_="lead") == snapshot(["not comparable"])
    assert [text.partition(" (sha256")[0] for text in page.texts("p", class_="remark")] == snapshot(
        [
            "project.yaml → project.yaml, small version 4",
            "The rubric changed from small version 3",
            "Not comparable: the new rubric does not take the old answers to serving-1.",
        ]
    )
    assert rows_of(page, "Categories") == snapshot(
        [["Category", "Old", "New"], ["Data quality", "1.5", "2"], ["Serving", "0", "1.5"]]
    )
    assert rows_of(page, "Tests") == snapshot(
        [
            ["Test", "Old", "New", "Title"],
            ["data-1", "automated", "manual", "Feature schema"],
            ["data-2", "manual", "automated", "Features are beneficial"],
            ["data-3", "none", "manual", "Features are cheap"],
            ["serving-1", "unanswered", "manual", "Roll back is quick"],
            ["serving-2", "unanswered", "automated", "Models are canaried"],
        ]
    )
    assert page.texts("footer") == ["Written by mlscore 0.1.0 from project.yaml."]


# Text that strangers wrote.

READERS = {
    "table": str,
    "json": read_json,
    "markdown": read_markdown,
    "html": lambda text: (ReadHtml().feed(text), check_page(text)),
}
OLD_ANSWERS = "a-1: {status: manual, note: {text}, owner: {text}}\n  b-1: {status: waived, reason: why}"
NEW_ANSWERS = "a-1: {status: none, note: {text}, owner: {text}}\n  b-2: {status: manual, reason: {text}}"


def check_nasty(name, text):
    old = State(*nasty_state("plain", OLD_ANSWERS))
    new = State(*nasty_state(text, NEW_ANSWERS))
    for found in (difference(old, new, AS_OF), difference(new, new, AS_OF)):
        output = render(name, found, 80)

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
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "*b* _e_ `c`", "a|b", "a\\|b", "&lt;", "| --- |"],
)
def test_text_is_shown_as_it_is(text):
    def written(name, given_text):
        old, new = (State(*nasty_state(given_text, answers)) for answers in (OLD_ANSWERS, NEW_ANSWERS))
        return render(name, difference(old, new, AS_OF), 80)

    assert kinds(written("markdown", text)) - {"text_special"} == kinds(written("markdown", "plain")) - {
        "text_special"
    }
    assert [row[3] for row in cells(written("markdown", text)) if len(row) == 4] == [
        "Title",
        text[:6].strip(),
        text,
        text,
    ]
    assert check_page(written("html", text)).texts("h1") == [text]
