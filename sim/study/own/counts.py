"""A firm's own funnel in aggregates: steps, rates, waits, by source, pair of teams and month; how long deals take."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from sim.intake.exports.reading import Imported
from sim.study.own.hidden import FEWEST, hide_cells, rows_shown, shown, spaced, told_beside
from sim.study.tables.kaplan_meier import Curve, kaplan_meier

STEPS = ("inquiry", "qualified", "handed off", "called", "opportunity")
SILENT_DAYS = 90  # without a further step a lead counts as dead
WEEK = 7
LEAST_CHANCE = 1e-300  # of a day that a law all but excludes, so that its logarithm is a number
SURPRISE = 1e-6  # chance of so many losses on one day, below which it was a clean-up
OUTCOMES = ("won", "lost", "open")
NO_PAIR = "(no pair known)"  # with it the pairs add up to all opportunities
STATEMENTS = [str(n) for n in range(1, 21)]


def funnel_of(found: Imported) -> dict[str, Any]:
    """Everything that is kept of a firm's deals and leads: aggregates, none of them of less than five.

    Returns
    -------
    dict
        `steps` (from the inquiry on; waits in days), `deals` (rates and how long they take), `by_source`, `by_pair`,
        `by_month`, `dead` (leads by the last step they reached), `measured`, `audit`. None: hidden or unknown.
    """
    deals, leads = found.deals, found.leads
    as_of = None if found.as_of is None else pd.Timestamp(found.as_of)
    kept: dict[str, Any] = {"as_of": found.as_of and found.as_of.isoformat(), "currency": found.currency}
    kept["steps"], reached = _steps(leads, deals)
    kept["dead"] = _dead(leads, reached, as_of)
    kept["deals"] = None if deals is None else deals_of(deals, as_of)
    kept["by_source"] = _by_source(leads, deals, reached)
    kept["by_pair"] = _by_pair(found)
    kept["by_month"] = _by_month(leads, deals, as_of)
    kept["measured"] = {} if deals is None else told_of(measured(deals, as_of), deals)
    kept["measured"] |= _renewed(found)
    kept["audit"] = audit_of(found.answers)
    return kept


# --- steps ---


def _steps(leads: pd.DataFrame | None, deals: pd.DataFrame | None) -> tuple[list[dict], pd.Series | None]:
    """The steps of leads that the files tell, and how far each lead came (an index of STEPS).

    Who came to a later step has been through those before, whether or not they have a date.
    """
    if leads is None:
        return [], None
    days, been, there = steps_been(leads)
    reached = pd.Series(0, index=leads.index)
    for name in there:
        reached = reached.mask(been[name], STEPS.index(name))
    steps: list[dict[str, Any]] = []
    before, last = None, None  # the step before with its count; the last count that is told
    for name in there:
        n = int((reached >= STEPS.index(name)).sum())
        told = told_beside(n, last)
        row: dict[str, Any] = {"step": name, "reached": told, "of": None, "rate": None, "wait": None}
        if before is not None:
            row["of"] = steps[-1]["reached"]
            if told is not None and row["of"]:
                row["rate"] = round(n / before[1], 4)
            wait = (days[name] - days[before[0]]).dt.days
            row["wait"] = _beside(quartiles(wait[wait >= 0]), told)
        steps.append(row)
        before, last = (name, n), told or last
    return steps, reached


def steps_been(leads: pd.DataFrame) -> tuple[dict[str, pd.Series], dict[str, pd.Series], list[str]]:
    """The day on which each lead came to each step, whether it did, and the steps that the files tell."""
    days = {"inquiry": leads["created"], "qualified": leads["qualified at"], "handed off": leads["handed at"],
            "called": leads["first call"], "opportunity": leads["converted at"]}  # fmt: skip
    been = {name: at.notna() for name, at in days.items()} | {"inquiry": pd.Series(True, index=leads.index)}
    been["opportunity"] |= leads["converted"]
    if not been["handed off"].any() and leads["owner"].ne("").any():
        been["handed off"] = ~leads["queue"] & leads["owner"].ne("")
        if (leads["person"] >= 0).any():
            been["handed off"] &= leads["person"] >= 0
    there = [name for name in STEPS if name == "inquiry" or been[name].any()]
    return days, been, there


def quartiles(days: pd.Series) -> dict[str, float] | None:
    """Quarter, half and three quarters of some waits in days; None of less than five.

    >>> quartiles(pd.Series([1.0, 2, 3, 4, 5]))
    {'n': 5, 'quarter': 2.0, 'median': 3.0, 'three quarters': 4.0}
    """
    days = days.dropna()
    if len(days) < FEWEST:
        return None
    parts = np.quantile(days, (0.25, 0.5, 0.75))
    return {"n": len(days), **dict(zip(("quarter", "median", "three quarters"), map(float, parts), strict=True))}


def _beside(wait: dict[str, Any] | None, of: int | None) -> dict[str, Any] | None:
    """A wait beside the count of those who waited; of how many it is, is hidden where that count is or would be."""
    return wait and wait | {"n": None if of is None else told_beside(wait["n"], of)}


def _dead(leads: pd.DataFrame | None, reached: pd.Series | None, as_of) -> list[dict]:
    """Leads that became no opportunity and have been silent for 90 days, by the last step they reached."""
    if leads is None or reached is None or as_of is None:
        return []
    last = leads[["created", "qualified at", "handed at", "first call"]].max(axis=1)
    dead = (reached < STEPS.index("opportunity")) & ((as_of - last).dt.days >= SILENT_DAYS)
    counts = reached[dead].value_counts()
    rows = [{"after": STEPS[step], "leads": int(n)} for step, n in sorted(counts.items())]
    stopped = {STEPS[step]: int(n) for step, n in reached.value_counts().items()}
    kept = rows_shown(rows, "leads", (), "after")
    for row in kept:  # beside those that came no further, of whom some are not silent yet
        row["leads"] = told_beside(row["leads"], stopped.get(row["after"]))
    return kept


# --- deals ---


def deals_of(deals: pd.DataFrame, as_of) -> dict[str, Any]:
    """Rates of opportunities and how long they take; those moved from another system are counted apart."""
    here = deals[~deals["migrated"]]
    times, events, won = durations(here, as_of)
    counts = {name: int((here["outcome"] == name).sum()) for name in OUTCOMES}
    cells = dict.fromkeys(OUTCOMES) if any(shown(n) is None for n in counts.values()) else counts
    decided = counts["won"] + counts["lost"]
    money = here.loc[here["outcome"] == "won", "amount"].dropna()
    return {
        "opportunities": shown(len(here)), **cells, "migrated": shown(int(deals["migrated"].sum())),
        "win_rate": round(counts["won"] / decided, 4) if cells["won"] is not None and counts["lost"] else None,
        "won_value": round(float(money.sum()), 2) if len(money) >= FEWEST else None,
        "median_won_value": round(float(money.median()), 2) if len(money) >= FEWEST else None,
        **{f"{name}_days": _beside(quartiles((here["closed"] - here["created"]).dt.days[here["outcome"] == name]),
                                   cells[name]) for name in ("won", "lost")},
        "clean_up_days": len(clean_up_days(here)), "closing": _beside(_closing(times, events, won), len(here)),
    }  # fmt: skip


def clean_up_days(deals: pd.DataFrame) -> list:
    """Days on which so many deals were lost at once that somebody cleaned up: their time says nothing of customers.

    Losses of a day are counted against Poisson's law with the mean of all days on which a deal was closed.
    """
    lost = deals.loc[deals["outcome"] == "lost", "closed"].dropna().value_counts()
    active = max(deals["closed"].dropna().nunique(), 1)
    from scipy import stats

    chance = stats.poisson.sf(lost.to_numpy() - 1, lost.sum() / active)
    return list(lost.index[(chance < SURPRISE) & (lost >= FEWEST).to_numpy()])


def under_way(deals: pd.DataFrame, as_of) -> pd.DataFrame:
    """Each deal's first and last day, and whether it `ended` there (else it was lost from sight), and was `won`.

    Open deals are seen until the export; what was lost on a clean-up day was seen until then.
    """
    began = deals[deals["created"].notna()]
    last = began["closed"].fillna(pd.Timestamp(as_of) if as_of is not None else pd.NaT)
    cleaned = began["closed"].isin(clean_up_days(deals)) & (began["outcome"] == "lost")
    found = pd.DataFrame({"first": began["created"], "last": last, "ended": began["closed"].notna() & ~cleaned,
                          "won": began["outcome"] == "won"})  # fmt: skip
    return found[found["last"] >= found["first"]]


def durations(deals: pd.DataFrame, as_of) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days each deal was under way, whether it ended (1) or was lost from sight (0), and whether it was won."""
    found = under_way(deals, as_of)
    times = (found["last"] - found["first"]).dt.days
    return times.to_numpy(float), found["ended"].to_numpy(int), found["won"].to_numpy()


def _closing(times: np.ndarray, events: np.ndarray, won: np.ndarray) -> dict[str, Any] | None:
    """How large a share is closed, and how large a share won, by some weeks: five deals apart, and five left."""
    if len(times) < FEWEST or not events.any():
        return None
    curve = kaplan_meier(times, events)
    weeks = np.arange(0, times.max() + WEEK, WEEK)
    still = np.array([curve.still(week) for week in weeks])
    weeks = weeks[(still >= FEWEST) | (weeks == 0)]

    def apart(which: np.ndarray) -> np.ndarray:
        so_far = np.array([(times[which] <= week).sum() for week in weeks])
        return weeks[spaced(np.diff(so_far, prepend=0).tolist())]

    ended, bought = apart(events == 1), apart((events == 1) & won)
    at = np.searchsorted(curve.time, ended, side="right") - 1
    reached = np.flatnonzero(curve.share >= 0.5)
    return {
        "n": len(times), "median_days": float(curve.time[reached[0]]) if len(reached) else None,
        "day": ended.tolist(), "closed": curve.share[at].round(4).tolist(),
        "low": np.nan_to_num(curve.low[at], nan=0.0).round(4).tolist(),
        "high": np.nan_to_num(curve.high[at], nan=1.0).round(4).tolist(),
        "won_day": bought.tolist(), "won": won_by(times, events, won)(bought).round(4).tolist(),
    }  # fmt: skip


def won_by(times: np.ndarray, events: np.ndarray, won: np.ndarray):
    """A function from days to the share that is won by then (Aalen and Johansen): a lost deal cannot be won any more.

    >>> by = won_by(np.array([1.0, 2, 3, 4]), np.array([1, 1, 1, 0]), np.array([True, False, True, False]))
    >>> by(np.array([0, 1, 2, 3])).tolist()
    [0.0, 0.25, 0.25, 0.5]
    """
    curve: Curve = kaplan_meier(times, events)
    left = 1.0 - curve.share[:-1]  # still under way just before each time at which some ended
    wins = np.array([(won & (events == 1) & (times == day)).sum() for day in curve.time[1:]])
    share = np.concatenate([[0.0], np.cumsum(left * wins / curve.at_risk[1:])])

    def by(days: np.ndarray) -> np.ndarray:
        return share[np.searchsorted(curve.time, days, side="right") - 1]

    return by


def measured(deals: pd.DataFrame, as_of) -> dict[str, dict[str, float]]:
    """What is read off: lognormal laws of a deal's value and of the time to its end, with errors of the median.

    The time in working days, open deals censored.
    """
    here = deals[~deals["migrated"]]
    found = {}
    money = here.loc[here["amount"] > 0, "amount"].to_numpy(float)
    if len(money) >= FEWEST:
        logs = np.log(money)
        found["value"] = {"median": float(np.exp(logs.mean())), "sd_log": float(logs.std(ddof=1)), "n": len(money),
                          "error_log": float(logs.std(ddof=1) / np.sqrt(len(money)))}  # fmt: skip
    seen = under_way(here, as_of)
    days, events = np.busday_count(*(seen[end].to_numpy("datetime64[D]") for end in ("first", "last"))), seen["ended"]
    if events.sum() >= FEWEST:
        median, sd = censored_lognormal(days, events.to_numpy(int))
        found["cycle"] = {"median": median, "sd_log": sd, "n": int(events.sum()),
                          "error_log": float(sd / np.sqrt(events.sum()))}  # fmt: skip
    return found


def told_of(laws: dict[str, dict[str, Any]], deals: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The same laws as they may be kept beside the counts of opportunities.

    Where of how many a law is would tell a count from 1 to 4, it is left out, and the error, which is made of it, has
    one digit, rounded up.
    """
    here = deals[~deals["migrated"]]
    n = {name: int((here["outcome"] == name).sum()) for name in OUTCOMES}
    known = all(shown(each) is not None for each in n.values())
    beside = {"value": (len(here), n["won"] if known else None), "cycle": (len(here), n["won"] + n["lost"])}
    found = {}
    for name, law in laws.items():
        hide = told_beside(law["n"], *beside[name]) is None
        found[name] = law | {"n": None, "error_log": _one_digit_up(law["error_log"])} if hide else law
    return found


def _one_digit_up(x: float) -> float:
    """The least number of one digit that is not below a positive one.

    >>> _one_digit_up(0.1183), _one_digit_up(0.04), _one_digit_up(0.98), _one_digit_up(0.0)
    (0.2, 0.04, 1.0, 0.0)
    """
    if x <= 0:
        return 0.0
    unit = 10.0 ** np.floor(np.log10(x))
    return float(f"{np.ceil(round(x / unit, 9)) * unit:.1g}")


def seen_by(deals: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The deals as they had been seen on an earlier day; amounts as they are listed now."""
    there = deals[deals["created"].fillna(deals["closed"]) <= day]
    ended = there["closed"] <= day
    return there.assign(closed=there["closed"].where(ended), outcome=there["outcome"].where(ended, "open"))


def _renewed(found: Imported) -> dict[str, dict[str, float]]:
    """The share of renewals that were won, where both the won and the lost may be told."""
    won, lost = (
        sum(account.numbers.get(f"renewals_{what}", 0) for account in found.accounts) for what in ("won", "lost")
    )
    if shown(won) is None or shown(lost) is None or not won + lost:
        return {}
    share = won / (won + lost)
    return {"renewed": {"share": share, "n": won + lost, "error": float(np.sqrt(share * (1 - share) / (won + lost)))}}


def censored_lognormal(days: np.ndarray, events: np.ndarray) -> tuple[float, float]:
    """Median and spread (of the logarithm) of the lognormal law under which these whole days are likeliest.

    As in the model, what took 10.7 days is seen as 10, and what took less than one as 1. What was lost from sight after
    10 (event 0) took 11 or more. Days of the same length are counted, not repeated, as an export may hold a million.

    >>> censored_lognormal(np.array([10, 20, 40, 20, 30]), np.array([1, 1, 1, 1, 0]))[0] > 20
    True
    """
    from scipy import optimize, stats

    ended, n_ended = np.unique(np.maximum(days[events == 1], 1), return_counts=True)
    open_, n_open = np.unique(days[events == 0], return_counts=True)
    starts, ends, seen = np.where(ended > 1, np.log(ended), -np.inf), np.log(ended + 1.0), np.log(open_ + 1.0)

    def unlikely(at: np.ndarray) -> float:
        law = stats.norm(at[0], np.exp(at[1]))
        there = np.maximum(law.cdf(ends) - law.cdf(starts), LEAST_CHANCE)
        return -float(n_ended @ np.log(there) + n_open @ law.logsf(seen))

    middles = np.log(ended + 0.5)
    mean = float(np.average(middles, weights=n_ended))
    spread = max(float(np.sqrt(np.average((middles - mean) ** 2, weights=n_ended))), 0.01)
    at = optimize.minimize(unlikely, [mean, np.log(spread)], method="Nelder-Mead", options={"xatol": 1e-5}).x
    return float(np.exp(at[0])), float(np.exp(at[1]))


# --- by group ---


def _by_source(leads, deals, reached) -> list[dict]:
    if leads is not None and leads["source"].ne("").any():
        table = pd.DataFrame({"source": leads["source"].replace("", "(none)"),
                              "opportunity": (reached >= STEPS.index("opportunity")).astype(int)})  # fmt: skip
        groups = table.groupby("source")["opportunity"]
        rows = [{"source": name, "leads": len(each), "opportunities": int(each.sum()),
                 "rest": int((1 - each).sum())} for name, each in groups]  # fmt: skip
        kept = rows_shown(rows, "leads", ("opportunities", "rest"), "source")
        return [{name: each for name, each in row.items() if name != "rest"} for row in kept]
    if deals is not None and deals["source"].ne("").any():
        here = deals[~deals["migrated"]]
        return _outcomes_by(here, here["source"].replace("", "(none)"), "source")
    return []


def _outcomes_by(deals: pd.DataFrame, groups: pd.Series, name: str) -> list[dict]:
    table = pd.crosstab(groups, deals["outcome"]).reindex(columns=OUTCOMES, fill_value=0)
    rows = [{name: each, "opportunities": int(row.sum()), **{key: int(row[key]) for key in OUTCOMES}}
            for each, row in table.iterrows()]  # fmt: skip
    return rows_shown(rows, "opportunities", OUTCOMES, name)


def teams_of(people: pd.DataFrame) -> list[str]:
    """The team of each person, numbered on each side in the order of the list: no department is named.

    >>> teams_of(pd.DataFrame({"side": ["sales", "marketing", "sales"], "department": ["EMEA", "Brand", "US"]}))
    ['Sales 1', 'Marketing 1', 'Sales 2']
    """
    numbers: dict[str, dict[str, int]] = {}
    found = []
    for side, department in zip(people["side"], people["department"], strict=True):
        known = numbers.setdefault(side, {})
        found.append(f"{side.capitalize()} {known.setdefault(department, len(known) + 1)}")
    return found


def _by_pair(found: Imported) -> list[dict]:
    """Opportunities by the team whose marketer made the lead and the team of the salesperson who had it."""
    if found.people is None or found.leads is None or found.deals is None:
        return []
    teams = np.array([*teams_of(found.people), ""], object)
    both = found.leads[found.leads["opportunity"] != ""][["opportunity", "maker"]].drop_duplicates("opportunity")
    deals = found.deals[~found.deals["migrated"]].merge(both, left_on="id", right_on="opportunity", how="left")
    known = (deals["maker"].fillna(-1) >= 0) & (deals["person"] >= 0)
    if not known.any():
        return []
    maker, person = (deals[name].where(known, -1).to_numpy(int) for name in ("maker", "person"))
    pair = pd.Series(np.where(known, teams[maker] + " - " + teams[person], NO_PAIR), index=deals.index)
    return _outcomes_by(deals, pair, "pair")


def month_of(days: pd.Series) -> pd.Series:
    """The month of each day: 2025-03; written once a day, not once a row."""
    codes, known = pd.factorize(days)
    return pd.Series(np.array([day.strftime("%Y-%m") for day in known], object)[codes], index=days.index)


def _by_month(leads, deals, as_of) -> list[dict]:
    """By the month in which leads came and opportunities were opened."""
    rows: dict[str, dict[str, int]] = {}
    empty = {"leads": 0, "opportunities": 0, **dict.fromkeys(OUTCOMES, 0)}
    if leads is not None:
        for month, n in month_of(leads["created"].dropna()).value_counts().items():
            rows.setdefault(month, dict(empty))["leads"] = int(n)
    if deals is not None:
        here = deals[~deals["migrated"] & deals["created"].notna()]
        for (month, outcome), n in here.groupby([month_of(here["created"]), "outcome"]).size().items():
            row = rows.setdefault(month, dict(empty))
            row[outcome] += int(n)
            row["opportunities"] += int(n)
    found = [{"month": month, **rows[month]} for month in sorted(rows)]
    undated = [] if deals is None else deals.loc[~deals["migrated"] & deals["created"].isna(), "outcome"].tolist()
    rest = {"leads": 0 if leads is None else int(leads["created"].isna().sum()), "opportunities": len(undated)}
    for name, n in rest.items():
        hide_cells(found, name, (name,), {name: n})
    hide_cells(found, "opportunities", OUTCOMES, {name: undated.count(name) for name in OUTCOMES})
    return found


def audit_of(answers: pd.DataFrame | None) -> dict[str, Any] | None:
    """Means of the audit's statements: by side from five answers on, in total ("both") from ten of the two sides.

    Nothing is shown that a subtraction would turn into the mean of fewer than five: beside a total, a side stands only
    where the other does too, and so for each statement.

    answers   a row an answer: side, 1 … 20 (NaN: skipped)
    """
    if answers is None:
        return None
    parts = {side: answers[answers["side"] == side] for side in ("marketing", "sales")}
    parts["both"] = pd.concat(parts.values())
    given = {name: rows[STATEMENTS].notna().sum().to_numpy() for name, rows in parts.items()}
    total = len(parts["both"]) >= 2 * FEWEST
    few = [side for side in ("marketing", "sales") if len(parts[side]) < FEWEST]
    told = [side for side in parts if (side == "both" and total) or side not in ("both", *few)]
    if total and len(few) == 1 and len(parts[few[0]]):
        told = ["both"]
    hidden = {name: given[name] < FEWEST for name in parts}
    tells = (given["marketing"] > 0) & hidden["marketing"] | (given["sales"] > 0) & hidden["sales"]
    found = {}
    for name in told:
        means = parts[name][STATEMENTS].mean().to_numpy()
        hide = hidden[name] | (tells if name != "both" and total else False)
        found[name] = {"answers": len(parts[name]),
                       "statements": [None if no or np.isnan(x) else round(float(x), 3)
                                      for x, no in zip(means, hide, strict=True)]}  # fmt: skip
    return found


def day_of(text: str) -> datetime.date:
    """A day as funnel.json has it."""
    return datetime.date.fromisoformat(text)
