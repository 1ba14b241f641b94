"""Bytes of YAML to plain data, in one pass over libyaml's event stream.

The pass enforces the limits before anything is built, refuses what a reviewer could overlook (repeated keys,
tags, merge keys, a second document), and reads scalars as YAML 1.2 does: `no`, dates and `010` are text.
Positions are looked up afterwards, when a message needs one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import yaml  # noqa: TID251 - values are built here alone

from mlscore.diagnostics import Diagnostic, Location
from mlscore.errors import InputError
from mlscore.text import quote, visible

MAX_BYTES = 2 * 1024 * 1024
"""Size of a rubric or project file."""
MAX_NODES = 100_000
"""Keys and values of a file, aliases counted as often as they are used."""
MAX_DEPTH = 32
"""Levels of nesting."""
MAX_SCALAR = 20_000
"""Characters of one value."""
MAX_FAULTS = 1_000
"""Problems collected before the reading stops."""

# libyaml where PyYAML was built with it, its pure parser elsewhere: the same events, ten times slower.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CONSTANTS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
NUMERIC = frozenset("-0123456789")
"""What a number begins with."""
# Control characters, and what is a line break to YAML but not in a reviewer's diff.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|\r(?!\n)")
SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_BYTES = bytes([0x09, 0x0A, *range(0x20, 0x7F)])

Path = Sequence[str | int]
"""A way into the data: keys and indexes. An index may also be the `id` of a list's element."""


class Element(str):
    """A step of a path that names a list's element by its `id` rather than by its place."""

    __slots__ = ()


class Spot(NamedTuple):
    """How far a path could be followed, and where that is."""

    depth: int
    location: Location


class Document:
    """A YAML file as plain data (dict, list, str, int, Decimal, bool, None), and its problems.

    Text in `data` is safe to show: escaped control characters were made visible as it was read.
    """

    def __init__(self, name: str, raw: bytes, data: object, faults: tuple[Diagnostic, ...] = ()) -> None:
        self.name = name
        self.raw = raw
        self.data = data
        self.faults = faults
        self._indexes: dict[int, dict[str | None, tuple[Any, Any]]] = {}

    def find(self, path: Path, *, key: bool = False) -> Spot:
        """Follow `path` as far as the file goes; `key` asks for the place of the last key, not the value."""
        node = self._root
        place = node
        depth = 0
        for step in path:
            entry = self._child(node, step)
            if entry is None:
                break
            depth += 1
            key_node, node = entry
            place = key_node if key or _is_empty(node) else node
        mark = place.start_mark if place is not None else None
        return Spot(depth, _location(self.name, mark) if mark else Location(self.name))

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """Return the place of what `path` leads to, or of the last thing on the way that is there."""
        return self.find(path, key=key).location

    def _child(self, node: Any, step: str | int) -> tuple[Any, Any] | None:  # noqa: ANN401
        """Return the key's node and the value's node one step further, or None."""
        if isinstance(node, yaml.MappingNode) and not isinstance(step, Element):
            return self._keys(node).get(str(step))
        if isinstance(node, yaml.SequenceNode):
            if isinstance(step, int):
                return (node.value[step],) * 2 if step < len(node.value) else None
            for item in reversed(node.value):  # of a repeated id the last is the one too many
                entry = self._child(item, "id")
                if entry is not None and _text(entry[1]) == step:
                    return (item, item)
        return None

    def _keys(self, node: Any) -> dict[str | None, tuple[Any, Any]]:  # noqa: ANN401
        """Index a mapping once, so that thousands of look-ups in thousands of keys stay cheap."""
        known = self._indexes.get(id(node))
        if known is None:
            known = self._indexes[id(node)] = {_text(key): (key, value) for key, value in reversed(node.value)}
        return known

    @cached_property
    def _root(self) -> Any:  # noqa: ANN401 - yaml nodes are untyped
        loader = Loader(self.raw)
        try:
            return loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()


def parse(raw: bytes, name: str) -> Document:
    """Read one YAML file; `name` stands in messages.

    Raises InputError when nothing can be made of it: not UTF-8, a control character, a syntax error, a limit.
    Problems that leave the rest readable are kept as `faults` of the document.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")  # libyaml's offsets are off by one after a byte order mark
    check_text(raw, name)
    builder = _Builder(raw, name)
    try:
        data = builder.build()
    except _StopReading:
        raise InputError(sorted(builder.faults)) from None
    except yaml.YAMLError as error:
        raise InputError([*sorted(builder.faults), _syntax_fault(error, raw, name)]) from None
    return Document(name, _without(raw, builder.loose), data, tuple(sorted(builder.faults)))


def number(text: str) -> int | Decimal | None:
    """Return the number that a plain scalar is; None when it is text."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return Decimal(text) if match[1] else int(text)


def check_text(raw: bytes, name: str) -> None:
    """Refuse what is not plain UTF-8 text before the parser sees it. Raises InputError."""
    if len(raw) > MAX_BYTES:
        raise InputError([Diagnostic(Location(name), f"larger than the limit of {MAX_BYTES // 1024 // 1024} MiB")])
    if raw.translate(None, _PLAIN_BYTES):
        _check_characters(raw, name)


def _without(raw: bytes, loose: list[tuple[int, int]]) -> bytes:
    """Blank aliases that name nothing, in place: positions could not be looked up past them."""
    if not loose:
        return raw
    text = raw.decode()
    for start, length in loose:
        text = text[:start] + "~".ljust(length) + text[start + length :]
    return text.encode()


def _check_characters(raw: bytes, name: str) -> None:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        location = Location(name, raw.count(b"\n", 0, error.start) + 1)
        guess = " (it looks like UTF-16)" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""
        raise InputError([Diagnostic(location, f"not UTF-8{guess}", "save the file as UTF-8")]) from None
    if found := _REFUSED.search(text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        location = Location(name, text.count("\n", 0, found.start()) + 1, found.start() - line_start + 1)
        if found[0] == "\r":
            what, instead = "a lone carriage return", "end lines with a line feed"
        else:
            what, instead = (
                f"the control character U+{ord(found[0]):04X}",
                "remove it, or write it as an escape",
            )
        raise InputError([Diagnostic(location, f"{what} is not allowed", instead)])


class _StopReading(Exception):  # noqa: N818 - not an error of its own: the fault is recorded already
    """The file went over a limit."""


class _Builder:
    """Turns events into data, one call a container."""

    def __init__(self, raw: bytes, name: str) -> None:
        self.faults: list[Diagnostic] = []
        self._name = name
        self._loader = Loader(raw)
        self._next = self._loader.get_event
        self._nodes = 0
        self._anchors: dict[str, tuple[object, int, int]] = {}
        self._deepest = 0
        self._open: set[str] = set()
        self.loose: list[tuple[int, int]] = []
        """Where aliases that name nothing stand, and how long they are."""

    def build(self) -> object:
        try:
            return self._document()
        except (ValueError, OverflowError) as error:  # the pure parser's, for escapes beyond Unicode
            where = self._loader.get_mark() if hasattr(self._loader, "get_mark") else None
            raise yaml.MarkedYAMLError(problem="a value that cannot be read", problem_mark=where) from error
        finally:
            self._loader.dispose()

    def _document(self) -> object:
        self._next()  # the start of the stream
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        if event.version or event.tags:
            self._fault(event, "a YAML directive is not allowed", "remove the line that begins with %")
        data = self._value(self._next(), 1)
        self._next()  # the end of the document
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._fault(event, "a second document begins here", "keep one document in a file")
        return data

    def _value(self, event: Any, depth: int) -> object:  # noqa: ANN401 - yaml events are untyped
        kind = type(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, f"more than the limit of {MAX_NODES:,} keys and values")
        if kind is yaml.ScalarEvent:
            if event.anchor is None and event.tag is None:
                return self._scalar(event)
        elif kind is yaml.AliasEvent:
            return self._alias(event, depth)
        elif depth > MAX_DEPTH:
            self._stop(event, f"nested deeper than the limit of {MAX_DEPTH} levels")
        if event.tag is not None:
            self._fault(event, f"the tag {quote(event.tag)} is not allowed", "remove it; put text in quotes")
        if event.anchor is None:
            return self._untagged(event, kind, depth)
        before, deepest = self._nodes, self._deepest
        self._deepest = depth
        self._open.add(event.anchor)
        value = self._untagged(event, kind, depth)
        self._open.discard(event.anchor)
        self._anchors[event.anchor] = (value, self._nodes - before + 1, self._deepest - depth)
        self._deepest = max(self._deepest, deepest)
        return value

    def _untagged(self, event: Any, kind: type, depth: int) -> object:  # noqa: ANN401
        if kind is yaml.MappingStartEvent:
            return self._mapping(depth)
        if kind is yaml.SequenceStartEvent:
            return self._sequence(depth)
        return self._scalar(event)

    def _mapping(self, depth: int) -> dict[str, object]:
        self._deepest = max(self._deepest, depth + 1)
        result: dict[str, object] = {}
        lines: dict[str, int] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._value(event, depth + 1)
            value = self._value(self._next(), depth + 1)
            if type(key) is not str:
                self._fault(event, *_bad_key(key))
            elif key == "<<" and not getattr(event, "style", True):  # an alias has no style, and merges nothing
                self._fault(event, "the merge key << is not allowed", "write the keys out")
            elif key in lines:
                self._fault(event, f"the key {quote(key)} is repeated (first on line {lines[key]})", "keep one")
            else:
                lines[key] = event.start_mark.line + 1
                result[key] = value
        return result

    def _sequence(self, depth: int) -> list[object]:
        self._deepest = max(self._deepest, depth + 1)
        result = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            result.append(self._value(event, depth + 1))
        return result

    def _scalar(self, event: Any) -> object:  # noqa: ANN401
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self._stop(event, f"a value longer than the limit of {MAX_SCALAR:,} characters")
        if not event.style:  # plain: the only style in which text can mean something else
            if text in CONSTANTS:
                return CONSTANTS[text]
            if text[0] in NUMERIC and (value := number(text)) is not None:
                return value
        if not text.isprintable() and SURROGATE.search(text):  # libyaml refuses the escape by itself
            self._fault(event, "half of a character, written as an escape, is not allowed", "write the character")
        return visible(text)

    def _alias(self, event: Any, depth: int) -> object:  # noqa: ANN401
        if event.anchor in self._open:
            self._stop(event, f"the alias {quote('*' + event.anchor)} stands inside what it names")
        if event.anchor not in self._anchors:
            self._fault(event, f"the alias {quote('*' + event.anchor)} names nothing", "put text in quotes")
            self.loose.append((event.start_mark.index, len(event.anchor) + 1))
            return None
        value, nodes, height = self._anchors[event.anchor]
        self._deepest = max(self._deepest, depth + height)
        if self._deepest > MAX_DEPTH + 1:
            self._stop(event, f"nested deeper than the limit of {MAX_DEPTH} levels, aliases counted")
        self._nodes += nodes - 1
        if self._nodes > MAX_NODES:
            self._stop(event, f"more than the limit of {MAX_NODES:,} keys and values, aliases counted")
        return value

    def _fault(self, event: Any, message: str, instead: str = "") -> None:  # noqa: ANN401
        self.faults.append(Diagnostic(_location(self._name, event.start_mark), message, instead))
        if len(self.faults) >= MAX_FAULTS:
            raise _StopReading

    def _stop(self, event: Any, message: str, instead: str = "") -> NoReturn:  # noqa: ANN401
        self._fault(event, message, instead)
        raise _StopReading


def _bad_key(key: object) -> tuple[str, str]:
    if isinstance(key, dict | list):
        return "a key must be text, not a mapping or a list", "put text that contains { or [ in quotes"
    return f"the key {quote(key)} is not text", "put it in quotes"


def _location(name: str, mark: Any) -> Location:  # noqa: ANN401
    return Location(name, mark.line + 1, mark.column + 1)


def _text(node: Any) -> str | None:  # noqa: ANN401
    return visible(node.value) if isinstance(node, yaml.ScalarNode) else None


def _is_empty(node: Any) -> bool:  # noqa: ANN401
    """Tell a value that is not written at all: its mark is wherever the next thing begins."""
    return isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style


_SYNTAX_HELP = {
    "mapping values are not allowed": "put text that contains ': ' in quotes",
    "cannot start any token": "put text that begins with @, ` or % in quotes",
    "did not find expected key": "check the indentation of this line and the ones before it",
    "expected <block end>": "check the indentation of this line and the ones before it",
}


def _syntax_fault(error: Exception, raw: bytes, name: str) -> Diagnostic:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Diagnostic(Location(name), "not valid YAML: it holds a value that cannot be read")
    mark = error.problem_mark
    problem = error.problem or "a value that cannot be read"
    lines = raw.decode().split("\n")

    def rest(mark: Any) -> str:  # noqa: ANN401
        return lines[mark.line][mark.column :] if mark and mark.line < len(lines) else ""

    if rest(mark).startswith("\t"):
        return Diagnostic(_location(name, mark), "a tab where YAML wants spaces", "indent with spaces")
    instead = next((help_ for part, help_ in _SYNTAX_HELP.items() if part in problem), "")
    if error.context and "flow" in error.context and "#" in rest(error.context_mark):
        mark = error.context_mark or mark
        instead = "# begins a comment: put text that contains it in quotes"
    detail = f"{problem} {error.context}" if error.context else problem
    return Diagnostic(_location(name, mark), f"not valid YAML: {detail}", instead)
