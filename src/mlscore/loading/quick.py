"""The quick way through files that are plainly right, for many at once.

It accepts less than the loader and never more. What it does not accept it leaves to the loader, which says what is
wrong, or takes it after all.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import yaml  # noqa: TID251 - the events only, as in document.py

from mlscore.errors import InputError
from mlscore.fields import calendar_date
from mlscore.loading.document import CONSTANTS, MAX_SCALAR, NUMERIC, Loader, check_text, number
from mlscore.project import DEFAULT_RUBRIC, KINDS, MAX_EVIDENCE, Answer, Project
from mlscore.rubric import Rubric
from mlscore.text import visible

MAX_DEPTH = 16
"""Levels of nesting; a project file has five."""
_PROJECT_KEYS = frozenset(Project.model_fields)
_ANSWER_KEYS = frozenset(Answer.model_fields) - {"effort", "evidence"}
_ENTRY_KEYS = frozenset({*KINDS, "date"})
_LONGEST_CONSTANT = max(map(len, CONSTANTS))


_SCALAR, _MAPPING, _SEQUENCE = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
_END_OF_MAPPING, _END_OF_SEQUENCE = yaml.MappingEndEvent, yaml.SequenceEndEvent
_Following = Callable[[], Any]


class Answers(NamedTuple):
    """What a project file says, as far as its score needs it."""

    data: Mapping[str, Any]
    """The whole file as plain data; all text in it is safe to show."""
    rubric: Rubric
    statuses: Mapping[str, str]
    """By test id; tests without an answer are not in it."""
    oldest: date | None
    """The earliest date of an answer or of its evidence."""


class _Odd(Exception):  # noqa: N818 - not an error: it is the loader's turn
    """Something that the quick way does not judge."""


def read_quickly(raw: bytes, rubric: Callable[[str], Rubric | None]) -> Answers | None:
    """Read a project file; None when the loader has to look at it.

    `rubric` finds what the file's `rubric:` names, or gives None for what it does not know.
    """
    try:
        return _accepted(_data(raw), rubric)
    except (_Odd, InputError, yaml.YAMLError, ValueError, OverflowError):
        return None


def _data(raw: bytes) -> object:
    """Build plain data from a file's events."""
    _check(raw)
    loader = Loader(raw)
    try:
        loader.get_event()
        start = loader.get_event()
        if type(start) is yaml.StreamEndEvent or start.version or start.tags:
            raise _Odd
        bare = b"&" not in raw and b"!" not in raw
        data = _value(loader.get_event, loader.get_event(), 1, bare)
        loader.get_event()
        if type(loader.get_event()) is not yaml.StreamEndEvent:
            raise _Odd
        return data
    finally:
        loader.dispose()


def _check(raw: bytes) -> None:
    """Refuse a file in which making texts safe to show could change one: then none needs a look of its own."""
    check_text(raw, "")
    if b"\\" in raw or b"##[" in raw or len(raw) > MAX_SCALAR or raw.startswith(b"\xef\xbb\xbf"):
        raise _Odd
    if (b"@" in raw or not raw.isascii()) and (text := raw.decode()) != visible(text):
        raise _Odd


# Functions of the module rather than closures: those would hold one another, and each file, until somebody looks
# for garbage, which long runs do not.


def _value(following: _Following, event: Any, depth: int, bare: bool) -> object:  # noqa: ANN401 - hot
    """Make a value of an event and those that follow it."""
    if depth > MAX_DEPTH or event.anchor is not None or event.tag is not None:
        raise _Odd
    kind = type(event)
    if kind is _SCALAR:
        return _plain(event)
    if kind is _MAPPING:
        return _mapping(following, depth + 1, bare)
    if kind is not _SEQUENCE:
        raise _Odd
    items = []
    while type(event := following()) is not _END_OF_SEQUENCE:
        items.append(_value(following, event, depth + 1, bare))
    return items


def _mapping(following: _Following, depth: int, bare: bool) -> dict[str, object]:
    """Make a mapping of the events up to its end; `bare` promises that nothing has an anchor or a tag."""
    result: dict[str, object] = {}
    while type(event := following()) is not _END_OF_MAPPING:
        if type(event) is not _SCALAR or (key := event.value) in result:
            raise _Odd
        if not bare and (event.anchor is not None or event.tag is not None):
            raise _Odd
        event = following()
        if bare and type(event) is _SCALAR:
            result[key] = _plain(event)
        else:
            result[key] = _value(following, event, depth, bare)
    return result


def _plain(event: Any) -> object:  # noqa: ANN401 - yaml events are untyped
    text: str = event.value
    if event.style:
        return text
    if len(text) <= _LONGEST_CONSTANT and text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] in NUMERIC and (found := number(text)) is not None:
        return found
    return text


def _accepted(data: object, rubric: Callable[[str], Rubric | None]) -> Answers | None:
    if type(data) is not dict or not _PROJECT_KEYS.issuperset(data) or not data.get("project") or data.get("gate"):
        return None
    for key, item in data.items():
        if (
            key not in {"answers", "gate"}
            and type(item) is not str
            and (item is not None or key in {"rubric", "project"})
        ):
            return None
    answers, rules = data.get("answers"), rubric(data.get("rubric", DEFAULT_RUBRIC))
    if rules is None or type(answers) is not dict:
        return None
    statuses: dict[str, str] = {}
    oldest: date | None = None
    for name, answer in answers.items():
        if name not in rules.tests:
            return None
        if answer is None:
            continue
        status = answer.get("status") if type(answer) is dict else answer
        if type(status) is not str or status not in rules.ladder:  # a level outside of it needs a reason
            return None
        statuses[name] = status
        if type(answer) is dict:
            for day in _days(answer):
                oldest = day if oldest is None or day < oldest else oldest
    return Answers({**data, "answers": None}, rules, statuses, oldest)


def _days(answer: dict[str, Any]) -> Iterator[date]:
    """The dates of an answer in the long form. Raises _Odd for one that the loader has to look at."""
    for key, item in answer.items():
        if key == "evidence" and type(item) is list and len(item) <= MAX_EVIDENCE:
            for entry in item:
                yield from _entry(entry)
        elif key not in _ANSWER_KEYS or type(item) is not str:
            raise _Odd
        elif key == "date":
            yield _day(item)


def _entry(entry: object) -> Iterator[date]:
    if type(entry) is not dict or not _ENTRY_KEYS.issuperset(entry) or len(entry) != 1 + ("date" in entry):
        raise _Odd
    for name, what in entry.items():
        if type(what) is not str:
            raise _Odd
        if name == "date":
            yield _day(what)


@lru_cache(maxsize=10_000)
def _day(text: str) -> date:
    return calendar_date(text)
