"""One run kept prospect by prospect: how far each came, and what each customer was worth on every day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.drive import Simulation
from sim.model.firm import NEVER, QUARTER, YEAR, Fate, State
from sim.model.rules.money import renewal_rate, years_of
from sim.result.outcomes import discounts, measure
from sim.run import broke, changes_to_come, live_until, run
from sim.scenario import Scenario

OPENING, MARKETING, OWN = 0, 1, 2  # a customer of day 0, an inquiry to Marketing, a rep's own prospect
FOUND, PASSED, CALLED, INTERESTED, SIGNED = range(5)  # how far a prospect came


@dataclass(frozen=True)
class Prospects:
    """Everybody whom one organization met, sorted by the market's own key; arrays (prospects,).

    A prospect who is met twice (only a guest's theory does that) counts the first time.
    """

    key: np.ndarray  # uint64
    kind: np.ndarray  # OPENING, MARKETING or OWN
    reached: np.ndarray  # FOUND .. SIGNED
    open: np.ndarray  # bool, still under way at the end
    lead: np.ndarray  # number among the leads, -1 for a customer of day 0
    customer: np.ndarray  # row among the customers, -1 if never signed
    fit: np.ndarray  # 0..1
    ready: np.ndarray  # 0..1, as it stood at the end
    value: np.ndarray  # k€ a year
    fate: np.ndarray  # see Fate
    ended: np.ndarray  # day it was won or lost, -1 while it is open and for customers of day 0


@dataclass(frozen=True)
class Contracts:
    """All customers of one organization, those of day 0 included; arrays (customers,).

    A contract is renewed once in 260 days, so what it was worth at the years'
    ends tells what it was worth on every day.
    """

    since: np.ndarray  # first day of revenue within the run
    until: np.ndarray  # the day after the last
    slot: np.ndarray  # day of the year on which it is renewed
    signed: np.ndarray  # k€ a year at first (at day 0 for those the firm began with)
    values: np.ndarray  # (customers, years + 1) k€ a year at the ends of the years of the run
    days: int  # days lived

    def brought(self, weights: np.ndarray) -> np.ndarray:
        """What each customer brought, (customers,): its value on each day times the day's weight, summed.

        weights (days,): what one k€ a year counts on each day; 1/260 for revenue.
        """
        total, found = so_far(weights), np.zeros(len(self.since))
        for year in range(self.values.shape[1] - 1):
            begin, end = min(year * YEAR, self.days), min((year + 1) * YEAR, self.days)
            turn = np.minimum(year * YEAR + self.slot, end)
            for column, first, last in ((year, begin, turn), (year + 1, turn, end)):
                first, last = np.clip(first, self.since, self.until), np.clip(last, self.since, self.until)
                found += self.values[:, column] * (total[last] - total[first])
        return found


@dataclass(frozen=True)
class Books:
    """One organization's run in one market; `diary` is a slice of the firm's days."""

    scenario: Scenario
    days: int
    broke: bool
    outcomes: dict[str, float]
    opening: float  # customer equity of day 0, k€
    diary: np.ndarray
    prospects: Prospects
    contracts: Contracts
    worth: np.ndarray  # (customers,) k€ of day 0: each one's part of the closing equity, 0 for who has left

    def margin(self) -> np.ndarray:
        """Margin in force on each day of the horizon, (days,): a dated change may move it."""
        found = np.full(self.scenario.days, self.scenario.theory.money.margin)
        for day, theory, _ in self.scenario.steps():
            found[day:] = theory.money.margin
        return found

    def discount(self) -> np.ndarray:
        """What a euro of each day of the horizon is worth on day 0, (days,)."""
        return discounts(self.scenario.days, self.scenario.theory.money.discount)


def so_far(weights: np.ndarray) -> np.ndarray:
    """Sums of all days before each day, (days + 1,)."""
    return np.concatenate([[0.0], np.cumsum(weights)])


def lived(scenario: Scenario, seed: int, step=None) -> Books:
    """Let one organization live in one market and keep its books; `step` is a guest's day, as in `sim.run`."""
    scenario = scenario.in_market(seed)
    simulation = run(scenario, seed, until=0, step=step).state
    coming, values = changes_to_come(scenario, simulation), [_values(simulation)]
    for stop in (*range(YEAR, scenario.days, YEAR), scenario.days):
        live_until(stop, simulation, coming, step)
        values.append(_values(simulation))
    return _books(scenario, simulation, values)


def _values(simulation: Simulation) -> np.ndarray:
    firm = simulation.firm
    return firm.customers["value"][: int(firm.ledger["n_customers"][0])].copy()


def _books(scenario: Scenario, simulation: Simulation, values: list[np.ndarray]) -> Books:
    firm, days = simulation.firm, int(simulation.day)
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    customers = firm.customers[: int(firm.ledger["n_customers"][0])]
    opening, gone = float(firm.ledger["opening_equity"][0]), broke(simulation)
    found = measure(firm.days[:days], firm.quarters[: days // QUARTER], opening,
                    float(scenario.theory.money.discount), gone)  # fmt: skip
    return Books(scenario, days, gone, found, opening, firm.days[:days].copy(), _prospects(leads, customers),
                 _contracts(customers, values, days), _worth(scenario, simulation, customers))  # fmt: skip


def _worth(scenario: Scenario, simulation: Simulation, customers: np.ndarray) -> np.ndarray:
    """Each customer's part of the closing equity, which is one multiple of everybody's profit."""
    money = simulation.theory.money
    profit = np.where(customers["ended"] == NEVER, money.margin * customers["value"] - customers["special"], 0.0)
    if broke(simulation) or not simulation.day:
        return np.zeros(len(profit))
    years = years_of(renewal_rate(simulation.firm), money.discount)
    return profit * years * (1.0 + scenario.theory.money.discount) ** (-int(simulation.day) / YEAR)


def _contracts(customers: np.ndarray, values: list[np.ndarray], days: int) -> Contracts:
    table = np.zeros((len(customers), len(values)))
    for column, known in enumerate(values):
        table[: len(known), column] = known
    first = np.searchsorted([len(known) for known in values], np.arange(len(customers)), side="right")
    signed = table[np.arange(len(customers)), first]
    until = np.where(customers["ended"] == NEVER, days, customers["ended"])
    return Contracts(np.maximum(customers["since"], 0), until, customers["since"] % YEAR, signed, table, days)


def _prospects(leads: np.ndarray, customers: np.ndarray) -> Prospects:
    n, begun = len(leads), np.flatnonzero(customers["lead"] == NEVER)
    customer = np.full(n, NEVER)
    own = customers["lead"] != NEVER
    customer[customers["lead"][own]] = np.flatnonzero(own)
    marketing = leads["m"] != NEVER
    reached = np.where(marketing, FOUND, INTERESTED)  # whom a rep finds himself is a deal at once
    for step, date in ((PASSED, "handed"), (CALLED, "tried"), (INTERESTED, "opened")):
        reached[marketing & (leads[date] != NEVER)] = step
    reached[leads["state"] == State.WON] = SIGNED

    def joined(of_leads, of_begun, kind: type = np.int64) -> np.ndarray:
        return np.concatenate([np.asarray(of_leads, kind), np.full(len(begun), of_begun, kind)])

    key = np.concatenate([leads["key"], customers["key"][begun]])
    _, first = np.unique(key, return_index=True)
    return Prospects(
        key[first],
        joined(np.where(marketing, MARKETING, OWN), OPENING)[first],
        joined(reached, SIGNED)[first],
        joined(leads["fate"] == Fate.OPEN, False, bool)[first],
        joined(np.arange(n), NEVER)[first],
        np.concatenate([customer, begun])[first],
        joined(leads["fit"], 1.0, np.float64)[first],
        joined(leads["ready"], 1.0, np.float64)[first],
        np.concatenate([leads["value"], customers["value"][begun]]).astype(float)[first],
        joined(leads["fate"], Fate.WON)[first],
        joined(leads["ended"], NEVER)[first],
    )
