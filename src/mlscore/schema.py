"""The JSON Schemas of project and rubric files, made from the models, for editors.

draft-07 with everything in place, because that is what editors' YAML servers show best: an enum written where
it is used explains each value, and a `$ref` would hide the text beside it. Pure.
"""

from collections.abc import Mapping
from typing import Any

from mlscore.project import KINDS, Project
from mlscore.rubric import Rubric, Test
from mlscore.template import MADE_FOR
from mlscore.text import points

DRAFT = "http://json-schema.org/draft-07/schema#"


def project_schema(rubric: Rubric) -> dict[str, Any]:
    """Return the schema of project files that answer `rubric`."""
    made = Project.model_json_schema(by_alias=True)
    definitions = made.pop("$defs")
    answer = definitions.pop("Answer")
    definitions["Evidence"] |= _evidence_rules()
    gate = definitions["Gate"]["properties"]
    answer["properties"]["status"] = _status(rubric, every=True)
    answer["allOf"] = [_reason_rule(name) for name, level in rubric.levels.items() if level.reason_required]
    gate["min_tier"] |= {"enum": [*(tier.id for tier in rubric.tiers), None]}
    gate["categories"] |= {"propertyNames": {"enum": list(rubric.category_ids)}}
    gate["require"] |= {"items": {"enum": list(rubric.test_ids)}}
    made["properties"]["answers"] = {
        "type": "object",
        "description": made["properties"]["answers"]["description"],
        "additionalProperties": False,
        "properties": {test.id: _test(rubric, test) for test in rubric.tests.values()},
        # Accepted, but not offered: an editor completes properties, not patterns.
        "patternProperties": {
            f"^{alias}$": _test(rubric, test) for test in rubric.tests.values() for alias in test.aliases
        },
    }
    made["definitions"] = {"answer": answer}
    made["title"] = f"mlscore project file, {rubric.title}"
    resolved: dict[str, Any] = _resolved(made, definitions)
    return {
        "$schema": DRAFT,
        "$comment": f"{MADE_FOR} {rubric.id} version {rubric.version}",
        **resolved,
    }


def rubric_schema() -> dict[str, Any]:
    """Return the schema of rubric files. One that extends another may leave out what it takes from there."""
    made = Rubric.model_json_schema(by_alias=True)
    definitions = made.pop("$defs")
    definitions["Tier"]["oneOf"] = [
        {"required": [key], "properties": {key: {"type": "number"}}} for key in ("from", "above")
    ]
    needed = {name: definitions[name].pop("required") for name in ("Category", "Test", "Level")}
    for name in ("Category", "Test"):
        definitions[name]["required"] = ["id"]
    made["required"] = ["id"]
    resolved: dict[str, Any] = _resolved(made, definitions)
    resolved["title"] = "mlscore rubric file"
    tests = {"tests": {"items": {"required": needed["Test"]}}}
    whole = {
        "required": ["levels", "tiers", "categories"],
        "properties": {
            "levels": {"additionalProperties": {"required": needed["Level"]}},
            "categories": {"items": {"required": needed["Category"], "properties": tests}},
        },
    }
    extends = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    extending = {"if": extends, "else": whole}
    return {"$schema": DRAFT, "$comment": "made by mlscore for rubric files", **resolved, **extending}


def _status(rubric: Rubric, *, every: bool) -> dict[str, Any]:
    """The levels as an enum that explains each; in the short form only those that need no reason."""
    levels = {name: level for name, level in rubric.levels.items() if every or not level.reason_required}
    return {
        "enum": list(levels),
        "enumDescriptions": [f"{points(level.points)}. {level.meaning}" for level in levels.values()],
        "description": "One of the rubric's levels.",
    }


def _reason_rule(status: str) -> dict[str, Any]:
    condition = {"properties": {"status": {"const": status}}, "required": ["status"]}
    return {
        "if": condition,
        "then": {"required": ["reason"], "properties": {"reason": {"type": "string", "pattern": "\\S"}}},
    }


def _evidence_rules() -> dict[str, Any]:
    """Exactly one kind, and only the keys that go with it."""
    owners: dict[str, list[str]] = {}
    for kind, keys in KINDS.items():
        for key in keys:
            owners.setdefault(key, []).append(kind)
    return {
        "oneOf": [{"required": [kind]} for kind in KINDS],
        "dependencies": {
            key: {"anyOf": [{"required": [kind]} for kind in kinds]} for key, kinds in sorted(owners.items())
        },
    }


def _test(rubric: Rubric, test: Test) -> dict[str, Any]:
    """One property for a test: hovering over its id teaches the rubric."""
    guidance = [
        f"**{name}** ({points(rubric.levels[name].points)}): {text}"
        for name, text in rubric.guidance(test).items()
    ]
    questions = "\n".join(f"- {question}" for question in test.questions)
    text = "\n\n".join(filter(None, [f"**{test.title}**", test.purpose, questions, *guidance]))
    short = _status(rubric, every=False)
    return {
        "title": test.title,
        "description": test.purpose or test.title,
        "markdownDescription": text,
        "anyOf": [short, {"$ref": "#/definitions/answer"}, {"type": "null"}],
    }


def _resolved(node: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema with every `$ref` of pydantic's replaced by what it names."""
    if isinstance(node, list):
        return [_resolved(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "patternProperties" in node:  # the names of a mapping are ids, and nothing else
        node = {"additionalProperties": False} | node
    if str(node.get("$ref", "")).startswith("#/$defs/"):
        inner = definitions[node["$ref"].removeprefix("#/$defs/")]
        return _resolved(inner | {key: value for key, value in node.items() if key != "$ref"}, definitions)
    return {key: _resolved(value, definitions) for key, value in node.items()}
