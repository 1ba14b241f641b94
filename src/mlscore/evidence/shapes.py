"""Takes apart JSON whose shape is known: missing and null are empty, another type is refused. Pure.

Nothing is copied, so that a file costs no more than to load it. The names of keys in errors are the reader's own,
not the file's.
"""

from typing import Any

from mlscore.evidence.reading import Unreadable

Object = dict[str, Any]


def text(parent: Object, key: str) -> str | None:
    """Return a text."""
    value = parent.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(key, "text")
    return value


def word(parent: Object, key: str, words: tuple[str, ...]) -> str | None:
    """Return one of the words that can stand there."""
    value = text(parent, key)
    if value is not None and value not in words:
        raise _wrong(key, "a word that can stand there")
    return value


def whole(parent: Object, key: str) -> int | None:
    """Return a whole number."""
    value = parent.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _wrong(key, "a whole number")
    return value


def truth(parent: Object, key: str) -> bool:
    """Return true or false, which may not be missing."""
    value = parent.get(key)
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def thing(parent: Object, key: str) -> Object:
    """Return an object."""
    value = parent.get(key)
    if value is not None and not isinstance(value, dict):
        raise _wrong(key, "an object")
    return value or {}


def things(parent: Object, key: str) -> list[Object]:
    """Return a list of objects."""
    value = parent.get(key)
    if value is not None and (not isinstance(value, list) or not all(isinstance(item, dict) for item in value)):
        raise _wrong(key, "a list of objects")
    return value or []


def texts(parent: Object, key: str) -> list[str]:
    """Return a list of texts."""
    value = parent.get(key)
    if value is not None and not _are_texts(value):
        raise _wrong(key, "a list of texts")
    return value or []


def things_by_name(parent: Object, key: str) -> dict[str, Object]:
    """Return an object of objects."""
    found = thing(parent, key)
    if not all(isinstance(item, dict) for item in found.values()):
        raise _wrong(key, "an object of objects")
    return found


def texts_by_name(parent: Object, key: str) -> dict[str, list[str]]:
    """Return an object of lists of texts."""
    found = thing(parent, key)
    if not all(_are_texts(item) for item in found.values()):
        raise _wrong(key, "an object of lists of texts")
    return found


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _wrong(key: str, expected: str) -> Unreadable:
    return Unreadable(f"{key} in it is not {expected}")
