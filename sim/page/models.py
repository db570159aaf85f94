"""Which child process lives the organizations: a plain one at first, the compiled one as soon as it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.page.pipe import Link, Refused

LOG = logging.getLogger("uvicorn.error")
SHORTEST, LONGEST = 0.1, 10.0  # seconds before a child that ended is started again; longer from time to time


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
        self.stopping = False
        self.every, self.patience = 5.0, 45.0  # seconds between looks at the child, and until it is given up

    async def run(self) -> None:
        """Keep a child alive until stopped: one that ends is started again, and it is said."""
        pause = SHORTEST
        while not self.stopping:
            began = time.monotonic()
            try:
                await self._one_life()
            except Exception as fault:
                if self.stopping:
                    return
                self._set("starting", None)
                pause = SHORTEST if time.monotonic() - began > LONGEST else min(2 * pause, LONGEST)
                LOG.warning("%.300s; it is started again in %.1f seconds", fault or type(fault).__name__, pause)
                await asyncio.sleep(pause)

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
        await self._watch(compiled)
        raise RuntimeError("the process that holds the models ended")

    async def _watch(self, link: Link) -> None:
        """Wait until a child ends; one that hears nothing any more is ended."""
        while not link.ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(link.ended.wait(), self.every)
                return
            try:
                await asyncio.wait_for(link.ask({"do": "alive"}), self.patience)
            except TimeoutError:
                await link.end()
                said = f"the process that holds the models did not answer for {self.patience:.0f} seconds"
                raise RuntimeError(said) from None
            except Refused:
                return

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
        if not isinstance(left, dict):
            raise Refused(["the organizations could not be handed over"])
        await new.ask({"do": "come", "visitor": name, "plan": message, **left})
    with contextlib.suppress(Refused):
        await old.ask({"do": "gone", "visitor": name})
