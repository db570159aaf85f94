"""`baton export crm`: a synthetic twin of a firm's exports, whose truth is known."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

from sim.cli.options import Days, Levers, Overwrite, Quiet, ScenarioName, Seed, Theory, option
from sim.cli.screen import announce, check_output, read_scenario, screen, usual


def crm_command(
    scenario: ScenarioName = None,
    tool: Annotated[str, option("--as", metavar="TOOL", help="salesforce, hubspot or pipedrive")] = "salesforce",
    output: Annotated[Path, option("-o", "--output", metavar="DIR", help="folder for the files")] = Path("crm"),
    seed: Seed = None,
    days: Days = None,
    levers: Levers = None,
    theory: Theory = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Write a simulated firm's leads, opportunities and people as a CRM exports them; and the truth (truth.json).

    For training and for trying tools: nobody in it is real, and what a right reading finds is known.

    \b
    Examples:
      baton export crm liaison --as hubspot -o crm
      baton export crm silo --days 260 --seed 3 -o crm
    """
    screen.quiet = quiet
    from sim.errors import InputError, nearest, plural
    from sim.study.own.twin import HEADERS, MARK, write_twin

    if tool not in HEADERS:
        raise InputError(f'--as: "{tool}" is none of {", ".join(HEADERS)}{nearest(tool, HEADERS)}')
    check_output(output, overwrite, MARK)
    chosen = read_scenario(scenario, levers, theory)
    chosen = chosen.but(days=days) if days is not None else chosen
    announce(f"Running {scenario or 'default'} in market {usual(seed)} …")
    from sim.run import run

    truth = write_twin(run(chosen, seed, progress=screen.progress("days")), tool, output, overwrite)
    said = ", ".join([plural(truth["inquiry"], "inquiry", "inquiries"), *(f"{truth[name]:,} {name}" for name in
                     ("opportunities", "won", "lost", "open"))])  # fmt: skip
    screen.show([f"{output}: {said}"])
    files = " ".join(shlex.quote(str(output / f"{name}.csv")) for name in (*HEADERS[tool]["files"], "people", "ties"))
    screen.say(f"Next: baton import {files} --as-of {truth['as_of']}")
