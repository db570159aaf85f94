"""`baton export bundle`: stores for a paper as one file that runs again, and the proof that it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import NO, Quiet, Threads, option
from sim.cli.screen import announce, screen


def bundle_command(
    stores: Annotated[
        list[Path], typer.Argument(metavar="STORE …", help="complete stores; with --check a bundle or its folder")
    ],
    output: Annotated[
        Path | None, option("-o", "--output", metavar="FILE.zip", help="the bundle that is written")
    ] = None,
    figures: Annotated[list[Path] | None, option("--figure", metavar="FILE", help="a picture to put in")] = None,
    title: Annotated[str, option("--title", help="of the bundle (none: the experiments' titles)")] = "",
    check: Annotated[bool, option("--check", help="run a bundle again and compare run by run")] = False,
    own: Annotated[
        bool, option("--own", help="with --check: run its authors' own outcomes and theories (Python code)")
    ] = False,
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """Put stores, figures, versions and the model's source and description into one file that runs again.

    With --check every run of a bundle is lived again and must come to the same
    market, the same last quarter and the same outcomes; exit code 4 if one does not.

    \b
    Examples:
      baton export bundle store -o paper.zip
      baton export bundle store1 store2 --figure fig1.pdf --title "Goodhart in the sales funnel" -o paper.zip
      baton export bundle --check paper.zip
    """
    screen.quiet = quiet
    from sim.study.bundle import check_bundle, write_bundle
    from sim.study.bundle_texts import holds_programs
    from sim.study.experiments.people import missing_people
    from sim.study.store.store import open_store

    if not check:
        if output is None:
            raise typer.BadParameter("say where the bundle goes (-o paper.zip)", param_hint="--output")
        announce(f"Writing {output} …")
        write_bundle(stores, output, figures or (), title)
        opened = [open_store(each) for each in stores]
        gone = [name for each in opened for name in missing_people(each.experiment)]
        stay = (f"The people of {', '.join(gone)} are not in it, for no store keeps people: these runs are not lived "
                f"again from it, and --check refuses them.\n" if gone else "")  # fmt: skip
        then = f"Next: baton export bundle --check {output}{' --own' * holds_programs(opened)}"
        screen.show([f"{stay}{output}: {output.stat().st_size / 1e6:,.1f} MB\n{then}"])
        return
    if len(stores) != 1:
        raise typer.BadParameter("give one bundle to check", param_hint="STORE …")
    announce(f"Running {stores[0]} again …")
    found = check_bundle(stores[0], own=own, threads=threads, progress=screen.progress("runs"))
    lines = []
    for each in found:
        ends = "all the same" if not each.otherwise else f"{each.otherwise:,} otherwise"
        lines.append(f"{each.store}: {each.runs:,} runs again, {ends}")
    screen.show(["\n".join(lines)])
    if any(each.otherwise for each in found):
        raise typer.Exit(NO)
