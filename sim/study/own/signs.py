"""By what one firm is told from another: rates, waits and counts, of exports and of a run by the same reckoning."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.intake.exports.reading import Imported
from sim.model.firm import NEVER, YEAR, Fate, Firm, Origin, State
from sim.study.own.counts import STEPS, clean_up_days, measured, seen_by, steps_been, told_of
from sim.study.own.hidden import FEWEST, hide_cells

DATED = {"qualified": "the day a lead was qualified", "handed off": "the handoff date", "called": "the first call",
         "opportunity": "which lead became an opportunity"}  # fmt: skip
# What an export may hold, and what a person would call it. A sign needs all columns of its line.
COLUMNS = {
    "opportunities": "opportunities with their days and outcomes",
    "inquiries": "the list of leads, from the inquiry on",
    **{name: DATED[name] for name in DATED if name != "opportunity"},
    "renewals": "renewals, as opportunities of their own type",
}
KEY = b"baton: halves"
SERIES = ("inquiries", "opportunities", "won", "won value")  # what is counted by month
EARLIEST = 0.4  # part of the window that must have been seen before a fit of what was known then


class Rows(NamedTuple):
    """Leads and opportunities as days since the first one, whether of exports or of a run.

    days        working days seen
    ends        calendar days seen
    at          (leads, 5) the calendar day on which a lead came to each of STEPS; nan: never, or nobody wrote it down
    been        (leads, 5) whether it came there
    opened, closed   (deals,) calendar days; closed is nan for what is open or was cleaned up
    won         (deals,) and value (deals,), thousands of the currency; nan unknown
    linked      (deals,) whether it came of one of the leads; None where no column says it
    half_leads, half_deals   which half each row is in: False is fitted, True is judged
    renewed     (won, lost) renewals, or None
    """

    days: int
    ends: float
    at: np.ndarray
    been: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    won: np.ndarray
    value: np.ndarray
    linked: np.ndarray | None
    half_leads: np.ndarray
    half_deals: np.ndarray
    renewed: tuple[int, int] | None
    columns: frozenset[str]

    def until(self, day: float) -> Rows:
        """What had been seen on an earlier calendar day, as if exported then."""
        leads, deals = self.at[:, 0] <= day, self.opened <= day
        at = np.where(self.at[leads] <= day, self.at[leads], np.nan)
        later = np.flip(np.maximum.accumulate(np.flip(~np.isnan(at), 1), 1), 1)
        closed = np.where(self.closed[deals] <= day, self.closed[deals], np.nan)
        return self._replace(
            days=working_days(day), ends=day, at=at, been=later, opened=self.opened[deals], closed=closed,
            won=self.won[deals] & ~np.isnan(closed), value=self.value[deals],
            linked=None if self.linked is None else self.linked[deals], half_leads=self.half_leads[leads],
            half_deals=self.half_deals[deals], renewed=None, columns=self.columns - {"renewals"},
        )  # fmt: skip

    def of_half(self, judged: bool) -> Rows:
        """One half of the rows."""
        leads, deals = self.half_leads == judged, self.half_deals == judged
        return self._replace(
            at=self.at[leads], been=self.been[leads], opened=self.opened[deals], closed=self.closed[deals],
            won=self.won[deals], value=self.value[deals],
            linked=None if self.linked is None else self.linked[deals], half_leads=self.half_leads[leads],
            half_deals=self.half_deals[deals],
        )  # fmt: skip


def working_days(day: float) -> int:
    """Working days in the calendar days 0 .. day, from a Monday on.

    >>> working_days(0), working_days(4), working_days(6), working_days(7)
    (1, 5, 5, 6)
    """
    whole = int(day)
    return whole // 7 * 5 + min(whole % 7, 4) + 1


def calendar_days(days: np.ndarray) -> np.ndarray:
    """Calendar days of working days, from a Monday on; NEVER is nan."""
    known = np.asarray(days, float)
    return np.where(known == NEVER, np.nan, np.floor_divide(known, 5) * 7 + np.mod(known, 5))


# --- of exports ---


def rows_of(found: Imported) -> Rows | None:
    """Leads and opportunities of the last two years of an export; None where it has neither."""
    leads, deals = found.leads, found.deals
    first, last = found.first, pd.Timestamp(found.as_of)
    if first is None:
        return None
    columns = set()
    if leads is not None:
        leads = leads[(leads["created"] >= first) & (leads["created"] <= last)]
        columns.add("inquiries")
        dates, been, there = steps_been(leads)
        columns |= {name for name in there if name in COLUMNS}
        at = np.column_stack([_days(dates[name], first) for name in STEPS])
        been = np.column_stack([been[name].to_numpy(bool) & (name in there) for name in STEPS])
        been = np.flip(np.maximum.accumulate(np.flip(been, 1), 1), 1) & np.array([name in there for name in STEPS])
    else:
        at, been = np.empty((0, len(STEPS))), np.empty((0, len(STEPS)), bool)
    whole = _deals_of(deals, first, last)
    columns |= {"opportunities"} if deals is not None else set()
    renewed = _renewals(found)
    columns |= {"renewals"} if renewed else set()
    linked = None
    if leads is not None and deals is not None and leads["opportunity"].ne("").any():
        linked = whole["id"].isin(set(leads["opportunity"])).to_numpy()
    keys = [] if leads is None else leads["opportunity"].where(leads["opportunity"] != "", "lead " + leads["id"])
    return Rows(
        int(np.busday_count(first.date(), last.date() + pd.Timedelta(days=1))), float((last - first).days), at, been,
        _days(whole["created"], first), _days(whole["closed"], first), whole["outcome"].eq("won").to_numpy(),
        whole["amount"].to_numpy(float) / 1000, linked, halves_of(keys), halves_of(whole["id"]), renewed,
        frozenset(columns),
    )  # fmt: skip


def _deals_of(deals: pd.DataFrame | None, first, last) -> pd.DataFrame:
    """Opportunities opened in the window; what was lost on a day of clean-up was seen until then, and is open."""
    if deals is None:
        return pd.DataFrame({"id": [], "created": pd.to_datetime([]), "closed": pd.to_datetime([]), "outcome": [],
                             "amount": []}).astype({"id": "str", "outcome": "str", "amount": float})  # fmt: skip
    here = deals[~deals["migrated"] & (deals["created"] >= first) & (deals["created"] <= last)]
    swept = here["closed"].isin(clean_up_days(here)) & (here["outcome"] == "lost")
    return here.assign(closed=here["closed"].mask(swept), outcome=here["outcome"].mask(swept, "open"))


def _days(dates: pd.Series, first) -> np.ndarray:
    return ((dates - first).dt.days).to_numpy(float)


def _renewals(found: Imported) -> tuple[int, int] | None:
    won, lost = (
        sum(account.numbers.get(f"renewals_{what}", 0) for account in found.accounts) for what in ("won", "lost")
    )
    return (won, lost) if won >= FEWEST and lost >= FEWEST else None


def halves_of(keys) -> np.ndarray:
    """The half of each row by a keyed hash of its id: the same row is in the same half in whatever order it comes."""
    return np.array([hashlib.blake2b(str(key).encode(), digest_size=1, key=KEY).digest()[0] & 1 for key in keys], bool)


# --- of a run ---


def rows_of_run(firm: Firm, days: int, market: int, start: int = 0) -> Rows:
    """Leads and opportunities of a run's state, seen from its day `start` on for `days` working days."""
    leads = firm.leads[: int(firm.ledger["n_leads"][0])]
    own = leads["origin"] == Origin.OWN
    at = np.column_stack([calendar_days(leads[name]) for name in ("born", "qualified", "handed", "tried", "opened")])
    begun = leads["born"].astype(int) >= start
    theirs = ~own & begun
    opened = (leads["opened"] != NEVER) & (leads["opened"].astype(int) >= start)
    been = np.flip(np.maximum.accumulate(np.flip(~np.isnan(at[theirs]), 1), 1), 1)
    been[:, 0] = True
    won = leads["state"] == State.WON
    ended = np.where((leads["fate"] != Fate.OPEN) | won, calendar_days(leads["ended"]), np.nan)
    half = np.random.default_rng([market, 7]).random(len(leads)) < 0.5
    return Rows(
        days, float(calendar_days(np.array([days - 1]))[0]), at[theirs], been, at[opened, 4], ended[opened],
        won[opened], leads["value"][opened].astype(float), ~own[opened], half[theirs], half[opened],
        _renewed_in(firm, days), frozenset(COLUMNS),
    )  # fmt: skip


def _renewed_in(firm: Firm, days: int) -> tuple[int, int]:
    """Contracts renewed and not renewed in the days of a run."""
    customers = firm.customers[: int(firm.ledger["n_customers"][0])]
    since, ended = customers["since"].astype(int), customers["ended"].astype(int)
    until = np.where(ended != NEVER, ended + 1, days)
    due = np.maximum((until - 1 - since) // YEAR, 0) - np.maximum((-1 - since) // YEAR, 0)
    gone = int((ended != NEVER).sum())
    return int(due.sum()) - gone, gone


# --- both ---


def signs(rows: Rows, columns: frozenset[str] | None = None) -> dict[str, float]:
    """The signs of some rows, as far as the columns tell them; all finite.

    Shares are log-odds, waits and counts logarithms: on these scales a spread means the same everywhere.
    """
    return {name: value for name, (value, _) in _signs(rows, columns).items()}


def _signs(rows: Rows, columns: frozenset[str] | None = None) -> dict[str, tuple[float, tuple[int, ...]]]:
    """Each sign, with the counts that it would give away."""
    columns = rows.columns if columns is None else columns & rows.columns
    found: dict[str, tuple[float, tuple[int, ...]]] = {}
    if "inquiries" in columns:
        found["inquiries a day"] = _rate(len(rows.been), rows.days)
        there = [name for name in STEPS if name in columns or name in ("inquiry", "opportunity")]
        there = [name for name in there if name != "opportunity" or rows.linked is not None or rows.been[:, 4].any()]
        for before, name in zip(there, there[1:], strict=False):
            i, j = STEPS.index(before), STEPS.index(name)
            came, of = int(rows.been[:, j].sum()), int(rows.been[:, i].sum())
            found[f"{name}, of {before}"] = _odds(came, of - came)
            if name != "opportunity":
                wait = rows.at[:, j] - rows.at[:, i]
                wait = wait[wait >= 0]
                if len(wait):
                    found[f"days to {name}"] = float(np.log1p(wait).mean()), (len(wait),)
                    found[f"spread of days to {name}"] = float(np.log1p(wait).std()), (len(wait),)
    if "opportunities" in columns:
        found |= _of_deals(rows, columns)
    if "renewals" in columns and rows.renewed:
        found["renewed"] = _odds(*rows.renewed)
    return found


def _of_deals(rows: Rows, columns: frozenset[str]) -> dict[str, tuple[float, tuple[int, ...]]]:
    ended = ~np.isnan(rows.closed)
    n, won = len(rows.opened), int((rows.won & ended).sum())
    found = {"opportunities a day": _rate(n, rows.days), "won, of ended": _odds(won, int(ended.sum()) - won),
             "still open": _odds(n - int(ended.sum()), int(ended.sum()))}  # fmt: skip
    if "inquiries" in columns and rows.linked is not None:
        found["own opportunities a day"] = _rate(int((~rows.linked).sum()), rows.days)
    logs = np.log(np.maximum((rows.closed - rows.opened)[ended], 0.5))
    for name, each in (("days to the end", logs), ("value", np.log(rows.value[rows.value > 0]))):
        if len(each):
            found[name] = float(each.mean()), (len(each),)
            found[f"spread of {name}"] = float(each.std()), (len(each),)
    return found


def _odds(yes: int, no: int) -> tuple[float, tuple[int, ...]]:
    return float(np.log((yes + 0.5) / (no + 0.5))), (yes, no)


def _rate(n: int, days: int) -> tuple[float, tuple[int, ...]]:
    return float(np.log((n + 0.5) / days)), (n,)


def in_plain(name: str, value: float) -> float:
    """A sign as a person reads it: a share, days, thousands, or so many a month of 21 working days.

    >>> round(in_plain("called, of handed off", 0.0), 2), round(in_plain("days to called", 1.0), 2)
    (0.5, 1.72)
    """
    if name.endswith("a day"):
        return float(np.exp(value)) * 21
    if name.startswith("spread"):
        return value
    if name.startswith("days to") and name != "days to the end":
        return float(np.expm1(value))
    if name in ("days to the end", "value"):
        return float(np.exp(value))
    return float(1 / (1 + np.exp(-value)))


def said(name: str) -> tuple[str, str]:
    """The name of a sign for a person, and its unit."""
    if name.endswith("a day"):
        return name.replace("a day", "a month"), ""
    plain = name.replace("days to", "days until")
    if name.startswith("spread"):
        return plain, "log"
    if name.startswith("days to"):
        return plain, "days"
    return name, "k" if name == "value" else "%"


def counts_of(rows: Rows) -> dict[str, int]:
    """Every count from which the signs are made: what must not differ by one to four from another that is told."""
    found = {name: int(rows.been[:, i].sum()) for i, name in enumerate(STEPS) if name in rows.columns or i in (0, 4)}
    ended = ~np.isnan(rows.closed)
    found |= {"opportunities": len(rows.opened), "won": int((rows.won & ended).sum()),
              "lost": int((ended & ~rows.won).sum()), "open": int((~ended).sum())}  # fmt: skip
    if rows.linked is not None:
        found["own"] = int((~rows.linked).sum())
    return found


# --- what is kept of an export ---


def kept_for_fit(found: Imported) -> dict[str, Any] | None:
    """What `baton fit` and `baton backtest` need of an export, in aggregates; None where there is nothing to fit.

    Returns
    -------
    dict
        `first`, `days`: the window; `columns`; `halves`: the signs of the half that is fitted and of that which is
        judged; `until`: the signs of all rows as they were seen at some ends of months, and what was `measured` in
        them; `months`: what came in each.
        A sign that would give away a count from 1 to 4 is in none.
    """
    rows = rows_of(found)
    if rows is None:
        return None
    first = pd.Timestamp(found.as_of) - pd.Timedelta(days=rows.ends)
    halves = [rows.of_half(judged) for judged in (False, True)]
    safe = set.intersection(*({name for name, each in _signs(half).items() if _may_be_told(each)} for half in halves))
    return {
        "first": first.date().isoformat(), "days": rows.days, "columns": sorted(rows.columns),
        "halves": {name: _kept(half, safe) for name, half in zip(("fitted", "judged"), halves, strict=True)},
        "until": _snapshots(rows, first, found.deals), "months": _months(rows, first),
    }  # fmt: skip


def _may_be_told(sign: tuple[float, tuple[int, ...]]) -> bool:
    return not any(0 < n < FEWEST for n in sign[1])


def _kept(rows: Rows, safe: set[str]) -> dict[str, float]:
    return {name: float(f"{value:.5g}") for name, value in signs(rows).items() if name in safe}


def _snapshots(rows: Rows, first: pd.Timestamp, deals: pd.DataFrame | None = None) -> dict[str, Any]:
    """The signs, and what is measured, as they were seen at ends of months in the later part of the window.

    Only of months between which every count grew by nothing or by five: else two of them would tell of one.
    """
    found: dict[str, Any] = {}
    end = first + pd.Timedelta(days=rows.ends)
    whole, before = counts_of(rows) | _many(_seen_laws(deals, end)), None
    for month in pd.date_range(first, end, freq="ME"):
        day = float((month - first).days)
        if day < EARLIEST * rows.ends or day >= rows.ends:
            continue
        then, laws = rows.until(day), _seen_laws(deals, month)
        now = counts_of(then) | _many(laws)
        if _told_apart(now, whole) and (before is None or _told_apart(now, before)):
            safe = {name for name, each in _signs(then).items() if _may_be_told(each)}
            found[month.date().isoformat()] = {
                "days": then.days,
                "signs": _kept(then, safe),
                "measured": {} if deals is None else told_of(laws, seen_by(deals, month)),
            }
            before = now
    return found


def _seen_laws(deals: pd.DataFrame | None, day: pd.Timestamp) -> dict[str, dict[str, float]]:
    """What is read off what had been seen on a day."""
    return {} if deals is None else measured(seen_by(deals, day), day)


def _many(laws: dict[str, dict[str, float]]) -> dict[str, int]:
    """Of how many deals each law is; 0 where there is none."""
    return {f"{name} measured": int(laws.get(name, {}).get("n", 0)) for name in ("value", "cycle")}


def _told_apart(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether the difference of two sets of counts shows nobody: each is nothing, or five and more.

    >>> _told_apart({"won": 10}, {"won": 10}), _told_apart({"won": 10}, {"won": 12}), _told_apart({}, {"won": 12})
    (True, False, True)
    """
    return all(not 0 < abs(other[name] - n) < FEWEST for name, n in one.items())


def _months(rows: Rows, first: pd.Timestamp) -> list[dict[str, Any]]:
    """By month: leads and opportunities that came, deals that were won in it and what they are worth (thousands)."""
    made, won = rows.at[:, 0], rows.won & ~np.isnan(rows.closed)
    table = pd.DataFrame({
        "inquiries": _by_month(made, first), "opportunities": _by_month(rows.opened, first),
        "won": _by_month(rows.closed[won], first),
        "won value": _by_month(rows.closed[won], first, np.nan_to_num(rows.value[won])),
    }).reindex(_all_months(rows, first), fill_value=0).fillna(0)  # fmt: skip
    found = [
        {
            "month": month,
            **{name: int(row[name]) for name in SERIES[:3]},
            "won value": round(float(row["won value"]), 3),
        }
        for month, row in table.iterrows()
    ]
    for name in SERIES[:3]:
        hide_cells(found, name, (name,))
    for row in found:
        if row["won"] is None:
            row["won value"] = None
    return found


def _all_months(rows: Rows, first: pd.Timestamp) -> list[str]:
    """The months of the window, whole ones only."""
    begins = pd.date_range(first, first + pd.Timedelta(days=rows.ends + 1), freq="MS")
    return [each.strftime("%Y-%m") for each in begins[:-1]]


def _by_month(days: np.ndarray, first: pd.Timestamp, weights: np.ndarray | None = None) -> pd.Series:
    when = (first + pd.to_timedelta(days, "D")).strftime("%Y-%m")
    return pd.Series(np.ones(len(days)) if weights is None else weights, index=when).groupby(level=0).sum()


def months_of_run(rows: Rows, first: str, months: list[str]) -> list[dict[str, Any]]:
    """The same months of a run that begins where the export does and has as many working days, nothing hidden."""
    begin = pd.Timestamp(first)
    made, won = rows.at[:, 0], rows.won & ~np.isnan(rows.closed)
    parts = {"inquiries": (made, None), "opportunities": (rows.opened, None), "won": (rows.closed[won], None),
             "won value": (rows.closed[won], rows.value[won])}  # fmt: skip
    table = pd.DataFrame({name: _by_month(days, begin, each) for name, (days, each) in parts.items()})
    table = table.reindex(months).fillna(0.0)
    return [{"month": month, **{name: float(row[name]) for name in SERIES}} for month, row in table.iterrows()]
