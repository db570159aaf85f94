"""A simulation lives on from any day, is changed and stopped; `day_zero.opening` makes it, `result.saved` keeps it."""

from __future__ import annotations

import numpy as np

from sim.model.appointments import pages_for
from sim.model.day import day as default_day
from sim.model.day_zero import change
from sim.model.dice import Dice
from sim.model.firm import Firm
from sim.model.kernel import group_for_kernels, guest_with, kernel, numbers_for_kernels, uint64
from sim.model.memory import most_leads_a_day, pools_nearly_full, widened
from sim.model.theory import Theory
from sim.model.things.ledger import fork, seats_are_open


@kernel(inline=True)
def needs_attention(firm):
    """Whether seats are to be opened or closed, or the cash is gone."""
    ledger = firm.ledger
    return ledger["wanted_m"][0] != 0 or ledger["wanted_s"][0] != 0 or ledger["broke"][0] >= 0


@kernel
def live(firm, theory, seed, begin, end, reserve):
    """Live from one day to another; stop early where the pools are nearly full, people are wanted, or the cash is gone.

    reserve   leads that one day may bring at most
    Returns the day that comes next.
    """
    for today in range(begin, end):
        if pools_nearly_full(firm, reserve):
            return today
        default_day(firm, theory, Dice(seed, today))
        if needs_attention(firm):
            return today + 1
    return end


class Extended(Theory):
    """All numbers in force, and beside them another theory (`own`): its day, and its own numbers in force.

    own    has `step`, a compiled day; `numbers`, a group of its own or None; and `digest`, a hash of its file
    """

    @classmethod
    def of(cls, theory: Theory, own) -> Extended:
        """The numbers of a theory with another theory beside them."""
        made = cls._make(theory)
        made.own = own
        return made

    def _replace(self, **groups) -> Extended:
        return type(self).of(super()._replace(**groups), self.own)

    def __eq__(self, other) -> bool:
        return tuple.__eq__(self, other) and isinstance(other, Extended) and self.own == other.own

    def __ne__(self, other) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((tuple(self), self.own))


class Simulation:
    """One organization that lives day by day on one market.

    firm      its arrays (`sim.model.firm`)
    theory    the numbers in force
    seed      the market, 0 .. 2**64 - 1
    day       the next day to be lived
    horizon   days that the diary has room for
    names     names of people by row
    """

    def __init__(
        self, firm: Firm, theory: Theory, seed: int, day: int, horizon: int, names: tuple[str, ...], own: bool
    ):
        self.firm, self.theory, self.seed, self.day, self.horizon = firm, theory, seed, day, horizon
        self.names, self.own_people = names, own
        self._numbers = self._numbers_of = None

    @property
    def numbers(self):
        """The theory as rules receive it: made once, and anew when the theory has changed."""
        if self._numbers_of is not self.theory:
            self._numbers, self._numbers_of = numbers_for_kernels(Theory(*self.theory)), self.theory
        return self._numbers

    @property
    def own(self):
        """Another theory in force in place of the model's own day, or None."""
        return self.theory.own if isinstance(self.theory, Extended) else None

    def dice(self, day: int) -> Dice:
        """What rules draw with; what was drawn before luck was drawn anew goes on being drawn as it was."""
        row = self.firm.ledger[0]
        long_drawn = row["forked"] > 0 and day < max(row["forked"] - 1, 1)
        return Dice(uint64(row["born"] if long_drawn else self.seed), day)

    @property
    def before(self) -> tuple[int, int] | None:
        """The market until luck was drawn anew, and the day from which it is another; None where it never was."""
        row = self.firm.ledger[0]
        return (int(row["born"]), int(row["forked"]) - 1) if row["forked"] > 0 else None

    def fork(self, seed: int) -> None:
        """From the next day on luck is drawn by another number: another future of the same past."""
        self.seed = int(seed)
        fork(self.firm.ledger, self.day)

    def advance(self, to_day: int, step=None) -> None:
        """Live until `to_day` (not included), or until the cash is gone.

        step   another day function with the arguments of `sim.model.day.day`, compiled by the caller; None: that of
               the theory in force
        """
        to_day = min(to_day, self.horizon)
        numbers, seed = self.numbers, uint64(self.seed)
        reserve = most_leads_a_day(self.theory, self.firm)
        driver, own = live, ()
        if step is not None:
            driver = _driver_of(step)
        elif self.own is not None:
            driver = _driver_of(self.own.step, self.own.digest)
            own = () if self.own.numbers is None else (group_for_kernels(self.own.numbers),)
        with np.errstate(over="ignore"):
            while self.day < to_day and self.firm.ledger["broke"][0] < 0:
                self._make_room(reserve)
                self.day = int(driver(self.firm, numbers, seed, self.day, to_day, reserve, *own))
                ledger = self.firm.ledger
                if ledger["wanted_m"][0] != 0 or ledger["wanted_s"][0] != 0:
                    change.resize(self, int(ledger["wanted_m"][0]), int(ledger["wanted_s"][0]))
                    seats_are_open(ledger)

    def _make_room(self, reserve: int) -> None:
        firm, ledger = self.firm, self.firm.ledger
        n, c = int(ledger["n_leads"][0]) + reserve, int(ledger["n_customers"][0] + ledger["open_deals"][0]) + reserve
        if n > len(firm.leads):
            firm = firm._replace(leads=widened(firm.leads, max(2 * len(firm.leads), n)))
        if c > len(firm.customers):
            firm = firm._replace(customers=widened(firm.customers, max(2 * len(firm.customers), c)))
        if (wanted := pages_for(len(firm.leads), len(firm.customers))) > len(firm.pages):
            firm = firm._replace(pages=widened(firm.pages, wanted))
        self.firm = firm

    def copy(self) -> Simulation:
        """The same simulation, independent of this one."""
        firm = Firm(*(widened(table, len(table)) for table in self.firm))
        return Simulation(firm, self.theory, self.seed, self.day, self.horizon, self.names, self.own_people)

    def change(self, theory: Theory) -> None:
        """New levers from this day on: numbers at once, people, ties and places as they call for."""
        change.change(self, theory)

    def shock(self, kind: str) -> None:
        """Something happens at once: see `sim.model.theory.SHOCKS`."""
        change.shock(self, kind)


_DRIVERS: dict = {}


def _driver_of(step, of: str = ""):
    """A driver for another day function, made once per process; plain where rules are plain."""
    if step not in _DRIVERS:
        _DRIVERS[step] = guest_with(_live_by, {"step": step}, of)
    return _DRIVERS[step]


def step(firm, theory, dice, *own):
    """The day of another theory: `_driver_of` puts it here."""


def _live_by(firm, theory, seed, begin, end, reserve, *own):
    """As `live`, by the day of another theory, which is given its own numbers, if it has any."""
    for today in range(begin, end):
        if pools_nearly_full(firm, reserve):
            return today
        step(firm, theory, Dice(seed, today), *own)
        if needs_attention(firm):
            return today + 1
    return end
