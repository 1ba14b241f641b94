"""A document elsewhere, by its address. Never fetched, so the team's word is all there is. Pure."""

from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from mlscore.evidence.reading import Reading, Shows, Unreadable, inconclusive
from mlscore.project import Evidence

SHOWS: Shows = "document"
MAX_BYTES = 0
"""There is nothing to open."""


def parse(raw: bytes) -> NoReturn:  # noqa: ARG001 - what a kind must have
    """Refuse: an address has no file."""
    raise Unreadable("an address is not read")


def judge(_files: Sequence[object], entry: Evidence, _test_id: str) -> Reading:
    """Take a well-formed address as asserted. The reason never repeats it: it may hold a password."""
    try:
        address = urlsplit(entry.target)
        is_web = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        is_web = False
    if not is_web or not entry.target.isprintable() or " " in entry.target:
        return inconclusive("it is not an address that begins with http:// or https:// and names a host")
    return Reading("asserted", "never fetched: nobody checked it")
