"""The names of test cases: which of them a pattern means, and how they are shown. Pure.

A pattern is `classname::name`, as JUnit XML has the two, and must fit as a whole: `tests.test_features::*` means
the functions of that module, `tests.test_features.TestDrift::*` the methods of that class, `*::test_psi` every
`test_psi`. `*` stands for any run of characters, none and dots included, and is the only sign with a meaning.
Parameters do not count: `test_range` and `test_range[age]` both mean all cases of `test_range`.

A pattern with `.py` is read as pytest reads a node id, plus the `*`: `tests/test_features.py` and
`tests/test_features.py::*` mean the file, classes included, `tests/test_features.py::TestDrift` that class,
`tests/test_features.py::TestDrift::test_psi` that method, `tests/test_features.py::test_psi` that function only.
(A report does not say where a module's name ends and a class begins. Beside a file `tests/test_features.py`, a
folder `tests/test_features/` would therefore count as classes of it.)

No regular expressions and no backtracking: what stands between two `*` is looked for once, from left to right.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from mlscore.text import one_line

MAX_PATTERNS = 100
MAX_LENGTH = 200
SHOWN_NAMES = 2
SHOWN_LENGTH = 100


class Pattern(NamedTuple):
    """A pattern, ready to be held against many cases."""

    globs: tuple[str, ...]
    """For `classname::name`; one that fits is enough."""
    module: str
    """The part before the name, with dots."""

    def among(self, names: set[str]) -> set[str]:
        """Return which of the cases it means, each named `classname::name` with parameters cut off.

        `module::`, without a name, is a module that did not load or was skipped: the pattern means it if its
        cases would be in there. One that leaves the module open (`*::test_psi`) is about no module in particular.
        """
        beginnings = tuple(glob.partition("*")[0] for glob in self.globs)
        near = [name for name in names if name.startswith(beginnings)]  # most are of other modules
        found: set[str] = set()
        for glob in self.globs:
            if len(found) < len(near):
                found.update(filter(_fit(glob), near))
        if self.module.strip("*"):
            found.update(name for name in names if name.endswith("::") and self._is_about(name[:-2]))
        return found

    def _is_about(self, module: str) -> bool:
        return f"{self.module}.".startswith(f"{module}.") or _fit(self.module)(module)


def pattern(text: str) -> Pattern:
    """Read a pattern."""
    text = _without_parameters_of_last(text)
    path, is_node_id, rest = f"{text}::".partition(".py::")
    if not is_node_id:
        return Pattern((text,), text.rpartition("::")[0])
    module = path.replace("\\", "/").removeprefix("./").replace("**/", "*").replace("/", ".")
    names = rest.split("::")[:-1]
    scope = ".".join([module, *names])
    globs = [f"{'.'.join([module, *names[:-1]])}::{names[-1]}"] if names else []
    if not names or names[-1][:1].isupper():  # a file, or a class by the custom of its name
        globs += [f"{scope}::*", f"{scope}.*::*"]
    elif names[-1] == "*":
        globs.append(f"{scope}::*")
    return Pattern((*globs, text), module)


def without_parameters(name: str) -> str:
    """Return a test's name without the `[...]` at its end, which holds data, as does what unittest adds.

    A failing subtest of unittest is reported as `test_range (column='age')`, or `test_range [message] (...)`.
    """
    if name.endswith(")") and name.startswith("test"):
        first, _, _ = name.partition(" ")
        return first if first.isidentifier() else name
    base = name.partition("[")[0].rstrip() if name.endswith("]") else name
    return base or name


def listed(names: Sequence[str]) -> str:
    """Show the first two different names, and how many there are besides: `a, b and 3 more`."""
    shown: list[str] = []
    for name in dict.fromkeys(names):
        text = one_line(name[: 2 * SHOWN_LENGTH]) or "one without a name"
        text = text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
        if text not in shown:
            shown.append(text)
        if len(shown) == SHOWN_NAMES:
            break
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else " and ".join(shown)


def class_in(file: str, classname: str) -> str:
    """Return the class of a case as its file's path gives it; "" where that is its class name anyway.

    unittest's reports name `test_features.TestDrift` in `tests/test_features.py`; by its place the class is
    `tests.test_features.TestDrift`.
    """
    file = file.replace("\\", "/").removeprefix("./")
    if not file.endswith(".py"):
        return "" if file == classname else file
    module = file.removesuffix(".py").replace("/", ".")
    if f"{classname}.".startswith(f"{module}."):
        return ""
    stem = module.rpartition(".")[2]
    _, found, inner = f".{classname}.".partition(f".{stem}.")
    inner = inner[:-1] if found else classname
    return f"{module}.{inner}" if inner else module


def _without_parameters_of_last(text: str) -> str:
    """Cut parameters off the name of a pattern, which may hold `::` themselves; folders may have brackets."""
    name = text.find("::")
    cut = text.find("[", name) if name >= 0 and text.endswith("]") else -1
    return text[:cut].rstrip() if cut > name + 2 else text


def _fit(glob: str) -> Callable[[str], bool]:
    """Return a test of whether a text fits a glob."""
    first, *pieces = glob.split("*")
    if not pieces:
        return glob.__eq__
    *middle, last = pieces
    start, stop = len(first), len(last)

    def fits(text: str) -> bool:
        return text.startswith(first) and text.endswith(last) and len(text) >= start + stop

    def fits_throughout(text: str) -> bool:
        if not text.startswith(first) or not text.endswith(last):
            return False
        at, end = start, len(text) - stop
        for piece in middle:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return fits_throughout if middle else fits
