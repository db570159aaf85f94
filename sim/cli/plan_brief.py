"""`baton brief`: a plan of a firm of one's own on one sheet of A4."""

from __future__ import annotations

import io
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import Doubt, Json, Quiet, Threads, option
from sim.cli.screen import announce, print_json, put, screen
from sim.files.folder import without_folders


def plan_brief_command(
    firm: Annotated[Path, typer.Argument(metavar="FIRM", help="a folder that `baton import` wrote")],
    name: Annotated[str, typer.Argument(metavar="PLAN", help="one of its plans")],
    output: Annotated[
        Path, option("-o", "--output", metavar="FILE", help="page to write (.html, .pdf, .svg, .png)")
    ] = Path("brief.pdf"),
    seeds: Annotated[int, option("--seeds", min=2, max=MOST_MARKETS, help="number of markets")] = 30,
    doubt: Doubt = False,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the brief of a plan: one sheet of A4.

    Question, what is done and costs, contribution and equity apart, what each action adds, when it has paid for itself,
    at which value of which assumption the answer turns, and what stands behind it. Until the gate of the folder is
    accepted, amounts are shares of today's revenue.

    \b
    Examples:
      baton brief firm liaison -o brief.pdf
      baton brief firm liaison --doubt -o brief.pdf    numbers that nobody measured are drawn, too
      baton brief firm liaison -o brief.html --json
    """
    screen.quiet = quiet or as_json
    from sim.cli import plan_report
    from sim.errors import InputError
    from sim.figures import look, plan_page
    from sim.files.folder import written_file
    from sim.study.own import judged, plans, standing

    html = output.suffix.lower() == ".html"
    if not html:
        look.kind_of(output)
    as_is, as_of = plans.firm_at(firm)
    plan = plans.read_plan(firm, name, as_of)
    if not plan.steps:
        raise InputError(f"{name}: does nothing yet; baton plan {firm} {name} add gives it an action")
    known = standing.standing_of(firm, as_is)
    if not as_json:
        screen.show(plan_report.plan_account(plan, as_is))
    needed = judged.markets_needed(as_is, seeds, doubt)
    announce(f"Running today and the plan in {needed} markets, and what might turn the answer …", 2 * needed + 500)
    found = judged.judge(as_is, plan, seeds, doubt=doubt, threads=threads, progress=screen.progress("runs"))
    command = shlex.join(["baton", "brief", without_folders(str(firm)), name, "--seeds", str(seeds),
                          *(["--doubt"] if doubt else [])])  # fmt: skip
    figure = plan_page.plan_page(found, known.accepted, known, command)
    if html:
        memory = io.StringIO()
        with look.drawing():
            figure.savefig(memory, format="svg", metadata={"Date": None})
        page = plan_page.page_html(memory.getvalue(), found, plan_page.Money(found, known.accepted), known, command)
        with written_file(output) as work:
            work.write_text(page, encoding="utf-8")
    else:
        look.save(figure, output)
    if as_json:
        headline = plan_page.headline(found, plan_page.Money(found, known.accepted))
        print_json({"file": str(output), "headline": headline, **plan_report.judged_data(found, known.accepted),
                    "measured": known.measured, "fitted": known.fitted, "misfit": known.misfit,
                    "standing": known.sentences, "command": command})  # fmt: skip
        return
    screen.show([plan_page.headline(found, plan_page.Money(found, known.accepted))])
    put(output)
