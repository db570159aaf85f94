"""`baton export worksheet`: a printable sheet for a class, each student with a market of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Levers, NoTheory, Quiet, ScenarioName, Threads, option
from sim.cli.screen import announce, read_scenario, screen

MOST_STUDENTS = 300


def worksheet_command(
    scenario: ScenarioName = None,
    at: Annotated[
        str, option("--at", metavar="URL", help="where the class finds the page: what `baton serve` printed")
    ] = "",
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="sheet to write (.html or .pdf)")] = Path(
        "worksheet.html"
    ),
    students: Annotated[int, option("--students", min=1, max=MOST_STUDENTS, help="how many, each with a market")] = 30,
    seed: Annotated[int, option("--seed", min=0, help="the first student's market; the others' follow")] = 1,
    levers: Levers = None,
    theory: NoTheory = None,
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """Write a sheet to print: for each student a code to scan, a bet, questions and room for the answers.

    Each has a market of its own, so the class together sees how often something happens. With --set each sees the firm
    as it is (A) and with its levers moved from the first day (B). The last page is the teacher's: all the answers.
    A .pdf is printed by a Chromium, Chrome or Edge of this machine; a .html by any browser.

    \b
    Examples:
      baton export worksheet --set liaison.count=1 --at http://192.168.1.20:8765/ -o sheet.html
      baton export worksheet silo --students 24 --at https://school.example/baton/ -o sheet.pdf
    """
    screen.quiet = quiet
    from sim.errors import InputError
    from sim.files.folder import written_file
    from sim.page import pdf, worksheet
    from sim.page.replay_source import moved_levers

    ending = output.suffix.lower()
    if ending not in (".html", ".htm", ".pdf"):
        raise InputError(f"{output}: a worksheet is written as .html or .pdf")
    if not at:
        said = "say where the class finds the page, such as http://192.168.1.20:8765/ (baton serve --lan prints it)"
        raise typer.BadParameter(said, param_hint="--at")
    browser = pdf.browser() if ending == ".pdf" else ""
    base = read_scenario(scenario)
    moved = moved_levers(base, read_scenario(scenario, levers))
    if levers and not moved:
        raise InputError(f"--set {', '.join(levers or [])}: the firm has this already; move something, or leave it out")
    sheet = worksheet.Sheet(scenario or "default", base, moved, list(range(seed, seed + students)),
                            worksheet.checked_address(at))  # fmt: skip
    worksheet.links_of(sheet)  # what cannot be printed is said before anything is run
    announce(f"Living {students} markets for the key …", students * (2 if moved else 1))
    page = worksheet.html(sheet, worksheet.outcomes(sheet, threads, screen.progress("runs")))
    with written_file(output) as work:
        if browser:
            pdf.print_page(browser, page, work)
        else:
            work.write_text(page, encoding="utf-8")
    screen.show(
        [f"{output}: {students} students, markets {seed} to {seed + students - 1}; the last page is yours alone"]
    )
    if any(f"//{name}" in at for name in ("127.", "localhost", "[::1]")):
        screen.say("Take care: only this machine opens this address; give --at what `baton serve --lan` printed.")
    screen.say("Next: open one of its codes, print it, and keep the last page")
