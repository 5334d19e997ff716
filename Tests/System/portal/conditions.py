"""Waiting for something to be so, never for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class NeverHappened(AssertionError):
    pass


def eventually(what: str, check: Callable[[], Found], within: float = 10.0) -> Found:
    """The first truthy result of `check`. A test waits for a condition; `within` only bounds a failure."""
    until = time.monotonic() + within
    pause = 0.002
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() >= until:
            raise NeverHappened(f"not within {within:g} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
