"""The quick way through project files: it accepts less than the loader, never more, and says the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mlscore.bulk import _named
from mlscore.errors import InputError
from mlscore.loading import load_rubric, parse_project
from mlscore.loading.quick import read_quickly

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
TESTS = list(load_rubric("ml-test-score").tests)
RUBRIC = """
id: small
title: Small
levels:
  none: {points: 0}
  manual: {points: 0.5}
  automated: {points: 1}
  not_applicable: {points: 0, reason_required: true}
tiers: [{id: low, from: 0, label: Low}, {id: high, from: 2, label: High}]
categories:
  - {id: data, title: Data, tests: [{id: data-1, title: One, aliases: [schema]}, {id: data-2, title: Two}]}
  - {id: infra, title: Infra, tests: [{id: infra-1, title: One}]}
"""
BROKEN = "id: small\ntitle: Small\n"
many = settings(
    max_examples=2_000 if settings.get_current_profile_name() == "ci" else 500,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def rubrics(write):
    write("small.yaml", RUBRIC)
    write("broken.yaml", BROKEN)


def quick(raw, folder=""):
    return read_quickly(raw, lambda name: _named(folder, None, name))


def dates(project):
    for answer in project.answers.values():
        if answer is not None:
            yield from (answer.date, *(entry.date for entry in answer.evidence or ()))


def is_same(raw, folder=""):
    """Hold what was read quickly against what the loader reads; tell whether it was read quickly.

    A gate is left to the loader by who calls, whatever it says.
    """
    found = quick(raw, folder)
    if found is None or found.data.get("gate") is not None:
        return False
    rubric, project = parse_project(raw, "p.yaml", folder)  # does not raise
    assert {name: answer.status for name, answer in project.answers.items() if answer} == found.statuses
    assert found.rubric.digest == rubric.digest
    assert found.oldest == min((day for day in dates(project) if day is not None), default=None)
    assert found.data["project"] == project.project
    assert [found.data.get(key) for key in ("owner", "description")] == [project.owner, project.description]
    return True


# Files as people write them, and as they should not

NAMES = ["churn", "'it''s'", '"fraud: cards"', "データ é", "v2 model # the second", "|\n  two\n  lines", "0.5.1"]
ODD_NAMES = [
    *('""', "", "~", "null", "5", "0.10", "true", "[a]", "{a: b}", "*n", "&n x", "!!str x", "! x", "'", '"'),
    *('"a\\x1bb"', '"\\ud83d"', "x##[y", "::error::x", "https://anna:secret@example.org/x", "a\tb", "\x1b"),
    *(
        "a\u2028b",
        "a\u202eb",
        "@x",
        "`x",
        "%x",
        "- x",
        "? x",
        "a: b",
        ">-\n  folded\n  text\n\n  more",
        "x" * 20_001,
    ),
]
REFS = ["ml-test-score", "ml-test-score-2016", "ml-test-score-2017", "small.yaml", "./small.yaml", "'small.yaml'"]
ODD_REFS = ["", "none.yaml", "broken.yaml", "nothing", "5", "[]", "production-checklist", "../small.yaml", "'a\0'"]
STATUSES = ["none", "manual", "automated", "'manual'", '"automated"', "automated # yes", "manual  "]
ODD_STATUSES = [
    "not_applicable",
    "",
    "~",
    "null",
    "no",
    "1",
    "true",
    "Manual",
    "auto",
    "[manual]",
    "*s",
    "&s manual",
]
DAYS = ["2026-10-01", "'2026-10-02'", "2024-02-29", "0001-01-01", '"9999-12-31"']
ODD_DAYS = [
    "2026-13-01",
    "2026-10-1",
    "20261001",
    "2026-10-01T10:00:00Z",
    "~",
    "",
    "2025-02-29",
    "٢٠٢٦-10-01",
    "5",
]
ODD_DAYS += ["' 2026-10-01'", "|\n      2026-10-01", "2026-W40-1", "{}", "0000-01-01"]
ENTRIES = ["{url: https://example.org/x}", "{file: docs/a.md}", "{file: a.md, date: 2025-01-01}", "{junit: r.xml}"]
ODD_ENTRIES = [
    *(
        "{file: a, url: b}",
        "{}",
        "{date: 2025-01-01}",
        "{junit: r.xml, tests: [a]}",
        "{junit: r.xml, min_tests: 0}",
    ),
    *(
        "{file: 5}",
        "{file: ~}",
        "{file: }",
        "text",
        "[]",
        "~",
        "{file: a, date: 2025-13-01}",
        "{fil: a}",
        "{file: a, file: b}",
    ),
    *(
        "{file: a, max_age: 3m}",
        "{url: 'https://a:b@c.org'}",
        "{json: a, date: ~}",
        "{file: [a]}",
        "{extension: a}",
    ),
    *("{json_: a}", "{file: '', date: 2025-01-01}", "*e", "&e {file: a}"),
]
FIELDS = {"owner": NAMES, "note": [*NAMES, "'a|b'", "See: here".replace(":", "")], "date": DAYS, "reason": NAMES}
ODD_FIELDS = {"owner": ODD_NAMES, "note": ODD_NAMES, "date": ODD_DAYS, "reason": ODD_NAMES}
ODD_KEYS = [
    "effort: 2",
    "effort: 0",
    "effort: x",
    "notes: x",
    "'note': x",
    "<<: *s",
    "? [a] : b",
    "5: x",
    "~: x",
    "Date: x",
]
ODD_KEYS += ["status: none", "evidence: ~", "evidence: {}", "evidence: []", "? note\n    : x", "evidence: &e []"]
ODD_TOP = [
    "gate: ~",
    "gate: {fail_under: 1}",
    "gate: {fail_under: x}",
    "gate: 5",
    "extra: 1",
    "Owner: x",
    "answers: {}",
]
ODD_TOP += [
    "project: again",
    "x: &n a",
    "<<: {}",
    "? a\n: b",
    "owner: ~",
    "description:",
    "...",
    "---",
    "%YAML 1.2",
    "# x",
]
ODD_TOP += [
    "description: [a]",
    "rubric: small.yaml",
    "rubric: ~",
    "\tx: y",
    "  x: y",
    "'owner': x",
    "owner: &s manual",
]
ODD_IDS = [
    "infrastructure-3",
    "monitoring-2",
    "schema",
    "data-8",
    "'data-1'",
    "data-1 ",
    "? data-1",
    "&k data-1",
    "*k",
    "5",
]
WHOLE = [
    "",
    "answers",
    "- a",
    "{}",
    "project: x",
    "answers: {}",
    "{project: x, answers: {}}",
    "{project: x, answers: {}, }",
]


def indented(text, by):
    return text.replace("\n", "\n" + " " * by)


@st.composite
def files(draw, oddity=40):
    """A project file: about one value in `oddity` is one that people should not write; none where it is 0."""

    def rarely():
        return oddity > 0 and draw(st.integers(1, oddity)) == 2

    def pick(good, odd):
        return draw(st.sampled_from(odd if rarely() else good))

    def answer():
        if draw(st.booleans()):
            return pick(STATUSES, ODD_STATUSES)
        names = draw(st.lists(st.sampled_from(list(FIELDS)), unique=True, max_size=4))
        parts = [f"status: {pick(STATUSES, ODD_STATUSES)}"]
        flow = draw(st.integers(0, 2)) == 0
        parts += [f"{name}: {pick(FIELDS[name], ODD_FIELDS[name])}" for name in names]
        parts += draw(st.sampled_from([[], [f"evidence: [{', '.join(entries())}]"]]))
        if rarely():
            parts.append(draw(st.sampled_from(ODD_KEYS)))
        if flow:
            plain = [part.partition(" #")[0].replace("|\n  ", "").replace("\n", " ") for part in parts]
            return "{" + ", ".join(plain) + "}"
        if entries_below := draw(st.lists(st.sampled_from(ENTRIES[:2]), max_size=2)):
            parts = [part for part in parts if not part.startswith("evidence")]
            parts.append("evidence:" + "".join(f"\n  - {entry[1:-1]}" for entry in entries_below))
        parts = draw(st.permutations(parts))
        return "\n    " + "\n    ".join(indented(part, 4) for part in parts)

    def entries():
        return [pick(ENTRIES, ODD_ENTRIES) for _ in range(draw(st.integers(1, 3)))]

    named = pick(REFS, ODD_REFS) if draw(st.booleans()) else None
    ids = TESTS if named is None or "small" not in named else ["data-1", "data-2", "infra-1"]
    used = draw(st.lists(st.sampled_from(ids), unique=not rarely(), max_size=6))
    used += [draw(st.sampled_from(ODD_IDS))] if rarely() else []
    lines = [f"  {name}: {answer()}" for name in used]
    top = [f"project: {pick(NAMES, ODD_NAMES)}"]
    top += [f"{key}: {pick(NAMES, ODD_NAMES)}" for key in ("owner", "description") if draw(st.booleans())]
    top += [] if named is None else [f"rubric: {named}"]
    top.append("answers:\n" + "\n".join(lines) if lines else "answers: {}")
    top += [draw(st.sampled_from(ODD_TOP))] if rarely() else []
    text = "\n".join(draw(st.permutations(top))) + "\n"
    text = draw(st.sampled_from(["", "", "# yaml-language-server: $schema=x\n", "---\n", "\n\n"])) + text
    if rarely():
        text = draw(
            st.sampled_from(
                [text[:-1], text + "...\n", text + "---\n", text + "\t", "\ufeff" + text, "%TAG ! x\n" + text]
            )
        )
    eol = draw(st.sampled_from(["\n", "\n", "\r\n"] if not rarely() else ["\r"]))
    return text.replace("\n", eol).encode("utf-8", "surrogatepass")


@many
@given(files())
def test_what_is_read_quickly_the_loader_reads_as_well_and_the_same(raw):
    event(f"quickly: {is_same(raw)}")


@many
@given(files(oddity=4))
def test_nor_is_it_otherwise_in_files_full_of_mistakes(raw):
    event(f"quickly: {is_same(raw)}")


@many
@given(files(oddity=0))
def test_files_without_oddities_are_read_quickly(raw):
    # Not yet: letters beyond ASCII together with lines that end as on Windows.
    assert is_same(raw) or (b"\r" in raw and not raw.isascii())


INSERTED = [
    *(
        b" ",
        b"\n",
        b"\t",
        b":",
        b"-",
        b"- ",
        b"#",
        b" #",
        b"'",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"&a ",
        b"*a",
        b"!",
    ),
    *(
        b"|",
        b">",
        b"%",
        b"@",
        b"\\",
        b"~",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"\r",
        b"\r\n",
        b"\x00",
        b"\xff",
        b"\xc3\xa9",
    ),
    *(
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"##[",
        b"://a@",
        b"0",
        b"null",
        b"\xc2\x85",
        b"\xed\xa0\x80",
        b"?",
        b"? ",
    ),
]
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from(INSERTED)), min_size=1, max_size=2)


def mutated(raw, cuts):
    for where, width, new in cuts:
        place = int(where * len(raw))
        raw = raw[:place] + new + raw[place + width :]
    return raw


@many
@given(st.sampled_from(EXAMPLES), CUTS)
def test_examples_with_a_few_bytes_changed(path, cuts):
    event(f"quickly: {is_same(mutated(path.read_bytes(), cuts), str(path.parent))}")


@many
@given(files(), CUTS)
def test_generated_files_with_a_few_bytes_changed(raw, cuts):
    event(f"quickly: {is_same(mutated(raw, cuts))}")


@many
@given(files(oddity=0), st.integers(0, 200), st.integers(0, 200))
def test_files_with_lines_left_out_and_repeated(raw, gone, again):
    lines = raw.splitlines(keepends=True)
    gone, again = gone % len(lines), again % len(lines)
    event(f"quickly: {is_same(b''.join([*lines[:gone], *lines[gone + 1 :], lines[again]]))}")


# What is plainly right takes the quick way

PLAIN = {
    "empty answers": "project: churn\nanswers: {}\n",
    "the short form": "project: churn\nanswers:\n  data-1: automated\n  data-2: manual\n  model-3: none\n",
    "all answers": "project: churn\nanswers:\n" + "".join(f"  {name}: manual\n" for name in TESTS),
    "null answers": "project: churn\nanswers:\n  data-1:\n  data-2: ~\n  data-3: null\n  data-4: manual\n",
    "the long form": "project: churn\n"
    "answers:\n  data-1:\n    status: manual\n    date: 2026-10-01\n    owner: Ana\n    note: By hand.\n",
    "in brackets": "project: churn\nanswers:\n  data-1: {status: manual, date: 2026-10-01, note: 'a, b'}\n",
    "evidence": "project: churn\n"
    "answers:\n  data-1:\n    status: manual\n    evidence:\n"
    "      - file: a.md\n      - url: https://example.org/x?a=b#c\n        date: 2026-10-01\n",
    "every text": "project: churn\nowner: team a\ndescription: >\n  Who\n  leaves.\n"
    "answers:\n  data-1: {status: manual, reason: so}\n",
    "a rubric": "rubric: ml-test-score-2017\nproject: churn\nanswers: {data-1: automated}\n",
    "another name of the rubric": "rubric: ml-test-score\nproject: churn\nanswers: {data-1: automated}\n",
    "a rubric beside it": "rubric: small.yaml\nproject: churn\nanswers: {data-1: automated}\n",
    "comments": "# yaml-language-server: $schema=./s.json\nproject: churn # name\n"
    "answers: # all\n  # Data\n  data-1: automated # yes\n",
    "quotes": "project: 'churn: it''s'\nowner: \"a # b\"\nanswers:\n  'data-1': \"automated\"\n",
    "other alphabets": "project: データの品質\nowner: Zoë\nanswers:\n  data-1: {status: manual, note: 品質 👩}\n",
    "windows": "project: churn\r\nowner: a\r\nanswers:\r\n  data-1: automated\r\n",
    "a document's start": "---\nproject: churn\nanswers:\n  data-1: automated\n",
    "a literal": "project: churn\nanswers:\n  data-1:\n    status: manual\n    note: |\n      One.\n      - two\n",
    "a mail address": "project: churn\nowner: ml-team@example.org\nanswers: {}\n",
    "no last line break": "project: churn\nanswers: {data-1: none}",
    "no gate": "project: churn\ngate:\nanswers: {data-1: none}\n",
    "no owner": "project: churn\nowner:\nanswers: {data-1: none}\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_files_are_read_quickly(text):
    assert is_same(text.encode())


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.name.startswith(("churn", "text", "course"))])
def test_examples_are_read_quickly(path):
    assert is_same(path.read_bytes(), str(path.parent))


# What is left to the loader, which takes it or says what is wrong

HARD = {
    "an alias of an id": "project: x\nanswers: {infrastructure-3: manual}\n",
    "a decision": "project: x\nanswers: {data-1: {status: not_applicable, reason: so}}\n",
    "effort": "project: x\nanswers: {data-1: {status: manual, effort: 2}}\n",
    "a key of a kind": "project: x\n"
    "answers: {data-1: {status: manual, evidence: [{junit: r.xml, min_tests: 2}]}}\n",
    "an anchor": "project: x\nanswers: {data-1: &a manual, data-2: *a}\n",
    "an escape": 'project: "a\\x1bb"\nanswers: {}\n',
    "a user name": "project: x\nowner: https://a:b@example.org\nanswers: {}\n",
    "a command": "project: 'x ##[y'\nanswers: {}\n",
    "a byte order mark": "\ufeffproject: x\nanswers: {}\n",
    "a bidi control": "project: a\u202eb\nanswers: {}\n",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_what_needs_a_closer_look_is_left_to_the_loader_which_takes_it(text):
    assert quick(text.encode()) is None
    parse_project(text.encode(), "p.yaml")


WRONG = {
    "evidence as text": "project: x\nanswers: {data-1: {status: automated, evidence: foo.md}}\n",
    "a gate of nonsense": "project: x\nanswers: {}\ngate: {fail_under: high}\n",
    "nothing": "",
    "no answers": "project: x\n",
    "null answers": "project: x\nanswers:\n",
    "no project": "answers: {}\n",
    "an empty name": "project: ''\nanswers: {}\n",
    "a number as a name": "project: 5\nanswers: {}\n",
    "true as an owner": "project: x\nowner: true\nanswers: {}\n",
    "a null rubric": "project: x\nrubric:\nanswers: {}\n",
    "an unknown rubric": "project: x\nrubric: none.yaml\nanswers: {}\n",
    "a broken rubric": "project: x\nrubric: broken.yaml\nanswers: {}\n",
    "an unknown key": "project: x\nowners: a\nanswers: {}\n",
    "an unknown test": "project: x\nanswers: {data-8: manual}\n",
    "an unknown status": "project: x\nanswers: {data-1: done}\n",
    "a status of another rubric": "project: x\nrubric: production-checklist\nanswers: {data-1: manual}\n",
    "no status": "project: x\nanswers: {data-1: {note: a}}\n",
    "a null status": "project: x\nanswers: {data-1: {status: }}\n",
    "a decision without a reason": "project: x\nanswers: {data-1: not_applicable}\n",
    "a repeated key": "project: x\nanswers: {data-1: manual, data-1: manual}\n",
    "a repeated top key": "project: x\nproject: x\nanswers: {}\n",
    "a repeated key of an answer": "project: x\nanswers: {data-1: {status: manual, status: manual}}\n",
    "a repeated key of evidence": "project: x\n"
    "answers: {data-1: {status: manual, evidence: [{file: a, file: a}]}}\n",
    "no date": "project: x\nanswers: {data-1: {status: manual, date: 2026-02-30}}\n",
    "no date of evidence": "project: x\nanswers: {data-1: {status: manual, evidence: [{file: a, date: x}]}}\n",
    "evidence in a mapping": "project: x\nanswers: {data-1: {status: manual, evidence: {file: a}}}\n",
    "two kinds": "project: x\nanswers: {data-1: {status: manual, evidence: [{file: a, url: b}]}}\n",
    "no kind": "project: x\nanswers: {data-1: {status: manual, evidence: [{date: 2026-01-01}]}}\n",
    "a number as a note": "project: x\nanswers: {data-1: {status: manual, note: 5}}\n",
    "a tag": "project: !!str x\nanswers: {}\n",
    "a merge key": "project: x\n<<: {}\nanswers: {}\n",
    "a directive": "%YAML 1.2\n---\nproject: x\nanswers: {}\n",
    "a second document": "project: x\nanswers: {}\n---\nproject: y\n",
    "a control character": "project: a\x07b\nanswers: {}\n",
    "a lone carriage return": "project: x\ranswers: {}\n",
    "a tab": "project: x\nanswers:\n\tdata-1: manual\n",
    "too deep": "project: x\nanswers: " + "[" * 40 + "]" * 40,
    "a list": "- project: x\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_not_accepted(text):
    assert quick(text.encode()) is None
    with pytest.raises(InputError):
        parse_project(text.encode(), "p.yaml")


@pytest.mark.parametrize(
    "raw", [b"\xff\xfep\0", b"project: \xe9\nanswers: {}\n", b"project: \xed\xa0\x80\nanswers: {}\n"]
)
def test_what_is_not_utf_8_is_not_accepted(raw):
    assert quick(raw) is None


@many
@given(st.binary(max_size=100))
def test_nothing_is_ever_raised(raw):
    is_same(raw)
