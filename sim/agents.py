"""The Mesa face of Baton: a Mesa model and agents that are windows on the firm's arrays. No rules.

    model = sim.FirmModel("silo", seed=12, liaison__count=1)
    while model.running:
        model.step()  # one working day
    model.datacollector.get_model_vars_dataframe()

The days are lived by the same compiled rules as in `sim.run`, so the results
have the same bits. An agent holds nothing but its row: reading an attribute
reads the array, setting one writes it, and the rules see it the next day.
"""

from __future__ import annotations

import math
from functools import partial
from operator import attrgetter
from pathlib import Path

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from sim.arguments import seed_of
from sim.errors import InputError, nearest, tell
from sim.model import kernel, warm
from sim.model.day_zero import opening
from sim.model.firm import PEOPLE, PEOPLE_DOC, QUARTER, Firm, M, S, Stage, Team, columns_of
from sim.model.formulas import trust_of
from sim.result import Run
from sim.result.sound import bounds_of
from sim.run import broke, changes_to_come, live_until
from sim.scenario import Scenario, read
from sim.scenario.own_theory import MODEL, read_theory
from sim.scenario.scenario import THEORY
from sim.scenario.schema import GROUPS, NUMBERS, OWN

# Where a person stands in the other arrays: the rules alone may move it.
PLACED = ("team", "seat", "working", "first", "n_ties", "joined", "generation", "open_deals")
UNSEEN = 2**31  # markets that are drawn from where none is named
DIARY = ("revenue", "contribution", "equity", "trust_ms", "trust_sm", "language", "contacts", "disputes")


class Field:
    """One field of `sim.model.firm.PEOPLE`, read from and written to the agent's row."""

    def __init__(self, name: str, field: str, place: int | None):
        self.name, self.field, self.place = name, field, place
        self.kind, self.bounds = PEOPLE[field].base.kind, bounds_of(PEOPLE_DOC[field])
        self.__doc__ = PEOPLE_DOC[field]

    def _at(self, agent: Person) -> tuple[int, ...]:
        return (agent.row,) if self.place is None else (agent.row, self.place)

    def __get__(self, agent: Person | None, owner: type):
        if agent is None:
            return self
        return agent.model.firm.people[self.field][self._at(agent)].item()

    def __set__(self, agent: Person, value: float) -> None:
        if self.name in PLACED:
            raise AttributeError(f"{self.name} is set by the model: it says where a person stands in the arrays")
        if not math.isfinite(value) or (self.kind == "i" and value != int(value)):
            raise InputError(f"{self.name} = {value!r}: give a {'whole ' if self.kind == 'i' else ''}number")
        if self.bounds and not self.bounds[0] <= value <= self.bounds[1]:
            raise InputError(f"{self.name} = {value!r} is outside {self.bounds[0]}..{self.bounds[1]}")
        agent.model.firm.people[self.field][self._at(agent)] = value


class Person(mesa.Agent):
    """Who holds a seat: a window on one row of `firm.people`, with every field of it as an attribute.

    A new holder of a seat is a new agent, and so is the same person in a new
    role (a marketer drawn as liaison): the agent before is removed from the
    model, and can no longer be read.

    name       as in tables; it belongs to the seat
    row        row in `firm.people`
    trust      0..1, mean trust in the people across the gap (NaN without ties); read-only
    partners   the agents across the gap whom this one can reach
    """

    def __init__(self, model: FirmModel, row: int):
        super().__init__(model)
        self._row: int | None = row
        self.name = model.simulation.names[row]

    @property
    def row(self) -> int:
        if self._row is None:
            raise AttributeError(f"{self.name} has left this role: the agent is no longer in the model")
        return self._row

    def remove(self) -> None:
        """Leave the model (done by the model when the seat's holder goes)."""
        self._row = None
        super().remove()

    def _ties(self) -> np.ndarray:
        people, links = self.model.firm.people, self.model.firm.links
        first = people["first"][self.row]
        return self.model.firm.ties[links["tie"][first : first + people["n_ties"][self.row]]]

    @property
    def trust(self) -> float:
        side = S if self.team == Team.SALES else M
        weight = self.model.simulation.theory.trust.affect
        found = [float(trust_of(t["cog"][side], t["aff"][side], t["scar"][side], weight)) for t in self._ties()]
        return math.fsum(found) / len(found) if found else math.nan

    @property
    def partners(self) -> list[Person]:
        side = "m" if self.team == Team.SALES else "s"
        rows = self._ties()[side].tolist()
        return [self.model.people[row] for row in rows if row in self.model.people]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


for _field in PEOPLE.names or ():
    for _name, _place in columns_of(_field, PEOPLE[_field]):
        setattr(Person, _name, Field(_name, _field, _place))


class Marketer(Person):
    """Somebody who works in Marketing."""


class Salesperson(Person):
    """Somebody who works in Sales."""


class Liaison(Person):
    """Somebody who goes between the teams."""


ROLES = {Team.MARKETING: Marketer, Team.SALES: Salesperson, Team.LIAISON: Liaison}


def _stage(model: FirmModel) -> str:
    return model.stage.name.lower()


def _lived_by(given: dict) -> dict:
    """What a model is given without the own numbers of other theories, where its theory is given too.

    In a batch whose arms live by several theories each model is given the numbers of all. Those of a file that nobody
    has read yet are known by their group alone; where the name is near one of the model's it is taken for a slip.
    """
    if THEORY not in given:
        return given
    by = read_theory(given[THEORY])

    def foreign(name: str) -> bool:
        group, _, key = name.partition("__")
        if not key or group in GROUPS or (by is not None and group == by.name):
            return False
        slips = [each for each in NUMBERS if each.endswith(f".{key}")]
        return f"{group}.{key}" in OWN or not nearest(f"{group}.{key}", slips)

    left_out = [name for name in given if foreign(name)]
    for name in left_out:
        group, _, key = name.partition("__")
        if f"{group}.{key}" not in OWN:
            tell(
                f"{group}.{key}: is taken for a number of another theory than {by.name if by else MODEL}, and left out"
            )
    return {name: value for name, value in given.items() if name not in left_out}


class FirmModel(mesa.Model):
    """One organization in one market as a Mesa model; a step is a working day.

    Parameters
    ----------
    scenario : Scenario, name of a shipped scenario, or path; None is the default
    seed : int
        The market. Without one, each model draws its own, as is Mesa's habit: so
        the iterations of `mesa.batch_run` are replicates, and the column `market`
        of the data collector says which they were. A fixed seed gives the same
        run again, in a batch too: for replicates that can be run again, and for
        comparisons in the same markets, give it markets (`{"market": range(20)}`).
    market : int
        The same as `seed` under a name that Mesa leaves alone: newer releases
        hand a seed of their own to every model of a batch.
    agent_reporters : dict
        What the data collector notes of each agent every day (default: nothing).
    **kwargs
        Levers with two underscores for the dot, such as ``liaison__count=1``,
        `days` and `theory`; so that batch runs and sliders can set them. Where
        `theory` is among them, own numbers of another theory do nothing.

    Attributes
    ----------
    simulation, firm
        The engine, and its arrays. `firm` is asked for anew each day: arrays
        are replaced when people join.
    people : dict
        The agents by their row.
    running
        False at the horizon, or once the cash is gone.

    Raises
    ------
    InputError
        A scenario, seed or lever that cannot be run.

    Examples
    --------
    >>> model = FirmModel("silo", seed=3, days=30)
    >>> model.step()
    >>> len(model.agents_by_type[Salesperson])
    24
    """

    # SolaraViz takes levers that are not in the signature only if the rest is called `kwargs`.
    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        seed: int | None = None,
        agent_reporters: dict | None = None,
        market: int | None = None,
        **kwargs,
    ):
        chosen = seed if market is None else market
        seed = int(np.random.default_rng().integers(UNSEEN)) if chosen is None else seed_of(chosen)
        super().__init__(seed=seed)
        scenario, kwargs = read(scenario), _lived_by(kwargs)
        self.firm_scenario = (scenario.but(**kwargs) if kwargs else scenario).in_market(seed)
        warm.prepare()
        organization = self.firm_scenario.load_organization()
        self.inputs = organization.digest if organization is not None else ""
        self.simulation = opening.begin(self.firm_scenario.theory, seed, self.firm_scenario.days, organization)
        self.coming = changes_to_come(self.firm_scenario, self.simulation)
        self.people: dict[int, Person] = {}
        self._holders = np.zeros((0, 3), np.int64)
        self._seat_people()
        reporters = {"market": "market", "stage": _stage, "score": "score"}
        reporters |= {name: partial(FirmModel.today, name=name) for name in DIARY}
        of_agents = {name: attrgetter(each) if isinstance(each, str) else each  # Mesa's own cannot be pickled
                     for name, each in (agent_reporters or {}).items()}  # fmt: skip
        self.datacollector = DataCollector(model_reporters=reporters, agent_reporters=of_agents)

    @property
    def firm(self) -> Firm:
        """The arrays as they are now."""
        return self.simulation.firm

    @property
    def market(self) -> int:
        """The market that it lives in."""
        return int(self.simulation.seed)

    @property
    def day(self) -> int:
        """The next day to be lived."""
        return self.simulation.day

    @property
    def stage(self) -> Stage:
        """The stage that counts now (undefined until an audit says more)."""
        return Stage(int(self.firm.ledger["stage"][0]))

    @property
    def score(self) -> float:
        """20..100, the audit of the last quarter; NaN before the first."""
        quarters = self.day // QUARTER
        return float(self.firm.quarters["score"][quarters - 1]) if quarters else math.nan

    def today(self, name: str) -> float:
        """A column of the diary (`sim.model.firm.DAYS_DOC`) on the last day that was lived."""
        return float(self.firm.days[name][self.day - 1]) if self.day else math.nan

    def step(self) -> None:
        """Live one working day; nothing happens after the last."""
        if not self.running:
            return
        live_until(self.day + 1, self.simulation, self.coming)
        if self.day == 1 and not kernel.is_compiled():
            kernel.mark_compiled()
        self._seat_people()
        self.running = self.day < self.simulation.horizon and not broke(self.simulation)
        self.datacollector.collect(self)

    def _seat_people(self) -> None:
        """Agents for whoever is new on a seat or in a role; those who left are removed."""
        people = self.firm.people
        roles = np.where(people["working"] == 1, people["team"], -1)
        holders = np.column_stack([roles, people["generation"], people["seat"]])
        before = np.full_like(holders, -1)
        before[: len(self._holders)] = self._holders
        for row in np.flatnonzero((holders != before).any(axis=1)).tolist():
            if row in self.people:
                self.people.pop(row).remove()
            if roles[row] >= 0:
                self.people[row] = ROLES[Team(int(roles[row]))](self, row)
        self._holders = holders

    def run(self) -> Run:
        """Live until the end, and give the whole as a `sim.Run`."""
        self.run_model()
        return self.result()

    def result(self) -> Run:
        """What `sim.run` gives, for the days lived so far."""
        return Run.of(self.firm_scenario, self.simulation.copy(), {"inputs": self.inputs, "from_day": 0})
