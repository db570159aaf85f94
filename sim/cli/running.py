"""`baton run`: one organization in one market, or in many."""

from __future__ import annotations

import math
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.linked import is_link, read_link, state_sentence
from sim.cli.options import (
    INTERRUPTED,
    Days,
    Json,
    KeepNames,
    Levers,
    Output,
    Overwrite,
    OwnDay,
    OwnOutcomes,
    Quiet,
    ScenarioOrLink,
    SeedOrFirst,
    Theory,
    Threads,
    option,
)
from sim.cli.screen import (
    announce,
    check_output,
    compare_line,
    own_day,
    own_outcomes,
    print_json,
    put,
    read_scenario,
    screen,
    usual,
)
from sim.errors import InputError

OF_A_STATE = "cannot be set for a saved state"  # as sim.run says it


def _length(scenario, days: int | None) -> dict:
    """How `--days` is met: a shorter run stops early, before later changes; a longer one has a new horizon."""
    if days is None:
        return {}
    return {"until": days} if days <= scenario.days else {"days": days}


def run_command(
    scenario: ScenarioOrLink = None,
    seed: SeedOrFirst = None,
    seeds: Annotated[
        int | None,
        option(
            "--seeds",
            min=1,
            max=MOST_MARKETS,
            help="run in so many markets, 0 and on: medians and 80 % bands (below nine markets, the range)",
        ),
    ] = None,
    days: Days = None,
    output: Output = None,
    overwrite: Overwrite = False,
    levers: Levers = None,
    day: OwnDay = None,
    theory: Theory = None,
    outcomes: OwnOutcomes = None,
    from_state: Annotated[Path | None, option("--from", metavar="STATE", help="go on from a saved state")] = None,
    save_state: Annotated[Path | None, option("--save-state", metavar="FILE", help="keep the state at the end")] = None,
    threads: Threads = 2,
    as_json: Json = False,
    keep_names: KeepNames = False,
    quiet: Quiet = False,
) -> None:
    """Let one organization live, and tell what became of it.

    \b
    Examples:
      baton run
      baton run silo --seed 12 -o out
      baton run silo --set liaison.count=1 --set distance.between_teams_m=20
      baton run silo --seeds 50
      baton run 'http://127.0.0.1:8765/#v=…'      # what a link of the page shows
      baton run silo --days 600 --save-state day600.npz
      baton run liaison --from day600.npz
      baton run silo --theory mine.py --set mine.stubbornness=0.2
    """
    screen.quiet = quiet or as_json
    screen.keep_names = keep_names
    if seeds is not None and (from_state or save_state):
        raise typer.BadParameter("a state belongs to one market: leave --seeds out", param_hint="--seeds")
    if output is not None:
        check_output(output, overwrite)
    own_outcomes(outcomes)
    link = (
        read_link(scenario, set=levers, seed=seed, day=day, theory=theory, **{"from": from_state})
        if is_link(scenario)
        else None
    )
    chosen = link.scenario if link else read_scenario(scenario, levers, theory)
    seed = link.seed if link and seeds is None else seed
    if chosen.firm and Path(chosen.source).name != "firm.toml":  # a plan on an imported firm, not the firm as it is
        from sim.study.own.accepted import ask_gate

        ask_gate(chosen)
    step = own_day(day)
    where = f"market {usual(seed)}"
    if from_state is not None:
        where = f"the market of {from_state}" if seed is None else f"market {seed} from the day of {from_state} on"
    where = f"the markets {seed or 0} to {(seed or 0) + seeds - 1}" if seeds else where
    name = shlex.quote(scenario or "default")
    name += f" --theory {shlex.quote(str(theory))}" if theory else ""
    announce(
        f"Running {'what the link shows' if link else scenario or 'the default scenario'} in {where} …",
        1 if step is None and chosen.own_theory is None else math.inf,
    )
    if chosen.organization is not None and from_state is None:
        for note in chosen.load_organization().notes:
            screen.say(note)
    options = _length(chosen, days) | {"step": step}
    if seeds:
        first = seed or 0
        _run_many(chosen, range(first, first + seeds), threads, output, overwrite, as_json, name, options)
        return
    from sim.cli import report
    from sim.run import run

    try:
        result = run(chosen, seed, from_state=from_state, progress=screen.progress("days"), **options)
    except InputError as fault:
        if scenario is None and from_state is not None and any(OF_A_STATE in each for each in fault.problems):
            raise InputError([*fault.problems, f"{from_state}: name the scenario it was saved from"]) from None
        raise
    if save_state is not None:
        result.save_state(save_state)
        screen.say(f"State of day {result.days} kept in {save_state}")
    if output is not None:
        _save(result, output, overwrite)
    if as_json:
        print_json(report.as_data(result))
        return
    other = f"baton compare {name}" if link and link.base != link.scenario else compare_line(name)
    after = f"baton audit {output}" if output else f"baton run {name} -o out, or {other}"
    said = [state_sentence(result)] if link else []
    screen.show([*report.account(result), *said, f"{report.LIMIT}\nNext: {after}"])


def _save(result, output: Path, overwrite: bool, **more) -> None:
    result.save(output, overwrite, **more)
    screen.say(f"Tables and picture are in {output}")


def _run_many(chosen, seeds, threads: int, output, overwrite: bool, as_json: bool, name: str, options: dict) -> None:
    """One scenario in many markets; after an interruption the account of what finished."""
    from sim.cli import report
    from sim.study.many import Interrupted, many

    lives: dict[int, SimpleNamespace] = {}  # what the picture's band needs of each market
    stages: dict[int, list[int]] = {}
    first: list = []

    def keep(each) -> None:
        stages[each.seed] = [int(s) for s in each.state.firm.quarters["stage"][: each.days // 65]]
        if output is not None:
            lives[each.seed] = SimpleNamespace(
                seed=each.seed, days=each.days, daily=each.daily[["revenue", "contribution"]].copy()
            )
            if each.seed == seeds[0]:
                first.append(each)

    stopped = False
    try:
        rows = many(chosen, list(seeds), threads=threads, keep=keep, progress=screen.progress("markets"), **options)
    except Interrupted as fault:
        rows, stopped = fault.finished, True
        if not len(rows):
            raise KeyboardInterrupt from None
    if output is not None and first:
        from sim import figures

        _save(first[0], output, overwrite, extra={"markets": rows}, band=figures.band_of(list(lives.values())))
    if as_json:
        print_json(
            {"scenario": chosen.title, "markets": rows.to_dict("records"), "stages": [stages[s] for s in rows["seed"]]}
        )
    else:
        parts = report.markets_account(chosen, rows, [stages[s] for s in rows["seed"]])
        screen.show([*parts, f"{report.LIMIT}\nNext: {compare_line(name)} --seeds {len(seeds)}"])
    if stopped:
        put(f"{len(rows)} of {len(seeds)} markets were finished, and are told here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)
