"""Arbitrary input: nothing but InputError comes out, and no text changes a score.

200 examples each; 1,000 in CI, which hypothesis recognises.
"""

import json
import re
from pathlib import Path

import pytest
import yaml  # noqa: TID251 - the tests choose between its two parsers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlscore.errors import InputError, UsageError
from mlscore.loading import document, load_rubric, parse_project, read_rubric
from mlscore.scoring import assess
from mlscore.text import UNSAFE

fuzz = settings(
    max_examples=1_000 if settings.get_current_profile_name() == "ci" else 200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

FORBIDDEN = re.compile(f"[{UNSAFE}]")
_WORDS = """
    id version title source aggregate levels points tiers from above to label categories tests max_age extends
    remove aliases rubric project answers status date note reason effort evidence gate fail_under require basis
    min_tier file url junit checks none manual automated not_applicable data data-1 infra-3 infrastructure-3
    monitor ml-test-score ml-test-score-2016 r.yaml min sum 0 1 0.5 -1 2026-10-01 7d 3m true null ~ no
"""
_MARKS = """ : - ? , [ ] { } # & &a *a ! !!str !t | > ' " % @ ` << --- ... %YAML \\x1b \\u2028 """
WORDS, MARKS = _WORDS.split(), _MARKS.split()
SPACES = [" ", "\n", "\n  ", "\n    ", "\t", "\r\n", ": ", "\n- ", ", ", "é🚀", "\x1b", "\ufeff", "\u2028"]

fragments = st.lists(st.sampled_from([*WORDS, *MARKS, *SPACES, *SPACES]), max_size=60).map("".join)
raw = st.one_of(
    st.binary(max_size=200), fragments.map(str.encode), st.text().map(lambda text: text.encode("utf-8", "replace"))
)

words = st.sampled_from(WORDS)
# What a field may hold by mistake.
ODD = [
    None,
    True,
    0,
    1,
    -1,
    0.5,
    1e9,
    "",
    "x",
    [],
    [[]],
    [None],
    ["x", 5],
    {},
    {"x": {}},
    {"id": 5},
    [{"id": "data"}],
]
odd = st.sampled_from(ODD) | st.text()
MISSING = object()


def shaped(**fields):
    """Build mappings in which a field is mostly of the right shape, sometimes odd and sometimes missing."""
    values = {name: st.one_of(field, field, odd, st.just(MISSING)) for name, field in fields.items()}
    return st.fixed_dictionaries(values).map(
        lambda data: {name: value for name, value in data.items() if value is not MISSING}
    )


tests = st.lists(shaped(id=words, title=words, aliases=st.lists(words), max_age=words) | odd, max_size=3)
rubrics = shaped(
    id=words,
    version=st.integers(),
    title=words,
    aggregate=words,
    extends=st.sampled_from(["s.yaml", "s.yaml", "r.yaml", "none.yaml"]),
    remove=st.lists(words),
    levels=st.dictionaries(words, shaped(points=st.integers(), backed_by=words) | odd, max_size=3),
    tiers=st.lists(shaped(id=words, to=st.integers(), label=words, **{"from": st.integers()}) | odd, max_size=3),
    max_age=st.dictionaries(words, words, max_size=2),
    categories=st.lists(shaped(id=words, title=words, tests=tests) | odd, max_size=3),
)
answers = words | shaped(
    status=words,
    date=words,
    note=st.text(),
    reason=words,
    effort=st.integers(),
    evidence=st.lists(shaped(file=words, url=words, junit=words, max_age=words, checks=words) | odd, max_size=3),
)
projects = shaped(
    rubric=st.sampled_from(["ml-test-score", "ml-test-score-2017", "r.yaml", "none.yaml"]),
    project=words,
    owner=words,
    answers=st.dictionaries(words, answers | odd, max_size=6),
    gate=shaped(
        fail_under=st.integers(),
        require=st.lists(words),
        basis=words,
        categories=st.dictionaries(words, st.integers()),
    ),
)


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request, monkeypatch):
    monkeypatch.setattr(document, "Loader", getattr(yaml, request.param, yaml.SafeLoader))


def in_yaml(content):
    """Write data as JSON that YAML reads alike: a character beyond U+FFFF as one escape, not as two."""
    pairs = r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})"

    def one(match):
        high, low = (int(half, 16) for half in match.groups())
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08x}"

    return re.sub(pairs, one, json.dumps(content)).encode()


def refused_or_read(read, *arguments):
    """Read something; when it is refused, hold the messages to what they promise."""
    try:
        read(*arguments)
    except (InputError, UsageError) as error:
        lines = str(error).split("\n")
        assert lines
        assert max(map(len, lines)) <= 300
        assert not FORBIDDEN.search("".join(lines))
        assert not [line for line in lines if line.startswith("::") or "##[" in line]


class TestAnything:
    """Whatever a file holds, it is read or refused; nothing else is ever raised."""

    @fuzz
    @given(raw)
    def test_bytes_as_a_project(self, parser, content):
        refused_or_read(parse_project, content, "p.yaml")

    @fuzz
    @given(raw)
    def test_bytes_as_a_rubric(self, parser, content):
        Path("r.yaml").write_bytes(content)

        refused_or_read(read_rubric, "r.yaml")

    @fuzz
    @given(projects)
    def test_data_as_a_project(self, content):
        refused_or_read(parse_project, in_yaml(content), "p.yaml")

    @fuzz
    @given(rubrics, rubrics)
    def test_data_as_a_rubric(self, content, base):
        Path("r.yaml").write_bytes(in_yaml(content))
        Path("s.yaml").write_bytes(in_yaml(base))

        refused_or_read(read_rubric, "r.yaml")

    @fuzz
    @given(st.text() | words)
    def test_text_as_the_name_of_a_rubric(self, name):
        assume("\0" not in name)
        refused_or_read(load_rubric, name)


def score(text, answer):
    """Score a project in which every answer but one is automated, and every text field holds `text`."""
    rubric = load_rubric()
    others = {test: "automated" for test in rubric.tests if test != "data-1"}
    fields = dict.fromkeys(("note", "owner", "reason"), text) | {"evidence": [{"url": f"https://x/{text}"}]}
    content = {"project": text or "x", "description": text, "owner": text, "answers": others}
    content["answers"]["data-1"] = {"status": answer, **fields}
    return assess(*parse_project(in_yaml(content), "p.yaml")).claimed


class TestTexts:
    """No text in any field changes a score."""

    @fuzz
    @given(st.text(), st.sampled_from([("none", 12), ("manual", 13), ("automated", 14)]))
    def test_the_score_stays(self, text, answer):
        status, points = answer

        claimed = score(text, status)

        assert (claimed.score, claimed.categories["data"]) == (points, points)

    @fuzz
    @given(st.text(max_size=200))
    def test_texts_come_out_visible(self, text):
        content = {"project": "x", "answers": {"data-1": {"status": "manual", "note": text, "owner": text}}}

        _, project = parse_project(in_yaml(content), "p.yaml")

        answer = project.answers["data-1"]
        assert answer.note == answer.owner
        assert not FORBIDDEN.search(answer.note)
