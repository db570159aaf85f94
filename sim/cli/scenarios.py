"""`baton scenarios`: list, show, check and compare scenario files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.options import INPUT, Json
from sim.cli.screen import print_json, put, read_scenario, screen


def list_command(as_json: Json = False) -> None:
    """The shipped scenarios, each with its title and question."""
    from sim.cli.report import Table
    from sim.scenario import read, shipped

    found = {name: read(name) for name in sorted(shipped())}
    if as_json:
        print_json([{"name": n, "title": s.title, "question": s.question, "days": s.days} for n, s in found.items()])
        return
    rows = [(name, each.title, each.question) for name, each in found.items()]
    screen.show([Table("Scenarios", ("name", "title", "question"), rows, (0, 1, 2)), "Next: baton scenarios show NAME"])


def show_command(scenario: Annotated[str, typer.Argument(metavar="SCENARIO")]) -> None:
    """A scenario as a file that `baton run` reads back."""
    put(read_scenario(scenario).to_toml(), end="")


def check_command(
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="scenario files, or names")],
) -> None:
    """Say whether scenario files are right; every problem on a line, exit code 3 if there is one."""
    from sim.errors import InputError

    wrong = False
    for name in files:
        try:
            scenario = read_scenario(name)
            scenario.load_organization()
        except InputError as fault:
            wrong = True
            for problem in fault.told:
                put(problem, file=sys.stderr)
        else:
            differing = len(scenario.values)
            put(f"{name}: right ({scenario.title or 'no title'}; {differing} numbers differ from the defaults)")
    if wrong:
        raise typer.Exit(INPUT)


def diff_command(
    a: Annotated[str, typer.Argument(metavar="A")], b: Annotated[str, typer.Argument(metavar="B")]
) -> None:
    """In what two scenarios differ."""
    from sim.cli.report import Table

    differing = read_scenario(a).differs(read_scenario(b))
    if not differing:
        put(f"{a} and {b} are the same in all that matters to a run.")
        return
    rows = [(str(name), str(one), str(other)) for name, one, other in differing]
    screen.show([Table("Differences", ("", a, b), rows, (0, 1, 2))])
