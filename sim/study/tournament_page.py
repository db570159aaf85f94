"""A tournament of theories as a Markdown page: what was asked, who shows what, what would tell them apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.files.folder import written_file
from sim.scenario.own_theory import MODEL
from sim.scenario.schema import in_words
from sim.study.tournament import CHOOSING, ENOUGH, FALSE_ALARMS, JUDGING, MOST_FIRMS, Apart, Tournament
from sim.study.validation.page import markdown_table

VERDICTS = ("holds", "undecided", "fails")
INTRODUCTION = """\
*Written by `{command}`; do not edit.* How a theory enters is in [theories](../tutorials/theories.md).

{n} theories live the same organizations in the same markets. Each is as its numbers say. Asked are {rows}
patterns that somebody published (grades A, B, C and H of the table of evidence) and that need no mechanism of Baton's
switched off. A theory is chosen on markets {choose} and judged on markets {judge}.
A verdict is of a 99 % interval, as in [validation](validation.md): with so few markets many stay undecided.

**This is no fair race.** Baton's numbers were moved with {fitted} of these patterns in view; those of its rivals
are guesses that nobody fitted. The last columns leave those patterns out. A theory with wrong numbers loses to a wrong
theory with good ones: a lost pattern speaks against a theory *with these numbers*.
"""
APART = """\
One lever is moved from low to high. On the markets for choosing the lever and outcome are found on which two theories
foretell the most different effects for their noise; on the markets for judging the difference must show again, the
same way (paired t-test, one-sided, {alarms:.0%}). So of pairs of theories that foretell the same at most {alarms:.0%}
are told apart. Then experiments are drawn: so many firms at each setting that the nearer of the two foretold effects
is the right one in {enough:.0%} of them, at most {most} firms. A firm is drawn from the markets for judging; firms in
the field differ by more, so take these counts as the least.
"""


def page(found: Tournament, command: str = "baton theory tournament") -> str:
    """The whole page."""
    names = [str(name) for name in found.holds.index]
    parts = ["# Theories against each other", _introduction(found, command)]
    parts += ["## Who shows what", _counts(found, names), "\n".join(f"- {each}" for each in _reading(found, names))]
    parts += ["## What would tell two of them apart",
              APART.format(alarms=FALSE_ALARMS, enough=ENOUGH, most=MOST_FIRMS), _apart(found.apart),
              "\n".join(f"- {each.sentence()}" for each in found.apart)]  # fmt: skip
    if len(split := found.split()):
        parts += ["## Patterns that hold under one theory and fail under another", _verdicts(split, names)]
    if len(found.verdicts):
        parts += ["## All patterns", _verdicts(found.verdicts, names)]
    return "\n\n".join(each.strip("\n") for each in parts) + "\n"


def save_document(path: str | Path, found: Tournament, command: str = "baton theory tournament") -> None:
    """Write the page."""
    with written_file(path) as work:
        work.write_text(page(found, command), encoding="utf-8")


def _introduction(found: Tournament, command: str) -> str:
    spans = [f"{first:,} to {first + found.markets - 1:,}" for first in (CHOOSING, JUDGING)]
    return INTRODUCTION.format(command=command, n=len(found.holds), rows=len(found.verdicts), choose=spans[0],
                               judge=spans[1], fitted=int(found.verdicts["fitted"].sum()))  # fmt: skip


def _counts(found: Tournament, names: list[str]) -> str:
    free, body = found.verdicts[~found.verdicts["fitted"].astype(bool)], []
    for name in names:
        cells = [name, found.hashes.get(name, "the model's own day"), str(found.holds.loc[name, "choosing"])]
        for table in (found.verdicts, free):
            cells += [str(int((table[name] == each).sum())) for each in VERDICTS]
        body.append(cells)
    unfitted = [f"of {len(free)} not fitted to: {each}" for each in VERDICTS]
    return markdown_table(["theory", "file's hash", "choosing: holds", *(f"judging: {v}" for v in VERDICTS), *unfitted],
                          body)  # fmt: skip


def _reading(found: Tournament, names: list[str]) -> list[str]:
    told = [found.sentences()[0]]
    free = found.verdicts[~found.verdicts["fitted"].astype(bool)]
    if MODEL in names and len(free):
        held = {name: int((free[name] == "holds").sum()) for name in names}
        best = max(held[name] for name in names if name != MODEL)
        more = "more than" if held[MODEL] > best else "as many as" if held[MODEL] == best else "fewer than"
        told.append(f"Of the patterns to which nothing was fitted {MODEL} shows {held[MODEL]} of {len(free)}, {more} "
                    f"the best of its rivals ({best}).")  # fmt: skip
    split = found.split()
    for name in names:
        alone = [str(row) for row in split.index if split.loc[row, name] == "holds"
                 and all(split.loc[row, other] != "holds" for other in names if other != name)]  # fmt: skip
        if alone:
            told.append(f"Only {name} shows {', '.join(alone)}, which fail under at least one of the others.")
    every = found.verdicts[(found.verdicts[names] == "holds").all(axis=1)]
    told.append(f"{len(every)} patterns hold under all of them: these say nothing about which theory is right.")
    none = found.verdicts[(found.verdicts[names] == "fails").all(axis=1)]
    if len(none):
        told.append(f"Under none of them: {', '.join(map(str, none.index))} (each fails under all).")
    return told


def _apart(apart: tuple[Apart, ...]) -> str:
    body = []
    for each in apart:
        low, high = (str(in_words(each.lever, value)) for value in (each.low, each.high))
        body.append([f"{each.one} and {each.other}", f"{each.lever}: {low} → {high}", each.outcome,
                     f"{each.by_one:+,.3g}", f"{each.by_other:+,.3g}", f"{each.chance:.2g}",
                     str(each.firms) if each.firms else "none tells them apart",
                     f"{each.power:.0%}" if each.chance < FALSE_ALARMS else ""])  # fmt: skip
    return markdown_table(["pair", "experiment", "outcome", "the first foretells", "the second", "chance of none",
                           "firms at each setting", "right in"], body)  # fmt: skip


def _verdicts(table: pd.DataFrame, names: list[str]) -> str:
    body = [[f"{row}{' (fitted)' if line['fitted'] else ''}", line["claim"], line["expected"], line["source"],
             *(f"**{line[name]}**" if line[name] == "fails" else line[name] for name in names)]
            for row, line in table.iterrows()]  # fmt: skip
    return markdown_table(["", "pattern", "expected", "source", *names], body)
