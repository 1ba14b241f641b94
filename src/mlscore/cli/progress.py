"""Progress of long work on stderr: a bar that is redrawn, on a terminal only, and gone at the end."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 0.5
"""Seconds before anything is shown."""
PAUSE = 0.1
"""Seconds between two looks."""
BAR = 20
"""Columns of the bar."""


def tracked(items: Iterable[T], total: int, noun: str) -> Iterator[T]:
    """Pass items on, and draw how many of `total` there were."""
    shown = False
    due = time.monotonic() + PATIENCE
    try:
        for place, item in enumerate(items):
            now = time.monotonic()
            if now >= due and sys.stderr.isatty():
                done = ("#" * (BAR * place // total)).ljust(BAR, ".")
                print(f"\r[{done}] {place:,} of {total:,} {noun}", end="", file=sys.stderr, flush=True)  # noqa: T201
                shown, due = True, now + PAUSE
            yield item
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
