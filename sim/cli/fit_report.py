"""What a fit, a gate and a backtest say, for a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from sim.cli.layout import Table
from sim.model.theory import numbers
from sim.study.own.accepted import Gate
from sim.study.own.backtest import TALLIES, Backtest
from sim.study.own.firm_model import CALLED
from sim.study.own.gate import Look, shown
from sim.study.own.gate_page import books_said, money_said, verdict_said

WORDS = "measured: read off. fitted: narrower than the range by three tenths, and found again. assumed: it is not."


def fit_account(table: dict[str, Any]) -> list[str | Table]:
    """Every number with its word, its interval, and the column that would tell it."""
    rows = []
    for name, row in table["numbers"].items():
        interval = f"{row['low']:.3g} to {row['high']:.3g}" if "low" in row else ""
        searched = f"{row['range'][0]:.3g} to {row['range'][1]:.3g}" if "range" in row else ""
        held = f"{100 * row['held']:.0f} %" if "held" in row else ""
        rows.append((CALLED[name], name, row["word"], f"{row['value']:.3g}", interval, searched, held))
    parts: list[str | Table] = [
        Table(
            "Numbers of the firm", ("", "", "is", "value", "90 % interval", "range searched", "held"), rows, (0, 1, 2)
        )
    ]
    if edges := at_an_end(table["numbers"]):
        parts.append("At an end of what was searched\n" + "\n".join(f"  {sentence}" for sentence in edges))
    told = tells(table["numbers"])
    if told:
        parts.append("What one more column would tell\n" + "\n".join(f"  {sentence}" for sentence in told))
    how = "each fitted like yours" if table["anew"] else "each held against the others"
    checked = f"{table['recovered_on']} simulated firms of your people were found again first, {how}"
    said = f"{WORDS}\n{table['runs']:,} runs, besides those of the first guess. {checked[:1].upper()}{checked[1:]}:\n"
    said += (
        "fitted and assumed intervals are stretched until nine in ten of them hold the truth; held: how many do, of\n"
    )
    said += "firms that had no part in that.\n"
    parts.append(f"{said}Every other number is Baton's default. 50 sets are kept: each market of a question takes one.")
    return parts


def at_an_end(found: dict[str, Any]) -> list[str]:
    """A sentence for each fitted number that lies where its range ends, and whether the truth may lie beyond."""
    said = []
    for name, row in found.items():
        if row.get("edge"):
            low, high = row["range"]
            more = high < numbers()[name].high if row["edge"] == "upper" else low > numbers()[name].low
            beyond = "The truth may lie beyond, or" if more else "Nothing lies beyond:"
            said.append(f"{CALLED[name]}: half of what fits lies in the {row['edge']} tenth of {low:.3g} to "
                        f"{high:.3g}. {beyond} it may make up for something else in your firm")  # fmt: skip
    return said


def tells(numbers: dict[str, Any]) -> list[str]:
    """A sentence for each number that a further column would narrow by a quarter or more; the best column only."""
    found = []
    for name, row in numbers.items():
        for best in row.get("tells", [])[:1]:
            if "width" in row:
                found.append(f"{best['column']} would narrow {CALLED[name]} from {100 * row['width']:.0f} to "
                             f"{100 * best['to']:.0f} % of its range")  # fmt: skip
            else:
                found.append(f"{best['column']} would tell the number of {CALLED[name]}")
    return found


def gate_account(found: Look, gate: Gate | None) -> list[str | Table]:
    """The own funnel beside the simulated one."""
    parts: list[str | Table] = [f"Does this look like you? {found.sentence()}."]
    if found.steps:
        rows = [(step.name, shown(step, step.own), shown(step, step.middle),
                 f"{shown(step, step.low)} to {shown(step, step.high)}",
                 f"{step.off:+.1f}" if abs(step.off) < 100 else "far", "" if step.inside else "outside")
                for step in found.steps]  # fmt: skip
        columns = ("", "your firm", "simulated", "nine in ten of them", "off", "")
        parts.append(Table("Step by step, in the half that nothing was fitted to", columns, rows, (0, 5)))
        parts.append(
            "off: half bands from the middle; beyond 1 you lie outside. Counts a month are of 21 working days, twice\n"
            "the half's; days until a step are geometric means, since waits are skewed: medians differ."
        )
    notes = (
        []
        if found.fitted
        else ["Nothing has been fitted yet: the simulated firm lives by firm.toml and Baton's defaults."]
    )
    notes += textwrap.wrap(f"{books_said(found)}.", 116) if found.books else []
    notes += textwrap.wrap(f"{money_said(found)}.", 116) if found.broke else []
    parts.append("\n".join([*notes, verdict_said(gate)]))
    return parts


def backtest_account(found: Backtest) -> list[str | Table]:
    """Scores of the model and of the plain guesses, and where these are better."""
    rows = []
    for row in found.rows:
        cells = [_score(row.score[way], way == row.best) for way in TALLIES]
        errors = [_score(row.error[way], False) for way in TALLIES]
        rows.append((row.name, str(len(row.months)), *cells, *errors, f"{100 * row.held:.0f} %"))
    columns = ("", "months", *TALLIES.values(), "error: model", "year before", "line", "inside of its band")
    parts: list[str | Table] = [
        f"What had been seen until {found.until}, and what came after",
        Table("Mean score by month, less is better (CRPS; of one guess its absolute error)", columns, rows),
        "\n".join(f"  {sentence}" for sentence in found.sentences()),
        "* comes nearest. error: mean absolute error of the middle guess. The band is of nine in ten runs.\n"
        "Won value is in thousands, all else are counts.\n"
        "–: not all of these months lie a year after one that was seen.",
    ]
    return parts


def _score(value: float | None, best: bool) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}{' *' if best else ''}"
