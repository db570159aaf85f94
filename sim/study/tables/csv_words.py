"""What every column of the CSV tables means, and its unit."""

from __future__ import annotations

import numpy as np

from sim.model import firm as f
from sim.result.outcomes import OUTCOMES
from sim.result.run_tables import UNITS
from sim.scenario.scenario import THEORY
from sim.study.experiments.settings import PEOPLE, about
from sim.study.tables.stage_times import COLUMNS, POINT

KEYS = {
    "run": "scenario and market in short",
    "scenario": "what was run",
    "seed": "the market: the same number means the same prospects, needs and luck for every scenario",
    "day": "working day, counted from 0; 5 a week, 65 a quarter, 260 a year",
    "quarter": "quarter, counted from 1",
    "metric": "what the value is of; each has a row of its own in columns.csv",
    "value": "the number",
    "unit": "of the value",
    "experiment": "title of the experiment",
    "point": "number of the point in the design, counted from 0",
    "person": "number of the seat, counted from 0",
    "arm": "base, or the name of what is compared with it",
    "stage_name": "the stage in a word",
}
OWN = {
    "quarters": {"overhead": "k€ research, administration and service, an assumed share of revenue; in no other sum"},
    "runs": {
        "days": "working days lived; fewer than the horizon if the cash ran out",
        "broke": "day the cash ran out; empty: it did not",
        "scenario_hash": "16 hex digits of all that matters to a run",
        "market_hash": "16 hex digits of the market; equal in scenarios that meet the same one",
        "market": "16 hex digits of the market; equal in scenarios that meet the same one",
        "state_hash": "16 hex digits of the organization at the end",
        "diary": "hash of all that was written down",
        "baton": "version of Baton",
        "status": "done or failed",
        "reason": "why the run failed; empty: it did not",
    },
    "leads": {
        "lead": "number of the lead, counted from 0",
        "marketer": "who had it in Marketing; empty: nobody",
        "salesperson": "who had it in Sales; empty: nobody",
        "origin": "how it came",
        "state": "where it stands at the end",
        "fate": "how it ended",
        "answer_hours": "hours until it was first answered; empty: never",
        "logged": "whether the handoff was written down",
        "joined": "whether both teams worked on it together",
        "material": "whether Marketing's material was used",
        "special": "whether special terms were granted",
        "fed_back": "whether Sales told Marketing how it fared",
        "asked": "whether special terms were asked for",
        "key_account": "whether it is a key account",
    },
    "customers": {
        "customer": "number of the customer, counted from 0",
        "lead": "lead it came from; empty: customer from the start",
        "marketer": "who won it in Marketing; empty: nobody",
        "salesperson": "who has it in Sales; empty: nobody",
    },
    "people": {
        "person": "name of the seat",
        "team": "marketing, sales or liaison",
        "working": "whether the seat is filled and works",
        "complies": "agreed practices this person keeps",
        "willing": "agreed practices this person supports",
    },
    "ties": {"marketer": "the marketer of the tie", "salesperson": "the salesperson of the tie"},
    "audit": {
        "side": "Marketing, Sales or both",
        "item": "number of the statement, 1 to 20",
        "statement": "what is scored",
        "observed": "what is counted for it",
        "count": "how often it was observed",
        "base": "how often it could have been",
        "score": "1 never to 5 always",
        "know": "share of that side who could judge",
    },
    "decisions": {
        "decision": "product, promotion, placement or price",
        "led_by": "the team that prepares it",
        "heard": "whether the other team was heard for what is in force",
        "settled_by": "who settled it",
        "since": "day it took effect; empty: in force from the start",
        "quality": "0..1 how near it was to what customers need, or to what the offer brings them",
    },
    "survival": {name: meaning for name, (_, meaning) in (POINT | COLUMNS).items()},
}
WHOSE = {"ms": "the marketer's", "sm": "the salesperson's"}


def _columns(doc: dict[str, str], kinds: np.dtype) -> dict[str, str]:
    """What each column of a table means: of a field with an axis each place says which it is.

    >>> _columns(f.TIES_DOC, f.TIES)["scar_sm"]
    "0..1 share of that trust lost for good to deception: the salesperson's"
    """
    return {
        column: meaning if place is None else f"{meaning}: {WHOSE.get(axis := column.rpartition('_')[2], axis)}"
        for name, meaning in doc.items()
        for column, place in f.columns_of(name, kinds[name])
    }


DOCS = {
    name: _columns(getattr(f, f"{name.upper()}_DOC"), getattr(f, name.upper()))
    for name in ("leads", "customers", "people", "ties")
}
OWN_UNITS = {
    "quarters": {"overhead": "k€"},
    "survival": {name: unit for name, (unit, _) in (POINT | COLUMNS).items()},
    "audit": {"score": "1..5", "know": "0..1", "count": "count", "base": "count"},
    "decisions": {"since": "day", "quality": "0..1"},
    "leads": {"answer_hours": "hours", "qualified": "day", "handed": "day", "tried": "day", "opened": "day",
              "ended": "day", "born": "day", "returned": "count", "touches": "count"},
    "customers": {"since": "day", "ended": "day"},
    "people": {"joined": "day", "stints": "days"},
    "runs": {"days": "days", "broke": "day"},
}  # fmt: skip


def meaning_of(name: str, table: str) -> str:
    """What a column or a metric means; every one has a meaning.

    >>> meaning_of("time", "survival")
    'working days until the stage first counted, or until nobody looked any more'
    """
    own = OWN.get(table, {})
    if name in own:
        return own[name]
    if table == "design" and (number := about(name)):
        return f"{name}: {number.meaning}"
    if table == "design" and name == PEOPLE:
        return "whose people the firm has"
    if table == "design" and name == THEORY:
        return "by which theory's day the firm lives"
    table = "people" if table == "by_person" else table
    if table in DOCS and name in DOCS[table]:
        return _without_codes(DOCS[table][name])
    if table == "outcomes" and name in OUTCOMES:
        return OUTCOMES[name].meaning
    if name in KEYS:
        return KEYS[name]
    text = {**f.DAYS_DOC, **f.QUARTERS_DOC}[name]
    if table in ("quarters", "series") and name in f.DAYS_DOC:
        text += f" ({_how(name)})"
    return text


def _how(name: str) -> str:
    from sim.study.store.series import how

    said = {"at the end": "at the quarter's end", "mean": "mean of the quarter's days"}
    return said.get(how(name), "sum of the quarter")


def _without_codes(text: str) -> str:
    """A field's documentation without the codes of the arrays: -1 is an empty cell in a table."""
    for code in (", or -1 for a customer of the start", ", or -1"):
        text = text.replace(code, "; empty: never")
    return text


def unit_of(name: str, table: str = "") -> str:
    """The unit of a column or a metric; "" for what has none (names, numbers of things)."""
    own = OWN_UNITS.get(table, {})
    if name in own:
        return own[name]
    if table == "design" and (number := about(name)):
        return number.unit
    if table == "outcomes" and name in OUTCOMES:
        return OUTCOMES[name].unit
    if table in DOCS and name in DOCS[table]:
        from sim.result.run_tables import unit_of as unit

        found = unit(name, DOCS[table][name])
        return "" if found == "count" else found
    return "day" if name == "day" else UNITS.get(name, "")
