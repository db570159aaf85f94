"""A simulation from day 0 on: it is started, lives, is changed, stopped, saved and taken up again."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.model import firm as tables
from sim.model import network, start
from sim.model.day import day as default_day
from sim.model.dice import Dice, Stream, key_of
from sim.model.firm import AGENDA, NEVER, QUARTER, YEAR, Firm, Team
from sim.model.kernel import fingerprint, kernel, numbers_for_kernels, uint64
from sim.model.rules.structure import shake
from sim.model.rules.workforce import fill_seat, look_over_teams
from sim.model.theory import Theory, with_values

SHOCKS = ("liaison leaves", "reorganization", "deception", "training", "broken promise")
CAUGHT, CAUGHT_BY_REPS, ROOM_DAYS = 0.45, 0.12, 64  # shares of prospects that usually become leads: room, no rule
_MARKET_STREAMS = (Stream.NEEDS, Stream.OFFER, Stream.PROSPECT, Stream.EVENT, Stream.REORGANIZATION, Stream.OWN_CATCH)


@kernel(inline=True)
def pools_nearly_full(firm, reserve):
    """Whether the pools may not hold what one more day can bring."""
    ledger = firm.ledger
    if ledger["n_leads"][0] + reserve > len(firm.leads):
        return True
    return ledger["n_customers"][0] + ledger["open_deals"][0] + reserve > len(firm.customers)


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


def _rows(table: np.ndarray, n: int) -> np.ndarray:
    """A larger copy of a table, filled with zeros."""
    wide = tables.empty((n, *table.shape[1:]), table.dtype)
    wide[: len(table)] = table
    return wide


def most_leads_a_day(theory: Theory, firm: Firm) -> int:
    """A bound on the leads that one day can bring."""
    m, s = float(firm.ledger["ref_m"][0]), float(firm.ledger["ref_s"][0])
    t = theory.market
    return int(t.size * (m * t.marketing_list * (1.0 + t.event_burst) + s * t.own_list)) + 2 * t.segments + 2


def estimate_bytes(theory: Theory, horizon: int) -> int:
    """About how much memory a run takes, in bytes: people and ties once, leads and customers as they come."""
    w, t = theory.workforce, theory.market
    people = w.marketers + w.salespeople + w.idle
    years = horizon / YEAR
    growth = max((1.0 + w.growth) ** years, 1.0)
    leads = t.size * (w.marketers * t.marketing_list + w.salespeople * t.own_list) * horizon * 0.5
    customers = theory.customers.per_rep * w.salespeople * t.size + leads * 0.1
    rows = people * growth * (tables.PEOPLE.itemsize + tables.BELIEFS.itemsize * t.segments + 64 * 8)
    rows += w.salespeople * growth * w.ties_per_rep * (tables.TIES.itemsize + 16)
    return int(
        2 * (leads * tables.LEADS.itemsize + customers * tables.CUSTOMERS.itemsize)
        + rows
        + horizon * tables.DAYS.itemsize
    )


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
                    self._resize(int(ledger["wanted_m"][0]), int(ledger["wanted_s"][0]))
                    ledger["wanted_m"][0] = ledger["wanted_s"][0] = 0

    def _make_room(self, reserve: int) -> None:
        firm, ledger = self.firm, self.firm.ledger
        n, c = int(ledger["n_leads"][0]) + reserve, int(ledger["n_customers"][0] + ledger["open_deals"][0]) + reserve
        if n > len(firm.leads):
            firm = firm._replace(leads=_rows(firm.leads, max(2 * len(firm.leads), n)))
        if c > len(firm.customers):
            firm = firm._replace(customers=_rows(firm.customers, max(2 * len(firm.customers), c)))
        self.firm = firm

    def change(self, theory: Theory) -> None:
        """New levers from this day on: numbers at once, people, ties and places as they call for."""
        old, self.theory = self.theory, theory
        with np.errstate(over="ignore"):
            w, before = theory.workforce, old.workforce
            drawn, drawn_before = self._drawn(theory), self._drawn(old)
            extra_m = (w.marketers - drawn) - (before.marketers - drawn_before)
            if theory.liaison.count != old.liaison.count or theory.liaison.hired != old.liaison.hired:
                self._set_liaisons(theory.liaison.count)
                extra_m = w.marketers - before.marketers
            if extra_m or w.salespeople != before.salespeople or w.ties_per_rep != before.ties_per_rep:
                self._resize(extra_m, w.salespeople - before.salespeople)
            people = self.firm.people
            for lever, team in (("trust_marketing", Team.MARKETING), ("trust_sales", Team.SALES)):
                if getattr(theory.liaison, lever) != getattr(old.liaison, lever):
                    people["trust_liaison"][people["team"] == team] = getattr(theory.liaison, lever)
            if theory.structure.kind != old.structure.kind:
                self._reorganize_chart(old)
            if theory.distance.between_teams_m != old.distance.between_teams_m:
                if not self.own_people:
                    network.set_distances(self.firm, theory, self.dice(0), range(len(self.firm.ties)))
                elif old.distance.between_teams_m > 0:
                    self.firm.ties["distance"] *= theory.distance.between_teams_m / old.distance.between_teams_m
            start.reckon_distances(self.firm, numbers_for_kernels(theory))

    @staticmethod
    def _drawn(theory: Theory) -> int:
        return 0 if theory.liaison.hired else theory.liaison.count

    def _reorganize_chart(self, old: Theory) -> None:
        """Another structure: a political cost, in mood and in cash (F13; seed 003)."""
        t, people = self.theory.structure, self.firm.people
        weight = t.chief_cost if t.kind == 4 else 1.0
        self.firm.ledger["transition"][0] = min(weight, 1.0)
        people["attitude"] = np.clip(people["attitude"] - t.turmoil * weight, 0.0, 1.0)
        seats = self.firm.ledger["n_m"][0] + self.firm.ledger["n_s"][0]
        self.firm.ledger["owed"][0] += self.theory.money.reorganization_cost * seats

    def shock(self, kind: str) -> None:
        """Something happens at once: see SHOCKS.

        training moves language alone, a broken promise moves cognition-based
        trust alone, a deception leaves a scar that does not heal.
        """
        firm, people, ties, theory = self.firm, self.firm.people, self.firm.ties, self.theory
        with np.errstate(over="ignore"):
            if kind == "liaison leaves":
                self._set_liaisons(0, newcomer=True)
            elif kind == "reorganization":
                shake(firm, numbers_for_kernels(theory), self.dice(min(self.day, self.horizon - 1)))
            elif kind == "deception":
                ties["scar_sm"] += theory.trust.scar_per_deception * (1.0 - ties["scar_sm"])
            elif kind == "training":
                people["language"] += 0.25 * (1.0 - people["language"])
            elif kind == "broken promise":
                ties["cog_sm"] *= 1.0 - min(3.0 * theory.trust.loss, 0.9)
            else:
                raise InputError(f'shock "{kind}" is not known; allowed: {", ".join(SHOCKS)}')

    def _set_liaisons(self, count: int, newcomer: bool = False) -> None:
        """Draw liaisons from Marketing (the highest seats), hire them, or send them back."""
        firm, ledger = self.firm, self.firm.ledger
        n = int(ledger["n_people"][0])
        now = np.flatnonzero((firm.people["team"][:n] == Team.LIAISON) & (firm.people["working"][:n] == 1))
        for row in now[count:].tolist():
            if firm.people["seat"][row] % 4 == Team.LIAISON:
                firm.people["working"][row] = 0
            else:
                firm.people["team"][row] = Team.MARKETING
        if len(now) < count:
            missing = count - len(now)
            if self.theory.liaison.hired:
                first = int((firm.people["seat"][:n] % 4 == Team.LIAISON).sum())
                self._add([network.seat_number(Team.LIAISON, first + j) for j in range(missing)])
            else:
                marketers = np.flatnonzero(
                    (firm.people["team"][:n] == Team.MARKETING) & (firm.people["working"][:n] == 1)
                )
                if self.own_people:
                    marketers = marketers[np.argsort(firm.people["n_ties"][marketers], kind="stable")]
                if len(marketers) <= missing:
                    raise InputError(
                        f"liaison.count = {count}: Marketing has {len(marketers)} people, and one must stay"
                    )
                firm.people["team"][marketers[len(marketers) - missing :]] = Team.LIAISON
        self._recount()
        self._relay()
        if newcomer:
            look_over_teams(self.firm)
            for row in now[count:].tolist():
                if self.firm.people["working"][row]:
                    today = min(self.day, self.horizon - 1)
                    fill_seat(self.firm, numbers_for_kernels(self.theory), self.dice(today), row)

    def _add(self, seats: list[int]) -> None:
        """Rows for new seats, with newcomers on them."""
        firm = self.firm
        n, k = int(firm.ledger["n_people"][0]), len(seats)
        firm = firm._replace(
            people=_rows(firm.people, n + k), beliefs=_rows(firm.beliefs, n + k), guest=_rows(firm.guest, n + k)
        )
        firm.people["seat"][n:] = seats
        firm.people["team"][n:] = [seat % 4 if seat % 4 < 3 else Team.MARKETING for seat in seats]
        firm.people["working"][n:] = [int(seat % 4 < 3) for seat in seats]
        firm.ledger["n_people"][0] = n + k
        self.firm = firm
        self.names += tuple(_name(seat) for seat in seats)
        start.seat_people(firm, numbers_for_kernels(self.theory), self.dice(self.day), n, n + k, self.day)

    def _resize(self, more_m: int, more_s: int) -> None:
        """Open or close seats of the two teams, newest first; ties, mates and patches follow."""
        for team, more in ((Team.MARKETING, more_m), (Team.SALES, more_s)):
            people = self.firm.people
            if more > 0:
                used = people["seat"][people["seat"] % 4 == team] // 4
                first = int(used.max()) + 1 if len(used) else 0
                self._add([network.seat_number(team, first + j) for j in range(more)])
                self.firm.ledger["hired"][0] += more
                self.firm.ledger["owed"][0] += self.theory.money.hire_cost * more
            elif more < 0:
                rows = np.flatnonzero((people["team"] == team) & (people["working"] == 1))
                for row in rows[np.argsort(people["seat"][rows])][more:].tolist():
                    people["working"][row] = 0
        self._recount()
        self._relay()

    def _recount(self) -> None:
        ledger, people = self.firm.ledger, self.firm.people
        for name, team in (("n_m", Team.MARKETING), ("n_s", Team.SALES), ("n_liaisons", Team.LIAISON)):
            ledger[name][0] = int(((people["team"] == team) & (people["working"] == 1)).sum())

    def _relay(self) -> None:
        """Lay ties, mates and patches anew for the people who now work; known ties keep their history."""
        firm, theory, dice = self.firm, self.theory, self.dice(0)
        numbers, old = numbers_for_kernels(theory), self.firm.ties
        if self.own_people:
            works = (firm.people["working"] == 1) & (firm.people["team"] != Team.LIAISON)
            keep = works[old["m"]] & works[old["s"]]
            pairs = np.column_stack([old["m"][keep], old["s"][keep]])
        else:
            pairs = network.generated_pairs(firm, theory, numbers, dice)
        self.firm, new = network.lay_ties(firm, pairs, theory, dice, old)
        if not self.own_people:
            network.set_distances(self.firm, theory, dice, new.tolist())
            self.firm = self.firm._replace(mates=network.small_world(self.firm, theory, dice))
            self.firm.ledger["n_mates"][0] = len(self.firm.mates)
        for row in new.tolist():
            start.start_ties(self.firm, numbers, dice, row, row + 1)
        start.reckon_distances(self.firm, numbers)
        network.deal_market(self.firm, dice)

    def copy(self) -> Simulation:
        """The same simulation, independent of this one."""
        firm = Firm(*(_rows(table, len(table)) for table in self.firm))
        return Simulation(firm, self.theory, self.seed, self.day, self.horizon, self.names, self.own_people)

    def save(self, path) -> None:
        """Everything needed to go on, in one file; written beside and renamed, so never half."""
        path = Path(path)
        numbers = {group: values._asdict() for group, values in self.theory._asdict().items()}
        about = {"seed": self.seed, "day": self.day, "horizon": self.horizon, "names": self.names}
        about |= {"own": self.own_people, "rules": fingerprint(), "theory": numbers}
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(
                    file, about=np.frombuffer(json.dumps(about).encode(), np.uint8), **self.firm._asdict()
                )
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

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
                firm = Firm(**{name: _aligned(name, file[name]) for name in Firm._fields})
        except FileNotFoundError:
            raise InputError(f"{path}: there is no such file") from None
        except Exception as fault:
            raise InputError(f"{path}: not a saved state of Baton ({fault})") from None
        values = {f"{g}.{k}": v for g, fields in about["theory"].items() for k, v in fields.items()}
        theory = with_values(Theory(), values)
        return cls(firm, theory, about["seed"], about["day"], about["horizon"], tuple(about["names"]), about["own"])


def _aligned(name: str, table: np.ndarray) -> np.ndarray:
    """A table as read from a file, with the record type that the rules were compiled for (files forget alignment)."""
    if table.dtype.names is None:
        return table
    return table.view(tables.AUDIT if name == "answers" else getattr(tables, name.upper()))


def _leads_expected(theory: Theory, ref_m: int, ref_s: int, horizon: int) -> int:
    """Room for the leads that a horizon usually brings; a pool that proves too small is doubled."""
    t = theory.market
    caught = ref_m * t.marketing_list * CAUGHT + ref_s * t.own_list * CAUGHT_BY_REPS
    return int(t.size * caught * (horizon + ROOM_DAYS)) + ROOM_DAYS


def _name(seat: int) -> str:
    return f"{'MSLX'[seat % 4]}{seat // 4 + 1}"


_DRIVERS: dict = {}


def _driver_of(step):
    """A driver for another day function, compiled once per process; plain where rules are plain."""
    if step not in _DRIVERS:
        from sim.model.kernel import guest

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


def begin(
    theory: Theory, seed: int, horizon: int = 1300, organization: network.Organization | None = None
) -> Simulation:
    """A simulation at day 0: people seated, ties laid, pipeline and customers as if the firm had long been living.

    Parameters
    ----------
    theory
        All numbers.
    seed
        The market, 0 .. 2**64 - 1.
    horizon
        Days the diary has room for.
    organization
        The user's own people and ties, or None for generated ones.
    """
    w, t = theory.workforce, theory.market
    if organization is None:
        seats = [network.seat_number(0, j) for j in range(w.marketers)] + [
            network.seat_number(1, j) for j in range(w.salespeople)
        ]
        names = tuple(_name(seat) for seat in seats)
    else:
        seen = {0: 0, 1: 0}
        seats = []
        for team in organization.team.tolist():
            seats.append(network.seat_number(team, seen[team]))
            seen[team] += 1
        names = organization.ids
    seats += [network.seat_number(3, j) for j in range(w.idle)]
    names += tuple(_name(network.seat_number(3, j)) for j in range(w.idle))
    n = len(seats)
    ref_m, ref_s = t.for_marketers or w.marketers, t.for_salespeople or w.salespeople
    quarters = max(math.ceil(horizon / QUARTER), 1)
    customers = int(theory.customers.per_rep * ref_s * t.size + 0.5)
    deals = int(theory.selling.start_deals * t.cycle_days / theory.selling.usual_cycle * ref_s * t.size + 0.5)
    room, z = _leads_expected(theory, ref_m, ref_s, horizon), tables.empty
    firm = Firm(
        people=z(n, tables.PEOPLE), beliefs=z((n, t.segments), tables.BELIEFS), ties=z(0, tables.TIES),
        links=z(0, tables.LINKS), mates=z(0, tables.MATES), leads=z(deals + room, tables.LEADS),
        customers=z(customers + deals + 64, tables.CUSTOMERS), segments=z(t.segments, tables.SEGMENTS),
        practices=z(8, tables.PRACTICES), heads=z(2, tables.HEADS), decisions=z(4, tables.DECISIONS),
        patches=z((2, max(int(network.PATCHES_A_PERSON * (ref_m + ref_s)), 64)), np.int32),
        agenda=np.full(AGENDA, NEVER, np.int64),
        renewals=np.full(YEAR, NEVER, np.int64), ledger=z(1, tables.LEDGER), days=z(horizon, tables.DAYS),
        audit=z((3, 20), tables.AUDIT), answers=z((quarters, 3, 20), tables.AUDIT),
        quarters=z(quarters, tables.QUARTERS),
        guest=z(n, tables.GUEST),
    )  # fmt: skip
    people, ledger = firm.people, firm.ledger
    people["seat"] = seats
    people["team"] = [seat % 4 if seat % 4 < 3 else Team.MARKETING for seat in seats]
    people["working"] = [int(seat % 4 < 3) for seat in seats]
    ledger["n_people"], ledger["n_patches"] = n, firm.patches.shape[1]
    ledger["ref_m"], ledger["ref_s"] = ref_m, ref_s
    ledger["reputation"], ledger["digital"], ledger["budget_share"], ledger["burst"] = (
        1.0,
        t.digital,
        theory.marketing.budget,
        1.0,
    )
    ledger["records"], ledger["clarity"], ledger["power"] = (
        theory.conflict.kept_anyway,
        theory.conflict.clarity,
        theory.structure.power,
    )
    ledger["coordination"] = 1.0 - theory.practices.start_context
    ledger["quota"], ledger["usual_win"], ledger["broke"] = theory.selling.start_quota, theory.selling.start_win, NEVER
    ledger["stage"] = ledger["band"] = 1
    ledger["cash"] = theory.money.start_cash * (w.marketers + w.salespeople)
    for column in ("decreed", "since", "pending"):
        firm.practices[column] = NEVER
    firm.decisions["due"], firm.decisions["quality"] = NEVER, 0.5
    firm.heads["trust"] = theory.trust.initial
    sim = Simulation(firm, theory, int(seed), 0, horizon, names, organization is not None)
    with np.errstate(over="ignore"):
        _settle_in(sim, organization)
    return sim


def _settle_in(sim: Simulation, organization) -> None:
    """Fill the arrays of day 0 in the order in which they need one another."""
    firm, theory, dice = sim.firm, sim.theory, sim.dice(0)
    numbers = numbers_for_kernels(theory)
    start.start_market(firm, numbers, dice)
    n = int(firm.ledger["n_people"][0])
    start.seat_people(firm, numbers, dice, 0, n, 0)
    sim._recount()
    if organization is not None:
        _take_over(sim, organization)
    if theory.liaison.count:
        if organization is not None:
            sim._set_liaisons(theory.liaison.count)
        else:
            _draw_first_liaisons(sim)
    if organization is None:
        pairs = network.generated_pairs(sim.firm, theory, numbers, dice)
        sim.firm, new = network.lay_ties(sim.firm, pairs, theory, dice)
        network.set_distances(sim.firm, theory, dice, new.tolist())
        start.start_ties(sim.firm, numbers, dice, 0, len(sim.firm.ties))
        sim.firm = sim.firm._replace(mates=network.small_world(sim.firm, theory, dice))
        sim.firm.ledger["n_mates"][0] = len(sim.firm.mates)
    firm = sim.firm
    start.reckon_distances(firm, numbers)
    network.deal_market(firm, dice)
    start.start_customers(firm, numbers, dice)
    start.start_deals(firm, numbers, dice)
    from sim.model.rules.money import value_customers

    firm.ledger["opening_equity"][0] = firm.ledger["equity"][0] = value_customers(firm, numbers)


def _draw_first_liaisons(sim: Simulation) -> None:
    theory, people = sim.theory, sim.firm.people
    if theory.liaison.hired:
        sim._add([network.seat_number(Team.LIAISON, j) for j in range(theory.liaison.count)])
    else:
        rows = np.flatnonzero((people["team"] == Team.MARKETING) & (people["working"] == 1))
        if len(rows) <= theory.liaison.count:
            raise InputError(
                f"liaison.count = {theory.liaison.count}: Marketing has {len(rows)} people, and one must stay"
            )
        people["team"][rows[len(rows) - theory.liaison.count :]] = Team.LIAISON
    sim._recount()


def _take_over(sim: Simulation, organization: network.Organization) -> None:
    """Ties, trust, grievances, sites and tenure as the user's own files say; what they leave open is generated."""
    own, theory, dice = organization.ties, sim.theory, sim.dice(0)
    sim.firm.people["site"][: len(organization.site)] = organization.site
    tenure = np.nan_to_num(organization.tenure_days, nan=float(YEAR))
    sim.firm.people["joined"][: len(tenure)] = -tenure.astype(np.int64)
    pairs = np.column_stack([own["m"], own["s"]]).astype(np.int64) if len(own) else np.zeros((0, 2), np.int64)
    sim.firm, _ = network.lay_ties(sim.firm, pairs, theory, dice)
    ties = sim.firm.ties
    start.start_ties(sim.firm, numbers_for_kernels(theory), dice, 0, len(ties))
    place = {(m, s): row for row, (m, s) in enumerate(zip(own["m"].tolist(), own["s"].tolist(), strict=True))}
    for e in range(len(ties)):
        row = own[place[(int(ties["m"][e]), int(ties["s"][e]))]]
        ties["distance"][e], ties["via"][e] = row["distance"], row["via"]
        ties["complaint_ms"][e], ties["complaint_sm"][e] = row["complaint_ms"], row["complaint_sm"]
        for side in ("ms", "sm"):
            if not math.isnan(row[f"trust_{side}"]):
                ties[f"cog_{side}"][e] = ties[f"aff_{side}"][e] = row[f"trust_{side}"]
    mates = np.zeros(len(organization.mates), tables.MATES)
    if len(mates):
        mates["a"], mates["b"] = organization.mates[:, 0], organization.mates[:, 1]
        mates["key"] = np.arange(len(mates))
    sim.firm = sim.firm._replace(mates=mates)
    sim.firm.ledger["n_mates"][0] = len(mates)


def state_hash(firm: Firm) -> int:
    """64 bits of everything the organization is: equal states have equal hashes, whatever room the pools have."""
    seen = hashlib.blake2b(digest_size=8)
    n = {"leads": int(firm.ledger["n_leads"][0]), "customers": int(firm.ledger["n_customers"][0])}
    for name, table in firm._asdict().items():
        rows = table[: n.get(name, len(table))]
        for column in rows.dtype.names or (...,):  # by column: what lies between columns is no state
            seen.update(np.ascontiguousarray(rows[column]).tobytes())
    return int.from_bytes(seen.digest(), "little")


def market_hash(theory: Theory, seed: int, days: int) -> str:
    """16 hex digits of the market: equal for two organizations exactly when they meet the same market.

    Made from whole numbers and the market's own settings, so it is the same on every machine.
    """
    t, w = theory.market, theory.workforce
    about = [int(seed), int(days), t.for_marketers or w.marketers, t.for_salespeople or w.salespeople]
    settings = {k: v for k, v in t._asdict().items() if k not in ("for_marketers", "for_salespeople")}
    with np.errstate(over="ignore"):
        keys = [
            int(key_of(uint64(seed), int(stream), day))
            for stream in _MARKET_STREAMS
            for day in range(0, max(days, 1), YEAR)
        ]
    return hashlib.sha256(json.dumps([about, settings, keys], sort_keys=True).encode()).hexdigest()[:16]
