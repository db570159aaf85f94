"""Who is tied to whom (surveys, message counts, lists), and answers to the audit's twenty statements."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.errors import cut, plural
from sim.intake.exports.choices import Desk
from sim.intake.exports.match import Match
from sim.intake.exports.sheets import Read
from sim.intake.exports.values import read_amounts
from sim.intake.exports.words import MARKETING, SALES, how_often, plain

STATEMENTS, LOW, HIGH = 20, 1, 5
FEW = 6  # wrong cells that are named
SEVERAL = r"[;,]"  # between addresses


def read_links(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """One row a tie, with the texts that name its ends; of a list or a log its value is how often it is there."""
    table, account = read.table.assign(line=read.lines), desk.account
    ends = _each_recipient(table[(table["from"] != "") & (table["to"] != "")])
    if count := int(((table["from"] == "") | (table["to"] == "")).sum()):
        account.told.append(f"{plural(count, 'tie')} without one of the two ends: left out")
    relation = ends["relation"] if matched.has("relation") else pd.Series("listed", index=ends.index, dtype="str")
    made = ends[["from", "to"]].assign(relation=relation, value=_values(ends, matched, desk))
    own = made["from"].str.casefold() == made["to"].str.casefold()
    if count := int(own.sum()):
        account.numbers["own"] = count
        account.told.append(f"{plural(count, 'tie')} of somebody with themselves: left out")
    made = made[~own].dropna(subset=["value"])
    if not matched.has("value") and len(made):
        many = len(made)
        made = made.groupby(["from", "to", "relation"], sort=False, as_index=False)["value"].sum()
        if many > len(made):
            account.told.append(f"{many:,} lines are {plural(len(made), 'tie')}: each counts how often it is there")
    least = desk.choices.tie_from
    if least is not None and (count := int((made["value"] < least).sum())):
        account.told.append(f"{plural(count, 'tie')} below {least:g}: left out (--tie-from)")
        made = made[made["value"] >= least]
    account.numbers["edges"] = len(made)
    return made[["from", "to", "value", "relation"]].reset_index(drop=True)


def _each_recipient(table: pd.DataFrame) -> pd.DataFrame:
    """A line a recipient, where a message has several addresses."""
    several = table["to"].str.contains("@") & table["to"].str.contains(SEVERAL)
    if not several.any():
        return table.reset_index(drop=True)
    apart = table.assign(to=table["to"].where(~several, table["to"].str.split(SEVERAL))).explode("to")
    apart["to"] = apart["to"].str.strip()
    return apart[apart["to"] != ""].reset_index(drop=True)


def _values(ends: pd.DataFrame, matched: Match, desk: Desk) -> np.ndarray:
    """The value of each line, 1 where none is said; words of how often are places on a scale from 0 to 4."""
    if not matched.has("value"):
        return np.ones(len(ends))
    texts, said = ends["value"], {}
    for text in texts.unique():
        if (place := how_often(text)) is not None:
            said[text] = place
    if said:
        scale = "; ".join(f'"{cut(text)}" is {place}' for text, place in sorted(said.items(), key=lambda pair: pair[1]))
        desk.account.guessed.append(scale)
        texts = texts.replace({text: str(place) for text, place in said.items()})
    found = read_amounts(texts, desk.choices.decimal or ".")
    where = ends["to"] if desk.account.colleagues else matched.header("value")
    wrong = desk.refuse(ends["line"].to_numpy(), ends["value"], found.wrong, where, "is no number, nor how often")
    if count := int((~wrong & np.isnan(found.value)).sum()):
        desk.account.told.append(f"{plural(count, 'tie')} without a value: left out")
    return np.where(wrong, np.nan, found.value)


def read_answers(read: Read, matched: Match, desk: Desk) -> pd.DataFrame:
    """One row a person who answered: who, the side, and twenty scores; a skipped statement is NaN, not 1.

    With --skip-bad a value off the scale loses its cell, and no more.
    """
    table, account = read.table, desk.account
    side = table["side"].map(side_of) if matched.has("side") else ""
    made = pd.DataFrame({"who": table["who"] if matched.has("who") else "", "side": side}, index=table.index)
    who = table["who"] if matched.has("who") else pd.Series([str(line) for line in read.lines], dtype="str")
    skipped, off = [], []
    for n in range(1, STATEMENTS + 1):
        if not matched.has(str(n)):
            made[str(n)] = np.nan
            continue
        texts = table[str(n)]
        found = read_amounts(texts, ".")
        right = np.isin(found.value, np.arange(LOW, HIGH + 1))
        wrong = (texts != "").to_numpy() & ~right
        if not desk.choices.skip_bad:
            desk.refuse(read.lines, texts, wrong, matched.header(str(n)), f"is not on the scale {LOW} to {HIGH}",
                        of="value")  # fmt: skip
        off += [[who[row], n] for row in np.flatnonzero(wrong)]
        skipped += [[who[row], n] for row in np.flatnonzero((texts == "").to_numpy())]
        made[str(n)] = np.where(right, found.value, np.nan)
    account.numbers |= {"answers": len(made), "skipped": skipped, "out_of_scale": off}
    if skipped:
        account.told.append(f"{plural(len(skipped), 'statement')} skipped: not counted as 1")
    if off:
        cells = ", ".join(f"{cut(str(name))}: statement {n}" for name, n in off[:FEW])
        account.told.append(f"{plural(len(off), 'value')} off the scale {LOW} to {HIGH}, left out each alone: {cells}"
                            + (" ..." if len(off) > FEW else ""))  # fmt: skip
    return made


def side_of(text: str) -> str:
    """The side that a word or a department's name means: marketing, sales, or nothing where it says neither or both.

    >>> side_of("Vertrieb Nord"), side_of("marketing"), side_of("Sales & Marketing"), side_of("Finance")
    ('sales', 'marketing', '', '')
    """
    market, sell = bool(MARKETING.search(plain(text))), bool(SALES.search(plain(text)))
    return "" if market == sell else "marketing" if market else "sales"


def each_once(answers: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Answers of which each person's first counts, and a sentence on the others; who is not named counts each time."""
    again = (answers["who"] != "") & answers.duplicated(["who", "side"])
    n = int(again.sum())
    said = f"{plural(n, 'answer')} of somebody who had answered already: the first counts" if n else ""
    return answers[~again].reset_index(drop=True), said
