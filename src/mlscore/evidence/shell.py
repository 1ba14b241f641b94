"""Whether a script of a workflow tests something, and whether the job fails when that test does. Pure.

A guess by the words of each command, on the careful side: what is not recognised is no test. A command tests when

- it names a tool of tests (`_TOOLS`), or `dbt` with `test` or `build`;
- or a word of it is about testing (`_WORDS`): `make test`, `npm run test:unit`, `python scripts/check_drift.py`;
  options, what follows a long option, and data files (`data/test.csv`) do not count;
- and it is not one that shows, moves, installs or lints (`_OTHER`), asks for a version, or only collects.

Its failure is lost before `||` (unless `exit 1` follows), in a pipe without pipefail, before `&`, behind `if` or
`!`, and, when more follows, in a shell that goes on after errors or before `&&`.
"""

import os.path
import re
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOOLS = _words("pytest py.test tox nox unittest nose2 gx expectations evidently deepchecks pandera mlscore")
_WORDS = _words("test tests testing check checks validate validation verify")
_OTHER = _words(
    ": black cat cd chmod codespell cp curl echo export false flake8 git grep isort ls mkdir mv mypy pip pip3 "
    "pre-commit printf pylint rm ruff sed source tar touch true wget which"
)
_INSTALLING = frozenset({"install", "uninstall", "add", "remove", "download"})
_LOOKING = frozenset({"--version", "-V", "--help", "-h", "--collect-only", "--co", "--fixtures", "--markers"})
_PREFIXES = _words(
    "then do else { time exec command env sudo nohup run python python3 coverage -m uv uvx pipx poetry pdm pipenv "
    "hatch rye pixi conda mamba npx"
)
_CONDITIONS = frozenset({"if", "elif", "while", "until", "for", "case", "!"})
_BUILTINS = frozenset({"test", "[", "[["})
_CODE = frozenset({"", ".py", ".sh", ".js", ".ts", ".mjs", ".r", ".jl"})
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_LIST_ENDS = frozenset({";", ";;", "\n"})
_REST = "..."
"""Stands for what was not cut up: more commands, none of them known."""
MAX_COMMANDS = 500
"""Commands of a script; a longer one is not judged."""

# Possessive throughout, so that no script takes long.
_QUOTED = r"""(?: '[^']*+' | "[^"\\]*+ (?:\\. [^"\\]*+)*+" )"""
_TOKEN = re.compile(
    rf"""
    (?P<blank> (?: [^\S\n] | \\\n )++ )
    | (?P<note> \#[^\n]*+ )
    | (?P<to> &>>? | >[>&|]? | <(?: <<?-? | [&>] )? )
    | (?P<sign> && | \|[|&]? | ;;? | & | \n )
    | (?P<bracket> [()] )
    | (?P<word> (?: [^\s;|&()<>'"\\] | \\[^\n] | {_QUOTED} )++ )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = re.compile(rf"{_QUOTED} | \\(.)", re.VERBOSE | re.DOTALL)


class Found(NamedTuple):
    """What a script does."""

    tests: bool = False
    """Some command tests something."""
    counts: bool = False
    """The script fails when one of these commands does."""


class _Command(NamedTuple):
    words: list[str]
    after: str
    """The separator behind it."""


class _Shell(NamedTuple):
    stops: bool
    """It ends at the first command that fails."""
    pipefail: bool


def look(script: str, stops: bool = True, pipefail: bool = False) -> Found:
    """Look for commands that test. `stops` and `pipefail` say how the shell is started."""
    shell = _Shell(stops, pipefail)
    commands = _commands(script)
    if len(commands) > MAX_COMMANDS:
        return Found()
    tests = False
    for place, (words, _) in enumerate(commands):
        if words[0] in {"exit", "return"}:
            break
        if words[0] == "set":
            shell = _set(words, shell)
        elif _is_test(words):
            tests = True
            if _counts(commands, place, shell):
                return Found(tests=True, counts=True)
    return Found(tests=tests)


def _commands(script: str) -> list[_Command]:
    """Cut a script into simple commands, up to a here-document or what is no shell. Where to is left out."""
    commands: list[_Command] = []
    words: list[str] = []
    place, skips, is_here = 0, False, False
    while place < len(script) and len(commands) <= MAX_COMMANDS:
        match = _TOKEN.match(script, place)
        if match is None:
            return [*commands, _Command([_REST], "\n")]
        place = match.end()
        kind, text = match.lastgroup, match[0]
        if kind == "word":
            if not skips:
                words.append(_plain(text))
            skips = False
        elif kind == "to":
            skips, is_here = True, is_here or text.startswith("<<")
        elif kind == "sign":
            if words:
                commands.append(_Command(words, text))
                words = []
            if is_here and text == "\n":
                return [*commands, _Command([_REST], "\n")]
    return [*commands, _Command(words, "\n")] if words else commands


def _plain(word: str) -> str:
    """Return a word without its quotes."""
    return _QUOTES.sub(lambda match: match[1] or match[0][1:-1], word)


def _set(words: list[str], shell: _Shell) -> _Shell:
    """Follow `set -e`, `set +e`, `set -euo pipefail` and the like."""
    stops, pipefail = shell
    turns_on = True
    for word in words[1:]:
        if word.startswith(("-", "+")):
            turns_on = word.startswith("-")
        if word == "errexit" or re.fullmatch(r"[-+][a-z]*e[a-z]*", word):
            stops = turns_on
        if word == "pipefail":
            pipefail = turns_on
    return _Shell(stops, pipefail)


def _is_test(words: list[str]) -> bool:
    if words[0] in _BUILTINS:
        return False
    start = next(
        (place for place, word in enumerate(words) if word not in _PREFIXES and not _ASSIGNMENT.fullmatch(word)),
        len(words),
    )
    words = words[start:]
    if not words or os.path.basename(words[0]) in _OTHER or not (_INSTALLING | _LOOKING).isdisjoint(words):
        return False
    if "dbt" in words and not {"test", "build"}.isdisjoint(words):
        return True
    before = ""
    for word in words:
        is_value = before.startswith("--") and "=" not in before
        if not word.startswith("-") and _speaks_of(word, _TOOLS if is_value else _TOOLS | _WORDS):
            return True
        before = word
    return False


def _speaks_of(word: str, known: frozenset[str]) -> bool:
    """Tell whether a word of a command, or the name of a script in it, holds one of the known words."""
    name = os.path.basename(word.rstrip("/")).lower()
    stem, suffix = os.path.splitext(name)
    if name in known:
        return True
    is_plain = suffix in _CODE and not any(character.isspace() for character in word)
    return is_plain and not known.isdisjoint(re.split(r"[^a-z0-9]+", stem))


def _counts(commands: list[_Command], place: int, shell: _Shell) -> bool:
    """Tell whether the script fails when the command at `place` does."""
    if commands[place].words[0] in _CONDITIONS or (place and commands[place - 1].after == "||"):
        return False
    is_chained = False
    for following, (_, after) in enumerate(commands[place:], place + 1):
        is_last = following == len(commands)
        if after in _LIST_ENDS:
            return is_last or (shell.stops and not is_chained)
        if after == "||":
            return _gives_up(commands[following:])
        if after == "&" or (after in {"|", "|&"} and not shell.pipefail):
            return False
        is_chained = is_chained or after == "&&"
    return False


def _gives_up(commands: list[_Command]) -> bool:
    """Tell whether what stands behind `||`, one command or a group in braces, ends the script as failed."""
    for words, _ in commands:
        word, *rest = words[1:] or [""] if words[0] == "{" else words
        if word == "false" or (word in {"exit", "return"} and rest[:1] != ["0"]):
            return True
        if words[0] == "}" or commands[0].words[0] != "{":
            return False
    return False
