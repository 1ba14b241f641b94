"""JSON from tools, read so that nothing in it can mean two things. Pure."""

import json
from typing import Any, NoReturn

from mlscore.evidence.reading import Unreadable

MAX_BYTES = 16 * 1024 * 1024
MAX_VALUES = 500_000
MAX_DEPTH = 64
MAX_DIGITS = 20


def loads(raw: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read one JSON document in UTF-8, with or without a byte order mark.

    Raises Unreadable for repeated keys, NaN and infinities, integers over 20 digits, over 500,000 values, more
    than 64 levels, and whatever is not JSON.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8") from None
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except RecursionError:
        raise Unreadable(f"nested deeper than {MAX_DEPTH} levels") from None
    except ValueError:
        raise Unreadable("it is not JSON, or cut off") from None
    _check_size(data)
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise Unreadable("a key is repeated in it")
    return data


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"it holds {name}, which is not JSON")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Unreadable(f"it holds a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _number(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise Unreadable("it holds a number too large to be one")
    return value


def _check_size(data: Any) -> None:  # noqa: ANN401 - any JSON
    """Walk level by level, so that depth costs no stack."""
    level, count, depth = [data], 0, 0
    while level:
        count += len(level)
        depth += 1
        if count > MAX_VALUES:
            raise Unreadable(f"more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH} levels")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below
