"""Result files that tools wrote, and ways to spoil them.

Without a version in their names: scikit-learn's wine data, by the tools' newest versions in November 2026. With
one: small runs made for these tests by the tool of that version, with long texts and pictures taken out.
"""

import copy
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mlscore.evidence.reading import Reading, Unreadable, inconclusive
from mlscore.project import Evidence
from mlscore.verification import shows

FOLDER = Path(__file__).parent
GONE = object()
"""Instead of a value: its key or place goes too."""
SECRET = "S3CRET"
"""Stands for a value from inside a file, which no reason may show."""

fuzz = settings(
    max_examples=1_000 if settings.get_current_profile_name() == "ci" else 100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Property tests that do not depend on how busy the machine is."""

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**19), 10**19)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", SECRET, "true", "pass", "PASS", "SUCCESS", "FINISHED", "2026-11-21T07:20:00Z"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON."""


def raw(name: str) -> bytes:
    """Return a sample as it was written."""
    return (FOLDER / name).read_bytes()


def data(name: str) -> Any:
    """Return what a sample holds."""
    return json.loads(raw(name))


def dumped(value: object) -> bytes:
    """Return a value as Python tools write JSON."""
    return json.dumps(value).encode()


def changed(name: str, **changes: object) -> bytes:
    """Return a sample with other values: `changed("a.json", results__0__success=1)`."""
    content = data(name)
    for path, value in changes.items():
        put(content, [int(step) if step.isdecimal() else step for step in path.split("__")], value)
    return dumped(content)


def put(content: Any, path: list[Any], value: object) -> None:
    """Set the value at a path, or take it out."""
    *way, last = path
    for step in way:
        content = content[step]
    if value is GONE:
        del content[last]
    else:
        content[last] = value


def paths(content: object) -> list[list[Any]]:
    """List the path of every value inside some data."""
    found: list[list[Any]] = []
    if isinstance(content, dict | list):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            found += [[key], *([key, *path] for path in paths(value))]
    return found


@st.composite
def spoiled(draw: st.DrawFn, names: list[str]) -> bytes:
    """Draw a sample with some of its values gone, or replaced by anything."""
    content = copy.deepcopy(data(draw(st.sampled_from(names))))
    for _ in range(draw(st.integers(1, 4))):
        places = paths(content)
        if places:
            put(content, draw(st.sampled_from(places)), draw(st.just(GONE) | JSON))
    text = dumped(content)
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


def read(kind: ModuleType, *files: bytes, **keys: object) -> Reading:
    """Judge files as an entry of evidence does that names them and has further keys."""
    name = kind.__name__.rpartition(".")[2]
    entry = Evidence.model_validate({name: "x", **keys})
    assert shows(name) == kind.SHOWS
    assert all(len(file) <= kind.MAX_BYTES for file in files)
    try:
        return kind.judge([kind.parse(file) for file in files], entry, "data-1")
    except Unreadable as trouble:
        return inconclusive(str(trouble))


def assert_careful(reading: Reading) -> None:
    """Check what holds for every reading of a result, whatever the file."""
    assert reading.outcome in {"verified", "contradicted", "inconclusive"}
    assert reading.checks >= (reading.outcome == "verified")
    assert SECRET not in reading.reason
    assert "\n" not in reading.reason
    assert reading.reason
