"""Opportunities and their stage history: each once, with its days, its end, its worth, its owner and its source."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.errors import cut, plural
from sim.intake.exports.choices import Desk, Question
from sim.intake.exports.match import DATES, Match
from sim.intake.exports.sheets import Read
from sim.intake.exports.values import ORDERS, date_order, day_of_serial, is_date, is_serial, read_amounts, read_dates
from sim.intake.exports.words import (
    LOST,
    NOBODY,
    OPEN,
    OTHER_PIPELINE,
    RENEWAL,
    STAGE_FIELDS,
    TEST,
    WON,
    plain,
)

MISSING = np.datetime64("NaT", "s")
MANY = 20_000  # different texts
PROOF = 200_000  # different dates that are looked at for their order
SERIAL = "is a spreadsheet's number of a day among dates; give the whole column the format of a date"
COLUMNS = ("id", "created", "closed", "outcome", "amount", "currency", "owner", "source", "first call", "migrated")


def dates_in(read: Read, matched: Match, desk: Desk) -> tuple[dict[str, pd.Series], np.ndarray]:
    """All date columns of a file in one order, and which rows hold a date that is none."""
    roles = [role for role in matched.places if role in DATES]
    for role in roles:
        if (counted := [text for text in read.table[role].unique() if text]) and all(map(is_serial, counted)):
            read.table[role] = read.table[role].map({text: day_of_serial(text) for text in counted} | {"": ""})
            example = f"{counted[0]} is {day_of_serial(counted[0])}"
            desk.account.guessed.append(f'"{matched.header(role)}" is day numbers ({example})')
    texts = {text for role in roles for text in read.table[role].unique()[:PROOF] if text}
    above = {word for text in desk.account.heading for word in text.split() if is_date(word)}
    order, proved = date_order(texts)
    if texts and not proved:  # a date above the header may prove it ("Effective as of 01/15/2026")
        order, proved = date_order(texts | above)
    if texts and not proved:
        if desk.choices.dates is None and order is None:
            asked = "no date proves the order: is 3/4 the 3rd of April (dmy) or the 4th of March (mdy)?"
            desk.ask(Question("dates", f"{desk.account.name}: {asked}", "--dates", ("dmy", "mdy")))
        if desk.choices.dates is None and order is not None:
            desk.account.guessed.append(f"dates are {ORDERS.get(order, order)}")
        order = desk.choices.dates or order or "mdy"  # if it was asked, nothing is kept of this reading
    found, wrong = {}, np.zeros(len(read.table), bool)
    for role in roles:
        each = read_dates(read.table[role], order)
        what = f"is no date ({ORDERS.get(order or '', 'day')})"
        serial = each.wrong & read.table[role].map(is_serial).to_numpy(bool)
        for bad, said in ((each.wrong & ~serial, what), (serial, SERIAL)):
            desk.refuse(read.lines, read.table[role], bad, matched.header(role), said)
        wrong = wrong | each.wrong
        found[role] = each.at.dt.floor("D") if len(each.at) else each.at
    if texts:
        desk.account.numbers["dates"] = ORDERS.get(order or "", "year-month-day")
    return found, wrong


def money_in(read: Read, matched: Match, desk: Desk) -> tuple[np.ndarray, pd.Series, np.ndarray]:
    """Amounts and their currencies, and which rows hold an amount that is none."""
    n = len(read.table)
    if not matched.has("amount"):
        return np.full(n, np.nan), pd.Series([""] * n, dtype="str"), np.zeros(n, bool)
    found = read_amounts(read.table["amount"], desk.choices.decimal)
    if not found.proved and desk.choices.decimal is None and found.decimal is None:
        asked = f'no number in "{matched.header("amount")}" proves the decimal sign: which is it?'
        desk.ask(Question("decimal", f"{desk.account.name}: {asked}", "--decimal", (".", ",")))
    wrong = desk.refuse(read.lines, read.table["amount"], found.wrong, matched.header("amount"), "is no number")
    currency = found.currency
    if matched.has("currency"):
        currency = read.table["currency"].str.upper().where(read.table["currency"] != "", currency)
    desk.account.numbers["decimal"] = found.decimal or "."
    desk.account.numbers["currencies"] = sorted({name for name in currency if name})
    return found.value, currency.reset_index(drop=True), wrong


def keys(ids: pd.Series) -> pd.Series:
    """Ids as they can be joined: of 18 characters of Salesforce's the first 15 are the same id.

    >>> keys(pd.Series(["006QX0000000001AAA", "3141500001"])).tolist()
    ['006QX0000000001', '3141500001']
    """
    return ids.str.replace(r"^([A-Za-z0-9]{15})[A-Z0-5]{3}$", r"\1", regex=True)


def looks(column: pd.Series, words) -> np.ndarray:
    """Which rows hold one of some words; each text is looked at once, and of very many none is taken apart."""
    codes, texts = pd.factorize(column)
    form = plain if len(texts) <= MANY else str.casefold
    return np.array([bool(words.search(form(text))) for text in texts] + [False])[codes]


def read_deals(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """One row an opportunity; what is double, a renewal, a test or of another pipeline is set aside and told."""
    table, account = read.table, desk.account
    days, wrong = dates_in(read, matched, desk)
    amount, currency, bad = money_in(read, matched, desk)
    key = keys(table["id"]) if matched.has("id") else pd.Series(np.arange(len(table)).astype(str), dtype="str")
    keep = _kept(table, matched, key, ~(wrong | bad), amount, desk)
    table, key = table[keep].reset_index(drop=True), key[keep].reset_index(drop=True)
    days = {role: each[keep].reset_index(drop=True) for role, each in days.items()}
    outcome = outcomes(table, matched, desk, days)
    nothing = pd.Series([""] * len(table), dtype="str")
    made = pd.DataFrame({
        "id": key, "created": days.get("created", MISSING), "closed": _ends(outcome, days, len(table)),
        "outcome": outcome, "amount": amount[keep], "currency": currency[keep].reset_index(drop=True),
        **{role: table[role] if matched.has(role) else nothing for role in ("owner", "source")},
        "first call": days.get("first call", MISSING),
    })  # fmt: skip
    for name in ("created", "closed", "first call"):
        made[name] = made[name].astype("datetime64[s]")
    if n := int((made["amount"] < 0).sum()):
        account.told.append(f"{plural(n, 'amount')} below zero: counted as they stand, but no value is read off them")
    made["migrated"] = (made["closed"] < made["created"]).fillna(False)
    if n := int(made["migrated"].sum()):
        what = plural(n, "opportunity", "opportunities")
        account.told.append(f"{what} closed before being created: moved from another system, without days")
        account.numbers["closed_before_created"] = n
    return made


def _kept(
    table: pd.DataFrame, matched: Match, key: pd.Series, keep: np.ndarray, amount: np.ndarray, desk: Desk
) -> np.ndarray:
    """Which rows are opportunities with new customers, each once."""
    again = key.duplicated().to_numpy() & keep
    keep = keep & ~_aside(again, "duplicates_dropped", "line{s} listed once more (joined reports)", desk)
    for role in ("stage", "status", "amount"):
        if matched.has(role):
            said = pd.Series(amount).fillna(np.inf) if role == "amount" else table[role]  # 1,000.00 is 1000
            other = again & (said != said.groupby(key).transform("first")).to_numpy()
            if n := int(other.sum()):
                desk.account.told.append(
                    f"{n} of these with another {role} than the first of the same id, which counts"
                )
    if matched.has("type"):
        _renewals(table[looks(table["type"], RENEWAL) & keep].reset_index(drop=True), matched, desk)
        keep = keep & ~_aside(
            looks(table["type"], RENEWAL) & keep, "renewals_set_aside", "renewal{s} or upsell{s} set aside", desk
        )
    if matched.has("pipeline"):
        keep = keep & ~_aside(
            _elsewhere(table["pipeline"], desk) & keep, "other_pipeline_rows", "line{s} of another pipeline", desk
        )
    if matched.has("label") and desk.choices.tests != "keep":
        keep = keep & ~_aside(looks(table["label"], TEST) & keep, "tests_to_ask_about",
                        "line{s} with a name as tests have it: left out (--tests keep)", desk)  # fmt: skip
    return keep


def _renewals(table: pd.DataFrame, matched: Match, desk: Desk) -> None:
    """How renewals ended: the share that was won is the firm's retention, as far as its CRM tells."""
    for role in ("status", "stage"):
        if matched.has(role) and len(table):
            ends = [ending(name, desk.choices) for name in table[role]]
            if "won" in ends or "lost" in ends:
                desk.account.numbers |= {f"renewals_{what}": ends.count(what) for what in ("won", "lost")}
                return


def _aside(which: np.ndarray, name: str, what: str, desk: Desk) -> np.ndarray:
    if n := int(which.sum()):
        desk.account.numbers[name] = n
        desk.account.told.append(f"{n:,} {what.format(s='' if n == 1 else 's')}")
    return which


def _elsewhere(column: pd.Series, desk: Desk) -> np.ndarray:
    """Which rows belong to another pipeline than the one that sells to new customers."""
    names = [name for name in column.unique() if name]
    if len(names) < 2:
        return np.zeros(len(column), bool)
    if desk.choices.pipeline is not None:
        mine = [name for name in names if plain(name) == plain(desk.choices.pipeline)]
        if not mine:
            desk.problems.add(f'--pipeline: there is no "{desk.choices.pipeline}"; there are {", ".join(names[:12])}')
    else:
        mine = [name for name in names if not OTHER_PIPELINE.search(plain(name))]
        if len(mine) != 1:
            desk.ask(Question("pipeline", f"{desk.account.name}: which pipeline sells to new customers?", "--pipeline",
                              tuple(sorted(names))))  # fmt: skip
            return np.zeros(len(column), bool)
        desk.account.guessed.append(f'the pipeline "{mine[0]}" sells to new customers')
    return ~column.isin(mine).to_numpy()


def outcomes(table: pd.DataFrame, matched: Match, desk: Desk, days: dict) -> np.ndarray:
    """won, lost or open, a row: by the status, else the stage, else by which day is there."""
    for role in ("status", "stage"):
        if matched.has(role):
            codes, names = pd.factorize(table[role])
            meaning = [ending(name, desk.choices) for name in names]
            if "won" in meaning and "lost" in meaning:
                _say(names, meaning, desk)
                return np.array([*meaning, "open"], object)[codes]
    if matched.has("won at"):
        won = days["won at"].notna().to_numpy()
        lost = days["lost at"].notna().to_numpy() if "lost at" in days else np.zeros(len(won), bool)
        return np.where(won, "won", np.where(lost, "lost", "open")).astype(object)
    role = "stage" if matched.has("stage") else "status"
    codes, names = pd.factorize(table[role])
    meaning = [ending(name, desk.choices) for name in names]
    for wanted in ("won", "lost"):
        if wanted not in meaning:
            left = tuple(sorted(name for name, what in zip(names, meaning, strict=True) if name and what == "open"))
            said = " or ".join(f'"{cut(each)}"' for each in getattr(desk.choices, wanted))
            if not left:  # nothing may be chosen, so nothing is asked
                why = f"is called {said} (--{wanted})" if said else f"means {wanted}"
                desk.account.told += [f"no {role} {why}: nothing was {wanted}"] * bool(len(table))
                continue
            which = f"no {role} is called {said}; which means {wanted}?" if said else f"which {role} means {wanted}?"
            desk.ask(Question(wanted, f"{desk.account.name}: {which}", f"--{wanted}", left[:40]))
    return np.array([*meaning, "open"], object)[codes]


def ending(name: str, choices) -> str:
    """What a stage says of the end: "won", "lost" or "open"; said before guessed.

    >>> from sim.intake.exports.choices import Choices
    >>> [ending(each, Choices()) for each in ("Closed won (Pipeline)", "Closed-Lost to Rival", "Verloren", "Demo")]
    ['won', 'lost', 'lost', 'open']
    >>> ending("Signed", Choices(won=("signed",)))
    'won'
    """
    word = plain(name)
    for said, meaning in ((choices.won, "won"), (choices.lost, "lost")):
        if word in {plain(each) for each in said}:
            return meaning
    if OPEN.search(word) and not WON.search(word):
        return "open"
    if not choices.lost and LOST.search(word):
        return "lost"
    return "won" if not choices.won and WON.search(word) else "open"


def _say(names, meaning: list[str], desk: Desk) -> None:
    for wanted, said in (("won", desk.choices.won), ("lost", desk.choices.lost)):
        stages = [f'"{name}"' for name, what in zip(names, meaning, strict=True) if what == wanted]
        if not said:
            desk.account.guessed.append(f"{wanted} is {' and '.join(stages)}")
        known = {plain(name) for name in names}
        if none := [f'"{cut(each)}"' for each in said if plain(each) not in known]:
            desk.account.told.append(f"none is called {' or '.join(none)} (--{wanted})")


def _ends(outcome: np.ndarray, days: dict, n: int) -> pd.Series:
    """The day of the end; of an open opportunity there is none: its close date is a hope."""
    closed = pd.Series(MISSING, index=range(n), dtype="datetime64[s]")
    for meaning, role in (("won", "won at"), ("lost", "lost at")):
        for name in (role, "closed"):
            if name in days:
                closed = closed.where(~((outcome == meaning) & closed.isna()), days[name])
    return closed


def read_history(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """Opportunities from the log of their stages: the first event opens, the first closed stage ends."""
    table = read.table.assign(stage=stages_in(read, matched, desk))
    days, wrong = dates_in(read, matched, desk)
    amount, currency, bad = money_in(read, matched, desk)
    exact = read_dates(table["at"], "mdy" if desk.account.numbers.get("dates") == ORDERS["mdy"] else "dmy").at
    events = pd.DataFrame({
        "id": keys(table["id"]), "at": exact, "day": days["at"], "outcome": outcomes(table, matched, desk, days),
        "amount": amount, "currency": currency, "owner": table["owner"] if matched.has("owner") else "",
    })[~(wrong | bad)]  # fmt: skip
    events = events.sort_values("at", kind="stable")
    desk.account.numbers["events"] = len(events)
    first = events.drop_duplicates("id").set_index("id")
    ends = events[events["outcome"] != "open"].drop_duplicates("id").set_index("id")
    last = events.drop_duplicates("id", keep="last").set_index("id")
    made = pd.DataFrame({
        "created": first["day"], "closed": ends["day"].reindex(first.index),
        "outcome": ends["outcome"].reindex(first.index).fillna("open"), "amount": last["amount"].reindex(first.index),
        "currency": last["currency"].reindex(first.index), "owner": first["owner"],
    }).reset_index()  # fmt: skip
    return made.assign(source="", **{"first call": MISSING, "migrated": False})[list(COLUMNS)]


def stages_in(read: Read, matched: Match, desk: Desk) -> pd.Series:
    """The stage that each event of a log came to; nothing where it changed another field."""
    stage = read.table["stage"]
    if not matched.has("field"):
        return stage
    other = ~read.table["field"].map(lambda name: plain(name) in STAGE_FIELDS).to_numpy(bool)
    if n := int((other & (stage != "").to_numpy()).sum()):
        desk.account.told.append(f"{plural(n, 'event')} of other fields than the stage: their values are not read")
    return stage.mask(other, "")


def is_nobody(column: pd.Series) -> np.ndarray:
    """Owners that are no person: queues, systems, nothing."""
    return looks(column, NOBODY) | (column == "").to_numpy()
