"""Answers written into a project file, and nothing else in it changed. Pure: text in, text out.

Nothing is dumped from data: pieces are spliced in at the positions of the parser's events, so comments, order,
quotes and layout stay as they are. The result is read again, and must hold exactly what was meant.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import yaml  # noqa: TID251 - part of loading: the positions in the file are libyaml's

from mlscore.diagnostics import shown_path
from mlscore.errors import InputError, OutputError
from mlscore.loading import document

STEP = 2
"""Columns of indentation, where the file has no example of its own."""

# Plain where every reader takes it for text: a name with a letter first, or a path.
_PLAIN = re.compile(r"(?:[^\W\d]|[\w.](?=.*/))(?:[\w./ +@()-]*[\w./+@()-])?")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_COMMENT = re.compile(r"(?:[ \t]*\r?\n)*( *)#.*\n")
_COLON = re.compile(r"\s*:")
_KEEPS = re.compile(r"(?:&\S+\s+)?[|>][0-9]?\+")
_ENDS = {yaml.MappingEndEvent, yaml.SequenceEndEvent}
_SHARED = "it is shared by an anchor or alias (& or *); change it by hand"


class Change(NamedTuple):
    """What one answer becomes. It is in the long form afterwards."""

    key: str
    """Its key in the file, or the id to write for a new answer."""
    status: str
    entries: tuple[tuple[str, str], ...] = ()
    """Evidence to add: kinds and targets."""
    after: str | None = None
    """The key a new answer stands behind; None for the end."""


class Edited(NamedTuple):
    """A project file's new text, and the answers in it that stay as they were."""

    text: str
    refused: Mapping[str, str]
    """Keys whose answers cannot be changed by program, each with the reason."""


def edit(text: str, changes: Sequence[Change], name: str) -> Edited:
    """Change answers of a project file that loads without problems.

    Only lines of those answers change. A file without a final newline gets one when something is added at its
    end. New answers at one place come in the order given. Raises OutputError, which says that nothing was written
    to `name`, when the result would hold anything but what was meant.
    """
    body = text.removeprefix("\ufeff")
    newline = "\r\n" if body.count("\r\n") * 2 > body.count("\n") else "\n"
    whole = body if body.endswith("\n") else body + newline
    before = document.parse(whole.encode(), name).data
    page = _Page(whole, newline)
    splices, refused = page.splices(changes)
    result = _spliced(whole, splices)
    if whole != body and all(splice.end < len(whole) for splice in splices):
        # NOTE: a newline more can be data, where a block scalar ends the file.
        result = result.removesuffix(newline)
        before = document.parse(body.encode(), name).data
    wanted = _wanted(before, [change for change in changes if change.key not in refused])
    if not _holds(result, wanted, name):
        raise OutputError(f"{shown_path(name)}: not written: the change would not read back as it was meant")
    return Edited(text[: len(text) - len(body)] + result, refused)


def word(text: str, *, quoted: bool = False) -> str:
    """Return text as a YAML scalar on one line: plain where that is safe in every reader and style."""
    if not quoted and _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


class _Splice(NamedTuple):
    start: int
    end: int
    text: str


class _Node(NamedTuple):
    """A piece of the file. Its end is the end of its last leaf, before the comments that follow."""

    start: int
    end: int
    text: str | None = None
    """Of a scalar."""
    style: str = ""
    is_flow: bool = False
    is_shared: bool = False
    """It has an anchor, or is an alias."""
    items: tuple["_Node", ...] = ()
    """Of a sequence; of a mapping, keys and values in turn."""

    @property
    def is_null(self) -> bool:
        """Whether it is a scalar that says nothing."""
        return not self.style and self.text in {"", "~", "null"}

    @property
    def is_aliased(self) -> bool:
        """Whether one cannot tell what it holds by looking at it: it is an alias, or has one for a key."""
        return any(node.is_shared and node.text is None and not node.items for node in (self, *self.items[::2]))

    def get(self, key: str) -> tuple["_Node", "_Node"] | None:
        """Return the key and the value of an entry of a mapping."""
        pairs = zip(self.items[::2], self.items[1::2], strict=True)
        return next((pair for pair in pairs if pair[0].text == key), None)


class _Refused(Exception):  # noqa: N818 - a finding about one answer
    """An answer is written in a way that is left to a person; the text says which."""


class _Page:
    """Finds the places of a file where answers change. Its text ends with a newline."""

    def __init__(self, text: str, newline: str) -> None:
        self._text = text
        self._newline = newline
        self._root = _composed(text)
        entry = self._root.get("answers")
        self._answers = entry[1] if entry else _Node(0, 0, is_shared=True)
        is_block = self._answers.items and not self._answers.is_flow
        base = self._column_of(self._root)
        self._column = self._column_of(self._answers) if is_block else base + STEP
        self._dash = self._step = self._column - base
        for node in reversed(self._answers.items[1::2]):  # the first example in the file is followed
            if node.items and not (node.is_flow or node.is_shared):
                self._step = self._column_of(node) - self._column
                entry = node.get("evidence")
                if entry and entry[1].items and not (entry[1].is_flow or entry[1].is_shared):
                    self._dash = self._column_of(entry[1]) - self._column_of(node)

    def splices(self, changes: Sequence[Change]) -> tuple[list[_Splice], dict[str, str]]:
        """Return the splices of all changes, in the order of the file, and the keys refused with reasons.

        What is added to an answer comes before the new answers behind it.
        """
        if self._answers.is_aliased:
            return [], {change.key: _SHARED for change in changes}
        found: list[_Splice] = []
        refused: dict[str, str] = {}
        for change in changes:
            try:
                if entry := self._answers.get(change.key):
                    found += self._changed(*entry, change)
            except _Refused as refusal:
                refused[change.key] = str(refusal)
        added = [change for change in changes if not self._answers.get(change.key)]
        found += self._added(added) if self._answers.items else self._first(added)
        return sorted(found, key=lambda splice: splice.start), refused

    def _added(self, changes: Sequence[Change]) -> list[_Splice]:
        """Put new answers behind others."""
        splices = []
        for change in changes:
            entry = self._answers.get(change.after) if change.after is not None else None
            last = entry[1] if entry else self._answers.items[-1]
            if self._answers.is_flow:
                splices.append(self._behind(last, self._flow_entry(change, self._answers)))
            else:
                at = self._below(last.end, self._column + 1)
                splices.append(_Splice(at, at, self._block_entry(change)))
        return splices

    def _first(self, changes: Sequence[Change]) -> list[_Splice]:
        """Fill `answers: {}`: as a block where the file is one, else between the braces."""
        start, end = self._answers.start, self._answers.end
        if not changes:
            return []
        if self._root.is_flow or self._text[start + 1 : end - 1].strip(" "):
            entries = ", ".join(self._flow_entry(change, self._root) for change in changes)
            return [_Splice(start + 1, start + 1, entries)]
        below = self._below(end, self._column)
        return [self._erased(self._answers), _Splice(below, below, "".join(map(self._block_entry, changes)))]

    def _changed(self, key: _Node, value: _Node, change: Change) -> list[_Splice]:
        """Change an answer that has a key in the file."""
        if value.is_shared or value.is_aliased:
            raise _Refused(_SHARED)
        if value.is_null:
            flow = _flow(_data(change), quoted=self._is_json(self._answers))
            lines = self._block(self._column + self._step, change)
            return self._filled(self._answers, key, value, flow, lines)
        if value.text is None:
            return [*self._raised(value, change), *(self._evidence(value, change) if change.entries else ())]
        return self._lengthened(key, value, change)

    def _filled(self, parent: _Node, key: _Node, value: _Node, flow: str, lines: str) -> list[_Splice]:
        """Replace a null: beside its key in flow style, below it in block style."""
        colon = _COLON.match(self._text, key.end)
        if not parent.is_flow:
            if colon is None:
                raise _Refused("its key stands behind a ? without a colon; change it by hand")
            below = self._below(value.end, self._column_of(parent) + 1)
            return [self._erased(value), _Splice(below, below, lines)]
        if value.start != value.end:
            return [_Splice(value.start, value.end, flow)]
        return [_Splice(value.end, value.end, f" {flow}" if colon else f": {flow}")]

    def _lengthened(self, key: _Node, value: _Node, change: Change) -> list[_Splice]:
        """Turn the short form into the long one; the status stays where it is, beside its comment."""
        if self._answers.is_flow:
            return [_Splice(value.start, value.end, _flow(_data(change), quoted=self._is_json(self._answers)))]
        colon = _COLON.match(self._text, key.end)
        start = colon.end() if colon else value.start
        column = self._column + self._step
        lead = self._newline + " " * column
        if "\n" in self._text[start : value.start]:  # it stands on a line of its own already
            start, column, lead = value.start, self._column_of(value), ""
        below = self._below(value.end, self._column + 1)
        return [
            _Splice(start, value.end, f"{lead}status: {self._status(value, change.status)}"),
            _Splice(below, below, self._block(column, change, status=False)),
        ]

    def _raised(self, answer: _Node, change: Change) -> list[_Splice]:
        """Change the status of a long form, where it differs."""
        entry = answer.get("status")
        if entry is None or entry[1].text == change.status:
            return []
        if entry[1].is_shared:
            raise _Refused(_SHARED)
        return [_Splice(entry[1].start, entry[1].end, self._status(entry[1], change.status))]

    def _evidence(self, answer: _Node, change: Change) -> list[_Splice]:
        """Add to the evidence of a long form."""
        quoted = self._is_json(answer)
        entries = [_flow(entry, quoted=quoted) for entry in _data(change)["evidence"]]
        column = self._column_of(answer)
        found = answer.get("evidence")
        if found is None:
            last = answer.items[-1]
            if answer.is_flow:
                return [self._behind(last, f"{word('evidence', quoted=quoted)}: [{', '.join(entries)}]")]
            below = self._below(last.end, column)
            return [_Splice(below, below, self._block(column, change, status=False))]
        key, listed = found
        if listed.is_shared:
            raise _Refused(_SHARED)
        if listed.is_null:
            lines = self._dashes(column + self._dash, change)
            return self._filled(answer, key, listed, f"[{', '.join(entries)}]", lines)
        if not listed.is_flow:
            own = self._column_of(listed)
            below = self._below(listed.end, own if own > column else own + 1)
            return [_Splice(below, below, self._dashes(own, change))]
        if listed.items:
            return [self._behind(listed.items[-1], ", ".join(entries))]
        return [_Splice(listed.start + 1, listed.start + 1, ", ".join(entries))]

    def _flow_entry(self, change: Change, beside: _Node) -> str:
        return _flow({change.key: _data(change)}, quoted=self._is_json(beside))[1:-1]

    def _block_entry(self, change: Change) -> str:
        body = self._block(self._column + self._step, change)
        return f"{' ' * self._column}{word(change.key)}:{self._newline}{body}"

    def _block(self, column: int, change: Change, *, status: bool = True) -> str:
        """The lines of a long form whose keys begin in a column."""
        pad = " " * column
        first = f"{pad}status: {word(change.status)}{self._newline}" if status else ""
        if not change.entries:
            return first
        return f"{first}{pad}evidence:{self._newline}{self._dashes(column + self._dash, change)}"

    def _dashes(self, column: int, change: Change) -> str:
        pad = " " * column
        return "".join(f"{pad}- {kind}: {word(target)}{self._newline}" for kind, target in change.entries)

    def _status(self, node: _Node, status: str) -> str:
        """A status in the quotes of the old one; a block scalar becomes a word on its line."""
        if node.style in {"|", ">"}:
            return word(status) + self._newline
        if node.text == status:
            return self._text[node.start : node.end]
        return f"{node.style}{status}{node.style}" if node.style else word(status)

    def _behind(self, node: _Node, text: str) -> _Splice:
        """Add to a flow collection. A colon with nothing behind it keeps its blank: libyaml wants it."""
        comma = " , " if node.start == node.end else ", "
        return _Splice(node.end, node.end, comma + text)

    def _erased(self, node: _Node) -> _Splice:
        """Take a value out, with the blanks before it."""
        start = node.start
        while start < node.end and self._text[start - 1] in " \t":
            start -= 1
        return _Splice(start, node.end, "")

    def _below(self, end: int, column: int) -> int:
        """The start of the line below, and below the comments that follow in `column` or deeper."""
        at = end if self._text[end - 1] == "\n" else self._text.index("\n", end) + 1
        while (match := _COMMENT.match(self._text, at)) and len(match[1]) >= column:
            at = match.end()
        return at

    def _column_of(self, node: _Node) -> int:
        start = node.items[0].start if node.is_shared and node.items else node.start
        return start - self._text.rfind("\n", 0, start) - 1

    def _is_json(self, mapping: _Node) -> bool:
        return mapping.is_flow and self._text[mapping.items[0].start] == '"'


def _data(change: Change) -> dict[str, Any]:
    evidence = [{kind: target} for kind, target in change.entries]
    return {"status": change.status} | ({"evidence": evidence} if evidence else {})


def _flow(data: Any, *, quoted: bool) -> str:  # noqa: ANN401 - the data of an answer
    """Write data on one line, as JSON when quoted."""
    if isinstance(data, dict):
        entries = (f"{word(key, quoted=quoted)}: {_flow(value, quoted=quoted)}" for key, value in data.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(data, list):
        return f"[{', '.join(_flow(item, quoted=quoted) for item in data)}]"
    return word(data, quoted=quoted)


def _spliced(text: str, splices: Sequence[_Splice]) -> str:
    parts, at = [], 0
    for splice in splices:
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


def _wanted(data: Any, changes: Sequence[Change]) -> object:  # noqa: ANN401 - the data of any file
    answers = dict(data["answers"])
    for change in changes:
        old = answers.get(change.key)
        before = old if isinstance(old, dict) else {}
        new = _data(change)
        if "evidence" in new:
            new["evidence"] = [*(before.get("evidence") or ()), *new["evidence"]]
        answers[change.key] = {**before, **new}
    return {**data, "answers": answers}


def _holds(text: str, wanted: object, name: str) -> bool:
    """Whether a text reads as exactly these data; 1, true and "1" are three different things."""
    try:
        read = document.parse(text.encode(), name)
    except (InputError, UnicodeEncodeError):
        return False
    found, meant = (json.dumps(data, sort_keys=True, default=repr) for data in (read.data, wanted))
    return not read.faults and found == meant


def _composed(text: str) -> _Node:
    """Return the root. The file was parsed before: it is one sound document within the limits."""
    loader = document.Loader(text)
    try:
        loader.get_event()  # the start of the stream
        loader.get_event()  # the start of the document
        return _node(loader, text, loader.get_event())
    finally:
        loader.dispose()


def _node(loader: Any, text: str, event: Any) -> _Node:  # noqa: ANN401 - yaml events are untyped
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.AliasEvent):
        return _Node(start, end, is_shared=True)
    is_shared = event.anchor is not None
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        return _Node(start, _scalar_end(text, start, end, style), event.value, style, is_shared=is_shared)
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    is_flow = bool(event.flow_style)
    items: list[_Node] = []
    while type(event := loader.get_event()) not in _ENDS:
        item = _node(loader, text, event)
        if is_mapping and len(items) % 2 and item.start == item.end:
            # NOTE: the mark of a value that is not written can be wherever the next thing begins.
            colon = _COLON.match(text, items[-1].end)
            at = colon.end() if colon and colon.end() <= item.start else items[-1].end
            item = item._replace(start=at, end=at)
        items.append(item)
    end = event.end_mark.index if is_flow else items[-1].end
    return _Node(start, end, is_flow=is_flow, is_shared=is_shared, items=tuple(items))


def _scalar_end(text: str, start: int, end: int, style: str) -> int:
    """The end of a scalar; the empty lines after a block scalar are not part of it, unless it keeps them."""
    if style not in {"|", ">"} or _KEEPS.match(text, start):
        return end
    return text.index("\n", start + len(text[start:end].rstrip("\r\n"))) + 1
