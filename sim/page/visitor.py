"""One visitor's organizations, lived by Python: those lived now, under the plan that the visitor last sent."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from typing import Any

from sim.errors import InputError
from sim.model import drive, hashes
from sim.page.desks import leads_a_dot
from sim.page.histories import lead_told, person_told
from sim.page.life import Life, begin, live_while_watched
from sim.page.view import ARMS, View, checked_day, whole
from sim.run import changes_to_come

FRAMES = struct.Struct("<BBHH")  # 1, arm, revision, frames that follow


class Visitor:
    """What one visitor watches, lived by the model's day or another. Every call may come from another thread."""

    def __init__(self, step: Callable | None = None) -> None:
        self.step = step
        self.plan: View | None = None
        self.rev, self.gone = 0, False
        self.lives: dict[str, Life] = {}
        self._lock = threading.RLock()

    def now(self) -> tuple[int, View]:
        """The revision of the plan in force, and the plan."""
        if self.plan is None:
            raise InputError("nothing is being watched yet: send set first")
        return self.rev, self.plan

    def left(self) -> bool:
        """Whether the visitor has left; what is being lived for nobody ends then."""
        return self.gone

    def set(self, plan: View) -> dict[str, Any]:
        """Take on a plan; what it shares with the one before is not lived again."""
        with self._lock:
            if self.left():
                raise InputError("whoever asked has left")
            dots = max(leads_a_dot(scenario.theory) for scenario in plan.arms.values())
            kept = {}
            for arm, scenario in plan.arms.items():
                if arm in self.lives:
                    kept[arm] = self.lives[arm].become(scenario, plan.seed, dots)
                else:
                    self.lives[arm], kept[arm] = Life(scenario, plan.seed, dots, step=self.step, gone=self.left), -1
            for arm in set(self.lives) - set(plan.arms):
                del self.lives[arm]
            self.plan, self.rev = plan, (self.rev + 1) % 65536
            return {"rev": self.rev, "horizon": plan.arms["a"].days, "leads_per_dot": dots,
                    "arms": {arm: self._told(arm, kept[arm], plan.day) for arm in plan.arms}}  # fmt: skip

    def _told(self, arm: str, kept: int, day: int) -> dict[str, Any]:
        """Where an arm stands; the desks as today's changes make them, if it stands at the visitor's day."""
        life = self.lives[arm]
        if life.day < day:
            life.live(day)
        scenario = life.scenario
        look = life.look() if life.day == day else None
        own = life.simulation.own_people
        return {"kept": kept, "day": life.day, "desks": look, "people_per_desk": life.per_desk,
                "title": scenario.title, "over": life.over, "own": own,
                "names": life.simulation.names if own else ()}  # fmt: skip

    def frames(self, arm: str, rev: int, first: int, last: int) -> bytes | dict[str, Any]:
        """Some days as frames; days still to come are lived first."""
        with self._lock:
            if rev != self.now()[0] or arm not in self.lives:
                return {"stale": True, "rev": self.rev}
            life = self.lives[arm]
            life.live(min(last, life.scenario.days))
            found = life.told(first, last)
            return FRAMES.pack(1, ARMS.index(arm), rev, len(found)) + b"".join(found)

    def story(self, arm: str, request: dict[str, Any]) -> dict[str, Any]:
        """A lead's or a person's history, as known on the day that is shown: nothing of a later day leaves us."""
        with self._lock:
            if arm not in self.lives:
                raise InputError(f"there is no floor {arm}")
            simulation = self.lives[arm].at(checked_day(request.get("day", self.now()[1].day)))
            if "lead" in request:
                return lead_told(simulation, whole(request, "lead", 0, 2**31))
            return person_told(simulation, whole(request, "person", 0, 2**31, -1))

    def hashes(self) -> dict[str, Any]:
        """The state of each arm as `sim.run` hashes it, so that anybody can check that it is the same run."""
        with self._lock:
            return {arm: hash_of(life.simulation) for arm, life in self.lives.items()}

    def ends(self) -> dict[str, Any]:
        """The same of each run's end, by which a find is cited; they are lived to it apart from what is watched."""
        _, plan = self.now()
        found = {}
        for arm, scenario in plan.arms.items():
            simulation = begin(scenario, plan.seed)
            live_while_watched(scenario.days, simulation, changes_to_come(scenario, simulation), self.left, self.step)
            found[arm] = hash_of(simulation)
        return found


def hash_of(simulation: drive.Simulation) -> dict[str, Any]:
    """A simulation's day and the hash of its state, as `Run.state_hash` has it."""
    return {"day": int(simulation.day), "state": f"{hashes.state_hash(simulation.firm):016x}"}
