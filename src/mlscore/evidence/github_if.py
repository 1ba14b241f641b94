"""Whether an `if:` of a GitHub workflow lets a scheduled run through. Pure.

The expression is worked out with three values: true, false, and unknown for all that a run would have to tell
(branches, inputs, secrets). Of the context only `github.event_name` is known: a schedule.
"""

import re
from collections.abc import Callable
from functools import lru_cache

MAX_LENGTH = 500
"""Characters of an expression; a longer one is not read."""
MAX_NESTING = 20
_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(&&|\|\||[=!<>]=|[!<>()\[\],])|([\w.*-]+))")

_STATUS = re.compile(r"\b(?:always|cancelled|failure)\s*\(")

Value = bool | str | None
"""A text, true, false, or None: unknown."""

_KNOWN: dict[str, Value] = {"github.event_name": "schedule", "true": True, "false": False}
_FUNCTIONS: dict[str, Value] = {"always": True, "success": True, "failure": False, "cancelled": False}


def lets_schedule_through(condition: object) -> bool:
    """Tell whether a condition may be true in a scheduled run; None is no condition.

    False when it is false for certain, or cannot be read.
    """
    if condition is None or isinstance(condition, bool):
        return condition is not False
    return isinstance(condition, str) and len(condition) <= MAX_LENGTH and _may_be_true(condition)


def ignores_failures(condition: object) -> bool:
    """Tell whether a condition lets a job run although a job that it needs did not."""
    if not isinstance(condition, str) or len(condition) > MAX_LENGTH:
        return False
    return _STATUS.search(condition) is not None


@lru_cache(maxsize=256)
def _may_be_true(condition: str) -> bool:
    text = condition.strip()
    if text.startswith("${{") and text.endswith("}}"):
        text = text[3:-2]
    tokens = _tokens(text)
    if tokens is None or tokens.count("(") + tokens.count("[") + tokens.count("!") > MAX_NESTING:
        return False
    try:
        reader = _Reader(tokens)
        value = reader.either()
    except _Malformed:
        return False
    return value not in (False, "") and not reader.tokens


def _tokens(text: str) -> list[str] | None:
    """Cut an expression up; None when something in it is none of its language."""
    tokens, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            return None
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


class _Malformed(Exception):  # noqa: N818 - a finding
    """The expression is none."""


class _Reader:
    """Works an expression out from left to right. Raises _Malformed."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self) -> Value:
        return self._chain("||", self._both, decisive=True)

    def _both(self) -> Value:
        return self._chain("&&", self._comparison, decisive=False)

    def _chain(self, sign: str, part: Callable[[], Value], *, decisive: bool) -> Value:
        values = [part()]
        while self._takes(sign):
            values.append(part())
        if len(values) == 1:
            return values[0]
        truths = [None if value is None else bool(value) for value in values]
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive

    def _comparison(self) -> Value:
        left = self._single()
        for sign in ("==", "!=", "<=", ">=", "<", ">"):
            if self._takes(sign):
                right = self._single()
                if sign not in {"==", "!="} or not (isinstance(left, str) and isinstance(right, str)):
                    return None
                return (left.lower() == right.lower()) is (sign == "==")
        return left

    def _single(self) -> Value:
        if self._takes("!"):
            value = self._single()
            return None if value is None else not value
        if self._takes("("):
            value = self.either()
            if not self._takes(")"):
                raise _Malformed
            return value
        token = self._next()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._takes("("):
            self._skip_to(")")
            return _FUNCTIONS.get(token.lower())
        if self._takes("["):
            self._skip_to("]")
            return None
        return _KNOWN.get(token.lower())

    def _next(self) -> str:
        if not self.tokens:
            raise _Malformed
        return self.tokens.pop(0)

    def _takes(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _skip_to(self, closing: str) -> None:
        """Leave out everything up to the closing sign that belongs to the one just opened."""
        opening = {")": "(", "]": "["}[closing]
        depth = 1
        while depth:
            token = self._next()
            depth += (token == opening) - (token == closing)
