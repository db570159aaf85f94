"""Can the rules live with a state that was read from a file? Shapes, types, ranges, every index, every list of pages.

Compiled rules look up rows without asking whether there are any: a number that
leads out of its table reads or writes whatever lies there. So each whole number
of the firm is declared here, as the row of a table or with its range; ranges of
other numbers stand in the firm's own documentation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np

from sim.model import firm as f
from sim.model.appointments import BEFORE, FIRST, PAGE, WRITTEN, pages_for
from sim.model.drive import Simulation
from sim.model.firm import AGENDA, AT_ONCE, N_ITEMS, N_PRACTICES, N_SIDES, QUARTER, YEAR, Firm, Team
from sim.model.theory import numbers

PLAIN = {"patches": np.int32, "pages": np.int32, "agenda": np.int64, "renewals": np.int64}  # tables of bare numbers
SHAPES: dict[str, tuple] = {  # a word is a length that tables share, None any length
    "people": ("seats",), "beliefs": ("seats", "segments"), "ties": ("ties",), "links": ("links",),
    "mates": ("mates",), "leads": (None,), "customers": (None,), "segments": ("segments",),
    "practices": (N_PRACTICES,), "heads": (2,), "decisions": (4,), "patches": (2, "patches"), "agenda": (AGENDA,),
    "renewals": (YEAR,), "pages": (None, PAGE), "tray": (AT_ONCE,), "ledger": (1,), "days": (None,),
    "audit": (N_SIDES, N_ITEMS), "answers": ("quarters", N_SIDES, N_ITEMS), "quarters": ("quarters",),
    "guest": ("seats",),
}  # fmt: skip

ANY = (-math.inf, math.inf)
FLAG, NUMBER, DAY = (0, 1), (0, math.inf), (-1, math.inf)
SOME, OR_NONE = 0, -1  # a row that there must be, or -1 for none
# Each whole number: (low, high), or (table whose row it is, whether there must be one).
# Where ties lay in the past is looked up with care: a lead may remember one that there is no more.
WHOLE: dict[str, dict[str, tuple]] = {
    "people": {"team": (0, 2), "working": FLAG, "complies": (0, 2**N_PRACTICES - 1), "n_ties": NUMBER, "first": NUMBER,
               "seat": NUMBER, "saw": (0, 2**N_ITEMS - 1), "open_deals": NUMBER,
               "won_month": NUMBER, "site": NUMBER, "joined": ANY, "generation": NUMBER,
               "willing": (0, 2**N_PRACTICES - 1), "misses": NUMBER, "dismissed": FLAG, "planned": FLAG},
    "ties": {"m": ("people", SOME), "s": ("people", SOME), "complaint": FLAG, "via": FLAG,
             "helped": NUMBER, "talked": ANY, "key": NUMBER},
    "links": {"tie": ("ties", SOME), "other": ("people", SOME)},
    "mates": {"key": NUMBER, "a": ("people", SOME), "b": ("people", SOME)},
    "leads": {"key": ANY, "m": ("people", OR_NONE), "s": ("people", OR_NONE), "tie": DAY, "born": DAY,
              "qualified": DAY, "handed": DAY, "tried": DAY, "opened": DAY, "ended": DAY,
              "segment": ("segments", SOME), "state": (0, max(f.State)), "fate": (0, max(f.Fate)),
              "origin": (0, max(f.Origin)), "returned": NUMBER, "flags": (0, 127), "touches": NUMBER},
    "customers": {"key": ANY, "since": ANY, "s": ("people", SOME), "m": ("people", OR_NONE),
                  "segment": ("segments", SOME), "lead": ("leads", OR_NONE), "ended": DAY},
    "practices": {"decreed": DAY, "since": DAY, "pending": DAY},
    "heads": {"generation": NUMBER, "since": ANY},
    "decisions": {"due": DAY, "informed": FLAG, "settled": (0, 3), "heard": FLAG, "since": DAY},
    "ledger": {"born": ANY, "forked": NUMBER,
               "open_deals": NUMBER, "broke": DAY, "stage": (1, 4), "band": (1, 4), "hired": NUMBER,
               "left": NUMBER, "wanted_m": (0, 0), "wanted_s": (0, 0), "n_people": NUMBER, "n_ties": NUMBER,
               "n_links": NUMBER, "n_mates": NUMBER, "n_leads": NUMBER, "n_customers": NUMBER, "n_patches": NUMBER,
               "n_pages": NUMBER, "free_page": ("pages", OR_NONE), "n_liaisons": NUMBER, "n_m": NUMBER,
               "n_s": NUMBER},
    "quarters": {"band": (0, 4), "stage": (0, 4), "heard": FLAG, "settled": (0, 3), "since": DAY},
}  # fmt: skip
FREE = {"tray", "guest"}  # nothing on the tray outlives a rule; what a guest keeps is the guest's
LARGEST = 1e15  # of a number without bounds of its own


class Unsound(ValueError):
    """What is wrong in a state."""


def kind_of(name: str) -> np.dtype:
    """The type of a table, as the rules were compiled for it."""
    return np.dtype(PLAIN[name]) if name in PLAIN else getattr(f, "AUDIT" if name == "answers" else name.upper())


def bounds_of(meaning: str) -> tuple[float, float] | None:
    """The bounds that a field's documentation states, or None.

    >>> bounds_of("0..1 skill at the own craft"), bounds_of("1 while the seat is filled"), bounds_of("metres")
    ((0.0, 1.0), (0.0, 1.0), None)
    """
    found = re.match(r"(-?[\d.]+?)\.\.(-?\d+)\b", meaning)
    if found:
        return float(found[1]), float(found[2])
    return (0.0, 1.0) if re.match(r"1 (if|while) ", meaning) else None


def check_tables(firm: Firm) -> None:
    """Types and shapes, before anything else is read from the tables. Raises Unsound."""
    lengths: dict[str, int] = {}
    for name, table in firm._asdict().items():
        shape = SHAPES[name]
        if table.dtype.descr != kind_of(name).descr:
            raise Unsound(f"{name}: its columns are not those of {name}")
        if table.ndim != len(shape):
            raise Unsound(f"{name}: has {table.ndim} dimensions, not {len(shape)}")
        for want, has in zip(shape, table.shape, strict=True):
            want = lengths.setdefault(want, has) if isinstance(want, str) else want
            if want is not None and want != has:
                raise Unsound(f"{name}: is {has} long where {want} is right")


def check(simulation: Simulation) -> None:
    """Everything that a rule relies on without asking. Raises Unsound with the first thing that is wrong."""
    firm = simulation.firm
    _theory(simulation)
    _clock(simulation)
    rows = _rows(firm)
    for name, table in firm._asdict().items():
        if name not in FREE and table.dtype.names:
            _columns(name, table[: rows[name]], rows)
    _within("patches", firm.patches, -1, rows["people"] - 1)
    _people(firm)
    _books(firm, rows)


def _within(what: str, values: np.ndarray, low: float, high: float) -> None:
    wrong = np.argwhere(~((values >= low) & (values <= high)))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise Unsound(f"{what}, row {place[0]}: {values[place]:g} is not within {low:g} .. {high:g}")


def _agree(what: str, said: float, found: float) -> None:
    if said != found:
        raise Unsound(f"{what}: {said:g} is written, and it is {found:g}")


def _theory(simulation: Simulation) -> None:
    for name, number in numbers().items():
        group, field = name.split(".")
        _within(name, np.array([getattr(getattr(simulation.theory, group), field)]), number.low, number.high)


def _clock(simulation: Simulation) -> None:
    firm, day, horizon = simulation.firm, simulation.day, simulation.horizon
    if not 0 <= simulation.seed < 2**64:
        raise Unsound(f"seed: {simulation.seed} is no market's number")
    if not 0 <= day <= horizon or firm.ledger["broke"][0] > day:
        raise Unsound(f"day: {day} is not within the horizon of {horizon} days, or the cash ran out later")
    if len(firm.days) < horizon or len(firm.quarters) * QUARTER < horizon:
        raise Unsound(f"days: {len(firm.days)} and {len(firm.quarters)} quarters are too few for {horizon} days")
    _agree("names", len(simulation.names), len(firm.people))


def _rows(firm: Firm) -> dict[str, int]:
    """How many rows of each table mean something."""
    ledger, rows = firm.ledger[0], {name: len(table) for name, table in firm._asdict().items()}
    for name in ("people", "ties", "links", "mates"):
        _agree(f"ledger.n_{name}", ledger[f"n_{name}"], rows[name])
    _agree("ledger.n_patches", ledger["n_patches"], firm.patches.shape[1])
    for name in ("leads", "customers", "pages"):
        _within(f"ledger.n_{name}", firm.ledger[f"n_{name}"], 0, rows[name])
    if rows["pages"] < pages_for(rows["leads"], rows["customers"]):
        raise Unsound(f"pages: {rows['pages']} are fewer than so many leads and customers can need")
    return rows | {name: int(ledger[f"n_{name}"]) for name in ("leads", "customers", "pages")}


def _columns(name: str, table: np.ndarray, rows: dict[str, int]) -> None:
    """Each number within its range, each row that is named in its table."""
    for column, meaning in getattr(f, f"{'AUDIT' if name == 'answers' else name.upper()}_DOC").items():
        if table[column].dtype.kind == "f":
            low, high = bounds_of(meaning) or (-LARGEST, LARGEST)
            low = min(low, 0.0)  # a row that is not written yet holds zeros
        else:
            low, high = WHOLE[name][column]
            low, high = (high, rows[low] - 1) if isinstance(low, str) else (low, high)
        if table[column].dtype.kind == "f" or (low, high) != ANY:
            _within(f"{name}.{column}", table[column], low, high)


def _people(firm: Firm) -> None:
    """Seats, teams and ties as those who look people up by their seat, or count them, take them to be."""
    people, ledger = firm.people, firm.ledger[0]
    if (people["first"].astype(np.int64) + people["n_ties"] > len(firm.links)).any():
        raise Unsound("people.first: somebody has ties beyond the links that there are")
    kind, place = people["seat"] % 4, people["seat"] // 4
    if (place >= len(people)).any() or len(np.unique(people["seat"])) != len(people):
        raise Unsound("people.seat: two people have the same seat, or one that there is not")
    working = people["working"] == 1
    own = (kind == people["team"]) | ((kind == Team.MARKETING) & (people["team"] == Team.LIAISON))
    if (working & ~own).any():
        raise Unsound("people.team: somebody works who belongs to another team than the seat")
    for name, team in (("n_m", Team.MARKETING), ("n_s", Team.SALES), ("n_liaisons", Team.LIAISON)):
        _agree(f"ledger.{name}", ledger[name], (working & (people["team"] == team)).sum())
    declared = numbers()
    for name, who in (("ref_m", "marketers"), ("ref_s", "salespeople")):
        _within(f"ledger.{name}", firm.ledger[name], 0, declared[f"workforce.{who}"].high)


def _books(firm: Firm, rows: dict[str, int]) -> None:
    """Every lead and customer at most once under a day, on pages that belong to one list each."""
    open_deals = (firm.leads["state"][: rows["leads"]] == f.State.OPPORTUNITY).sum()
    _agree("ledger.open_deals", firm.ledger["open_deals"][0], open_deals)
    free = firm.ledger["free_page"]
    met = np.concatenate([*_listed(firm, "agenda", rows["leads"], rows), *_listed(firm, "renewals", rows["customers"],
                          rows), *_chained(firm, "ledger.free_page", free[free >= 0], rows)])  # fmt: skip
    if len(np.unique(met)) != len(met) or len(met) != rows["pages"]:
        raise Unsound("pages: one belongs to two lists, or to none")


def _chained(firm: Firm, what: str, pages: np.ndarray, rows: dict[str, int]) -> Iterator[np.ndarray]:
    """The pages of some lists at once: the last of each, those before them, and so on."""
    left = rows["pages"]
    while len(pages):
        _within(what, pages, 0, rows["pages"] - 1)
        left -= len(pages)
        if left < 0:
            raise Unsound(f"{what}: its pages go round in a circle")
        yield pages
        before = firm.pages[pages, BEFORE]
        pages = before[before != -1]


def _listed(firm: Firm, book: str, most: int, rows: dict[str, int]) -> list[np.ndarray]:
    """The pages of a book; what stands on them is a row each, none twice."""
    last = getattr(firm, book)
    found, lines = [], []
    for depth, pages in enumerate(_chained(firm, book, last[last != -1], rows)):
        written = firm.pages[pages, WRITTEN]
        _within(f"{book}: numbers on a page", written, 0 if depth == 0 else PAGE - FIRST, PAGE - FIRST)
        on_it = firm.pages[pages, FIRST:]
        lines.append(on_it[np.arange(PAGE - FIRST) < written[:, None]])
        found.append(pages)
    named = np.concatenate([*lines, np.zeros(0, np.int32)])
    _within(book, named, -1 if book == "renewals" else 0, most - 1)
    named = named[named >= 0]
    if len(np.unique(named)) != len(named):
        raise Unsound(f"{book}: somebody stands there twice")
    return found
