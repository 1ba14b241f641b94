"""Answers spliced into a project file: what is meant changes, and nothing else does.

Every test runs with libyaml and with PyYAML's own parser, whose positions must serve as well.
"""

import difflib
import re
from collections import Counter
from typing import NamedTuple

import pytest
import yaml  # noqa: TID251 - the tests choose between its two parsers
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from conftest import ROOT
from mlscore import load_rubric
from mlscore.errors import OutputError
from mlscore.loading import document, editing, parse_project
from mlscore.loading.document import parse
from mlscore.loading.editing import Change, edit, word
from mlscore.template import template
from mlscore.text import visible

EXAMPLES = 1_000 if settings.get_current_profile_name() == "ci" else 200
JUNIT = (("junit", "r.xml"),)


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request, monkeypatch):
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(document, "Loader", getattr(yaml, request.param))
    return request.param


def automated(*keys, entries=JUNIT, after=None):
    return [Change(key, "automated", entries, after) for key in keys]


def edited(text, *changes):
    """Change a file in which every answer can be changed."""
    result = edit(text, changes, "project.yaml")
    assert result.refused == {}
    return result.text


STYLES = {
    "null answers": (
        """\
project: p
answers:
  data-1:
  data-2:   # not yet
  data-3: ~ # nobody knows
  data-4: null

  # the last one
  data-5:
""",
        automated("data-1", "data-2", "data-3", "data-4", "data-5"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    evidence:
      - junit: r.xml
  data-2:   # not yet
    status: automated
    evidence:
      - junit: r.xml
  data-3: # nobody knows
    status: automated
    evidence:
      - junit: r.xml
  data-4:
    status: automated
    evidence:
      - junit: r.xml

  # the last one
  data-5:
    status: automated
    evidence:
      - junit: r.xml
"""),
    ),
    "a null answer with a hint below it": (
        """\
project: p
answers:
  data-1:
    # ask Ana
  # features
  data-2:
""",
        automated("data-1"),
        snapshot("""\
project: p
answers:
  data-1:
    # ask Ana
    status: automated
    evidence:
      - junit: r.xml
  # features
  data-2:
"""),
    ),
    "a null on a line of its own": (
        """\
project: p
answers:
  data-1: # where?
    ~
  data-2: none
""",
        automated("data-1"),
        snapshot("""\
project: p
answers:
  data-1: # where?

    status: automated
    evidence:
      - junit: r.xml
  data-2: none
"""),
    ),
    "short forms": (
        """\
project: p
answers:
  data-1: automated   # by nightly
  data-2: 'automated'
  data-3: "automated" # in quotes
  data-4:
    automated # below
  data-5: none
""",
        automated("data-1", "data-2", "data-3", "data-4"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated   # by nightly
    evidence:
      - junit: r.xml
  data-2:
    status: 'automated'
    evidence:
      - junit: r.xml
  data-3:
    status: "automated" # in quotes
    evidence:
      - junit: r.xml
  data-4:
    status: automated # below
    evidence:
      - junit: r.xml
  data-5: none
"""),
    ),
    "short forms of another status": (
        """\
project: p
answers:
  data-1: manual   # by Ana
  data-2: 'none'
  data-3: "manual" # in quotes
  data-4: >-
    manual
  data-5: |-
    automated

  data-6: none
""",
        automated("data-1", "data-2", "data-3", "data-4", "data-5"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated   # by Ana
    evidence:
      - junit: r.xml
  data-2:
    status: 'automated'
    evidence:
      - junit: r.xml
  data-3:
    status: "automated" # in quotes
    evidence:
      - junit: r.xml
  data-4:
    status: automated
    evidence:
      - junit: r.xml
  data-5:
    status: automated
    evidence:
      - junit: r.xml

  data-6: none
"""),
    ),
    "flow answers": (
        """\
project: p
answers: {data-1: automated, # first
          data-2: ,
          data-3,
          data-4: null,
          "data-5": {status: manual}
          } # all
""",
        automated("data-1", "data-2", "data-3", "data-4", "data-5"),
        snapshot("""\
project: p
answers: {data-1: {status: automated, evidence: [{junit: r.xml}]}, # first
          data-2: {status: automated, evidence: [{junit: r.xml}]} ,
          data-3: {status: automated, evidence: [{junit: r.xml}]},
          data-4: {status: automated, evidence: [{junit: r.xml}]},
          "data-5": {status: automated, evidence: [{junit: r.xml}]}
          } # all
"""),
    ),
    "new answers in a flow mapping": (
        """\
project: p
answers: {
  data-1: automated, # first
  data-2: ,
  data-5: none,
}
""",
        [*automated("data-3", after="data-2"), *automated("data-6")],
        snapshot("""\
project: p
answers: {
  data-1: automated, # first
  data-2: , data-3: {status: automated, evidence: [{junit: r.xml}]} ,
  data-5: none, data-6: {status: automated, evidence: [{junit: r.xml}]},
}
"""),
    ),
    "no answers yet": (
        """\
project: p
answers: {}   # none yet
gate: {fail_under: 1}
""",
        automated("data-1", "data-2"),
        snapshot("""\
project: p
answers:   # none yet
  data-1:
    status: automated
    evidence:
      - junit: r.xml
  data-2:
    status: automated
    evidence:
      - junit: r.xml
gate: {fail_under: 1}
"""),
    ),
    "no answers yet, with a remark inside": (
        """\
project: p
answers: { # none yet
  }
""",
        automated("data-1"),
        snapshot("""\
project: p
answers: {data-1: {status: automated, evidence: [{junit: r.xml}]} # none yet
  }
"""),
    ),
    "a file in flow style": (
        "{project: p, answers: {}}\n",
        automated("data-1"),
        snapshot("{project: p, answers: {data-1: {status: automated, evidence: [{junit: r.xml}]}}}\n"),
    ),
    "JSON": (
        """\
{
  "project": "p",
  "answers": {
    "data-1": "automated",
    "data-2":null,
    "data-3": {"status": "manual"},
    "data-4": "none"
  }
}
""",
        automated("data-1", "data-2", "data-3", "data-5"),
        snapshot("""\
{
  "project": "p",
  "answers": {
    "data-1": {"status": "automated", "evidence": [{"junit": "r.xml"}]},
    "data-2":{"status": "automated", "evidence": [{"junit": "r.xml"}]},
    "data-3": {"status": "automated", "evidence": [{"junit": "r.xml"}]},
    "data-4": "none", "data-5": {"status": "automated", "evidence": [{"junit": "r.xml"}]}
  }
}
"""),
    ),
    "JSON without answers": (
        '{\n  "project": "p",\n  "answers": {}\n}\n',
        automated("data-1"),
        snapshot("""\
{
  "project": "p",
  "answers": {"data-1": {"status": "automated", "evidence": [{"junit": "r.xml"}]}}
}
"""),
    ),
    "flow long forms": (
        """\
project: p
answers:
  data-1: {status: manual, owner: x} # a
  data-2: {status: automated, evidence: []}
  data-3: {status: automated, evidence: [url: https://x.org, {file: a.md}], }
  data-4: {status: automated, evidence: , note: }
  data-5: {status: automated, evidence: null}
  data-6: {status: 'manual',
           owner: x,
           note: }
  data-7: {evidence, status: manual}
""",
        automated("data-1", "data-2", "data-3", "data-4", "data-5", "data-6", "data-7"),
        snapshot("""\
project: p
answers:
  data-1: {status: automated, owner: x, evidence: [{junit: r.xml}]} # a
  data-2: {status: automated, evidence: [{junit: r.xml}]}
  data-3: {status: automated, evidence: [url: https://x.org, {file: a.md}, {junit: r.xml}], }
  data-4: {status: automated, evidence: [{junit: r.xml}] , note: }
  data-5: {status: automated, evidence: [{junit: r.xml}]}
  data-6: {status: 'automated',
           owner: x,
           note: , evidence: [{junit: r.xml}] }
  data-7: {evidence: [{junit: r.xml}], status: automated}
"""),
    ),
    "block long forms": (
        """\
project: p
answers:
  data-1:
    status: manual # since May
    owner: ana
    # what else?

  data-2:
    owner: ana
    evidence: # none yet
      # - junit: x.xml
    status: automated
  data-3:
    evidence: ~
    status: automated
  data-4:
    status: automated
    evidence: [] # none
  data-5:
    status: automated
    evidence:
      - url: https://x.org # the page
      # and another

    owner: bo
""",
        automated("data-1", "data-2", "data-3", "data-4", "data-5"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated # since May
    owner: ana
    # what else?
    evidence:
      - junit: r.xml

  data-2:
    owner: ana
    evidence: # none yet
      # - junit: x.xml
      - junit: r.xml
    status: automated
  data-3:
    evidence:
      - junit: r.xml
    status: automated
  data-4:
    status: automated
    evidence: [{junit: r.xml}] # none
  data-5:
    status: automated
    evidence:
      - url: https://x.org # the page
      # and another
      - junit: r.xml

    owner: bo
"""),
    ),
    "dashes that are not indented": (
        """\
project: p
answers:
  data-1:
    status: automated
    evidence:
    - junit: a.xml
      tests:
      - one
      - two # parts
    # whose?
    owner: bo
  data-2:
    status: automated
  data-3:
""",
        automated("data-1", "data-2", "data-3"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    evidence:
    - junit: a.xml
      tests:
      - one
      - two # parts
    - junit: r.xml
    # whose?
    owner: bo
  data-2:
    status: automated
    evidence:
    - junit: r.xml
  data-3:
    status: automated
    evidence:
    - junit: r.xml
"""),
    ),
    "the first of several ways is followed": (
        """\
project: p
answers:
  data-1:
     status: none
     evidence:
     - url: https://x.org
  data-2:
    status: none
    evidence:
      - url: https://x.org
""",
        automated("data-3"),
        snapshot("""\
project: p
answers:
  data-1:
     status: none
     evidence:
     - url: https://x.org
  data-2:
    status: none
    evidence:
      - url: https://x.org
  data-3:
     status: automated
     evidence:
     - junit: r.xml
"""),
    ),
    "an indented file": (
        """\
  project: p
  answers: {}
""",
        automated("data-1"),
        snapshot("""\
  project: p
  answers:
    data-1:
      status: automated
      evidence:
        - junit: r.xml
"""),
    ),
    "answers with an anchor": (
        """\
project: p
answers: &answers
  data-1:
""",
        automated("data-1", "data-2"),
        snapshot("""\
project: p
answers: &answers
  data-1:
    status: automated
    evidence:
      - junit: r.xml
  data-2:
    status: automated
    evidence:
      - junit: r.xml
"""),
    ),
    "remarks below short forms": (
        """\
project: p
answers:
  data-1: automated
    # since May

    # and June
  # features
  data-2: none
""",
        automated("data-1"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    # since May

    # and June
    evidence:
      - junit: r.xml
  # features
  data-2: none
"""),
    ),
    "wide indentation": (
        """\
project: p
answers:
    data-1:
          status: automated
          evidence:
              -   url: https://x.org
    data-2: none
""",
        automated("data-1", "data-3"),
        snapshot("""\
project: p
answers:
    data-1:
          status: automated
          evidence:
              -   url: https://x.org
              - junit: r.xml
    data-2: none
    data-3:
          status: automated
          evidence:
              - junit: r.xml
"""),
    ),
    "texts of several lines": (
        """\
project: p
answers:
  data-1:
    status: manual
    note: |
      One.

      Two.

  data-2:
    status: manual
    note: >+
      Kept.

  data-3:
    status: manual
    note: one
      two # three
  data-4:
    status: manual
    note: "one

      two"
  # the end
""",
        automated("data-1", "data-2", "data-3", "data-4"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    note: |
      One.

      Two.
    evidence:
      - junit: r.xml

  data-2:
    status: automated
    note: >+
      Kept.

    evidence:
      - junit: r.xml
  data-3:
    status: automated
    note: one
      two # three
    evidence:
      - junit: r.xml
  data-4:
    status: automated
    note: "one

      two"
    evidence:
      - junit: r.xml
  # the end
"""),
    ),
    "new answers": (
        """\
project: p
answers:
  # Data
  data-1: automated
  data-2: # why?
    # because

  # Model
  model-1:
    status: manual
    note: |
      Long.

  # Monitoring
owner: x
""",
        [
            *automated("data-3", after="data-1"),
            *automated("data-4", "data-5", after="data-2"),
            *automated("model-2", after="model-1"),
            *automated("infra-1"),
        ],
        snapshot("""\
project: p
answers:
  # Data
  data-1: automated
  data-3:
    status: automated
    evidence:
      - junit: r.xml
  data-2: # why?
    # because
  data-4:
    status: automated
    evidence:
      - junit: r.xml
  data-5:
    status: automated
    evidence:
      - junit: r.xml

  # Model
  model-1:
    status: manual
    note: |
      Long.
  model-2:
    status: automated
    evidence:
      - junit: r.xml
  infra-1:
    status: automated
    evidence:
      - junit: r.xml

  # Monitoring
owner: x
"""),
    ),
    "a new answer behind one that changes": (
        """\
project: p
answers:
  data-7: automated
""",
        [*automated("data-3", after="data-7"), *automated("data-7")],
        snapshot("""\
project: p
answers:
  data-7:
    status: automated
    evidence:
      - junit: r.xml
  data-3:
    status: automated
    evidence:
      - junit: r.xml
"""),
    ),
    "keys in quotes, ids as aliases": (
        """\
project: p
answers:
  "data-1": automated
  'infrastructure-3':
  ? data-2
  : automated
""",
        automated("data-1", "infrastructure-3", "data-2"),
        snapshot("""\
project: p
answers:
  "data-1":
    status: automated
    evidence:
      - junit: r.xml
  'infrastructure-3':
    status: automated
    evidence:
      - junit: r.xml
  ? data-2
  :
    status: automated
    evidence:
      - junit: r.xml
"""),
    ),
    "paths that need quotes": (
        """\
project: p
answers: {}
""",
        [
            Change(
                "data-1",
                "automated",
                (
                    ("junit", "a: b.xml"),
                    ("junit", "#x.xml"),
                    ("pytest", "../größe 1/r.json"),
                    ("junit", "2026.10"),
                ),
            )
        ],
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    evidence:
      - junit: "a: b.xml"
      - junit: "#x.xml"
      - pytest: ../größe 1/r.json
      - junit: "2026.10"
"""),
    ),
    "a document with marks": (
        """\
# yaml-language-server: $schema=./mlscore.schema.json
---
project: p
answers:
  data-1: automated
...
""",
        automated("data-1", "data-2"),
        snapshot("""\
# yaml-language-server: $schema=./mlscore.schema.json
---
project: p
answers:
  data-1:
    status: automated
    evidence:
      - junit: r.xml
  data-2:
    status: automated
    evidence:
      - junit: r.xml
...
"""),
    ),
    "no final newline": (
        """\
project: p
answers:
  data-1: automated""",
        automated("data-1", "data-2"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    evidence:
      - junit: r.xml
  data-2:
    status: automated
    evidence:
      - junit: r.xml
"""),
    ),
    "no final newline, and nothing new at the end": (
        """\
project: p
answers:
  data-1: automated
owner: x""",
        automated("data-1"),
        snapshot("""\
project: p
answers:
  data-1:
    status: automated
    evidence:
      - junit: r.xml
owner: x\
"""),
    ),
}


@pytest.mark.parametrize(("before", "changes", "after"), STYLES.values(), ids=STYLES.keys())
def test_only_the_lines_meant_change(before, changes, after):
    assert edited(before, *changes) == after


@pytest.mark.parametrize("text", ["project: p\nanswers:\n  data-1: none\n", "project: p\nanswers: {}"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(text, mark):
    expected = edited(text, *automated("data-1", "data-2")).replace("\n", "\r\n")

    assert edited(mark + text.replace("\n", "\r\n") + "\r\n", *automated("data-1", "data-2")).rstrip() == (
        mark + expected.rstrip()
    )


def test_a_text_that_ends_the_file_without_a_newline_gets_one():
    """The newline is data there; it cannot be avoided when something follows."""
    before = "project: p\nanswers:\n  data-1:\n    status: none\n    note: |\n      text"

    after = edited(before, *automated("data-2"))

    assert after.startswith(f"{before}\n  data-2:\n")
    assert parse(after.encode(), "p").data["answers"]["data-1"]["note"] == "text\n"


def test_a_text_that_ends_the_file_without_a_newline_stays_when_nothing_follows():
    before = "answers:\n  data-1: none\nproject: p\ndescription: |\n  text"

    after = edited(before, *automated("data-1"))

    assert after.endswith("\nproject: p\ndescription: |\n  text")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("&a automated", "anchor"),
        ("*b", "anchor"),
        ("&a {status: manual}", "anchor"),
        ("&a", "anchor"),
        ("{status: *b}", "anchor"),
        ("{status: &a manual}", "anchor"),
        ("{status: manual, evidence: *c}", "anchor"),
        ("{status: manual, evidence: &a [url: https://x.org]}", "anchor"),
        ("{*d : x, status: manual}", "anchor"),
    ],
)
def test_an_answer_that_shares_something_is_left_to_a_person_and_others_are_not(answer, reason):
    before = f"""\
project: &b manual
description: &d owner
answers:
  model-1: {{status: manual, evidence: &c [url: https://x.org]}}
  data-1: {answer} # shared
  data-2:
"""

    after, refused = edit(before, automated("data-1", "data-2"), "project.yaml")

    assert reason in refused.pop("data-1")
    assert refused == {}
    assert after == before + edited("project: p\nanswers: {}\n", *automated("x")).partition("  x:\n")[2]


def test_an_entry_of_evidence_may_be_shared():
    before = """\
project: p
answers:
  data-1: {status: automated, evidence: [&e {url: https://x.org}]}
  data-2: {status: automated, evidence: [*e]}
"""

    after = edited(before, *automated("data-1", "data-2"))

    assert after == before.replace("]", ", {junit: r.xml}]")


def test_new_answers_stand_behind_one_that_is_an_alias():
    before = "project: p\nanswers:\n  data-1: &a automated\n  data-2: *a # too\n  model-1: *a\n"

    after = edited(before, *automated("data-3", after="data-2"))

    assert after.partition("  data-2: *a # too\n  data-3:\n")[1]
    assert after.endswith("- junit: r.xml\n  model-1: *a\n")


@pytest.mark.parametrize(
    "before",
    [
        "project: &a answers\n*a : {data-1: none}\n",
        "project: p\nanswers: &a {}\n",
        "project: &a data-1\nanswers:\n  *a : none\n  data-2: none\n",
    ],
)
def test_answers_behind_an_alias_are_left_to_a_person(before):
    after, refused = edit(before, automated("data-1", "data-3"), "project.yaml")

    assert after == before
    assert list(refused) == ["data-1", "data-3"]


def test_a_key_with_a_question_mark_and_no_colon_is_left_to_a_person():
    before = "project: p\nanswers:\n  ? data-1\n  ? data-2\n  :\n"

    after, refused = edit(before, automated("data-1", "data-2"), "project.yaml")

    assert after == before + "    status: automated\n    evidence:\n      - junit: r.xml\n"
    assert refused == {"data-1": "its key stands behind a ? without a colon; change it by hand"}


def test_what_would_not_read_back_is_an_error_and_says_that_nothing_was_written():
    """Control characters are made visible when they are read: the entry would name another file."""
    with pytest.raises(OutputError) as caught:
        edit("project: p\nanswers: {}\n", automated("data-1", entries=(("junit", "a\x1b.xml"),)), "my/p.yaml")

    assert str(caught.value) == "my/p.yaml: not written: the change would not read back as it was meant"


@pytest.mark.parametrize(
    "after",
    [
        "gate: {fail_under: 1}\nproject: '1.5'\nanswers: {data-1: {status: manual}}\n",
        "gate: {fail_under: 1}\nproject: '1.5'\nanswers: {data-1: {status: automated}, data-2: none}\n",
        "gate: {fail_under: 1}\nproject: 1.5\nanswers: {data-1: {status: automated}}\n",
        "gate: {fail_under: true}\nproject: '1.5'\nanswers: {data-1: {status: automated}}\n",
        "gate: {fail_under: 1, fail_under: 1}\nproject: '1.5'\nanswers: {data-1: {status: automated}}\n",
        "gate: {fail_under: 1}\nproject: '1.5'\nanswers: {data-1: {status: automated}\n",
    ],
    ids=["not changed", "one more", "text to number", "number to truth", "repeated", "no YAML"],
)
def test_a_result_is_held_against_what_was_meant(after, monkeypatch):
    """Whatever a mistake in the splice would do, a file that says something else is not written."""
    before = "gate: {fail_under: 1}\nproject: '1.5'\nanswers: {data-1: manual}\n"
    monkeypatch.setattr(editing, "_spliced", lambda text, splices: after)

    with pytest.raises(OutputError, match="not written"):
        edit(before, [Change("data-1", "automated")], "project.yaml")


class TestWord:
    """Scalars that every reader takes for the same text."""

    @pytest.mark.parametrize(
        "text",
        [
            "automated",
            "data-1",
            "reports/junit.xml",
            "../x.xml",
            "./.x",
            "2026/10.xml",
            "größe.xml",
            "a b (1).xml",
        ],
    )
    def test_plain(self, text):
        assert word(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            *[
                "",
                "true",
                "No",
                "y",
                "null",
                "1",
                "2026-10-01",
                "1e3",
                ".5",
                "-x",
                " x",
                "x ",
                "x: y",
                "a,b",
                "[x].xml",
            ],
            *["{x}", "&x", "*x", "~/x", "x #y", "#x", "x:", "it's", 'a"b', "a\\b", "a\nb", "---", "...", "a\tb"],
        ],
    )
    def test_quoted(self, text):
        assert word(text)[0] == word(text)[-1] == '"'

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: visible(text) == text)
    )
    def test_any_text_reads_back_in_any_style(self, text):
        whole = (
            f"a: {word(text)}\nb: [{word(text)}, {{{word(text)}: {word(text)}}}]\nc:\n  - {word(text)}: x # y\n"
        )
        expected = {"a": text, "b": [text, {text: text}], "c": [{text: "x"}]}

        assert parse(whole.encode(), "f").data == expected
        assert yaml.safe_load(whole) == expected


KEYS = [f"{category}-{place}" for category in ("data", "model") for place in (1, 2, 3)]
STATUSES = ["none", "manual", "automated"]
TARGETS = ["r.xml", "reports/junit.xml", "../a b/[1].xml", "größe 😀.json", "a: b # c", "2026-10-01", '"', "'"]
TEXTS = ["plain", "'it''s'", '"\\t: # [x]"', "größe 😀", "two\n{pad} lines", "'two\n\n{pad}  lines'", "", "~"]
BLOCKS = [
    "|\n{pad}  One.\n\n{pad}  # text",
    ">\n{pad}  Two\n{pad}  lines.",
    "|-\n{pad}  - x: y",
    "|+\n{pad}  Kept.",
]
ENTRIES = ["junit: a.xml", "{junit: a.xml} ", "url: https://x.org\n{pad}  date: 2026-10-01", "file: 'a.md'"]
FLOW_LISTS = [
    "[]",
    "[{junit: a.xml}]",
    "[junit: a.xml, {file: a.md}]",
    "[ {url: https://x.org, date: 2026-10-01}, ]",
]


class Hand:
    """A way to write a project file. Each comment has a number of its own."""

    def __init__(self, draw):
        self.draw = draw
        self.numbers = iter(range(10_000))
        self.pad = " " * self.pick(1, 2, 4)
        self.deep = self.pad + " " * self.pick(1, 2, 4)
        self.dash = self.deep + " " * self.pick(0, 2, 3)

    def pick(self, *choices):
        return self.draw(st.sampled_from(choices))

    def remark(self, pad=" "):
        return f"{pad}# {next(self.numbers)} |"

    def comment(self):
        return self.remark() if self.pick(False, False, False, True) else ""

    def quoted(self, text):
        return self.pick(text, text, text, f'"{text}"', f"'{text}'")

    def null(self):
        return self.pick("", " ", " ~", " null") + self.comment()

    def short(self):
        lead = self.pick(" ", " ", "   ", f"{self.comment()}\n{self.deep}")
        return f"{lead}{self.quoted(self.pick(*STATUSES))}{self.comment()}"

    def shared(self):
        return self.pick(" &{key} manual", " &{key} {status: manual}", " *p", " {status: *p}") + self.comment()

    def flow(self):
        parts = [f"{self.quoted('status')}: {self.quoted(self.pick(*STATUSES))}"]
        parts += self.pick([], ["owner: x"], ["note: "], ["owner"], ["note: 'x, y'", "effort: 2"])
        parts += [f"evidence: {listed}" for listed in self.pick([], [""], ["~"], *([item] for item in FLOW_LISTS))]
        joined = self.pick(", ", f",\n{self.deep} ").join(self.draw(st.permutations(parts)))
        return f" {{{joined}{self.pick('', ' ', ' , ')}}}{self.comment()}"

    def block(self):
        parts = [f"status: {self.quoted(self.pick(*STATUSES))}{self.comment()}"]
        parts += [f"note: {self.pick(*TEXTS)}{self.comment()}"] * self.pick(0, 1)
        parts += [f"owner: {self.pick(*BLOCKS)}" + "\n" * self.pick(0, 0, 1, 2)] * self.pick(0, 0, 1)
        parts += [
            f"evidence:{self.pick('', ' ~', *(f' {item}' for item in FLOW_LISTS))}{self.comment()}"
        ] * self.pick(0, 1)
        if len(parts) == 1 or "evidence" not in parts[-1]:
            entries = [f"\n{self.dash}- {self.pick(*ENTRIES)}{self.comment()}" for _ in range(self.pick(0, 1, 2))]
            parts += [f"evidence:{self.comment()}{''.join(entries)}".replace("{pad}", self.dash)] * bool(entries)
        if self.pick(False, True):
            parts.append(self.remark(""))
        lines = "".join(f"\n{self.deep}{part}" for part in self.draw(st.permutations(parts)))
        return f"{self.comment()}{lines.replace('{pad}', self.deep)}"


class Sample(NamedTuple):
    """A random project file."""

    text: str
    spans: dict[str, tuple[int, int]]
    """The lines of each answer, with the comments below it that are its own."""
    shared: set[str]
    """Answers with anchors and aliases: nobody can change them without changing something else."""


@st.composite
def samples(draw):
    """Make a project file as somebody might write it."""
    hand = Hand(draw)
    lines = [line for line in ("# head |", "---", "rubric: ml-test-score-2016") if hand.pick(False, True)]
    lines += ["project: &p manual" if hand.pick(False, True) else "project: 'größe 😀' # p |"]
    lines += hand.pick([], ["description: |+", "  Long.", "", ""], ["description: >-", "  Long."])
    keys = draw(st.permutations(KEYS))[: hand.pick(5, 4, 3, 2, 1, 0)]
    lines.append(f"answers:{'' if keys else ' {}'}{hand.comment()}")
    spans, shared = {}, set()
    for key in keys:
        forms = ["null", "short", "short", "flow", "block", "block", "block"]
        form = hand.pick(*forms, *["shared"] * any("&p" in line for line in lines))
        shared |= {key} if form == "shared" else set()
        written = f"{hand.pad}{hand.quoted(key)}:{getattr(hand, form)()}".replace("{key}", key).split("\n")
        written += [hand.remark(hand.deep)] * hand.pick(0, 0, 0, 1)
        spans[key] = len(lines), len(lines) + len(written)
        lines += written
        lines += hand.pick([], [], [""], ["", hand.remark(hand.pad)], [hand.remark("")])
    lines += hand.pick([], [], ["gate: {fail_under: 1}"], ["owner: |", "  x"], ["# end |"], ["..."])
    newline = hand.pick("\n", "\n", "\r\n")
    text = newline.join([*lines, *hand.pick([""], [""], [], ["", ""])])
    return Sample(hand.pick("", "", "\ufeff") + text, spans, shared)


@st.composite
def edits(draw):
    """Make a project file, and changes to some of its answers and to some that are new."""
    sample = draw(samples())
    entries = st.lists(st.tuples(st.sampled_from(["junit", "pytest"]), st.sampled_from(TARGETS)), max_size=2)
    places = st.sampled_from([None, *sample.spans])
    changes = [
        Change(
            key,
            draw(st.sampled_from(STATUSES)),
            tuple(draw(entries)),
            None if key in sample.spans else draw(places),
        )
        for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5, unique=True))
    ]
    return sample, changes


def expected(text, changes):
    """Say in data what changes to a file mean."""
    data = parse(text.encode(), "p").data
    for change in changes:
        answer = data["answers"].get(change.key)
        answer = dict(answer) if isinstance(answer, dict) else {}
        answer["status"] = change.status
        if change.entries:
            answer["evidence"] = (answer.get("evidence") or []) + [{kind: name} for kind, name in change.entries]
        data["answers"][change.key] = answer
    return data


def kept(sample, changes):
    """Return the runs of lines that changes leave alone, in order.

    Empty lines around a change are no part of them: they can belong to a text of several lines.
    """
    lines = sample.text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    head = next(place for place, line in enumerate(lines) if line.startswith("answers:"))
    touched = set()
    for change in changes:
        key = change.key if change.key in sample.spans else change.after
        start, end = sample.spans.get(key or list(sample.spans)[-1]) if sample.spans else (head, head + 1)
        if sample.spans and key != change.key:
            start = end
        while not lines[start - 1]:
            start -= 1
        while end < len(lines) and not lines[end]:
            end += 1
        touched.add((start, end))
    runs, at = [], 0
    for start, end in sorted(touched):
        runs.append(lines[at:start])
        at = max(at, end)
    return [*runs, lines[at:]]


def holds_in_order(lines, runs):
    """Whether lines begin with the first run, end with the last, and hold the others between them in order."""
    first, *middle, last = runs if len(runs) > 1 else [[], *runs]
    if lines[: len(first)] != first or (last and lines[-len(last) :] != last):
        return False
    at, end = len(first), len(lines) - len(last)
    for run in middle:
        at = next((at for at in range(at, end + 1) if lines[at : at + len(run)] == run), end + 1) + len(run)
    return at <= end


@settings(max_examples=EXAMPLES, deadline=None)
@given(edits())
def test_any_file_says_what_was_meant_and_no_other_line_changes(edit_):
    sample, changes = edit_
    mark = "\ufeff" if sample.text.startswith("\ufeff") else ""
    before = sample.text.removeprefix(mark)
    newline = "\r\n" if "\r\n" in before else "\n"

    text, refused = edit(sample.text, changes, "project.yaml")

    after = text.removeprefix(mark)
    done = [change for change in changes if change.key not in refused]
    with_newline = after.endswith("\n") and not before.endswith("\n")
    assert parse(after.encode(), "p").faults == ()
    assert parse(after.encode(), "p").data == expected(before + newline * with_newline, done)
    assert set(refused) == sample.shared & {change.key for change in changes}
    assert text.startswith(mark)
    assert after.count("\n") == after.count(newline)
    assert re.findall(r"# \w+ \|", after) == re.findall(r"# \w+ \|", before)
    assert holds_in_order(after.replace("\r\n", "\n").split("\n"), kept(sample, done))


def holes(before, after):
    """Return the lines that are lost and the lines that came, as a reviewer sees them."""
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
def test_in_the_examples_only_statuses_are_replaced(path):
    """And rightly so: every test gets an answer of the same status, with evidence."""
    before = path.read_bytes().decode()
    rubric, project = parse_project(before.encode(), str(path), str(path.parent))
    if "automated" not in rubric.levels:
        pytest.skip("its rubric has levels of its own")

    after = edited(before, *automated(*(project.source.keys.get(name, name) for name in rubric.tests)))

    _, result = parse_project(after.encode(), str(path), str(path.parent))
    lost, _ = holes(before, after)
    assert {answer.status for answer in result.answers.values()} == {"automated"}
    assert all(answer.evidence[-1].target == "r.xml" for answer in result.answers.values())
    assert [line for line in lost if not re.match(r"  (  status|\w+-\d): ?", line)] == []
    assert result.model_dump(exclude={"answers"}) == project.model_dump(exclude={"answers"})


def test_in_the_template_lines_are_only_added():
    rubric = load_rubric("ml-test-score-2016")
    before = template(rubric, rubric.id, "churn")

    after = edited(before, *automated(*rubric.tests))

    lost, came = holes(before, after)
    assert lost == []
    assert Counter(came) == {"    status: automated": 28, "    evidence:": 28, "      - junit: r.xml": 28}
    assert list(parse_project(after.encode(), "p")[1].answers) == list(rubric.tests)
