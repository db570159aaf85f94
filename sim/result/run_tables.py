"""The arrays of a finished simulation as pandas tables, in words instead of codes.

One row a day, quarter, lead, customer, person, tie or answer. Days count from 0;
a day that never came is empty (NA). Units are in `table.attrs["units"]`.
"""

from __future__ import annotations

from enum import IntEnum
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.model import firm as f
from sim.model.firm import QUARTER, Stage
from sim.model.things.decision import is_marketings

FATES = {
    f.Fate.OPEN: "open",
    f.Fate.WON: "won",
    f.Fate.NEVER_ANSWERED: "never answered",
    f.Fate.UNQUALIFIED: "not qualified",
    f.Fate.IGNORED: "never called",
    f.Fate.BAD_LEAD: "called: not worth it",
    f.Fate.NOT_INTERESTED: "called: not interested",
    f.Fate.DEAL_LOST: "deal lost",
    f.Fate.TOO_LATE: "answered too late",
}
ORIGINS = {
    f.Origin.PULL: "came by attraction",
    f.Origin.PUSH: "called on by Marketing",
    f.Origin.EVENT: "trade show",
    f.Origin.OWN: "salesperson's own prospecting",
}
SIDES = ("Marketing", "Sales", "both")
SETTLED = ("the lead team", "both heads", "the owner of the P&L", "the chief")  # by the codes of firm.DECISIONS
# Columns of the diary that are a state at a moment, not a sum over time.
LEVELS = ("customers", "reputation", "cash", "trust_ms", "trust_sm", "language", "attitude", "error_m", "error_s",
          "gap", "pressure", "people", "equity")  # fmt: skip
MEANS = ("load_m", "load_s")
SCORES = ("score", "score_19", "score_m", "score_s", "band", "stage", "strategic")
FLAGS = {"logged": f.LOGGED, "joined": f.JOINED, "material": f.MATERIAL, "special": f.SPECIAL, "fed_back": f.FED_BACK,
         "asked": f.ASKED, "key_account": f.KEY_ACCOUNT}  # fmt: skip


def words(kind: type[IntEnum]) -> list[str]:
    """The names of an enumeration as words: `Team.MARKETING` is "marketing"."""
    return [each.name.lower().replace("_", " ") for each in kind]


def unit_of(name: str, meaning: str) -> str:
    """The unit that a field's documentation begins with; what only counts has the unit "count"."""
    if name.startswith("error_") or name == "gap":
        return "standard deviations"
    for unit in ("0..1", "20..100", "19..95", "1..5", "1..4", "k€ a year", "k€ a day", "k€", "hours", "about 1",
                 "share of the day", "metres"):  # fmt: skip
        if meaning.startswith(unit):
            return unit
    return "count"


def _units(meanings: dict[str, str], kinds: np.dtype) -> dict[str, str]:
    return {
        column: unit_of(column, meaning)
        for name, meaning in meanings.items()
        for column, _ in f.columns_of(name, kinds[name])
    }


UNITS = _units(f.DAYS_DOC, f.DAYS) | _units(f.QUARTERS_DOC, f.QUARTERS)


def _frame(rows: np.ndarray, names: tuple[str, ...] | None = None, **first) -> pd.DataFrame:
    columns = f.spread(rows)
    return pd.DataFrame({**first, **{name: np.array(columns[name]) for name in names or columns}})


def with_units(table: pd.DataFrame, extra: dict[str, str] | None = None) -> pd.DataFrame:
    known = UNITS | (extra or {})
    table.attrs["units"] = {name: known[name] for name in table.columns if name in known}
    return table


def _seats(rows: np.ndarray, names: tuple[str, ...]) -> pd.api.extensions.ExtensionArray:
    """Names for seat numbers; nobody (-1) is None."""
    return _words(rows, [*names, None])


def _words(codes: np.ndarray, known: list) -> pd.api.extensions.ExtensionArray:
    """A column of words for codes, made in pandas: of Python's own strings it would take ten times as long."""
    return pd.Series(known).array.take(codes)


def _days(column: np.ndarray) -> pd.arrays.IntegerArray:
    """Days (or row numbers) as nullable integers: -1 is NA."""
    return pd.arrays.IntegerArray(column.astype("i8"), column < 0)


def daily(firm: f.Firm, days: int) -> pd.DataFrame:
    """One row a day, one column a number of the diary; `attrs["units"]` holds the units."""
    return with_units(_frame(firm.days[:days], day=np.arange(days)), {"day": "day"})


def gathered(days: pd.DataFrame, length: int, name: str) -> pd.DataFrame:
    """The diary by periods of `length` days: what flows is summed, what stands is read at the end.

    The last row may be a part of a period; `days` says how long it was.
    """
    groups = pd.DataFrame(days).groupby((days["day"] // length).to_numpy())
    table, last, mean = groups.sum(), groups.last(), groups.mean()
    for column in ("day", *LEVELS):
        table[column] = last[column]
    for column in MEANS:
        table[column] = mean[column]
    table.insert(1, "days", groups.size())
    table.insert(0, name, table.index + 1)
    return with_units(table.reset_index(drop=True), {"day": "day"})


def quarters(firm: f.Firm, days: int) -> pd.DataFrame:
    """One row a whole quarter: the audit's totals, the stage that counts, customer equity."""
    return _frame(firm.quarters[: days // QUARTER], SCORES)


def dressed_quarters(bare: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Quarters with their number, last day, stage in words, and the diary's sums."""
    n = len(bare)
    table = bare.copy()
    table.insert(0, "quarter", np.arange(1, n + 1))
    table.insert(1, "day", np.arange(1, n + 1) * QUARTER - 1)
    names = dict(enumerate(words(Stage), start=1))
    table.insert(table.columns.get_loc("stage") + 1, "stage_name", table["stage"].map(names))
    sums = gathered(days, QUARTER, "quarter").iloc[:n, 3:]  # all but number, day and days
    return with_units(pd.concat([table, sums], axis="columns"), {"day": "day"})


def leads(firm: f.Firm, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a lead: who had it, when what happened to it, and how it ended, in words."""
    rows = firm.leads[: int(firm.ledger["n_leads"][0])]
    table = pd.DataFrame({
        "lead": np.arange(len(rows)),
        "segment": rows["segment"].astype("i8"),
        "value": rows["value"].astype("f8"),
        "fit": rows["fit"].astype("f8"),
        "ready": rows["ready"].astype("f8"),
        "context": rows["context"].astype("f8"),
        "marketer": _seats(rows["m"], names),
        "salesperson": _seats(rows["s"], names),
        "origin": _words(rows["origin"], list(ORIGINS.values())),
        "state": _words(rows["state"], words(f.State)),
        "fate": _words(rows["fate"], list(FATES.values())),
        "born": rows["born"].astype("i8"),
        "answer_hours": np.where(rows["hours"] < 0, np.nan, rows["hours"]).astype("f8"),
        **{name: _days(rows[name]) for name in ("qualified", "handed", "tried", "opened", "ended")},
        "returned": rows["returned"].astype("i8"),
        "touches": rows["touches"].astype("i8"),
        **{name: (rows["flags"] & bit) != 0 for name, bit in FLAGS.items()},
    })  # fmt: skip
    shares = dict.fromkeys(("fit", "ready", "context"), "0..1")
    return with_units(table, {"value": "k€ a year", "answer_hours": "hours", **shares})


def customers(firm: f.Firm, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a customer; `lead` is NA for those the firm began with."""
    rows = firm.customers[: int(firm.ledger["n_customers"][0])]
    numbers = ("segment", "value", "promise", "satisfaction", "special", "burden", "since")
    table = _frame(rows, numbers, customer=np.arange(len(rows)), lead=_days(rows["lead"]))
    table["ended"] = _days(rows["ended"])
    table["salesperson"] = _seats(rows["s"], names)
    table["marketer"] = _seats(rows["m"], names)
    return with_units(table, {"value": "k€ a year", "special": "k€ a year", "satisfaction": "0..1"})


def people(firm: f.Firm, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a seat, as it is at the end: who they are, what they think, which practices they keep."""
    rows = firm.people[: int(firm.ledger["n_people"][0])]
    table = _frame(rows, person=np.array(names, object)[: len(rows)])
    practices = words(f.Practice)
    table["team"] = _words(rows["team"], words(f.Team))
    table["working"] = rows["working"] == 1
    for name in ("complies", "willing"):
        table[name] = [", ".join(p for i, p in enumerate(practices) if int(bits) >> i & 1) for bits in rows[name]]
    table = table.drop(columns=["first", "saw", "dismissed", "waits"], errors="ignore")
    return with_units(table, _units(f.PEOPLE_DOC, f.PEOPLE))


def ties(firm: f.Firm, names: tuple[str, ...]) -> pd.DataFrame:
    """One row a tie across the gap, with trust, familiarity and open grievances both ways."""
    rows = firm.ties[: int(firm.ledger["n_ties"][0])]
    table = _frame(rows, marketer=_seats(rows["m"], names), salesperson=_seats(rows["s"], names))
    table = table.drop(columns=["m", "s"])
    for name in ("via", "complaint_ms", "complaint_sm"):
        table[name] = table[name] > 0
    return with_units(table, {"hours": "hours per contact", **_units(f.TIES_DOC, f.TIES)})


def decisions(firm: f.Firm, days: int) -> pd.DataFrame:
    """One row a quarter and each of the four Ps: the decision in force at its end, who took it and how good it is.

    `heard`: whether the other team was; `since`: day it took effect, NA for what was in force on day 0.
    """
    rows = firm.quarters[: days // QUARTER]
    quarter, q = (each.ravel() for each in np.indices((len(rows), len(f.Decision))))
    table = pd.DataFrame({
        "quarter": quarter + 1,
        "decision": _words(q, words(f.Decision)),
        "led_by": _words(np.array([0 if is_marketings(int(each)) else 1 for each in f.Decision])[q], list(SIDES[:2])),
        "heard": rows["heard"].ravel() == 1,
        "settled_by": _words(rows["settled"].ravel(), list(SETTLED)),
        "since": _days(rows["since"].ravel()),
        "quality": rows["quality"].ravel(),
    })  # fmt: skip
    return with_units(table, {"quality": "0..1"})


def strange(name: str, table: pd.DataFrame) -> str:
    """What is wrong with a table of a saved run; nothing if it is right."""
    one, said = np.zeros(1, f.LEDGER), SimpleNamespace(text="", observed="")
    for count in ("n_leads", "n_customers", "n_people", "n_ties"):
        one[count] = 1
    firm = SimpleNamespace(
        leads=np.zeros(1, f.LEADS), customers=np.zeros(1, f.CUSTOMERS), people=np.zeros(1, f.PEOPLE),
        ties=np.zeros(1, f.TIES), answers=np.zeros((1, len(SIDES), 1), f.AUDIT), ledger=one,
        quarters=np.zeros(1, f.QUARTERS),
    )  # fmt: skip
    make = {"audit": lambda: audit(firm, QUARTER, (said,)), "decisions": lambda: decisions(firm, QUARTER)}
    wanted = make[name]() if name in make else globals()[name](firm, ("",))
    for column in wanted:
        if column not in table:
            return f"has no column {column}"
        is_number, numbers = pd.api.types.is_numeric_dtype, table[column]
        if is_number(wanted[column]) and not is_number(numbers):
            return f"{column} holds no numbers"
        if is_number(numbers) and np.isinf(numbers.to_numpy(float, na_value=np.nan)).any():
            return f"{column} holds a number without end"
    return ""


def audit(firm: f.Firm, days: int, statements: tuple) -> pd.DataFrame:
    """One row a quarter, side and statement: what was observed and counted, and the score 1..5 it gave."""
    n = days // QUARTER
    rows = firm.answers[:n]
    quarter, side, item = (each.ravel() for each in np.indices(rows.shape))
    table = pd.DataFrame({
        "quarter": quarter + 1,
        "side": _words(side, list(SIDES)),
        "item": item + 1,
        "statement": _words(item, [each.text for each in statements]),
        "observed": _words(item, [each.observed for each in statements]),
    })  # fmt: skip
    for name in ("count", "base", "score", "know"):
        table[name] = rows[name].ravel()
    return table


def long(days: pd.DataFrame, bare_quarters: pd.DataFrame, run: str, scenario: str, seed: int) -> pd.DataFrame:
    """The long table: run, scenario, seed, day, metric, value, unit.

    Daily numbers have a row a day; the audit's (score, stage, equity, …) a row
    on each quarter's last day.
    """
    names = [c for c in days.columns if c != "day"]
    pieces = [(days["day"].to_numpy(), names, days[names].to_numpy(float).T.ravel())]
    ends = np.arange(1, len(bare_quarters) + 1) * QUARTER - 1
    pieces.append((ends, list(SCORES), bare_quarters[list(SCORES)].to_numpy(float).T.ravel()))
    metrics = [m for _, names, _ in pieces for m in names]
    codes, start = [], 0
    for when, names, _ in pieces:
        codes.append(np.repeat(np.arange(start, start + len(names)), len(when)))
        start += len(names)
    codes = np.concatenate(codes)
    n = len(codes)
    units = sorted(set(UNITS.values()))
    of_metric = np.array([units.index(UNITS[m]) for m in metrics])
    return pd.DataFrame({
        "run": pd.Categorical.from_codes(np.zeros(n, "i1"), [run]),
        "scenario": pd.Categorical.from_codes(np.zeros(n, "i1"), [scenario]),
        "seed": np.full(n, seed, "i8"),
        "day": np.concatenate([np.tile(when, len(names)) for when, names, _ in pieces]),
        "metric": pd.Categorical.from_codes(codes, metrics),
        "value": np.concatenate([values for _, _, values in pieces]),
        "unit": pd.Categorical.from_codes(of_metric[codes], units),
    })  # fmt: skip


def wide(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Back from the long table: the daily frame, and the quarters' bare numbers."""
    metric = table["metric"].astype(str)
    columns = {name: rows["value"].to_numpy() for name, rows in table.groupby(metric, sort=False)}
    days = pd.DataFrame({name: columns[name] for name in f.DAYS.names})
    days.insert(0, "day", np.arange(len(days)))
    quarter = pd.DataFrame({name: columns.get(name, np.zeros(0)) for name in SCORES})
    for name in ("band", "stage"):
        quarter[name] = quarter[name].astype("i8")
    return with_units(days, {"day": "day"}), quarter
