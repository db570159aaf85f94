"""One prospect's two lives in sentences, and tables of prospects whose lives part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.model.firm import NEVER, Fate
from sim.result import Run
from sim.result.run_tables import FATES
from sim.run import run
from sim.scenario import Scenario
from sim.study.own.accepted import ask_gate

UNKNOWN = "This organization never met the prospect."


class TwoLives(NamedTuple):
    """The same prospect of one market in two organizations."""

    market: int
    lead_a: int | None  # its number there, None where it was never met
    lead_b: int | None
    a: list[str]  # sentences that begin with the day
    b: list[str]


def two_lives(a: Scenario, b: Scenario, lead: int | str, seed: int, **options) -> TwoLives:
    """What became of the same prospect in two organizations.

    Parameters
    ----------
    lead : int or str
        Its number among the leads of a; "b:12" is lead 12 of b.
    seed : int
        The market.
    **options
        Passed to `sim.run`.

    Raises
    ------
    InputError
        There is no such lead.
    """
    text = str(lead).strip().lower()
    side, _, number = text.rpartition(":")
    if side not in ("", "a", "b") or not number.isdecimal():
        raise InputError(f"lead {lead}: give a number, such as 812 (of the first scenario) or b:812 (of the second)")
    ask_gate(a, b)
    runs = [run(each, seed, **options) for each in (a, b)]
    known = runs[side == "b"]
    keys = [_leads(each)["key"] for each in runs]
    if int(number) >= len(keys[side == "b"]):
        raise InputError(f"lead {lead}: {known.name} has the leads 0 to {len(keys[side == 'b']) - 1}")
    key = keys[side == "b"][int(number)]
    rows = [np.flatnonzero(each == key) for each in keys]
    found = [int(each[0]) if len(each) else None for each in rows]
    return TwoLives(seed, *found, *(_life(each, n) for each, n in zip(runs, found, strict=True)))


def _leads(each: Run) -> np.ndarray:
    firm = each.state.firm
    return firm.leads[: int(firm.ledger["n_leads"][0])]


def _life(each: Run, lead: int | None) -> list[str]:
    """A lead's story, and what became of the customer."""
    if lead is None:
        return [UNKNOWN]
    told = each.lead_story(lead)
    rows = each.customers[each.customers["lead"] == lead]
    for _, customer in rows.iterrows():
        if pd.isna(customer["ended"]):
            told.append(f"Day {each.days}: still a customer, {customer['value']:.1f} k€ a year.")
        else:
            years = (int(customer["ended"]) - int(customer["since"])) // 260
            told.append(f"Day {int(customer['ended'])}: did not renew after {years} year{'' if years == 1 else 's'}.")
    return told


def in_words(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Prospects whose lives part, as people read them.

    Columns: market, step, lead_a, lead_b (NA where never met or a customer of
    day 0), value (k€ a year), end_a, end_b, difference (b less a).
    """
    columns: dict = {"market": table["market"].to_numpy(), "step": table["step"].to_numpy(object)}
    for side in "ab":
        lead = table[f"lead_{side}"].to_numpy(np.int64)
        columns[f"lead_{side}"] = pd.arrays.IntegerArray(lead, lead == NEVER)
    columns["value"] = table["value"].to_numpy()
    for side in "ab":
        names = [f"{each}_{side}" for each in ("lead", "customer", "fate", "ended", "left")]
        columns[f"end_{side}"] = [_end(*row) for row in table[names].itertuples(index=False)]
    columns["difference"] = table["difference"].to_numpy()
    found = pd.DataFrame(columns)
    found.attrs["units"] = {"value": "k€ a year", "difference": unit}
    return found


def _end(lead: int, customer: int, fate: int, ended: int, left: int) -> str:
    """How a prospect's life went, in a few words.

    >>> _end(3, 70, 1, 310, 830), _end(3, -1, 4, 200, -1), _end(-1, -1, -1, -1, -1)
    ('won on day 310, left on day 830', 'never called', 'never met')
    """
    after = "" if left == NEVER else f", left on day {left}"
    if fate == NEVER:
        return "never met"
    if lead == NEVER:
        return f"a customer of day 0{after or ', stayed'}"
    if fate == Fate.WON:
        return f"won on day {ended}{after}"
    return FATES[Fate(fate)] if fate != Fate.OPEN else "still under way"
