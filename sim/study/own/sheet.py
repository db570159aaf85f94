"""One printable page that says what was read of people and what is kept: for a works council."""

from __future__ import annotations

from html import escape
from typing import Any

from sim.errors import plural
from sim.intake.exports.choices import Account
from sim.intake.exports.reading import Imported
from sim.study.own.hidden import FEWEST

STYLE = """@page { size: A4; margin: 18mm } body { font: 10.5pt/1.4 sans-serif; max-width: 46em; margin: 2em auto }
h1 { font-size: 16pt } h2 { font-size: 12pt } table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #bbb; padding: .25em .5em .25em 0; text-align: left; vertical-align: top }"""
SIDES = {"marketing", "sales"}
KEPT = (
    ("people.csv", "one line a person of Marketing or Sales: a code (M1, S1, …), the side, a code for the site, "
     "whole years of tenure"),
    ("ties.csv", "who is tied to whom, by code; relations have numbers"),
    ("funnel.json", f"counts, rates and waits of leads and opportunities; no count from 1 to {FEWEST - 1}; "
     f"of a survey each statement's mean by side, of {FEWEST} people or more"),
    ("firm.toml", "the settings of the simulation, and what was said about the files"),
    ("fit.json, gate.toml", "later, where they are made: numbers of the simulation that fit the funnel; and who said "
     "whether the simulated firm looks like the own one"),
    ("fit, plans, backtest.json", "later, where they are made: runs of the simulation; plans of somebody, people by "
     "code; how the simulation would have foreseen months that came"),
)  # fmt: skip
NEVER = ("names, addresses, departments and sites (they stand only in the key, a file beside the folder that only its "
         "owner can read), pay, birth, health, belief, phone numbers, subjects and texts of messages, notes, ratings, "
         "and every column that is not listed above")  # fmt: skip


def page(found: Imported, kept: dict[str, Any]) -> str:
    """The page as HTML without scripts or links; files are numbered, as their names may name somebody."""
    rows = []
    for number, account in enumerate(found.accounts, 1):
        read = ", ".join(f"{escape(header)} ({escape(role)})" for header, role, _ in account.used)
        lines = plural(account.numbers["rows"], "line")
        rows.append(f"<tr><td>{number}, {escape(account.kind)}, {lines}</td><td>{read}</td>"
                    f"<td>{_headers(account.ignored, account)}</td>"
                    f"<td>{_headers(account.private, account)}</td></tr>")  # fmt: skip
    without = {"people.csv", "ties.csv"} - _lists(found)
    kept_rows = "".join(
        f"<tr><td>{name}</td><td>{escape(what)}</td></tr>" for name, what in KEPT if name not in without
    )
    upto = f" Days up to {escape(kept['as_of'])}." if kept.get("as_of") else ""
    n_files = plural(len({(account.name, account.digest) for account in found.accounts}), "file was", "files were")
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What was read</title><style>{STYLE}</style>
<h1>What was read, and what is kept</h1>
<p>{n_files} read on one machine, without a network.{upto}</p>
<h2>Read</h2>
<table><tr><th>File</th><th>Columns read (as what)</th><th>Not read</th><th>Private, never read</th></tr>
{"".join(rows)}</table>
<h2>Kept</h2>
<table>{kept_rows}</table>
<p>Never kept: {NEVER}.</p>
<p><code>baton forget</code> and the name of the folder removes the folder and its key.</p>
</html>
"""


def _headers(headers: list[str], account: Account) -> str:
    """Columns by their names; where others are called like people, only how many."""
    if account.colleagues and headers:
        return plural(len(headers), "column")
    return escape(", ".join(headers)) or "none"


def _lists(found: Imported) -> set[str]:
    """The lists that the folder holds: people where both teams have some, ties where two of these have one."""
    if found.people is None or not set(found.people["side"]) >= SIDES:
        return set()
    here = found.people.index[found.people["side"].isin(SIDES)]
    ties = found.ties
    tied = ties is not None and (ties["one"].isin(here) & ties["other"].isin(here)).any()
    return {"people.csv", "ties.csv"} if tied else {"people.csv"}
