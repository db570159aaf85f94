"""Which child process lives the organizations: a plain one at first, the compiled one as soon as it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.page.link import Link, Refused

TRIES = 3  # how often a child that ended is started anew before the server gives up on it


class Models:
    """The children, and the visitors' way to them.

    state   "starting", "plain" or "compiled"
    """

    def __init__(self, extra: dict[str, tuple[str, bool]] | None = None, plain_first: bool | None = None):
        self.extra, self.plain_first = extra or {}, plain_first
        self.state, self.about = "starting", None
        self.current: Link | None = None
        self.compiled: Link | None = None
        self.usable = asyncio.Event()
        self.settled = asyncio.Event()  # not set while visitors are taken over
        self.settled.set()
        self.told: list[Callable[[str], None]] = []
        self.move: Callable[[Link, Link], Any] | None = None  # takes visitors over from one to the other
        self._restarts = 0
        self.stopping = False

    async def run(self) -> None:
        """Keep a child alive until stopped."""
        while not self.stopping:
            try:
                await self._one_life()
            except Exception as fault:
                self._set("starting", None)
                self._restarts += 1
                if self._restarts >= TRIES:
                    self.fault = f"{type(fault).__name__}: {fault}"
                    raise
                await asyncio.sleep(0.2)

    async def _one_life(self) -> None:
        compiled = Link(plain=False)
        await compiled.start()
        self.compiled = compiled
        said = await compiled.started
        plain = None
        want_plain = self.plain_first if self.plain_first is not None else not said["compiled"] and not said["plain"]
        try:
            if want_plain:
                plain = Link(plain=True)
                await plain.start()
                await plain.started
                await plain.ready.wait()
                await self._use(plain, "plain")
            await self._first(compiled.ready.wait(), compiled.ended.wait())
            if compiled.ended.is_set():
                raise RuntimeError("the process that compiles ended")
            await self._use(compiled, "compiled")
        finally:
            if plain is not None:
                await plain.stop()
        await compiled.ended.wait()
        if not self.stopping:
            raise RuntimeError("the process that holds the models ended")

    @staticmethod
    async def _first(*things) -> None:
        tasks = [asyncio.ensure_future(each) for each in things]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()

    async def _use(self, link: Link, state: str) -> None:
        about = await link.ask({"do": "about", "extra": self.extra})
        old, self.about = self.current, about
        self.settled.clear()
        try:
            if old is not None and not old.ended.is_set() and self.move is not None:
                await self.move(old, link)
            self._set(state, link)
        finally:
            self.settled.set()

    def _set(self, state: str, link: Link | None) -> None:
        self.state, self.current = state, link
        if link is not None:
            self.usable.set()
        else:
            self.usable.clear()
        for tell in list(self.told):
            tell(state)

    async def stop(self) -> None:
        """End the children."""
        self.stopping = True
        for link in {self.current, self.compiled} - {None}:
            await link.stop()


async def move_visitor(old: Link, new: Link, name: str, message: dict[str, Any]) -> None:
    """One visitor's organizations from a process to another, through files: the same bits go on."""
    with tempfile.TemporaryDirectory(prefix="baton-page-") as folder:
        left = await old.ask({"do": "leave", "visitor": name, "folder": str(Path(folder))})
        assert isinstance(left, dict)
        await new.ask({"do": "come", "visitor": name, "plan": message, **left})
    with contextlib.suppress(Refused):
        await old.ask({"do": "gone", "visitor": name})
