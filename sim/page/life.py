"""One organization on the page: it is lived day by day, and each day is kept as a frame."""

from __future__ import annotations

from collections.abc import Callable

from sim.errors import InputError
from sim.model import drive
from sim.model.day_zero import opening
from sim.page.desks import people_a_desk
from sim.page.frames import Watcher
from sim.run import broke, changes_to_come, live_until
from sim.scenario import Scenario

SLICE = 5  # days


def begin(scenario: Scenario, seed: int) -> drive.Simulation:
    """A simulation at day 0, as `sim.run` begins it."""
    return opening.begin(scenario.theory, seed, scenario.days, scenario.load_organization())


def first_difference(old: Scenario, new: Scenario) -> int:
    """The first day on which two scenarios are not the same; their horizon if they never differ."""
    if old.values != new.values or old.days != new.days or old.organization != new.organization:
        return 0
    ours, theirs = set(old.changes), set(new.changes)
    days = [change.day for change in ours ^ theirs]
    if len(old.changes) == len(new.changes) and not days:
        days = [a.day for a, b in zip(old.changes, new.changes, strict=True) if a != b]
    return min(days, default=old.days)


def stays() -> bool:
    """For whoever lives an organization for somebody who never leaves."""
    return False


def live_while_watched(
    to_day: int, simulation: drive.Simulation, coming: list, gone: Callable[[], bool], step=None
) -> None:
    """As `live_until`, but it ends within a few days of the model when whoever asked has left."""
    while simulation.day < to_day and not broke(simulation):
        if gone():
            raise InputError("whoever asked has left")
        live_until(min(simulation.day + SLICE, to_day), simulation, coming, step)


class Life:
    """A scenario in a market, lived as far as somebody watched.

    scenario, seed   what is lived
    per_dot          leads that one drawn lead stands for
    day              days lived
    step             a day of the user's own; None: the model's
    gone             whether nobody watches it any more
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        per_dot: int,
        step: Callable | None = None,
        gone: Callable[[], bool] = stays,
    ):
        self.scenario, self.seed, self.per_dot, self.step, self.gone = scenario, seed, per_dot, step, gone
        self.frames: dict[int, bytes] = {}
        self._earlier: tuple | None = None  # a simulation of an earlier day, with its changes to come
        self.simulation = begin(scenario, seed)
        self.coming = changes_to_come(scenario, self.simulation)
        self.per_desk = people_a_desk(self.simulation.firm, scenario)
        self._watch()
        self.frames[0] = self.watcher.first(self._after_changes())

    day = property(lambda self: int(self.simulation.day))
    over = property(lambda self: self.day >= self.scenario.days or broke(self.simulation))

    def _watch(self) -> None:
        self.watcher = Watcher(self.simulation, self.per_dot, self.per_desk)

    def _after_changes(self) -> drive.Simulation:
        """The state as the changes of today make it, without living the day."""
        if not self.coming or self.coming[0][0] > self.day or broke(self.simulation):
            return self.simulation
        ahead = self.simulation.copy()
        for day, theory, _ in self.coming:
            if day <= self.day and theory != ahead.theory:
                ahead.change(theory)
        return ahead

    def live(self, to_day: int) -> None:
        """Live until `to_day`, and keep a frame of every day."""
        simulation = self.simulation
        while self.day < to_day and not self.over:
            live_while_watched(self.day + 1, simulation, self.coming, self.gone, self.step)
            self.frames[self.day] = self.watcher.day()

    def at(self, day: int) -> drive.Simulation:
        """The organization as it stood on a day; an earlier one is lived again, and knows nothing of what came."""
        if day >= self.day:
            return self.simulation
        if self._earlier is None or self._earlier[0].day > day:
            simulation = begin(self.scenario, self.seed)
            self._earlier = simulation, changes_to_come(self.scenario, simulation)
        live_until(day, *self._earlier, self.step)
        return self._earlier[0]

    def become(self, scenario: Scenario, seed: int, per_dot: int) -> int:
        """Take on another plan; what both have in common is kept. Returns the last day that still holds."""
        same = first_difference(self.scenario, scenario) if (seed, per_dot) == (self.seed, self.per_dot) else -1
        if same <= 0 or people_a_desk(self.simulation.firm, scenario) != self.per_desk:
            self.__init__(scenario, seed, per_dot, step=self.step, gone=self.gone)
            return -1
        self.scenario, self._earlier = scenario, None
        if same < self.day:
            simulation = begin(scenario, seed)
            coming = changes_to_come(scenario, simulation)
            live_while_watched(same, simulation, coming, self.gone, self.step)
            self.simulation, self.coming = simulation, coming
            self._watch()
        else:
            self.coming = changes_to_come(scenario, self.simulation, resumed=True)
        self.frames = {day: frame for day, frame in self.frames.items() if day <= same}
        return same

    def look(self) -> list[dict]:
        """The desks as today's changes make them, so that a lever shows before the next day is lived."""
        return self.watcher.desks(self._after_changes())

    def told(self, first: int, last: int) -> list[bytes]:
        """The frames of some days; days that were not watched here are lived again."""
        last = min(last, self.day)
        if any(day not in self.frames for day in range(first, last + 1)):
            again = Life(self.scenario, self.seed, self.per_dot, step=self.step, gone=self.gone)
            again.live(last)
            self.frames = again.frames | {day: f for day, f in self.frames.items() if day > last}
        return [self.frames[day] for day in range(first, last + 1)]
