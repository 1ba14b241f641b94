"""A document in the repository: that it is there, and that it still is the one whose digest was noted. Pure."""

import hashlib
import re
from collections.abc import Sequence

from mlscore.evidence.reading import Reading, Shows, inconclusive
from mlscore.project import Evidence
from mlscore.text import plural

SHOWS: Shows = "document"
MAX_BYTES = 64 * 1024 * 1024

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


def reads(entry: Evidence) -> bool:
    """Tell whether the content counts; without a digest it is enough that the file is there."""
    return entry.sha256 is not None


def parse(raw: bytes) -> str:
    """Return the SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def judge(files: Sequence[str | None], entry: Evidence, _test_id: str) -> Reading:
    """Judge the digests of files, None for one that was not read. Another content than noted contradicts."""
    if not files:
        return Reading("missing", "there is no such file")
    if entry.sha256 is None:
        return Reading("verified", "the document is there" if len(files) == 1 else f"{_number(files)} are there")
    noted = _DIGEST.fullmatch(entry.sha256.strip().lower())
    if noted is None:
        return inconclusive("its sha256 is not one: write 64 hexadecimal digits")
    if len(files) > 1:
        return inconclusive(f"its sha256 is of one document, and {_number(files)} are there")
    if files[0] != noted[1]:
        return Reading("contradicted", "the document has changed: its sha256 is another")
    return Reading("verified", "the document is there, unchanged")


def _number(files: Sequence[object]) -> str:
    return plural(len(files), "document")
