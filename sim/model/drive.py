"""A simulation lives on from any day, is changed, stopped, saved and taken up again; `opening.begin` makes it."""

from __future__ import annotations

import json

import numpy as np

from sim.errors import InputError
from sim.folder import written_file
from sim.model import change
from sim.model import firm as tables
from sim.model.appointments import pages_for
from sim.model.day import day as default_day
from sim.model.dice import Dice
from sim.model.firm import Firm
from sim.model.kernel import guest, kernel, numbers_for_kernels, rules_fingerprint, uint64
from sim.model.room import most_leads_a_day, pools_nearly_full, widened
from sim.model.theory import Theory, with_values


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
            self._numbers, self._numbers_of = numbers_for_kernels(self.theory), self.theory
        return self._numbers

    def dice(self, day: int) -> Dice:
        return Dice(uint64(self.seed), day)

    def advance(self, to_day: int, step=None) -> None:
        """Live until `to_day` (not included), or until the cash is gone.

        step   another day function with the arguments of `sim.model.day.day`; compiled by the caller
        """
        to_day = min(to_day, self.horizon)
        numbers, seed = self.numbers, uint64(self.seed)
        reserve = most_leads_a_day(self.theory, self.firm)
        driver = live if step is None else _driver_of(step)
        with np.errstate(over="ignore"):
            while self.day < to_day and self.firm.ledger["broke"][0] < 0:
                self._make_room(reserve)
                self.day = int(driver(self.firm, numbers, seed, self.day, to_day, reserve))
                ledger = self.firm.ledger
                if ledger["wanted_m"][0] != 0 or ledger["wanted_s"][0] != 0:
                    change.resize(self, int(ledger["wanted_m"][0]), int(ledger["wanted_s"][0]))
                    ledger["wanted_m"][0] = ledger["wanted_s"][0] = 0

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
        """Something happens at once: see `sim.model.change.SHOCKS`."""
        change.shock(self, kind)

    def save(self, path) -> None:
        """Everything needed to go on, in one file; written beside and renamed, so never half."""
        numbers = {group: values._asdict() for group, values in self.theory._asdict().items()}
        about = {"seed": self.seed, "day": self.day, "horizon": self.horizon, "names": self.names}
        about |= {"own": self.own_people, "rules": rules_fingerprint(), "theory": numbers}
        with written_file(path) as scratch, open(scratch, "wb") as file:
            np.savez_compressed(file, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **self.firm._asdict())

    @classmethod
    def load(cls, path) -> Simulation:
        """Take a saved simulation up again.

        Raises
        ------
        InputError
            The file is missing, damaged, or of other rules than these.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                about = json.loads(bytes(file["about"]))
                if about["rules"] != rules_fingerprint():
                    raise InputError(
                        f"{path}: was saved by other rules ({about['rules']}) than these ({rules_fingerprint()}); "
                        "go on with that version of Baton, or live the scenario anew"
                    )
                firm = Firm(**{name: _aligned(name, file[name]) for name in Firm._fields})
            values = {f"{g}.{k}": v for g, fields in about["theory"].items() for k, v in fields.items()}
            theory = with_values(Theory(), values)
            return cls(firm, theory, about["seed"], about["day"], about["horizon"], tuple(about["names"]), about["own"])
        except FileNotFoundError:
            raise InputError(f"{path}: there is no such file") from None
        except InputError:
            raise
        except Exception as fault:
            raise InputError(f"{path}: not a saved state of Baton ({fault})") from None


def _aligned(name: str, table: np.ndarray) -> np.ndarray:
    """A table as read from a file, with the record type that the rules were compiled for (files forget alignment)."""
    if table.dtype.names is None:
        return table
    return table.view(tables.AUDIT if name == "answers" else getattr(tables, name.upper()))


_DRIVERS: dict = {}


def _driver_of(step):
    """A driver for another day function, compiled once per process; plain where rules are plain."""
    if step not in _DRIVERS:

        def driver(firm, theory, seed, begin, end, reserve):
            for today in range(begin, end):
                if pools_nearly_full(firm, reserve):
                    return today
                step(firm, theory, Dice(seed, today))
                if needs_attention(firm):
                    return today + 1
            return end

        _DRIVERS[step] = guest(driver)
    return _DRIVERS[step]
