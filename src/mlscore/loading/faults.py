"""pydantic's errors in the words of the person who wrote the file, each at its place."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from mlscore.diagnostics import Diagnostic, Location
from mlscore.errors import MAX_SAID
from mlscore.text import nearest, quote, said

Locate = Callable[[tuple[str | int, ...], bool], Location]
"""Finds a path of the data in the file or files it came from; the flag asks for the key."""

_MESSAGES = {
    "string_type": "{name} must be text, not {kind}",
    "string_too_short": "{name} is empty; write some text",
    "string_too_long": "{name} is longer than {max_length} characters; shorten it",
    "string_pattern_mismatch": "{input} is not an address; write one that begins with https://",
    "int_type": "{name} must be a whole number",
    "int_from_float": "{name} must be a whole number",
    "greater_than_equal": "{name} must be at least {ge}",
    "less_than_equal": "{name} must be at most {le}",
    "bool_type": "{name} must be true or false",
    "dict_type": "{name} must be a mapping (key: value), not {kind}",
    "model_type": "{name} must be a mapping (key: value), not {kind}",
    "model_attributes_type": "{name} must be a mapping (key: value), not {kind}",
    "tuple_type": "{name} must be a list, not {kind}",
    "list_type": "{name} must be a list, not {kind}",
    "too_short": "{name} is empty; it needs at least {min_length}",
    "too_long": "{name} has more than the limit of {max_length} entries",
    "literal_error": "{input} is not allowed here; write {expected}",
}
_KINDS = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}


def faults(error: ValidationError, model: type[BaseModel], locate: Locate) -> Iterator[Diagnostic]:
    """Give one located diagnostic for each error of a validation."""
    for item in error.errors(include_url=False)[:MAX_SAID]:
        path = tuple(step for step in item["loc"] if step != "[key]")
        kind = item["type"]
        if kind == "too_short" and item["input"]:
            continue  # only because its elements are wrong, which is said already
        at_key = "[key]" in item["loc"] or kind in {"extra_forbidden", "missing"}
        where = locate(path, at_key)
        name = _name(path)
        if kind == "extra_forbidden":
            yield Diagnostic(where, f"unknown key {quote(name)}", _known_keys(model, path))
        elif kind == "missing":
            yield Diagnostic(where, f"the key {quote(name)} is missing" + _inside(path))
        elif kind == "value_error":
            yield Diagnostic(where, said(item["ctx"]["error"]))
        else:
            template = _template(kind, item["input"])
            found = _KINDS.get(type(item["input"]), "a number")
            facts = {"name": name, "input": quote(item["input"]), "kind": found, "message": item["msg"]}
            yield Diagnostic(where, template.format(**(item.get("ctx", {}) | facts)))


def _template(kind: str, value: object) -> str:
    if kind == "string_type" and value is None:
        return "{name} is empty; write some text"
    if kind == "string_type" and isinstance(value, int | Decimal):  # true and false are integers to Python
        return "{name} must be text; put it in quotes"
    return _MESSAGES.get(kind, "{name}: {message}")


def ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort diagnostics as one reads a file, each said once."""
    return sorted(set(diagnostics))


def _name(path: tuple[str | int, ...]) -> str:
    """The last key of a path; an element of a list is called after its list."""
    *before, last = path or ("the file",)
    return str(last) if isinstance(last, str) or not before else f"{before[-1]}[{last}]"


def _inside(path: tuple[str | int, ...]) -> str:
    return f" in {_name(path[:-1])}" if len(path) > 1 else ""


def _known_keys(model: type[BaseModel], path: tuple[str | int, ...]) -> str:
    keys = _keys(_model_at(model, path[:-1]))
    match = nearest(str(path[-1]), keys)
    return f"did you mean {match}?" if match else f"the keys are {', '.join(keys)}"


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    """Follow a path through the models; keys of mappings and indexes of lists stay in the same model."""
    for step in path:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields:
            model = next(_models(fields[str(step)].annotation), model)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]
