"""Leads and the log of their stages: each once, with the days on which it came, was qualified, handed on, called …"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.errors import cut, plural
from sim.intake.exports.choices import Account, Desk
from sim.intake.exports.deals import MISSING, dates_in, is_nobody, keys, stages_in
from sim.intake.exports.match import Match
from sim.intake.exports.sheets import Read
from sim.intake.exports.words import NOT, REACHED, YES, plain

STEPS = ("qualified at", "handed at", "first call", "converted at")
STEP_OF = {
    "qualified": "qualified at",
    "handed off": "handed at",
    "called": "first call",
    "opportunity": "converted at",
}
FEW = 12  # stages that are named
NONE = "none"  # what is said of a stage that is none of these steps


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
    _count(made, {column.role for column in matched.columns}, account)
    return made


def read_log(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """Leads from the log of their stages: the first event is the day on which one came, the first of a step its day."""
    days, wrong = dates_in(read, matched, desk)
    codes, names = pd.factorize(stages_in(read, matched, desk))
    steps = [step_of(name, desk.choices.steps) for name in names]
    nothing = pd.Series([""] * len(codes), dtype="str")
    events = pd.DataFrame({
        "id": keys(read.table["id"]), "day": days["at"], "step": np.array([*steps, ""], object)[codes],
        "creator": read.table["creator"] if matched.has("creator") else nothing,
    })[~wrong & (read.table["id"] != "").to_numpy()].dropna(subset=["day"])  # fmt: skip
    events = events.sort_values("day", kind="stable")
    desk.account.numbers["events"] = len(events)
    _say(names, steps, desk)
    first = events.drop_duplicates("id").set_index("id")
    reached = {step: each.drop_duplicates("id").set_index("id")["day"] for step, each in events.groupby("step")}
    missing = pd.Series(MISSING, index=first.index, dtype="datetime64[s]")
    made = pd.DataFrame({
        "created": first["day"],
        **{role: reached[step].reindex(first.index) if step in reached else missing for step, role in STEP_OF.items()},
        "creator": first["creator"],
    }).reset_index()  # fmt: skip
    for name in ("created", *STEPS):
        made[name] = made[name].astype("datetime64[s]")
    made = made.assign(owner="", source="", status="", opportunity="", queue=False,
                       converted=made["converted at"].notna())  # fmt: skip
    _count(made, {STEP_OF[step] for step in steps if step}, desk.account)
    return made


def step_of(stage: str, said: dict[str, str]) -> str:
    """The step that a stage's name means, "" where it means none; said before guessed.

    >>> [step_of(each, {}) for each in ("Working - Contacted", "Open - Not Contacted", "Closed - Converted", "MQL")]
    ['called', '', 'opportunity', 'qualified']
    >>> step_of("Nurturing", {"nurturing": "qualified"})
    'qualified'
    """
    word = plain(stage)
    for name, step in said.items():
        if plain(name) == word:
            return "" if step == NONE else step
    return "" if NOT.search(word) else next((step for step, words in REACHED.items() if words.search(word)), "")


def _say(names, steps: list[str], desk: Desk) -> None:
    said = {plain(name) for name in desk.choices.steps}
    for wanted in STEP_OF:
        stages = [f'"{cut(name)}"' for name, step in zip(names, steps, strict=True)
                  if step == wanted and plain(name) not in said]  # fmt: skip
        if stages:
            desk.account.guessed.append(f"{wanted} is {' and '.join(stages)}")
    known = {plain(name) for name in names}
    if none := [f'"{cut(each)}"' for each in desk.choices.steps if plain(each) not in known]:
        desk.account.told.append(f"no stage is called {' or '.join(none)} (--step)")
    if not any(steps):
        stages = ", ".join(f'"{cut(name)}"' for name in names[:FEW] if name)
        desk.account.told.append(f"no stage says how far a lead came; say it by --step STAGE=STEP; there are {stages}")


def _count(leads: pd.DataFrame, roles: set[str], account: Account) -> None:
    """How many leads of a file came how far; steps that go backwards are told."""
    backwards = (leads["handed at"] < leads["qualified at"]) | (leads["qualified at"] < leads["created"])
    if n := int(backwards.sum()):
        account.numbers["backwards"] = n
        account.told.append(
            f"{plural(n, 'lead')} reached a later step before an earlier one: counted, their waits are not"
        )
    known = {"qualified at": "mql", "handed at": "sql"}
    account.numbers["leads"] = len(leads)
    account.numbers |= {name: int(leads[role].notna().sum()) for role, name in known.items() if role in roles}
    if roles & {"converted", "converted at", "opportunity"}:
        account.numbers["converted"] = int(leads["converted"].sum())


def of_lists_and_logs(lists: list[pd.DataFrame], logs: list[pd.DataFrame]) -> tuple[pd.DataFrame | None, list[str]]:
    """Leads of all files, and what is to be told: where there are lists, a log fills in the days that they lack."""
    if not logs:
        return (pd.concat(lists, ignore_index=True) if lists else None), []
    logged = pd.concat(logs, ignore_index=True).sort_values("created", kind="stable")
    logged = logged.drop_duplicates("id", ignore_index=True)
    if not lists:
        return logged, []
    listed = pd.concat(lists, ignore_index=True)
    known = logged.set_index("id").reindex(listed["id"]).reset_index(drop=True)
    for name in ("created", *STEPS):
        listed[name] = listed[name].fillna(known[name])
    listed["converted"] |= known["converted"].eq(True)
    listed["creator"] = listed["creator"].where(listed["creator"] != "", known["creator"].fillna(""))
    n = int((~logged["id"].isin(listed["id"])).sum())
    return listed, [f"{plural(n, 'lead')} of a log that no list has: left out"] if n else []
