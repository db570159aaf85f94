"""`baton export live` and `baton export site`: the live page as one file, and as a folder for any web server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import KeepNames, NoTheory, Overwrite, Quiet, Seed, option
from sim.cli.screen import check_output, read_scenario, screen

Scenarios = Annotated[
    list[str] | None,
    typer.Argument(metavar="SCENARIO…", help="shipped scenarios, or files; none: all that are shipped"),
]
Lesson = Annotated[str | None, option("--lesson", metavar="NAME", help="open a lesson, such as four-stages")]
Embed = Annotated[bool, option("--embed", help="for a frame in a course page: fewer things stand above")]
Lock = Annotated[list[str] | None, option("--lock", metavar="LEVERS", help="levers that nobody moves in it: a,b")]


def live_command(
    scenarios: Scenarios = None,
    output: Annotated[Path, option("-o", "--output", metavar="FILE", help="page to write (.html)")] = Path("firm.html"),
    seed: Seed = None,
    lesson: Lesson = None,
    embed: Embed = False,
    lock: Lock = None,
    keep_names: KeepNames = False,
    theory: NoTheory = None,
    quiet: Quiet = False,
) -> None:
    """Write the live page as one file: it opens from disk or from a mail, in any browser, with no network and no Baton.

    Levers move, organizations are compared, thirty markets are lived, differences are taken apart: the rules are in
    the file.

    \b
    Examples:
      baton export live -o firm.html
      baton export live silo liaison -o two.html
      baton export live --lesson four-stages -o lesson.html
      baton export live small-simple --lock workforce.marketers,workforce.salespeople --embed -o frame.html
    """
    screen.quiet = quiet
    screen.keep_names = keep_names
    from sim import USUAL_MARKET
    from sim.errors import InputError
    from sim.page import live

    if output.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{output}: a live page is written as .html")
    locked = [name.strip() for each in lock or () for name in each.split(",") if name.strip()]
    named = {live.name_of(each): read_scenario(each) for each in scenarios or ()}
    for name, each in named.items():
        if each.sets:
            screen.say(f"Of {name} the file carries one of {len(each.sets)} sets of numbers, "
                       f"that of market {USUAL_MARKET}, and says so.")  # fmt: skip
    size = live.write(live.Wanted(named or None, seed, lesson, locked, embed), output)
    held = f"{len(named)} organization{'s' if len(named) > 1 else ''}" if named else "all shipped organizations"
    screen.show([f"{output}  {size / 1e6:.2f} MB, {held}"])
    screen.say(f"Next: open {output} in a browser")


def site_command(
    output: Annotated[Path, option("-o", "--output", metavar="DIR", help="folder to write")] = Path("site"),
    overwrite: Overwrite = False,
    theory: NoTheory = None,
    quiet: Quiet = False,
) -> None:
    """Write a static site: a start page with every organization and lesson, each opening the live page, and the texts.

    It needs nothing but a web server that hands out files, under any path; from a disk it works too.

    \b
    Examples:
      baton export site -o site
      baton export site -o site --overwrite
    """
    screen.quiet = quiet
    from sim.page import site

    check_output(output, overwrite, site.OURS)
    size, missing = site.write(output, overwrite)
    screen.show([f"{output}  {size / 1e6:.2f} MB"])
    if missing:
        screen.say(f"Without {', '.join(missing)}: they stand in a checkout of Baton.")
    screen.say(f"Next: open {output / 'index.html'}, or put the folder on a web server")
