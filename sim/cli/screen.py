"""What the command's user sees: results on stdout, messages and progress on stderr, levers typed by hand."""

from __future__ import annotations

import json
import math
import shlex
import sys
import time
from typing import TYPE_CHECKING

import typer

from sim.files.harmless import printable

if TYPE_CHECKING:
    from sim.scenario.own_theory import OwnTheory

REDRAW = 0.2  # seconds between two looks of the progress line; a shorter wait shows none


def put(text: object = "", file=None, end: str = "\n", flush: bool = True) -> None:
    """The one way to the terminal: what a title, a name or a file could do there is shown and not done."""
    print(printable(str(text)), file=file, end=end, flush=flush)


def compare_line(name: str) -> str:
    """A command that compares what was run (a name or a link, and options, quoted) with another organization.

    >>> compare_line("silo --theory baton"), compare_line("default")
    ('baton compare default silo --theory baton', 'baton compare default liaison')
    """
    first, *options = shlex.split(name)
    return shlex.join(["baton", "compare", "default", "liaison" if first == "default" else first, *options])


class Screen:
    """Where things go: results to stdout, messages and progress to stderr."""

    quiet = False
    keep_names = False

    def say(self, text: str) -> None:
        if not self.quiet:
            put(text, file=sys.stderr)

    def show(self, parts: list) -> None:
        """Print strings and tables, with a blank line between: dressed on a terminal, plain elsewhere."""
        from sim.cli.layout import Table, drawn, folded, line_length

        for part in parts:
            if isinstance(part, Table):
                print(drawn(part, sys.stdout.isatty()))  # its cells are cleaned one by one, and a bold line stays bold
            else:
                put(folded(str(part), line_length()))
            put()

    def progress(self, what: str):
        """A function (done, all) that keeps one line with the time left, on a terminal only."""
        if self.quiet or not sys.stderr.isatty():
            return None
        begun = told = time.monotonic()

        def tell(done: int, all_: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told < REDRAW and (done < all_ or told == begun):
                return
            left = (now - begun) * (all_ - done) / max(done, 1)
            text = f"  {done:,} of {all_:,} {what}, about {math.ceil(left)} s left" if done < all_ else ""
            print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
            told = now

        return tell


screen = Screen()


def announce(text: str, runs: float = 1) -> None:
    """Say at once what is coming; then, if the rules must be compiled for so many runs, that and for how long."""
    screen.say(text)
    announce_wait(runs)


def announce_wait(runs: float) -> None:
    """Say that the rules are compiled before so many runs begin, where they are."""
    from sim.files import cache
    from sim.model import kernel, wasm

    if not wasm.must_compile(runs):
        return
    if kernel.WHY_NO_CACHE:
        screen.say(f"The rules are compiled anew each time, for a minute: {kernel.WHY_NO_CACHE}; {cache.CURE}.")
    else:
        screen.say("The rules are being compiled, once; that takes about a minute.")


def read_scenario(name: str | None, levers: list[str] | None = None, theory: str | OwnTheory | None = None):
    from sim.scenario import read

    scenario = read(name) if name is not None else read()
    if theory is not None:
        other = scenario.but(theory=theory)
        scenario = other.but(title=f"{scenario.title or name or 'default'} by {other.lives_by}")
    scenario = scenario.named() if screen.keep_names else scenario
    if not levers:
        return scenario
    if scenario.firm:
        from sim.study.own.accepted import ask_gate

        ask_gate(scenario)
    moved = _levers(levers)
    said = ", ".join(f"{lever} = {value}" for lever, value in moved.items())
    return scenario.but(moved, title=f"{scenario.title or name or 'default'}, with {said}")


def own_day(path):
    """The day of `--day`, read before anything else is done; None where none is given."""
    if path is None:
        return None
    from sim.files.own_day import read_day

    return read_day(path)


def own_outcomes(path) -> tuple[str, ...]:
    """The names of the outcomes that `--outcomes` declares, read before anything else is done."""
    if path is None:
        return ()
    from sim.result.own_outcomes import read_outcomes

    return read_outcomes(path)


def usual(seed: int | None) -> int:
    """The market that a command means where none is named."""
    from sim import USUAL_MARKET

    return USUAL_MARKET if seed is None else seed


def _levers(pairs: list[str]) -> dict:
    from sim.arguments import value_typed

    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            said = f"{pair!r}: give a lever as NAME=VALUE, such as trust.gain=0.05"
            raise typer.BadParameter(said, param_hint="--set")
        found[name.strip()] = value_typed(value.strip())
    return found


def print_json(data) -> None:
    def safe(value):
        if isinstance(value, dict):
            return {str(k): safe(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [safe(v) for v in value]
        if hasattr(value, "item"):
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value if isinstance(value, str | int | float | bool | None) else None

    put(json.dumps(safe(data), ensure_ascii=False, indent=1))


def check_output(output, overwrite: bool, mark: str = "run.toml") -> None:
    """Refuse a folder that cannot be written before anything is run."""
    from sim.files.folder import check_free

    try:
        check_free(output, overwrite, mark)
    except FileExistsError as fault:
        raise typer.BadParameter(str(fault), param_hint="--output") from None
