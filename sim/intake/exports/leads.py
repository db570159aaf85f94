"""Leads: each once, with the days on which they came, were qualified, handed on, called and became an opportunity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.errors import plural
from sim.intake.exports.choices import Desk
from sim.intake.exports.deals import MISSING, dates_in, is_nobody, keys
from sim.intake.exports.match import Match
from sim.intake.exports.sheets import Read
from sim.intake.exports.words import YES, plain

STEPS = ("qualified at", "handed at", "first call", "converted at")


def read_leads(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """One row a lead. The stage that it has now is no history: only dates say how far it came and when."""
    table, account = read.table, desk.account
    days, wrong = dates_in(read, matched, desk)
    n = len(table)
    key = keys(table["id"]) if matched.has("id") else pd.Series(np.arange(n).astype(str), dtype="str")
    double = key.duplicated().to_numpy() & ~wrong
    if double.any():
        account.numbers["duplicates_dropped"] = int(double.sum())
        account.told.append(f"{plural(int(double.sum()), 'lead')} listed once more: left out")
    nothing = pd.Series([""] * n, dtype="str")
    made = pd.DataFrame({
        "id": key, "created": days.get("created", MISSING), **{role: days.get(role, MISSING) for role in STEPS},
        **{role: table[role] if matched.has(role) else nothing for role in ("owner", "creator", "source", "status")},
        "opportunity": keys(table["opportunity"]) if matched.has("opportunity") else nothing,
    })  # fmt: skip
    for name in ("created", *STEPS):
        made[name] = made[name].astype("datetime64[s]")
    made["converted"] = made["converted at"].notna() | (made["opportunity"] != "")
    if matched.has("converted"):
        made["converted"] |= table["converted"].map(lambda text: plain(text) in YES).to_numpy(bool)
    made = made[~(wrong | double)].reset_index(drop=True)
    made["queue"] = is_nobody(made["owner"]) if matched.has("owner") else False
    backwards = (made["handed at"] < made["qualified at"]) | (made["qualified at"] < made["created"])
    if count := int(backwards.sum()):
        account.numbers["backwards"] = count
        what = plural(count, "lead")
        account.told.append(f"{what} reached a later step before an earlier one: counted, their waits are not")
    known = {"qualified at": "mql", "handed at": "sql"}
    account.numbers |= {name: int(made[role].notna().sum()) for role, name in known.items() if matched.has(role)}
    if matched.has("converted", "converted at", "opportunity"):
        account.numbers["converted"] = int(made["converted"].sum())
    return made
