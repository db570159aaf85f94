"""Results that are kept, the last few: whoever asks for one that is being made waits for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """Results by what was asked, at most so many; nothing is made twice at a time."""

    def __init__(self, most: int):
        self.most = most
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, asked: Hashable, make: Callable[[], Result]) -> Result:
        """The result, made now if it is not there. Where making it fails, the next who waits for it tries."""
        with self._lock:
            turn = self._turns.setdefault(asked, threading.Lock())
        with turn:
            with self._lock:
                if asked in self._results:
                    self._results.move_to_end(asked)
                    return self._results[asked]
            try:
                made = make()
                with self._lock:
                    self._results[asked] = made
                    while len(self._results) > self.most:
                        self._results.popitem(last=False)
                return made
            finally:
                with self._lock:
                    self._turns.pop(asked, None)
