"""What must hold every night, read from the arrays: leads, customers, hours, money, bounds."""

from __future__ import annotations

import numpy as np

from sim.model import firm as f
from sim.model.appointments import listed
from sim.model.drive import Simulation
from sim.model.firm import AGENDA, QUARTER, YEAR, Fate, Firm, State
from sim.model.rules.money import customer_equity
from sim.result.sound import bounds_of

NEAR = 1e-9  # relative, for sums of money made in another order
ENDED = (State.WON, State.LOST)
TABLES = {
    "people": f.PEOPLE_DOC, "beliefs": f.BELIEFS_DOC, "ties": f.TIES_DOC, "leads": f.LEADS_DOC,
    "customers": f.CUSTOMERS_DOC, "segments": f.SEGMENTS_DOC, "practices": f.PRACTICES_DOC, "heads": f.HEADS_DOC,
    "decisions": f.DECISIONS_DOC, "ledger": f.LEDGER_DOC, "days": f.DAYS_DOC, "answers": f.AUDIT_DOC,
    "quarters": f.QUARTERS_DOC,
}  # fmt: skip
FOR_LIFE = ("key", "born", "origin", "segment")  # of a lead
DATES = ("born", "qualified", "handed", "tried", "opened", "ended")
Found = list[tuple[str, str]]  # promise, sentence


def used(firm: Firm, name: str, day: int) -> np.ndarray:
    """The rows of a table that mean something."""
    quarters = day // QUARTER
    rows = {"days": day, "quarters": quarters, "answers": quarters}.get(name)
    if name in ("leads", "customers"):
        rows = int(firm.ledger[f"n_{name}"][0])
    return getattr(firm, name)[:rows]


def books(simulation: Simulation) -> Found:
    """Everything that is wrong tonight."""
    firm, day = simulation.firm, simulation.day
    return (
        _bounds(firm, day)
        + _notes(simulation)
        + _hours(firm)
        + _leads(firm, day)
        + _customers(firm, day)
        + _money(simulation)
    )


def _bounds(firm: Firm, day: int) -> Found:
    found: Found = []
    for name, meanings in TABLES.items():
        table = used(firm, name, day)
        if name == "days":
            table = table[-1:]
        for column, meaning in meanings.items():
            values = table[column]
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                found.append(("bounds", f"{name}.{column} is not a finite number"))
            limits = bounds_of(meaning)
            if limits and len(values) and (values.min() < limits[0] or values.max() > limits[1]):
                far = values.min() if values.min() < limits[0] else values.max()
                found.append(("bounds", f"{name}.{column} leaves {limits[0]:g}..{limits[1]:g} (it is {far:.6g})"))
    return found


def _notes(simulation: Simulation) -> Found:
    """What people note under another theory, against what its file says of it."""
    found: Found = []
    notes = () if simulation.own is None else simulation.own.theory.notes
    for column, (name, unit, low, high, _) in zip(simulation.firm.guest.dtype.names, notes, strict=False):
        values = simulation.firm.guest[column]
        if not np.isfinite(values).all():
            found.append(("bounds", f"guest.{column} ({name}) is not a finite number"))
        elif len(values) and (values.min() < low or values.max() > high):
            far = values.min() if values.min() < low else values.max()
            found.append(("bounds", f"guest.{column} ({name}) leaves {low:g}..{high:g} {unit} (it is {far:.6g})"))
    return found


def _hours(firm: Firm) -> Found:
    hours = firm.people["hours"]
    wrong = np.flatnonzero(~(np.isfinite(hours) & (hours >= 0)))
    found = [("hours", f"people.hours of row {row} is {hours[row]:.6g}") for row in wrong[:1]]
    for column in (c for c in f.DAYS_DOC if c.startswith("hours_")):
        if (firm.days[column] < 0).any():
            found.append(("hours", f"days.{column} is negative"))
    return found


def _listed(firm: Firm, book: np.ndarray, rows: int) -> np.ndarray:
    """How often each row is met under all the days of a book."""
    numbers = np.array([number for slot in range(len(book)) for number in listed(firm, book, slot)], np.int64)
    return np.bincount(numbers[(numbers >= 0) & (numbers < rows)], minlength=rows)


def _leads(firm: Firm, day: int) -> Found:
    leads, ledger = used(firm, "leads", day), firm.ledger[0]
    found: list[str] = []
    state, fate, people = leads["state"], leads["fate"], int(ledger["n_people"])
    if not np.isin(state, list(State)).all():
        found.append(f"a lead has the state {state[~np.isin(state, list(State))][0]}, which does not exist")
    ended = np.isin(state, ENDED)
    if ((fate == Fate.OPEN) == ended).any() or ((fate == Fate.WON) != (state == State.WON)).any():
        found.append("a lead's fate does not belong to its state")
    if ((leads["ended"] >= 0) != ended).any():
        found.append("a lead is over without a day on which it ended, or the other way round")
    if any((leads[date] >= day).any() for date in DATES):
        found.append("a lead's history lies in the future")
    if any(((leads[who] < -1) | (leads[who] >= people)).any() for who in ("m", "s")):
        found.append("a lead belongs to a person who does not exist")
    totals = firm.days[:day]
    for column, number in (
        ("won", (state == State.WON).sum()),
        ("inquiries", ((leads["born"] >= 0) & (leads["m"] >= 0)).sum()),
    ):
        if int(totals[column].sum()) != int(number):
            found.append(f"the diary has {totals[column].sum():.0f} {column}, the leads {number}")
    for who, number in (("the ledger counts", ledger["open_deals"]), ("people have", firm.people["open_deals"].sum())):
        if int(number) != int((state == State.OPPORTUNITY).sum()):
            found.append(f"{who} {number} open deals, the leads {(state == State.OPPORTUNITY).sum()}")
    met = _listed(firm, firm.agenda, len(leads))
    if (met[~ended] != 1).any():
        row = int(np.flatnonzero(~ended & (met != 1))[0])
        found.append(f"lead {row} has {met[row]} appointments on the agenda: a living lead has one")
    if len(firm.agenda) != AGENDA:
        found.append("the agenda has another length")
    return [("leads", sentence) for sentence in found]


def _customers(firm: Firm, day: int) -> Found:
    customers, ledger = used(firm, "customers", day), firm.ledger[0]
    found: list[str] = []
    active = customers["ended"] < 0
    if int(ledger["active"]) != int(active.sum()):
        found.append(f"the ledger has {ledger['active']:.0f} active customers, there are {active.sum()}")
    met = _listed(firm, firm.renewals, len(customers))
    if (met[active] != 1).any() or (met[~active] != 0).any():
        found.append("an active customer must have one day to renew, and one who left none")
    own = customers["lead"][customers["lead"] >= 0]
    if len(np.unique(own)) != len(own) or (own >= int(ledger["n_leads"])).any():
        found.append("two customers come from the same lead, or from one that does not exist")
    return [("customers", sentence) for sentence in found]


def near(a: float, b: float, scale: float = 1.0) -> bool:
    return abs(a - b) <= NEAR * max(abs(a), abs(b), scale)


def _money(simulation: Simulation) -> Found:
    firm, day, money = simulation.firm, simulation.day, simulation.theory.money
    customers, ledger, today = used(firm, "customers", day), firm.ledger[0], firm.days[day - 1]
    active = customers["ended"] < 0
    found: list[str] = []
    for name, column in (("recurring", "value"), ("special", "special")):
        total = float(customers[column][active].sum())
        if not near(float(ledger[name]), total):
            found.append(f"ledger.{name} is {ledger[name]:.6f}, its customers' {column} {total:.6f}")
    profit = today["revenue"] * money.margin - today["special_cost"] - today["payroll"] - today["other_cash"]
    if not near(float(today["contribution"]), float(profit), float(today["revenue"])):
        found.append(f"the day's contribution is {today['contribution']:.6f}, its parts make {profit:.6f}")
    if not near(float(today["revenue"]), float(ledger["recurring"]) / YEAR):
        found.append(
            f"the day's revenue is {today['revenue']:.6f}, recurring revenue makes {ledger['recurring'] / YEAR:.6f}"
        )
    for name in ("due_value", "likely_value"):
        usual = float(ledger["opening_recurring"]) * (float(ledger["opening_renewal"]) if name[0] == "l" else 1.0)
        total = float(firm.days[name][max(day - YEAR, 0) : day].sum()) + usual * max(YEAR - day, 0) / YEAR
        if not near(float(ledger[name]), total):
            found.append(f"ledger.{name} is {ledger[name]:.6f}, the last {YEAR} days make {total:.6f}")
    worth = float(customer_equity(firm, simulation.numbers))
    if not near(float(today["equity"]), worth):
        found.append(f"the day's customer equity is {today['equity']:.6f}, its customers' contracts make {worth:.6f}")
    if today["cash"] != ledger["cash"]:
        found.append("the diary's cash is not the ledger's")
    if day > 1 and not near(
        float(today["cash"]), float(firm.days[day - 2]["cash"] + today["contribution"]), float(today["cash"])
    ):
        found.append("cash did not change by the day's contribution")
    return [("money", sentence) for sentence in found]


def day_by_day(before: Simulation, after: Simulation) -> Found:
    """What one day may not do to the past."""
    old, new = before.firm, after.firm
    n, c = int(old.ledger["n_leads"][0]), int(old.ledger["n_customers"][0])
    if int(new.ledger["n_leads"][0]) < n or int(new.ledger["n_customers"][0]) < c:
        return [("leads", "leads or customers vanished")]
    found: Found = []
    for column in FOR_LIFE:
        if (old.leads[column][:n] != new.leads[column][:n]).any():
            found.append(("leads", f"leads.{column} changed: it belongs to a lead for life"))
    over = np.isin(old.leads["state"][:n], ENDED)
    for column in ("state", "fate", *DATES):
        if (old.leads[column][:n][over] != new.leads[column][:n][over]).any():
            found.append(("leads", f"leads.{column} of a lead that was over has changed"))
    left = old.customers["ended"][:c] >= 0
    if (old.customers["key"][:c] != new.customers["key"][:c]).any():
        found.append(("customers", "customers.key changed: it belongs to a customer for life"))
    if (old.customers["ended"][:c][left] != new.customers["ended"][:c][left]).any():
        found.append(("customers", "a customer who had left came back, or left again"))
    last = before.day
    if old.days[:last].tobytes() != new.days[:last].tobytes():
        found.append(("same", "the diary of earlier days was rewritten"))
    return found
