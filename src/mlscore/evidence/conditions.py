"""Conditions a project states on a JSON file: `POINTER OP VALUE`, such as `/metrics/auc >= 0.8`. Pure.

POINTER is a JSON Pointer (RFC 6901: `~1` for a slash in a name, `~0` for a tilde). OP is one of == != >= <= > <.
VALUE is a number, true, false, null or text in double quotes; a bare word is refused, as it may be a slip of any
of these. The last four operators take numbers only. A condition is judged on what JSON says: true is not 1, "0.9"
is text. What cannot be judged (nothing at the pointer, another type) is neither true nor false.
"""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mlscore.evidence import strict_json
from mlscore.evidence.loose_json import NOT_FINITE
from mlscore.evidence.reading import Reading, Unreadable, inconclusive, verdict
from mlscore.text import quote

# Between blanks first, so that a name may hold an operator.
_OPERATORS = (re.compile(r"\s(==|!=|>=|<=|>|<)\s"), re.compile(r"==|!=|>=|<=|>|<"))
_BAD_ESCAPE = re.compile(r"~(?![01])")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_SHOWN = 3
MAX_CHECKS = 100
MAX_LENGTH = 500
"""Characters of a check."""
_NUMBER = "a number"
# Python compares integers and floats by their exact values.
_OPERATIONS: dict[str, Callable[[Any, Any], object]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class Undecided(Exception):  # noqa: N818 - not an error: neither true nor false
    """A condition cannot be judged: its text says why, in a few words, with nothing from inside the file."""


class Condition(NamedTuple):
    """One condition, ready to be judged."""

    pointer: str
    sign: str
    value: object


def judge(files: Sequence[object], checks: Sequence[str]) -> Reading:
    """Judge conditions on the data of several files: each must hold in every one. Leaves the time open."""
    if not checks:
        return inconclusive("it needs checks, such as checks: [/metrics/auc >= 0.8]")
    if len(checks) > MAX_CHECKS:
        return inconclusive(f"it has more than {MAX_CHECKS} checks")
    passed, failed, unclear = 0, [], ""
    for check in checks:
        try:
            condition = read(check)
        except Undecided as trouble:
            return inconclusive(str(trouble))
        for data in files:
            try:
                if holds(condition, data):
                    passed += 1
                else:
                    failed.append(quote(check))
            except Undecided as trouble:
                unclear = unclear or str(trouble)
    if failed or not unclear:
        names = list(dict.fromkeys(failed))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return verdict(passed, len(failed), "check", None, ", ".join(names[:_SHOWN]) + more)
    return inconclusive(unclear)


def read(check: str) -> Condition:
    """Read a condition as a project writes it. Raises Undecided that says what to write."""
    if len(check) > MAX_LENGTH:
        raise Undecided(f"a check is longer than {MAX_LENGTH} characters")
    match = next((match for pattern in _OPERATORS if (match := pattern.search(check))), None)
    if match is None:
        raise Undecided(f"{quote(check)} is no check; write POINTER OP VALUE, such as /metrics/auc >= 0.8")
    pointer, sign, value = check[: match.start()].strip(), match[0].strip(), check[match.end() :].strip()
    steps(pointer)
    try:
        wanted = strict_json.loads(value.encode(errors="surrogatepass"))
    except Unreadable:
        wanted = []
    if isinstance(wanted, dict | list):
        raise Undecided(f'{quote(check)} needs a number, true, false, null or "text" after {sign}')
    if sign not in {"==", "!="} and _type(wanted) != _NUMBER:
        raise Undecided(f"{quote(check)} needs a number after {sign}")
    return Condition(pointer, sign, wanted)


def holds(condition: Condition, data: object) -> bool:
    """Tell whether a condition holds. Raises Undecided with the reason when nobody can tell."""
    pointer, sign, wanted = condition
    value: Any = find(data, pointer)
    if _type(value) == _NUMBER and abs(value) >= NOT_FINITE:
        raise Undecided(f"{quote(pointer)} is not a finite number")
    if _type(value) == _type(wanted):
        return bool(_OPERATIONS[sign](value, wanted))
    if sign == "==":
        return False
    if sign == "!=" and wanted is None:
        return True
    raise Undecided(f"{quote(pointer)} is {_type(value)}, not {_type(wanted)}")


def find(data: object, pointer: str) -> object:
    """Return what a pointer leads to. Raises Undecided when that is nothing."""
    for step in steps(pointer):
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and _INDEX.fullmatch(step) and int(step) < len(data):
            data = data[int(step)]
        else:
            raise Undecided(f"it holds no {quote(pointer)} (a slash in a name is written ~1)")
    return data


def steps(pointer: str) -> list[str]:
    """Return the names and indexes of a pointer. Raises Undecided that says what to write."""
    if not pointer.startswith("/") or _BAD_ESCAPE.search(pointer):
        raise Undecided(f"{quote(pointer)} is no JSON pointer; write one such as /metrics/auc")
    names = pointer[1:].split("/")
    return [name.replace("~1", "/").replace("~0", "~") for name in names] if "~" in pointer else names


def _type(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return _NUMBER
    return "text" if isinstance(value, str) else "a list or an object"
