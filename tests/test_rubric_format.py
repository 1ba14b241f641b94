"""The page on the rubric format is made from the models: `make docs` writes it, and it says all there is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined

from conftest import Run
from mlscore.fields import Duration, Id, Model
from mlscore.rubric import Category, Comparison, Level, Rubric, Test, Tier
from mlscore.schema import rubric_schema

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rubric-format.md"
GUIDE = PAGE.with_name("rubrics.md")
PARTS: dict[str, type[Model]] = {
    "The file": Rubric,
    "A level": Level,
    "A tier": Tier,
    "A category": Category,
    "A test": Test,
    "A comparison": Comparison,
}
INTRODUCTION = """\
# The rubric format

<!-- Made from the models by `make docs`. Change the descriptions in src/mlscore/rubric.py instead. -->

A rubric is a YAML file. `mlscore rubric new` writes one to start from, `mlscore rubric check` finds what is
wrong or doubtful in it, `mlscore rubric schema` is the same as below for editors, and [rubrics.md](rubrics.md)
shows how to write one. Ids are lower-case letters, digits, - and _, a letter first, at most 64 characters.
Numbers are exact, with at most six decimals. Lengths of time are hours, days or weeks: `12h`, `7d`, `2w`.
"""
EXTENDING = """\
## With `extends`

What the file does not say is taken from the rubric it extends, except `id`, `aliases`, `version`, `title` and
`short_title`. `levels` and `max_age` merge by name: a level given in part keeps the rest, and a file that names
all levels decides their order. `categories` and their `tests` merge by id: what is given replaces what was there,
and new ids are added at the end. Everything else is replaced, `tiers` as a whole. `remove` takes tests out. A
file that extends another needs nothing but `id`.
"""
PATTERNS = {TypeAdapter(Id).json_schema()["pattern"]: "id", TypeAdapter(Duration).json_schema()["pattern"]: "time"}
TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}


def page() -> str:
    """Write the page."""
    parts = [INTRODUCTION]
    for title, model in PARTS.items():
        doc = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        rows = "".join(f"| {' | '.join(row)} |\n" for row in rows_of(model))
        header = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
        parts.append(f"## {title}\n\n{doc}\n\n{header}{rows}")
    return "\n".join([*parts, EXTENDING])


def rows_of(model: type[Model]) -> Iterator[tuple[str, str, str, str]]:
    """One row for each key of a model."""
    properties = model.model_json_schema(by_alias=True)["properties"]
    whole = rubric_schema()
    of_file = {*whole["required"], *whole["else"]["required"]}
    for name, field in model.model_fields.items():
        key = field.alias or name
        is_required = key in of_file if model is Rubric else field.is_required()
        default = "required" if is_required else told(field.get_default(call_default_factory=True))
        yield f"`{key}`", kind(properties[key]), default, str(field.description)


def told(default: object) -> str:
    """Say a default as a file would."""
    if default is False:
        return "false"
    return f"`{default}`" if default and default is not PydanticUndefined else ""


def kind(schema: dict[str, Any]) -> str:
    """Say in words what a value is."""
    given = next((choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"), schema)
    if "$ref" in given:
        return f"a {given['$ref'].rpartition('/')[2].lower()}"
    if "enum" in given:
        return ", ".join(f"`{value}`" for value in given["enum"])
    if given["type"] == "array":
        return f"list: {kind(given['items'])}"
    if given["type"] == "object":
        (value,) = given["patternProperties"].values()
        return f"mapping by id: {kind(value)}"
    if "pattern" in given:
        return PATTERNS.get(given["pattern"], "address")
    return f"{TYPES[given['type']]}{', 0 to 1' if given.get('maximum') == 1 else ''}"


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"


@pytest.mark.parametrize("model", PARTS.values())
def test_every_key_is_described_once(model: type[Model]) -> None:
    descriptions = [str(field.description or "") for field in model.model_fields.values()]

    assert all(text.endswith(".") and len(text) > 10 for text in descriptions)
    assert len(set(descriptions)) == len(descriptions)


def test_the_schema_carries_every_description() -> None:
    found = set(texts(rubric_schema()))

    expected = {field.description for model in PARTS.values() for field in model.model_fields.values()}
    assert expected <= found


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def test_the_rubric_that_the_guide_shows_can_be_scored_with(mlscore: Callable[..., Run], tmp_path: Path) -> None:
    blocks = re.findall(r"(?ms)^```yaml\n(.*?)^```$", GUIDE.read_text())
    (tmp_path / "acme.yaml").write_text("".join(blocks))

    result = mlscore("rubric", "check", "acme.yaml")

    assert len(blocks) == 1
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("acme.yaml: ok: acme, version 1, ")


if __name__ == "__main__":
    PAGE.write_text(page())
