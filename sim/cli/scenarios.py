"""`baton scenarios`: scenario files listed, shown, checked, held against each other and upgraded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import INPUT, NO, Json, option
from sim.cli.screen import print_json, put, read_scenario, screen


def list_command(as_json: Json = False) -> None:
    """The shipped scenarios, each with its title and question."""
    from sim.cli.layout import Table
    from sim.scenario import read, shipped

    found = {name: read(name) for name in sorted(shipped())}
    if as_json:
        print_json([{"name": n, "title": s.title, "question": s.question, "days": s.days} for n, s in found.items()])
        return
    rows = [(name, each.title, each.question) for name, each in found.items()]
    screen.show(
        [Table("Scenarios", ("name", "title", "question"), rows, (0, 1, 2)), f"Next: baton scenarios show {rows[0][0]}"]
    )


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
    from sim.cli.layout import Table

    differing = read_scenario(a).differs(read_scenario(b))
    if not differing:
        put(f"{a} and {b} are the same in all that matters to a run.")
        return
    rows = [(str(name), str(one), str(other)) for name, one, other in differing]
    screen.show([Table("Differences", ("", a, b), rows, (0, 1, 2))])


KEPT = ".bak"  # behind a file's name: as it was


def upgrade_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="scenario or experiment files")],
    only_look: Annotated[
        bool, option("--check", help="only say what would be rewritten (exit code 4 if anything)")
    ] = False,
    output: Annotated[
        Path | None, option("-o", "--output", metavar="FILE", help="write there, and leave the one file given as it is")
    ] = None,
) -> None:
    """Rewrite scenario and experiment files of a former edition: numbers that went, or have another name now.

    Each line that changes is told. Comments and order stay; a file as it was is kept beside (FILE.bak); a file with any
    other fault is left whole.

    \b
    Examples:
      baton scenarios upgrade firm.toml --check
      baton scenarios upgrade firm.toml experiment.toml
      baton scenarios upgrade firm.toml -o firm-now.toml
    """
    from sim.errors import InputError

    if output is not None and len(files) != 1:
        raise typer.BadParameter("takes one file", param_hint="--output")
    if output is not None and output.resolve() == files[0].resolve():
        raise typer.BadParameter("is the file itself; without it the file is rewritten", param_hint="--output")
    rewritten, faults, left = False, [], list(files)
    while left:  # a file that is based on another of them is right as soon as that one is
        again = []
        for path in left:
            try:
                rewritten |= _upgrade(path, output, only_look)
            except InputError as fault:
                again.append((path, fault))
        if only_look or len(again) == len(left):
            faults = [fault for _, fault in again]
            break
        left = [path for path, _ in again]
    for problem in (each for fault in faults for each in fault.told):
        put(problem, file=sys.stderr)
    if faults:
        raise typer.Exit(INPUT)
    if only_look and rewritten:
        raise typer.Exit(NO)


def _upgrade(path: Path, output: Path | None, only_look: bool) -> bool:
    """Say what is rewritten in a file, and rewrite it; whether there is anything."""
    import os

    from sim.errors import InputError
    from sim.files.folder import written_file
    from sim.files.reading import read_bytes, read_text
    from sim.study.upgrade import upgraded

    found, kept = upgraded(read_text(path), path), Path(f"{path}{KEPT}")
    in_place = found.steps and not only_look and output is None
    if in_place and os.path.lexists(kept):
        raise InputError(f"{path}: is to be kept as {kept.name}, which is there already; move that, or give -o")
    raw = read_bytes(path)
    text = found.text.encode()
    if in_place or (output is not None and not only_look):
        with written_file(output or path) as work:
            work.write_bytes(text)
            if in_place:  # last of all, and before the file is another
                with written_file(kept) as copy:
                    copy.write_bytes(raw)
    for step in found.steps:
        put(f"{path}, line {step.line}: {step.was} {f'is now {step.now}' if step.now else 'is taken out'}: {step.why}")
    for note in found.notes:
        put(f"{path}, line {note.line}: {note.was} is left as it is; in a file of the first edition it {note.why}")
    put(f"{path}: {_became(found.steps, kept, output, only_look)}")
    return bool(found.steps)


def _became(steps: tuple, kept: Path, output: Path | None, only_look: bool) -> str:
    """What became of a file."""
    if not steps:
        return "nothing to rewrite" + (f"; written to {output} as it is" if output and not only_look else "")
    if only_look:
        return "would be rewritten"
    return f"rewritten to {output}" if output else f"rewritten; as it was: {kept.name}"
