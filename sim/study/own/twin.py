"""A synthetic twin of a firm's exports: a run's leads and opportunities as a CRM lists them, with the truth beside."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, nearest
from sim.files.folder import written_whole
from sim.files.harmless import write_csv
from sim.model.firm import NEVER, Fate, Origin, State
from sim.result.result import Run

MONDAY = datetime.date(2023, 1, 2)  # day 0 of a run
EURO = 1000  # in a k€
QUEUE = "Marketing Queue"
MARK = "truth.json"
SOURCES = {Origin.PULL: "Web", Origin.PUSH: "Outbound Marketing", Origin.EVENT: "Trade Show", Origin.OWN: "Prospecting"}
HEADERS = {  # tool -> what its columns are called; {} of a day is how it writes one
    "salesforce": {
        "leads": {"id": "Lead ID", "status": "Lead Status", "source": "Lead Source", "maker": "Created By",
                  "owner": "Lead Owner", "born": "Create Date", "qualified": "MQL Date", "handed": "Handoff Date",
                  "tried": "First Call Date", "converted": "Converted", "opened": "Converted Date",
                  "deal": "Converted Opportunity ID"},
        "deals": {"id": "Opportunity ID", "label": "Opportunity Name", "stage": "Stage", "currency": "Amount Currency",
                  "amount": "Amount", "ended": "Close Date", "opened": "Created Date", "source": "Lead Source",
                  "owner": "Opportunity Owner", "type": "Type"},
        "day": "%m/%d/%Y", "won": "Closed Won", "lost": "Closed Lost", "open": "Proposal",
        "files": ("leads", "opportunities"),
    },
    "hubspot": {
        "leads": {"id": "Record ID", "stage": "Lifecycle Stage", "source": "Original Source", "maker": "Created by",
                  "owner": "Contact owner", "born": "Create Date",
                  "qualified": "Became a marketing qualified lead date",
                  "handed": "Became a sales qualified lead date", "tried": "First outreach date",
                  "deal": "Associated Deal ID"},
        "deals": {"id": "Record ID", "label": "Deal Name", "stage": "Deal Stage", "pipeline": "Pipeline",
                  "amount": "Amount", "currency": "Currency", "ended": "Close Date", "opened": "Create Date",
                  "owner": "Deal owner"},
        "day": "%Y-%m-%d 09:00", "won": "Closed won (Sales Pipeline)", "lost": "Closed lost (Sales Pipeline)",
        "open": "Presentation scheduled (Sales Pipeline)", "files": ("contacts", "deals"),
    },
    "pipedrive": {
        "leads": {"id": "Lead - ID", "status": "Lead - Status", "source": "Lead - Source", "maker": "Lead - Creator",
                  "owner": "Lead - Owner", "born": "Lead - Created", "qualified": "Lead - Qualified date",
                  "handed": "Lead - Assigned date", "tried": "Lead - First activity date", "deal": "Lead - Deal ID"},
        "deals": {"id": "Deal - ID", "label": "Deal - Title", "amount": "Deal - Value", "currency": "Deal - Currency",
                  "stage": "Deal - Status", "owner": "Deal - Owner", "opened": "Deal - Deal created",
                  "won": "Deal - Won time", "lost": "Deal - Lost time"},
        "day": "%Y-%m-%d 09:00:00", "won": "Won", "lost": "Lost", "open": "Open", "files": ("leads", "deals"),
    },
}  # fmt: skip


def twin_of(run: Run, tool: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A run's leads, opportunities and people as a tool exports them, and what is true of them.

    Parameters
    ----------
    run
        A finished run; a working day is a weekday from Monday, 2 January 2023 on.
    tool
        "salesforce", "hubspot" or "pipedrive".

    Returns
    -------
    tables
        File name -> table of texts.
    truth
        How many came to each step, how many opportunities were won, lost and open, the median days to a won one; and
        how many customers there were on the first day, which no export tells.

    Raises
    ------
    InputError
        There is no such tool.
    """
    if tool not in HEADERS:
        raise InputError(f'--as: "{tool}" is none of {", ".join(HEADERS)}{nearest(tool, HEADERS)}')
    about, leads = HEADERS[tool], run.state.firm.leads[: int(run.state.firm.ledger["n_leads"][0])]
    names = _names(run)
    own, opened = leads["origin"] == Origin.OWN, leads["opened"] != NEVER
    tables = {
        f"{about['files'][0]}.csv": _leads(leads[~own], np.flatnonzero(~own), names, about),
        f"{about['files'][1]}.csv": _deals(leads[opened], np.flatnonzero(opened), names, about),
        "people.csv": _people(run, names),
        "ties.csv": _ties(run),
    }
    signed = run.state.firm.customers["since"][: int(run.state.firm.ledger["n_customers"][0])]
    return tables, truth_of(leads, run.days) | {"customers": int((signed < 0).sum())}


def write_twin(run: Run, tool: str, target: str | Path, overwrite: bool = False) -> dict[str, Any]:
    """Write the twin's files and truth.json into a folder, whole or not at all. Gives the truth."""
    tables, truth = twin_of(run, tool)
    with written_whole(target, overwrite, MARK) as work:
        for name, table in tables.items():
            write_csv(table, work / name)
        (work / MARK).write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return truth


def date_of(day: int) -> datetime.date:
    """The weekday of a working day.

    >>> date_of(0).isoformat(), date_of(4).isoformat(), date_of(5).isoformat()
    ('2023-01-02', '2023-01-06', '2023-01-09')
    """
    return MONDAY + datetime.timedelta(days=day // 5 * 7 + day % 5)


def truth_of(leads: np.ndarray, days: int) -> dict[str, Any]:
    """What a right reading of the twin finds, counted on the run's own arrays."""
    theirs = leads["origin"] != Origin.OWN
    been = {name: leads[name] != NEVER for name in ("qualified", "handed", "tried", "opened")}
    later = np.zeros(len(leads), bool)
    reached = {}
    for step, name in (
        ("opportunity", "opened"),
        ("called", "tried"),
        ("handed off", "handed"),
        ("qualified", "qualified"),
    ):
        later = later | been[name]
        reached[step] = int((later & theirs).sum())
    won = been["opened"] & (leads["state"] == State.WON)
    lost = been["opened"] & (leads["fate"] != Fate.OPEN) & ~won
    took = [(date_of(int(each["ended"])) - date_of(int(each["opened"]))).days for each in leads[won]]
    return {
        "inquiry": int(theirs.sum()), **dict(reversed(reached.items())),
        "opportunities": int(been["opened"].sum()), "won": int(won.sum()), "lost": int(lost.sum()),
        "open": int(been["opened"].sum() - won.sum() - lost.sum()),
        "median_won_days": float(np.median(took)) if took else None,
        "won_value": round(float(leads["value"][won].astype(float).sum()) * EURO, 2),
        "as_of": date_of(days - 1).isoformat(),
    }  # fmt: skip


def _names(run: Run) -> np.ndarray:
    """An invented name a seat, and a last one for nobody."""
    return np.array([f"{code} Example" for code in run.people["person"]] + [""], object)


def _dates(column: np.ndarray, form: str) -> list[str]:
    return [date_of(int(day)).strftime(form) if day != NEVER else "" for day in column]


def _ending(leads: np.ndarray) -> np.ndarray:
    """won, lost or open, an opportunity."""
    return np.where(leads["state"] == State.WON, "won", np.where(leads["fate"] == Fate.OPEN, "open", "lost"))


def _table(columns: dict[str, Any], headers: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({header: columns[name] for name, header in headers.items()}, dtype="str")


def _leads(leads: np.ndarray, numbers: np.ndarray, names: np.ndarray, about: dict) -> pd.DataFrame:
    """One row an inquiry to Marketing; before its handoff it is nobody's."""
    opened, handed = leads["opened"] != NEVER, (leads["handed"] != NEVER) | (leads["opened"] != NEVER)
    stage = np.select([_ending(leads) == "won", opened, handed, leads["qualified"] != NEVER],
                      ["customer", "opportunity", "salesqualifiedlead", "marketingqualifiedlead"], "lead")  # fmt: skip
    status = np.where(opened, "Qualified", np.where(leads["fate"] == Fate.OPEN, "Working", "Unqualified"))
    return _table({
        "id": [f"L{number}" for number in numbers], "status": status, "stage": stage,
        "source": [SOURCES[Origin(each)] for each in leads["origin"]], "maker": names[leads["m"]],
        "owner": np.where(handed, names[leads["s"]], QUEUE),
        **{name: _dates(leads[name], about["day"]) for name in ("born", "qualified", "handed", "tried", "opened")},
        "converted": opened.astype(int).astype(str),
        "deal": [f"O{number}" if is_open else "" for number, is_open in zip(numbers, opened, strict=True)],
    }, about["leads"])  # fmt: skip


def _deals(leads: np.ndarray, numbers: np.ndarray, names: np.ndarray, about: dict) -> pd.DataFrame:
    """One row an opportunity; an open one has a close date that is a hope, where the tool has but one."""
    ending, ended = _ending(leads), _dates(leads["ended"], about["day"])
    hope = [text or (date_of(int(day)) + datetime.timedelta(days=90)).strftime(about["day"])
            for text, day in zip(ended, leads["opened"], strict=True)]  # fmt: skip
    return _table({
        "id": [f"O{number}" for number in numbers], "label": [f"Deal {number}" for number in numbers],
        "stage": [about[each] for each in ending], "currency": ["EUR"] * len(leads),
        "pipeline": ["Sales Pipeline"] * len(leads),
        "amount": [f"{value * EURO:,.2f}" for value in leads["value"].astype(float)], "ended": hope,
        "opened": _dates(leads["opened"], about["day"]), "source": [SOURCES[Origin(each)] for each in leads["origin"]],
        "owner": names[leads["s"]], "type": ["New Business"] * len(leads),
        **{name: np.where(ending == name, ended, "") for name in ("won", "lost")},
    }, about["deals"])  # fmt: skip


def _people(run: Run, names: np.ndarray) -> pd.DataFrame:
    """One row a seat, as HR lists people."""
    codes = list(run.people["person"])
    return pd.DataFrame({
        "Employee ID": [f"E{n:05}" for n in range(1, len(codes) + 1)], "Name": names[:-1],
        "Email": [f"{code.lower()}@example.test" for code in codes],
        "Department": [str(team).capitalize() for team in run.people["team"]], "Location": "Head Office",
    }, dtype="str")  # fmt: skip


def _ties(run: Run) -> pd.DataFrame:
    """One row a tie across the gap, as a survey lists whom somebody named."""
    return pd.DataFrame({"From": [f"{code} Example" for code in run.ties["marketer"]],
                         "To": [f"{code} Example" for code in run.ties["salesperson"]]}, dtype="str")  # fmt: skip
