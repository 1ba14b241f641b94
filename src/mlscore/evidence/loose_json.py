"""JSON as tools in Python write it: with NaN and infinities. Pure.

MLflow, Deepchecks, Evidently and Great Expectations write them beside what counts, in runs that passed; to refuse
the file would refuse the tool. They are read as a number that satisfies no condition, never as null.
"""

import re
from typing import Any

from mlscore.evidence import strict_json
from mlscore.evidence.reading import Unreadable

MAX_BYTES = strict_json.MAX_BYTES

NOT_FINITE = 1.79e308
"""Numbers from here on stand for no number. MLflow's own stores write infinity as 1.797e308."""

# Whatever stands before the next of them, strings whole (cut off or not), so that the words inside them stay.
# Possessive, and always a match, so that no input takes long.
_UP_TO_NEXT = re.compile(
    rb'((?:[^"NI]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"?|(?!NaN|Infinity)[NI])*+)(NaN|Infinity|\Z)', re.DOTALL
)


def loads(raw: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Read one JSON document as `strict_json` does, but for NaN and infinities. Raises Unreadable."""
    found = raw.count(b"NaN") + raw.count(b"Infinity")
    if found > strict_json.MAX_VALUES:
        raise Unreadable(f"more than {strict_json.MAX_VALUES:,} values")
    return strict_json.loads(_UP_TO_NEXT.sub(_finite, raw) if found else raw)


def _finite(match: re.Match[bytes]) -> bytes:
    return match[1] + (b"%.2e" % NOT_FINITE if match[2] else b"")
