"""`baton theory`: theories that come with Baton, a theory held to the contract, and several against each other."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import NO, Json, Quiet, Threads, option
from sim.cli.screen import announce, print_json, put, screen


def list_command(as_json: Json = False) -> None:
    """List the theories that come with Baton."""
    from sim.cli.layout import Table
    from sim.scenario.own_theory import shipped_theories

    found = {name.replace("_", "-"): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
             for name, path in shipped_theories().items()}  # fmt: skip
    rows = [("baton", "the model's own day"), *((name, text.split("\n")[0]) for name, text in found.items())]
    if as_json:
        print_json([{"name": name, "about": about} for name, about in rows])
        return
    screen.show([Table("Theories", ("name", "what it says"), rows, (0, 1)), f"Next: baton run --theory {rows[-1][0]}"])


def check_command(
    file: Annotated[str, typer.Argument(metavar="FILE.py", help="a theory of your own, or the name of a shipped one")],
    scenario: Annotated[
        str | None, option("--in", metavar="SCENARIO", help="where it is tried (none: default)")
    ] = None,
    days: Annotated[int, option("--days", min=5, max=2600, help="working days that are lived")] = 130,
    quiet: Quiet = False,
) -> None:
    """Hold a theory to the contract: books, bounds, luck; compiled and plain; its own numbers at their ends.

    What it breaks is told with the lines of the file that write what is broken.

    \b
    Examples:
      baton theory check mine.py
      baton theory check mine.py --in silo --days 520
    """
    import math

    screen.quiet = quiet
    from sim.contract import ContractError, check_theory

    announce(f"Trying {file} …", math.inf)
    try:
        report = check_theory(file, scenario, days, told=screen.say)
    except ContractError as fault:
        put("\n".join(fault.broken))
        raise typer.Exit(NO) from None
    screen.show([str(report), f"Next: baton compare {scenario or 'default'} --theory {file}"])


def tournament_command(
    theories: Annotated[
        list[str], typer.Argument(metavar="A B …", help="theories: baton, names of shipped ones, Python files")
    ],
    rows: Annotated[
        list[str] | None,
        option("--row", metavar="PATTERN", help="only these patterns: P13, F16, … (none: all published)"),
    ] = None,
    experiments_only: Annotated[bool, option("--no-patterns", help="only what would tell them apart")] = False,
    markets: Annotated[int, option("--markets", min=4, max=1000, help="for choosing, and as many for judging")] = 14,
    base: Annotated[str | None, option("--in", metavar="SCENARIO", help="where experiments are tried")] = None,
    levers: Annotated[list[str] | None, option("--lever", metavar="NAME", help="only these levers")] = None,
    document: Annotated[
        Path | None, option("--document", metavar="FILE", help="also write what was found as a page (Markdown)")
    ] = None,
    threads: Threads = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Which theory shows which published patterns, and which experiment would tell two of them apart.

    Rivals are not fitted; the patterns are those that need no mechanism switched off. What is chosen on some markets is
    judged on others. Measured patterns are kept: a call that was stopped goes on there.

    \b
    Examples:
      baton theory tournament baton structure-alone --row P13 --row P8
      baton theory tournament baton thought-worlds social-exchange structure-alone
      baton theory tournament baton mine.py --no-patterns --lever liaison.count
    """
    import math

    screen.quiet = quiet or as_json
    announce(f"{len(theories)} theories in {markets} markets for choosing and {markets} for judging …", math.inf)
    from sim.study.tournament import tournament

    found = tournament(theories, [] if experiments_only else rows or None, markets, base=base, levers=levers or None,
                       threads=threads, progress=screen.progress("runs"), told=screen.say)  # fmt: skip
    if document is not None:
        from sim.study.tournament_page import save_document

        words = [*theories, *_again("--row", rows), *_again("--lever", levers), *_again("--in", base)]
        command = shlex.join(["baton", "theory", "tournament", *words, "--markets", str(markets)])
        save_document(document, found, command)
        screen.say(f"The page is {document}")
    if as_json:
        print_json({"theories": found.hashes, "verdicts": found.verdicts.reset_index().to_dict("records"),
                    "holds": found.holds.reset_index().to_dict("records"),
                    "apart": [each._asdict() for each in found.apart], "told": found.sentences()})  # fmt: skip
        return
    from sim.cli.layout import Table
    from sim.cli.report import LIMIT

    names = [str(name) for name in found.holds.index]
    parts: list = []
    if len(found.verdicts):
        lines = [(str(row), line["claim"], line["expected"], *(line[name] for name in names))
                 for row, line in found.verdicts.iterrows()]  # fmt: skip
        parts.append(Table("Patterns, on markets for judging", ("", "pattern", "expected", *names), lines,
                           (0, 1, *range(3, 3 + len(names)))))  # fmt: skip
        counts = [(name, *map(str, line)) for name, *line in found.holds.itertuples()]
        parts.append(Table("How many hold", ("", "choosing", "judging", "fail", "undecided"), counts, (0,)))
        told = found.sentences()
    else:
        told = found.sentences()[1:]
    screen.show([*parts, "\n".join(told), f"{LIMIT}\nNext: baton theory check {shlex.quote(theories[-1])}"])


def _again(name: str, given: list[str] | str | None) -> list[str]:
    """An option as it would be typed again."""
    values = [given] if isinstance(given, str) else given or []
    return [word for value in values for word in (name, value)]
