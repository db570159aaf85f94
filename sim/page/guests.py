"""Who is connected, and whose organizations are held: a limit, and an end for those who are silent for long."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from starlette.websockets import WebSocket

from sim.page.classroom import Classroom
from sim.page.door import Settings
from sim.page.models import Models, move_visitor
from sim.page.pipe import Link, Refused


class Guests:
    """Who is connected, and whose organizations are held."""

    def __init__(self, settings: Settings, models: Models):
        self.settings, self.models = settings, models
        self.sockets: set[WebSocket] = set()
        self.plans: dict[str, dict[str, Any]] = {}  # by visitor: the last plan that was taken on
        self.heard: dict[str, float] = {}
        self.address: dict[str, str] = {}  # by visitor: the machine that the window is of
        self._saying: set[asyncio.Task] = set()
        self.locks: dict[str, asyncio.Lock] = {}
        self.tell: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.classroom = Classroom(settings.key, settings.start.get("lesson", ""))
        models.move = self.move

    async def move(self, old: Link, new: Link) -> None:
        """Everybody's organizations go over to another process."""
        for name in list(self.locks):  # also those whose first plan is being lived just now
            async with self.locks.get(name, asyncio.Lock()):
                if name in self.plans:
                    try:
                        await move_visitor(old, new, name, self.plans[name])
                    except Refused:
                        self.plans.pop(name, None)  # the page sends its plan again

    def free(self, name: str) -> None:
        """Let a visitor's organizations go: the seat at once, and the child is told, whenever it hears."""
        self.plans.pop(name, None)
        self.heard.pop(name, None)
        if self.models.current is not None:
            job = asyncio.create_task(self._say_gone(self.models.current, name))
            self._saying.add(job)  # the loop itself would not hold it
            job.add_done_callback(self._saying.discard)

    @staticmethod
    async def _say_gone(link: Link, name: str) -> None:
        with contextlib.suppress(Refused):
            await link.ask({"do": "gone", "visitor": name})

    def check_windows(self, name: str, among: Iterable[str]) -> None:
        """Refuse another window of one machine before its windows take the seats of all.

        Raises
        ------
        Refused
            Too many of those who sit already have the same address.
        """
        ours = sum(self.address.get(each) == self.address.get(name) for each in among)
        if ours >= self.settings.windows:
            raise Refused([f"{ours} windows of your machine are watching already; close one of them"])

    async def sweep(self) -> None:
        """Free those who have been silent for long; their page keeps the run and sends its plan when it is touched."""
        while True:
            await asyncio.sleep(min(self.settings.idle / 2, 30.0))
            limit = time.monotonic() - self.settings.idle
            for name, heard in list(self.heard.items()):
                if heard < limit and name in self.plans:
                    self.free(name)
                    if name in self.tell:
                        await self.tell[name]({"is": "freed"})
