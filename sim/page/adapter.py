"""What no browser lives, lived by Python behind the same table of questions: a day of the user's own, too large a firm.

A question is answered on a thread, with the bytes that a browser's engine would give (static/engine). All other
organizations live in their visitors' browsers: `prepared` puts together what these must know.
"""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from sim import USUAL_MARKET
from sim.errors import InputError
from sim.files.own_day import read_day
from sim.model import warm
from sim.page.describe import NEEDS_FILES, about
from sim.page.door import Settings
from sim.page.engine_data import engine_data
from sim.page.life import Life
from sim.page.lines import Lines
from sim.page.questions import QUESTIONS
from sim.page.view import too_large
from sim.page.visitor import Visitor
from sim.page.why import Whys
from sim.scenario import Scenario, read, shipped

LOG = logging.getLogger("uvicorn.error")
FULL = "There is not enough memory for this: take fewer people or fewer days."


class Adapter:
    """Lives organizations for visitors whose browser does not.

    extra   scenarios that were given to the server by path, by name
    far     names of those that no browser lives
    step    a day of the user's own, by which all live; None: the model's
    """

    def __init__(self, extra: dict[str, Scenario], far: tuple[str, ...] = (), step: Callable | None = None):
        self.extra, self.far, self.step = extra, far, step
        self.lines, self.whys = Lines(step), Whys(step)

    def visitor(self) -> Visitor:
        """Somebody new."""
        return Visitor(self.step)

    def check(self, request: dict[str, Any]) -> None:
        """Refuse a plan that a browser can live: nobody lives it for others here.

        Raises
        ------
        InputError
            None of its organizations is too far for a browser.
        """
        arms = request.get("arms")
        plans = [*(arms.values() if isinstance(arms, dict) else ()), request.get("base")]
        named = [each.get("scenario", "default") for each in plans if isinstance(each, dict)]
        if self.step is None and not any(name in self.far for name in named):
            raise InputError("this organization lives in your browser, not on the server")

    def answer(self, visitor: Visitor, request: dict[str, Any], tell: Callable[[dict], None]) -> dict[str, Any] | bytes:
        """What is said to a question.

        Raises
        ------
        InputError
            It cannot be answered, and why.
        """
        if self.step is None:
            warm.prepare()
        return QUESTIONS[request["do"]].answer(self, visitor, request, tell)

    def said(self, visitor: Visitor, request: dict[str, Any], tell: Callable[[dict], None]) -> dict[str, Any]:
        """The same as a message: every question is answered, whatever becomes of it."""
        try:
            found = self.answer(visitor, request, tell)
            return {"bytes": base64.b64encode(found).decode()} if isinstance(found, bytes) else plainly(found)
        except InputError as fault:
            return {"reasons": fault.told}
        except MemoryError:
            return {"reasons": [FULL]}
        except Exception as fault:  # ours: the others must go on
            LOG.error("%s", traceback.format_exc().encode("ascii", "backslashreplace").decode())
            return {"reasons": [f"our fault: {type(fault).__name__}"]}


def plainly(found: dict[str, Any]) -> dict[str, Any]:
    """An answer as plain data; numpy's numbers are numbers."""
    return json.loads(json.dumps(found, allow_nan=False, default=lambda value: value.item()))


class Prepared(NamedTuple):
    """What a server has ready: what pages are told at once, what their engines live by, and who lives the rest."""

    about: dict[str, Any]
    data: bytes
    adapter: Adapter


def prepared(settings: Settings) -> Prepared:
    """Read all that pages ask for; it takes a second or two."""
    step = None if settings.day is None else read_day(settings.day)
    extra = {}
    for name, (path, keep_names, theory) in settings.extra.items():
        found = read(path).named() if keep_names else read(path)
        found = found if theory is None else found.but(theory=theory)
        extra[name] = found.of_one_set(USUAL_MARKET)
    known = {name: read(name) for name in shipped() if name not in NEEDS_FILES} | extra
    if step is not None:
        with suppress(InputError):  # which whoever asks is told
            Life(read().but(days=1), 0, 1, step).live(1)  # it is compiled now, not when the first visitor waits
    far = tuple(name for name, each in known.items() if step or each.own_theory or (name in extra and too_large(each)))
    near = {name: each for name, each in known.items() if name not in far}
    data = json.dumps(engine_data(near), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Prepared(about(extra) | {"far": list(far)}, data, Adapter(extra, far, step))
