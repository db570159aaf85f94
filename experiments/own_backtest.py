"""Would it have known? Public lists of deals and leads, fitted until a day and held against the months that came.

    python experiments/own_backtest.py --data FOLDER -o docs/reports/backtest.md

FOLDER holds `pipeline/opportunities.csv` (8,800 opportunities of a firm that sells hardware) and the Olist marketing
funnel, `funnel/marketing_qualified_leads.csv` and `funnel/closed_deals.csv`. The data are not shipped. Each goes the
user's way: `baton import`, `baton fit --until`, `baton backtest`. What is done is kept in --work, so the same line goes
on. Needs `pip install 'baton-sim[fit]'`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from helpers.printing import markdown

from sim.files.folder import written_file
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.backtest import TALLIES, Backtest, backtest
from sim.study.own.counts import funnel_of
from sim.study.own.firm_model import CALLED
from sim.study.own.fitting import UNTIL, fit_firm, write_fit
from sim.study.own.folder import write_firm
from sim.study.own.signs import kept_for_fit

WIDE = 120  # letters of a line
HEAD = """# Would it have known?

*Written by `python experiments/own_backtest.py --data FOLDER -o docs/reports/backtest.md`; do not edit. The data are
public, and not shipped.*

Two lists of real firms are imported as `baton import` reads them, fitted to what had been seen on a day (`baton fit
--until`), and live on; `baton backtest` holds a hundred of these lives against the months that came. Beside the model
stand two plain guesses: as a year before, and a straight line through the months that were known. The score is the
CRPS: how far off a guess is, in the series' own unit; less is better.
"""
FOOT = """
The model does not know a season, a quarter's end, or when a list was begun: it lives evenly from its first day on. It
is for what has not been seen, such as another way of working together, and not for the next months of what goes on as
before. To come nearest is not to come near: where most months lie outside of the model's band, the model does not know
this firm. For a firm of one's own `baton backtest` says which guess is the better one.
"""


class Case(NamedTuple):
    """One list: its files, the day of the export, the day until which is fitted, and what a reader must know."""

    name: str
    title: str
    files: tuple[str, ...]
    as_of: datetime.date | None
    until: str
    about: str


CASES = (
    Case("pipeline", "A pipeline of 8,800 opportunities", ("pipeline/opportunities.csv",), None, "2017-08-31",
         "It lists opportunities and their owners, from October 2016 to the end of 2017, and no leads. Two thirds of "
         "what ended there was won."),
    Case("funnel", "A funnel of 8,000 leads",
         ("funnel/marketing_qualified_leads.csv", "funnel/closed_deals.csv"), datetime.date(2018, 5, 31), "2018-02-28",
         "It lists leads by the day of the first contact and, of those that bought, the day of the contract. Leads are "
         "listed until May 2018, so this is taken as the day of the export. No day says when an opportunity was "
         "opened, so deals have no length and are in no month: only the inquiries can be held against what came."),
)  # fmt: skip


def tested(case: Case, data: Path, work: Path, size: int, processes: int) -> tuple[dict, Backtest]:
    """One list's whole way; what is there is not done again."""
    folder = work / case.name
    if not (folder / "firm.toml").is_file():
        said = Choices(as_of=case.as_of)
        found = read_exports([data / name for name in case.files], said)
        write_firm(found, funnel_of(found) | {"fit": kept_for_fit(found)}, said, folder)
    kept = folder / UNTIL
    if not kept.is_file() or json.loads(kept.read_text("utf-8"))["until"] != case.until:
        found = fit_firm(folder, case.until, size=size, processes=processes,
                         told=lambda said: print(f"{case.name}: {said}", file=sys.stderr, flush=True))  # fmt: skip
        write_fit(found, folder)
    return json.loads(kept.read_text("utf-8")), backtest(folder, processes)


def told(case: Case, table: dict, found: Backtest) -> str:
    """A section: what it is, what the fit came to, the scores, the months."""
    words = {word: [CALLED[name] for name, row in table["numbers"].items() if row["word"] == word]
             for word in ("measured", "fitted", "assumed")}  # fmt: skip
    numbers = "; ".join(f"{word}: {', '.join(names) or 'nothing'}" for word, names in words.items())
    fitted = f"Fitted to what had been seen until {found.until}, in {table['runs']:,} runs. Numbers {numbers}."
    parts = [f"## {case.title}", textwrap.fill(f"{case.about} {fitted}", WIDE)]
    rows = []
    for row in found.rows:
        cells = [_cell(row.score[way], way == row.best) for way in TALLIES]
        rows.append([row.name, str(len(row.months)), *cells, f"{100 * row.held:.0f} %"])
    heads = ["series", "months", *TALLIES.values(), "months inside the model's band"]
    parts.append(markdown(heads, rows))
    parts.append("Mean score by month; the best is bold. The band holds nine in ten of the model's lives.")
    for row in found.rows:
        body = [[month, f"{came:,.0f}", f"{low:,.0f} to {high:,.0f}", f"{middle:,.0f}"]
                for month, came, low, middle, high in zip(row.months, row.came, row.low, row.middle, row.high,
                                                          strict=True)]  # fmt: skip
        parts.append(f"**{row.name.capitalize()}**")
        parts.append(markdown(["month", "came", "the model's band", "its middle"], body))
    parts.append("\n".join(f"- {sentence}." for sentence in found.sentences()))
    return "\n\n".join(parts)


def _cell(score: float | None, best: bool) -> str:
    return "no year before" if score is None else f"**{score:,.1f}**" if best else f"{score:,.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("backtest"), help="folder for what is there to go on with")
    parser.add_argument("--size", type=int, default=100, help="particles of a population")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, help="write the page to this file")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    parts, rows = [HEAD], []
    for case in CASES:
        table, found = tested(case, asked.data, asked.work, asked.size, asked.processes)
        rows += found.rows
        parts.append(told(case, table, found))
    better = sum(row.best == "model" for row in rows)
    verdict = " ".join(f"Of {len(rows)} series the model came nearest in {better}. {FOOT}".split())
    whole = [*(part.strip() for part in parts), "## What follows", textwrap.fill(verdict, WIDE)]
    text = "\n\n".join(whole) + "\n"
    if asked.output:
        with written_file(asked.output) as path:
            path.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
