"""The JSON Schema for editors: it says what the loader says, and teaches."""

from collections.abc import Iterator

import pytest
from jsonschema import Draft7Validator

from formats.samples import RUBRIC
from mlscore import load_rubric
from mlscore.errors import InputError
from mlscore.loading import parse_project
from mlscore.loading.document import parse
from mlscore.project import KINDS, Answer, Evidence, Gate, Project
from mlscore.schema import project_schema, rubric_schema
from mlscore.template import template

RUBRICS = ["ml-test-score-2016", "ml-test-score-2017"]


@pytest.fixture(scope="module", params=RUBRICS)
def rubric(request):
    return load_rubric(request.param)


@pytest.fixture(scope="module")
def schema(rubric):
    return project_schema(rubric)


@pytest.fixture(scope="module")
def validator():
    return Draft7Validator(project_schema(load_rubric()))


def nodes(value) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def test_it_is_a_schema(schema):
    Draft7Validator.check_schema(schema)


def test_it_needs_no_other_file(schema):
    references = {node["$ref"] for node in nodes(schema) if "$ref" in node}

    assert references == {"#/definitions/answer"}


def test_the_template_is_valid(rubric, schema):
    text = template(rubric, rubric.id, "churn")

    assert list(Draft7Validator(schema).iter_errors(parse(text.encode(), "project.yaml").data)) == []


def evidence(entry: str) -> str:
    return f"answers: {{data-1: {{status: manual, evidence: [{{{entry}}}]}}}}"


# What is accepted and refused, by the schema and by the loader alike.

VALID = {
    "no answers": "answers: {}",
    "short": "answers: {data-1: none, data-2: manual, data-3: automated}",
    "null": "answers: {data-1: null}",
    "nothing": "answers:\n  data-1:",
    "long": "answers: {data-1: {status: manual}}",
    "every key": """answers:
  data-1: {status: manual, date: 2026-10-01, owner: a, note: b, reason: c, effort: 0.5, evidence: []}""",
    "every key null": """answers:
  data-1: {status: manual, date: null, owner: null, note: null, reason: null, evidence: null}""",
    "quoted date": "answers: {data-1: {status: manual, date: '2026-10-01'}}",
    "not applicable": "answers: {data-1: {status: not_applicable, reason: batch only}}",
    "aliases": "answers: {infrastructure-3: manual, monitoring-2: {status: automated}}",
    **{kind: evidence(f"{kind}: a") for kind in KINDS},
    "junit, all keys": evidence("junit: a, tests: ['a::*', b], min_tests: 3, max_age: 7d, date: 2026-11-20"),
    "junit, one pattern": evidence("junit: reports/junit.xml, tests: tests/test_features.py::*"),
    "json, all keys": evidence("json: a, checks: ['/auc >= 0.8', /drift == false], time: /time"),
    "json, one check": evidence("json: a, checks: /auc >= 0.8"),
    "sarif, all keys": evidence("sarif: a, level: error"),
    "file, all keys": evidence(f"file: a, sha256: {'0' * 64}"),
    "hours": evidence("url: a, max_age: 12h"),
    "weeks": evidence("url: a, max_age: 2w"),
    "the rest": "rubric: ml-test-score-2016\ndescription: a\nowner: b\nanswers: {}",
    "nulls": "description: null\nowner: null\ngate: null\nanswers: {}",
    "gate": """answers: {}
gate: {fail_under: 3, min_tier: basic, categories: {monitor: 2}, require: [data-5], basis: claimed}""",
    "gate, aliases": """answers: {}
gate: {categories: {infrastructure: 2.5, monitoring: 0}, require: [monitoring-2]}""",
    "gate, nulls": "answers: {}\ngate: {fail_under: null, min_tier: null}",
    "gate, empty": "answers: {}\ngate: {}",
}
INVALID = {
    "no answers": "owner: a",
    "null answers": "answers: null",
    "answers as a list": "answers: [data-1]",
    "unknown key": "answers: {}\nanswer: {}",
    "unknown test": "answers: {data-8: manual}",
    "nearly an alias": "answers: {infrastructure-33: manual}",
    "unknown status": "answers: {data-1: done}",
    "no": "answers: {data-1: no}",
    "true": "answers: {data-1: true}",
    "points": "answers: {data-1: 1}",
    "list": "answers: {data-1: [manual]}",
    "unknown long status": "answers: {data-1: {status: auto}}",
    "null status": "answers: {data-1: {status: null}}",
    "no status": "answers: {data-1: {note: a}}",
    "unknown key of an answer": "answers: {data-1: {status: manual, comment: a}}",
    "not applicable in short": "answers: {data-1: not_applicable}",
    "not applicable without reason": "answers: {data-1: {status: not_applicable}}",
    "null reason": "answers: {data-1: {status: not_applicable, reason: null}}",
    "empty reason": "answers: {data-1: {status: not_applicable, reason: ''}}",
    "blank reason": "answers: {data-1: {status: not_applicable, reason: '  '}}",
    "year only": "answers: {data-1: {status: manual, date: '2026'}}",
    "number as owner": "answers: {data-1: {status: manual, owner: 3}}",
    "no effort": "answers: {data-1: {status: manual, effort: 0}}",
    "negative effort": "answers: {data-1: {status: manual, effort: -1}}",
    "effort as text": "answers: {data-1: {status: manual, effort: '3'}}",
    "null effort": "answers: {data-1: {status: manual, effort: null}}",
    "evidence as a mapping": "answers: {data-1: {status: manual, evidence: {file: a}}}",
    "evidence as text": "answers: {data-1: {status: manual, evidence: [a.md]}}",
    "no kind": evidence("max_age: 7d"),
    "two kinds": evidence("file: a, url: b"),
    "unknown kind": evidence("xunit: a"),
    "key of another kind": evidence("file: a, min_tests: 2"),
    "ambiguous age": evidence("file: a, max_age: 3m"),
    "no tests": evidence("junit: a, min_tests: 0"),
    "unknown level": evidence("sarif: a, level: info"),
    "null rubric": "rubric: null\nanswers: {}",
    "gate as a number": "answers: {}\ngate: 3",
    "unknown key of the gate": "answers: {}\ngate: {fail-under: 3}",
    "negative gate": "answers: {}\ngate: {fail_under: -1}",
    "gate as text": "answers: {}\ngate: {fail_under: '3'}",
    "unknown tier": "answers: {}\ngate: {min_tier: best}",
    "unknown category": "answers: {}\ngate: {categories: {monitors: 2}}",
    "unknown required test": "answers: {}\ngate: {require: [data-8]}",
    "one required test": "answers: {}\ngate: {require: data-5}",
    "unknown basis": "answers: {}\ngate: {basis: both}",
}


def loads(text):
    try:
        parse_project(text.encode(), "project.yaml")
    except InputError:
        return False
    return True


def validates(validator, text):
    return validator.is_valid(parse(text.encode(), "project.yaml").data)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_what_the_contract_allows_is_accepted_by_the_schema_and_the_loader(validator, text):
    text = f"project: churn\n{text}\n"

    assert (validates(validator, text), loads(text)) == (True, True)


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_the_loader_refuses_is_marked_in_the_editor_too(validator, text):
    text = f"project: churn\n{text}\n"

    assert (validates(validator, text), loads(text)) == (False, False)


@pytest.mark.parametrize(
    "text",
    ["answers: {}", "project: ''\nanswers: {}", "project: null\nanswers: {}", "project: 3\nanswers: {}"],
)
def test_a_project_needs_a_name(validator, text):
    assert (validates(validator, text), loads(text)) == (False, False)


# What it teaches


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Project, ["properties"]),
        (Gate, ["properties", "gate", "anyOf", 0, "properties"]),
        (Answer, ["definitions", "answer", "properties"]),
        (Evidence, ["definitions", "answer", "properties", "evidence", "anyOf", 0, "items", "properties"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_key_a_file_can_have_is_described(schema, model, path):
    node = schema
    for step in path:
        node = node[step]

    assert {name: node[name]["description"] for name in node} == {
        field.alias or name: field.description for name, field in model.model_fields.items() if not field.exclude
    }


def test_hovering_over_a_test_teaches_what_its_levels_ask_for(rubric, schema):
    answers = schema["properties"]["answers"]["properties"]

    assert list(answers) == list(rubric.tests)
    for test_id, test in rubric.tests.items():
        node = answers[test_id]
        assert [
            part
            for part in (test.title, test.purpose, test.manual, test.automated)
            if part not in node["markdownDescription"]
        ] == []
        assert node["description"] == test.purpose


def test_every_status_is_explained_where_it_can_be_chosen(rubric, schema):
    enums = [node for node in nodes(schema) if "enumDescriptions" in node]
    meanings = {name: level.meaning for name, level in rubric.levels.items()}

    assert len(enums) >= 1 + 28
    for node in enums:
        described = dict(zip(node["enum"], node["enumDescriptions"], strict=True))
        assert [status for status in described if meanings[status] not in described[status]] == []


def test_aliases_are_accepted_but_not_offered(schema):
    answers = schema["properties"]["answers"]

    assert "infrastructure-3" not in answers["properties"]
    assert "^infrastructure-3$" in answers["patternProperties"]


def test_the_schema_of_a_rubric_of_one_s_own_has_its_tests_levels_and_tiers(write):
    schema = project_schema(load_rubric(str(write("small.yaml", RUBRIC.replace("manual:", "by_hand:")))))
    validator = Draft7Validator(schema)

    assert list(schema["properties"]["answers"]["properties"]) == [
        "data-1",
        "data-2",
        "data-3",
        "serving-1",
        "serving-2",
    ]
    assert validator.is_valid(
        {"project": "x", "answers": {"data-1": "by_hand", "input-3": "none"}, "gate": {"min_tier": "high"}}
    )
    assert not validator.is_valid({"project": "x", "answers": {"data-1": "manual"}})
    assert not validator.is_valid({"project": "x", "answers": {}, "gate": {"min_tier": "strong"}})


# Rubric files

LEVELS = "levels: {none: {points: 0}, done: {points: 1}}"
TIERS = "tiers: [{id: low, from: 0, label: Low}]"
CATEGORIES = "categories: [{id: a, title: A, tests: [{id: a-1, title: One}]}]"
EXTENDING = "extends: ml-test-score-2017"


def whole(*changes: str) -> str:
    """A complete rubric, with keys instead of those or beside them."""
    lines = {line.partition(":")[0]: line for line in (LEVELS, TIERS, CATEGORIES, *changes)}
    return "\n".join(lines.values())


def with_test(entry: str) -> str:
    return whole(f"categories: [{{id: a, title: A, tests: [{{id: a-1, title: One, {entry}}}]}}]")


def extending(*changes: str) -> str:
    return "\n".join([EXTENDING, *changes])


VALID_RUBRICS = {
    "the least": whole(),
    "extends alone": extending(),
    "every key of the file": whole(
        "aliases: [r]",
        "version: 2",
        "title: R",
        "short_title: R",
        "source: A paper",
        "url: https://wiki.example.org/r",
        "introduction: First this.",
        "aggregate: mean",
        "max_age: {done: 12h}",
        "require: [a-1]",
        "comparison: {label: Three teams, source: A paper, caveat: Read off bars.}",
    ),
    "null url": whole("url: null"),
    "null comparison": whole("comparison: null"),
    "sum": whole("aggregate: sum"),
    "a level with every key": whole(
        "levels: {none: {points: 0, reason_required: true}, "
        "done: {points: 0.5, meaning: Done., backed_by: result, reason_required: false}}"
    ),
    "a level backed by nothing": whole("levels: {none: {points: 0}, done: {points: 1, backed_by: null}}"),
    "tiers": whole(
        "tiers: [{id: low, from: 0, to: 0, label: Low, meaning: x}, {id: high, above: 0, label: High}]"
    ),
    "a tier with a null bound beside the other": whole(
        "tiers: [{id: low, from: 0, above: null, label: Low}, {id: high, from: null, above: 0, label: High}]"
    ),
    "extends nothing": whole("extends: null"),
    "a category with every key": whole(
        "categories: [{id: a, aliases: [b], title: A, purpose: x, tests: [{id: a-1, title: One}]}]"
    ),
    "texts of a test": with_test(
        "aliases: [one], alternative_title: x, short_title: x, purpose: x, manual: x, automated: x"
    ),
    "lists of a test": with_test("questions: [a, b], examples: [a], references: []"),
    "guidance": with_test("guidance: {done: Someone did it.}"),
    "no guidance": with_test("guidance: {}"),
    "related": with_test("related: {ml-test-score: [data-1, data-2], acme: []}"),
    "average": with_test("average: 0.43"),
    "average of all": with_test("average: 1"),
    "average of nothing": with_test("average: 0"),
    "null average": with_test("average: null"),
    "max_age": with_test("max_age: 2w"),
    "a level in part": extending("levels: {manual: {points: 0.25}}"),
    "a category in part": extending("categories: [{id: data, title: Our data}]"),
    "a test in part": extending("categories: [{id: data, tests: [{id: data-1, automated: By our job.}]}]"),
    "a new test": extending("categories: [{id: data, tests: [{id: data-8, title: New}]}]"),
    "remove and require": extending("remove: [data-6]", "require: [data-5, infrastructure-3]"),
    "other ages": extending("max_age: {automated: 14d}"),
}
INVALID_RUBRICS = {
    "unknown key": whole("weights: 2"),
    "id not an id": whole("id: My Rubric"),
    "null title": whole("title: null"),
    "empty title": whole("title: ''"),
    "long short_title": whole(f"short_title: {'x' * 41}"),
    "version as text": whole("version: '2'"),
    "version 0": whole("version: 0"),
    "version 1.5": whole("version: 1.5"),
    "url without a scheme": whole("url: wiki.example.org"),
    "url with a blank": whole("url: https://wiki.example.org/a b"),
    "introduction as a list": whole("introduction: [First this.]"),
    "unknown aggregate": whole("aggregate: max"),
    "require as text": whole("require: a-1"),
    "require not an id": whole("require: [A 1]"),
    "comparison as text": whole("comparison: Three teams"),
    "comparison without label": whole("comparison: {source: A paper}"),
    "comparison with empty label": whole("comparison: {label: ''}"),
    "unknown key of the comparison": whole("comparison: {label: Three teams, average: 1}"),
    "no levels": "\n".join([TIERS, CATEGORIES]),
    "no tiers": "\n".join([LEVELS, CATEGORIES]),
    "no categories": "\n".join([LEVELS, TIERS]),
    "empty levels": whole("levels: {}"),
    "empty tiers": whole("tiers: []"),
    "empty categories": whole("categories: []"),
    "empty tests": whole("categories: [{id: a, title: A, tests: []}]"),
    "levels as a list": whole("levels: [none, done]"),
    "a level not an id": whole("levels: {none: {points: 0}, Done: {points: 1}}"),
    "a level without points": whole("levels: {none: {points: 0}, done: {meaning: Done.}}"),
    "negative points": whole("levels: {none: {points: -1}, done: {points: 1}}"),
    "points as text": whole("levels: {none: {points: 0}, done: {points: '1'}}"),
    "backed by something else": whole("levels: {none: {points: 0}, done: {points: 1, backed_by: word}}"),
    "reason_required as text": whole(
        "levels: {none: {points: 0}, done: {points: 1}, na: {points: 0, reason_required: 'yes'}}"
    ),
    "unknown key of a level": whole("levels: {none: {points: 0}, done: {points: 1, weight: 1}}"),
    "a tier without label": whole("tiers: [{id: low, from: 0}]"),
    "a tier without id": whole("tiers: [{from: 0, label: Low}]"),
    "a tier without bound": whole("tiers: [{id: low, label: Low}]"),
    "a tier with a null bound": whole("tiers: [{id: low, from: null, label: Low}]"),
    "a tier with two null bounds": whole("tiers: [{id: low, from: null, above: null, label: Low}]"),
    "a tier with two bounds": whole("tiers: [{id: low, from: 0, above: 0, label: Low}]"),
    "a category without title": whole("categories: [{id: a, tests: [{id: a-1, title: One}]}]"),
    "a category without tests": whole("categories: [{id: a, title: A}]"),
    "a category without id": whole("categories: [{title: A, tests: [{id: a-1, title: One}]}]"),
    "a test without title": whole("categories: [{id: a, title: A, tests: [{id: a-1}]}]"),
    "a test without id": whole("categories: [{id: a, title: A, tests: [{title: One}]}]"),
    "unknown key of a test": with_test("weight: 2"),
    "null purpose": with_test("purpose: null"),
    "questions as text": with_test("questions: Who?"),
    "a question as a number": with_test("questions: [3]"),
    "guidance as text": with_test("guidance: Someone did it."),
    "guidance not by level id": with_test("guidance: {All done: Someone did it.}"),
    "guidance as a list": with_test("guidance: {done: [a]}"),
    "related as a list": with_test("related: [data-1]"),
    "related value as text": with_test("related: {ml-test-score: data-1}"),
    "related to no id": with_test("related: {ml-test-score: [Data 1]}"),
    "average above 1": with_test("average: 1.01"),
    "negative average": with_test("average: -0.1"),
    "average as text": with_test("average: most"),
    "ambiguous age": with_test("max_age: 3m"),
    "age as a number": whole("max_age: {done: 30}"),
    "extends as a number": "extends: 2017",
    "extends nothing, without the rest": "extends: null",
    "remove as text": extending("remove: data-6"),
    "null remove": extending("remove: null"),
    "null remove without extends": whole("remove: null"),
    "extending, unknown key": extending("weights: 2"),
    "extending, empty tiers": extending("tiers: []"),
    "extending, a tier without label": extending("tiers: [{id: low, from: 0}]"),
    "extending, a test without id": extending("categories: [{id: data, tests: [{title: New}]}]"),
    "extending, average above 1": extending("categories: [{id: data, tests: [{id: data-1, average: 2}]}]"),
}


@pytest.fixture(scope="module")
def rubric_validator():
    return Draft7Validator(rubric_schema())


@pytest.fixture
def loads_rubric(write):
    def load(text):
        try:
            load_rubric(str(write("rubric.yaml", text)))
        except InputError:
            return False
        return True

    return load


def in_file(text: str) -> str:
    return text if text.startswith("id:") or "\nid:" in text else f"id: ours\n{text}\n"


@pytest.mark.parametrize("text", VALID_RUBRICS.values(), ids=VALID_RUBRICS)
def test_a_rubric_that_loads_is_not_marked_in_the_editor(rubric_validator, loads_rubric, text):
    text = in_file(text)

    assert (validates(rubric_validator, text), loads_rubric(text)) == (True, True)


@pytest.mark.parametrize("text", INVALID_RUBRICS.values(), ids=INVALID_RUBRICS)
def test_a_rubric_that_does_not_load_is_marked_in_the_editor_too(rubric_validator, loads_rubric, text):
    text = in_file(text)

    assert (validates(rubric_validator, text), loads_rubric(text)) == (False, False)


def test_a_rubric_needs_an_id_also_where_it_extends_another(rubric_validator, loads_rubric):
    assert (validates(rubric_validator, EXTENDING), loads_rubric(EXTENDING)) == (False, False)
