"""A printable sheet for a class: each student a market of its own behind a code, questions, room for answers; the key.

The key's numbers are those that the page shows at the end of each run: runs of `sim.run`, rounded as the page rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import sim
from sim.errors import InputError
from sim.extras import extra
from sim.model.firm import YEAR
from sim.page.describe import NEEDS_FILES, rules_digest
from sim.page.replay_source import link_of
from sim.page.share import LONGEST
from sim.result import label
from sim.scenario import Change, Scenario
from sim.scenario.faces import FACES
from sim.study.compare import compare
from sim.study.intervals import mean_interval
from sim.study.many import many

LEVELS = (0, 40, 60, 80)  # of the audit's total: where the rungs begin, so that no rounding lifts it to another
NUMERALS = ("–", "I", "II", "III", "IV")
STYLE = (Path(__file__).parent / "static" / "worksheet.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?[]@!$'()*+,;=%&")


class Sheet(NamedTuple):
    """What is printed.

    name, base   the scenario, as a link names it, and read
    levers       that are moved from the first day; none: the questions are of the firm as it is
    seeds        a market for each student
    address      where the page is, without what stands behind its #
    """

    name: str
    base: Scenario
    levers: dict[str, float]
    seeds: list[int]
    address: str

    @property
    def lived(self) -> list[Scenario]:
        """The firm as it is, and with its levers moved as the page moves them: by a change on day 0."""
        if not self.levers:
            return [self.base]
        return [self.base, self.base.but(changes=(*self.base.changes, Change(0, self.levers)))]


def checked_address(given: str) -> str:
    """The address of a served page or a site, as the codes carry it.

    Raises
    ------
    InputError
        It is none that a browser opens, carries something behind a #, a password, or the teacher's key.

    >>> checked_address("https://school.example/baton")
    'https://school.example/baton'
    """
    said = f"--at {given[:80]!r}:"
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError as fault:
        raise InputError(f"{said} no address ({fault})") from None
    if "#" in given:
        raise InputError(f"{said} give the page's address without the # and what follows it")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError(f"{said} give an address such as http://192.168.1.20:8765/ or https://school.example/baton/")
    if strange := sorted(set(given) - SAFE):
        raise InputError(f"{said} an address has no {strange[0]!r}; such letters are written with %")
    if parts.username is not None or parts.password is not None:
        raise InputError(f"{said} an address that is printed carries no password")
    if any(part.startswith("key=") for part in parts.query.split("&")):
        raise InputError(f"{said} this is the teacher's own link; give the one for everybody")
    return given if parts.path else f"{parts.scheme}://{parts.netloc}/" + (f"?{parts.query}" if parts.query else "")


def links_of(sheet: Sheet) -> list[list[str]]:
    """By student the links to open: to the firm as it is, and with its levers moved.

    Raises
    ------
    InputError
        The scenario is not shipped, a lever is not the page's, or a code would be too dense to scan.
    """
    if sheet.name in NEEDS_FILES:
        raise InputError(f"{sheet.name}: a template for your own files, which the page does not show")
    both = [sheet.base, sheet.base.but(sheet.levers)] if sheet.levers else [sheet.base]
    found = [[sheet.address + link_of(sheet.name, sheet.base, each, seed) for each in both] for seed in sheet.seeds]
    longest = max(len(link) for links in found for link in links)
    if longest > LONGEST:
        raise InputError(f"--at: with this address a link has {longest} characters; at most {LONGEST} make a code "
                         "that a telephone reads")  # fmt: skip
    return found


def outcomes(sheet: Sheet, threads: int = 2, progress: Callable[[int, int], None] | None = None) -> list[Any]:
    """What each run comes to: a table of the firm as it is, and one with its levers moved; a row for each market."""
    if not sheet.levers:
        return [many(sheet.base, sheet.seeds, threads=threads, progress=progress)]
    pair = compare(*sheet.lived, seeds=sheet.seeds, threads=threads, progress=progress)
    return [pair.outcomes[pair.outcomes["scenario"] == name].set_index("seed").loc[sheet.seeds].reset_index()
            for name in pair.names]  # fmt: skip


def html(sheet: Sheet, found: list[Any]) -> str:
    """The whole sheet: three students a page, then the teacher's key on a page of its own."""
    slips = [_slip(sheet, n, links) for n, links in enumerate(links_of(sheet), 1)]
    pages = "".join(f'<section class="page">{"".join(slips[i : i + 3])}</section>\n' for i in range(0, len(slips), 3))
    title = escape(f"{_title(sheet)}: worksheet for {len(sheet.seeds)} students")
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8" />\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}" />\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
            f"<title>{title}</title>\n<style>{STYLE}</style></head>\n"
            f"<body>\n{pages}{_key(sheet, found)}</body></html>\n")  # fmt: skip


def _title(sheet: Sheet) -> str:
    return sheet.base.title or label(sheet.base)


def _change(sheet: Sheet) -> str:
    """The levers that are moved, as the page names them."""
    return "; ".join(f"{FACES[name].label}: {value:g}{_unit(FACES[name].unit)} (was {sheet.base.value(name):g})"
                     for name, value in sheet.levers.items())  # fmt: skip


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _years(sheet: Sheet) -> str:
    return f"{sheet.base.days / YEAR:g} years"


def _slip(sheet: Sheet, student: int, links: list[str]) -> str:
    """One student's part of a page."""
    firm = f"Marketing and Sales of one firm, {_years(sheet)}: <b>{escape(_title(sheet))}</b>."
    names = ["Scan, and play to the end"] if len(links) == 1 else ["A: as it is", "B: with the change"]
    codes = "".join(f'<figure><a href="{escape(link)}">{_code(link)}</a><figcaption>{name}</figcaption></figure>'
                    for name, link in zip(names, links, strict=True))  # fmt: skip
    if not sheet.levers:
        asked = (f"<p>{firm}</p>"
                 "<p><b>1.</b> Bet before you scan. The stage at the end will be "
                 "<span class=boxes>☐ I ☐ II ☐ III ☐ IV</span></p>")  # fmt: skip
    else:
        asked = (f"<p>{firm} Changed from the first day: <b>{escape(_change(sheet))}</b>. A and B meet the same "
                 "prospects.</p>"
                 "<p><b>1.</b> Bet before you scan. The change makes net value "
                 "<span class=boxes>☐ higher ☐ lower</span></p>")  # fmt: skip
    heads = ["at the end"] if len(links) == 1 else ["A", "B"]
    rows = "".join(f"<tr><th scope=row>{name}</th>{'<td></td>' * len(heads)}</tr>"
                   for name in ("stage (I to IV)", "audit total, of 100", "net value of the run, M€"))  # fmt: skip
    why = "What held it back?" if len(links) == 1 else "Why? One thing that you saw, and its day."
    return (f"<article><header><b>{student}</b><span class=name>Name</span><span>market {sheet.seeds[student - 1]}, "
            f"yours alone</span></header><div class=body><div class=codes>{codes}</div><div class=asked>{asked}"
            f"<p><b>2.</b> Scan, press Play, and write down what the page shows on the last day.</p>"
            f"<table class=answers><tr><td></td>{''.join(f'<th scope=col>{head}</th>' for head in heads)}</tr>{rows}"
            f"</table><p><b>3.</b> {why}</p><p class=rule></p><p class=rule></p></div></div></article>\n")  # fmt: skip


def _code(link: str) -> str:
    with extra("qr", "A code to scan"):
        import segno

    return segno.make(link, error="m", micro=False).svg_inline(omitsize=True, border=0, title=None)


def _key(sheet: Sheet, found: list[Any]) -> str:
    """The teacher's page: what each student has found, and what the class has found together."""
    pair = len(found) == 2
    heads = ["A: stage", "total", "net value", "B: stage", "total", "net value", "B less A"] if pair else \
            ["stage", "total", "net value"]  # fmt: skip
    rows = []
    for n, runs in enumerate(zip(*(table.itertuples() for table in found), strict=True), 1):
        cells = [cell for run in runs for cell in (NUMERALS[run.stage], _total(run.score), money(run.net_value / 1000))]
        if pair:
            cells.append(signed(runs[1].net_value - runs[0].net_value))
        broke = "; ".join(f"{'AB'[i]} " * pair + f"out of money on day {run.broke}"
                          for i, run in enumerate(runs) if found[i]["broke"].notna().iloc[n - 1])  # fmt: skip
        cells = [str(n), str(sheet.seeds[n - 1]), *cells, *([broke] if broke else [])]
        rows.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    head = "".join(f"<th scope=col>{name}</th>" for name in ("student", "market", *heads))
    change = f" B: {escape(_change(sheet))}, from the first day." if pair else ""
    return (f"<section class=key><h1>For the teacher alone: what the students find</h1>"
            f"<p>{escape(_title(sheet))}, {_years(sheet)}.{change} Net value in M€.</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
            f"<p><b>{escape(_together(found))}</b></p>"
            f"<p>Collect the answers by raised hands before you show this. One student's market shows what may happen; "
            f"the class together shows how often. How fast real firms move between stages is not known.</p>"
            f"<p class=made>Baton {escape(sim.__version__)}, rules {rules_digest()}; another edition's numbers differ, "
            f"and its page says so of these links.</p></section>\n")  # fmt: skip


def _together(found: list[Any]) -> str:
    """What the class can say together, and whether so many markets can say it."""
    n = len(found[0])
    if len(found) == 1:
        stages = [int((found[0]["stage"] == stage).sum()) for stage in range(len(NUMERALS))]
        told = ", ".join(f"{NUMERALS[stage]}: {k}" for stage, k in enumerate(stages) if k)
        middle = money(found[0]["net_value"].median() / 1000)
        return f"Stage at the end, of {n} markets: {told}. Net value: median {middle}."
    gains = (found[1]["net_value"] - found[0]["net_value"]).to_numpy(float)
    higher = int((gains > 0).sum())
    told = f"B is higher in {higher} of {n} markets, on average by {signed(gains.mean())}"
    if n < 3:
        return f"{told}."
    interval = mean_interval(gains)
    sure = not interval.low <= 0 <= interval.high
    return (f"{told} (95 %: {signed(interval.low)} to {signed(interval.high)})"
            + ("." if sure else f": {n} markets cannot tell the two apart."))  # fmt: skip


def _total(score: float) -> str:
    """An audit's total as the page shows it: whole, and on its own rung."""
    if math.isnan(score):
        return "–"
    whole = math.floor(score + 0.5)
    return str(whole - 1 if whole in LEVELS[1:] and score < whole else whole)


def money(m: float) -> str:
    """M€ as the page says them.

    >>> money(64.274), money(5.5), money(-1234.5), money(130.27)
    ('64.3', '5.50', '−1,235', '130')
    """
    size = abs(m)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return ("−" if m < 0 else "") + f"{math.floor(size * 10**digits + 0.5) / 10**digits:,.{digits}f}"


def signed(thousands: float) -> str:
    """A difference in k€, as M€ with its sign."""
    return ("+" if thousands >= 0 else "") + money(thousands / 1000)
