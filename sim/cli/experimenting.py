"""`baton experiment`: run an experiment file, stop and go on, see first what it will take."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.options import INTERRUPTED, NO, PARTIAL, Json, OwnOutcomes, Quiet, option
from sim.cli.screen import announce, announce_wait, own_outcomes, print_json, put, screen
from sim.cli.typed import command_text

LONGEST = 20  # characters of a part's name


def experiment_command(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="name of a shipped experiment, or a TOML file; none: list them")
    ] = None,
    output: Annotated[
        Path | None, option("-o", "--output", metavar="STORE", help="folder for the results; the same command goes on")
    ] = None,
    dry_run: Annotated[bool, option("--dry-run", help="say how many runs, how long and how large, and stop")] = False,
    add_outcome: Annotated[
        list[str] | None,
        option("--add-outcome", metavar="NAME", help="live a store's runs again, and keep this of them too"),
    ] = None,
    outcomes: OwnOutcomes = None,
    markets: Annotated[
        int | None, option("--markets", min=1, max=MOST_MARKETS, help="so many markets, whatever the file says")
    ] = None,
    shard: Annotated[
        str | None, option("--shard", metavar="K/N", help="only the K-th of N parts, by markets, as a store of its own")
    ] = None,
    until_known: Annotated[
        str | None,
        option("--until-known", metavar="OUTCOME", help="then let the store grow where its contrast is open"),
    ] = None,
    against: Annotated[
        str | None, option("--against", metavar="POINT", help="of --until-known: base, best, zero, or a point's number")
    ] = None,
    within: Annotated[
        float, option("--within", min=0.0, metavar="AMOUNT", help="of --until-known: a difference that matters nothing")
    ] = 0.0,
    most: Annotated[
        int, option("--most", min=5, max=MOST_MARKETS, help="markets at most of a point, for --until-known")
    ] = 640,
    grow: Annotated[bool, option("--grow", help="let the store become one of this larger experiment")] = False,
    take: Annotated[
        list[Path] | None, option("--take", metavar="STORE", help="take over what another store holds of these runs")
    ] = None,
    jobs: Annotated[int, option("--jobs", "-j", min=1, max=1024, help="runs at a time")] = 2,
    cluster: Annotated[
        str | None, option("--cluster", metavar="ADDRESS", help="a Dask scheduler's address, or local:N")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment: many organizations by a design, each in the same markets.

    Each run is kept as soon as it is done. Stop whenever you like; the same command goes on.

    \b
    Examples:
      baton experiment                                  the experiments that come with Baton
      baton experiment trust-and-distance --dry-run     how many runs, how long, how large
      baton experiment trust-and-distance -o store
      baton experiment my.toml -o store --jobs 8
      baton experiment my.toml -o store --cluster tcp://10.0.0.5:8786
      baton experiment store --add-outcome hours_contact -o more
      baton experiment my.toml -o store --markets 96    a store of 12 markets goes on to 96
      baton experiment store --until-known net_value    more markets for points that cannot be told from the base yet
      baton experiment my.toml -o part2 --shard 2/8     on another machine; then: baton store merge part* -o whole
    """
    screen.quiet = quiet or as_json
    if file is None:
        _list(as_json)
        return
    if until_known is None and (against is not None or within):
        raise typer.BadParameter("say of which outcome: --until-known net_value", param_hint="--against, --within")
    if until_known is not None and (dry_run or add_outcome or shard or cluster):
        others = "--dry-run, --add-outcome, --shard or --cluster"
        raise typer.BadParameter(f"runs what is open here and now: not with {others}", param_hint="--until-known")
    if until_known is not None and output is None and Path(file).is_dir():
        _known(file, until_known, against, within, most, jobs, as_json)
        return
    if output is None and not dry_run:
        said = "say where the results go (-o STORE), or ask first (--dry-run)"
        if (Path(file) / "store.toml").is_file():
            said = f"a store goes on by its experiment's file, baton experiment FILE.toml -o {file}, with what is new"
        raise typer.BadParameter(said, param_hint="--output")
    announce(f"Reading {file} …")
    from sim.study.experiments.experiment import read_experiment
    from sim.study.store.store import ABOUT, open_store
    from sim.study.sweep.growing import grow as grow_store

    own_outcomes(outcomes)
    old = None
    if add_outcome:
        from sim.study.sweep.relive import with_more

        old = open_store(file)
        chosen = with_more(old, add_outcome)
    else:
        chosen = read_experiment(file) if not Path(file).is_dir() else open_store(file).experiment
    chosen = _resized(chosen, markets, shard)
    if until_known is not None and markets is None and (output / ABOUT).exists():
        chosen = _grown(chosen, open_store(output).experiment)
    if dry_run:
        asked = {"add-outcome": add_outcome, "outcomes": outcomes, "markets": markets, "shard": shard, "take": take}
        _foretell(chosen, file, output, jobs, as_json, asked | ({"grow": True} if grow else {}))
        return
    announce_wait(chosen.n_runs)
    if (markets or grow) and (output / ABOUT).exists():
        kept = grow_store(output, chosen)
        screen.say(f"{output} is of {chosen.n_runs:,} runs now, and has {kept:,} of them.")
    _sweep(chosen, file, output, jobs, cluster, as_json and until_known is None, old, take or [],
           told=until_known is None)  # fmt: skip
    if until_known is not None:
        _known(str(output), until_known, against, within, most, jobs, as_json, chosen)


def _grown(asked, there):
    """An experiment in the markets that its store has grown to; as it is where that is another's store."""
    grown = asked.but(markets=there.markets, each=there.each)
    return grown if grown.hash == there.hash else asked


def _known(store: str, outcome: str, against: str | None, within: float, most: int, jobs: int, as_json: bool,
           experiment=None) -> None:  # fmt: skip
    """Let a store grow where a contrast is open, and say what is known."""
    from sim.cli.sensitivity_report import contrasts_account
    from sim.study.sensitivity.contrasts import until_known
    from sim.study.sensitivity.sensitivity import can_rank
    from sim.study.store.store import open_store
    from sim.study.sweep.sweep import SweepStopped

    announce(f"Looking which contrasts of {outcome} are open in {store} …")
    try:
        found = until_known(store, outcome, against, within, most, threads=jobs, progress=screen.progress("runs"),
                            experiment=experiment)  # fmt: skip
    except SweepStopped as fault:
        put(f"{fault.store.n_done:,} of {fault.store.experiment.n_runs:,} runs are kept; the same command goes on.",
            file=sys.stderr)  # fmt: skip
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(found.as_data())
    else:
        place = shlex.quote(store)
        more = (
            f"sensitivity {place} --metric {shlex.quote(outcome)}"
            if can_rank(open_store(store))
            else f"export csv {place}"
        )
        screen.show([*contrasts_account(found), f"Next: baton {more}"])
    if not found.enough:
        raise typer.Exit(NO)


def _resized(chosen, markets: int | None, part: str | None):
    """The experiment in so many markets, or a part of it."""
    from sim.study.sweep.growing import shard, with_markets

    if markets is not None:
        first = chosen.markets[0]
        if chosen.markets != tuple(range(first, first + len(chosen.markets))):
            raise typer.BadParameter("the experiment lists its markets; change the list", param_hint="--markets")
        chosen = with_markets(chosen, range(first, first + markets))
    if part is None:
        return chosen
    number, _, of = part.partition("/")
    if not (number.isdecimal() and of.isdecimal() and len(part) < LONGEST):
        raise typer.BadParameter(f"{part!r}: give the part and how many there are, such as 2/8", param_hint="--shard")
    return shard(chosen, int(number), int(of))


def merge_command(
    stores: Annotated[list[Path], typer.Argument(metavar="STORE …", help="stores of one experiment")],
    output: Annotated[Path, option("-o", "--output", metavar="STORE", help="folder for all of them as one")],
    quiet: Quiet = False,
) -> None:
    """Put stores of one experiment together that differ in their markets: parts, shards, other machines' runs.

    \b
    Examples:
      baton store merge part1 part2 part3 -o whole
    """
    screen.quiet = quiet
    from sim.study.sweep.growing import merge

    found = merge(stores, output)
    n, of = found.n_done, found.experiment.n_runs
    screen.show([f"{output}: {n:,} of {of:,} runs, {len(found.experiment.markets):,} markets"])
    if n < of:
        put(f"{of - n:,} runs are missing: baton experiment {output} -o {output} does them.", file=sys.stderr)
        raise typer.Exit(PARTIAL)


def _list(as_json: bool) -> None:
    """The shipped experiments, each with its claim."""
    from sim.cli.layout import Table
    from sim.study.experiments.experiment import read_experiment, shipped_experiments

    found = {name: read_experiment(path) for name, path in shipped_experiments().items()}
    if as_json:
        print_json([{"name": n, "title": e.title, "claim": e.claim, "runs": e.n_runs} for n, e in found.items()])
        return
    rows = [(name, each.claim, f"{each.n_runs:,}") for name, each in found.items()]
    table = Table("Experiments", ("name", "claim", "runs"), rows, (0, 1))
    screen.show([table, f"Next: baton experiment {rows[0][0]} --dry-run"])


def _size(chosen) -> str:
    arms = f" x {len(chosen.arms)} arms" if len(chosen.arms) > 1 else ""
    few = f"{chosen.fewest:,} to " if chosen.each else ""
    return f"{chosen.n_points:,} points{arms} x {few}{len(chosen.markets):,} markets = {chosen.n_runs:,} runs"


def _span(seconds: float) -> str:
    """A length of time as people say it.

    >>> _span(40), _span(400), _span(40_000), _span(400_000)
    ('40 s', '7 min', '11 h', '4.6 days')
    """
    for size, word in ((172_800, "days"), (5_400, "h"), (90, "min")):
        if seconds >= size:
            value = seconds / {"days": 86_400, "h": 3_600, "min": 60}[word]
            return f"{value:.1f} {word}" if word == "days" else f"{value:.0f} {word}"
    return f"{max(1, round(seconds))} s"


def _foretell(chosen, file: str, output: Path | None, jobs: int, as_json: bool, asked: dict) -> None:
    """Runs, time and size, before anything is written."""
    from sim.study.experiments.allowed import constraints_leave
    from sim.study.experiments.design import NEEDS_ALL
    from sim.study.experiments.possible import impossible
    from sim.study.forecast import forecast

    done = _there_already(output, chosen) if output is not None else 0
    told = forecast(chosen, jobs)
    told = told._replace(seconds=told.seconds * (1 - done / chosen.n_runs))
    cannot = impossible(chosen)
    if as_json:
        print_json({"title": chosen.title, "claim": chosen.claim, "hash": chosen.hash, "points": chosen.n_points,
                    "arms": list(chosen.arms), "markets": list(chosen.markets), "runs": chosen.n_runs,
                    "done": done, **told._asdict(), "impossible": cannot._asdict(),
                    "constraints": list(chosen.constraints)})  # fmt: skip
        return
    lines = [
        chosen.title,
        f"Claim to test: {chosen.claim}",
        f"{_size(chosen)} ({chosen.sample.method}, {len(chosen.factors)} factors)",
        f"about {_span(told.seconds)} with {jobs} at a time ({told.seconds_a_run * 1e3:.1f} ms a run, {told.measured})",
        f"about {max(told.bytes_on_disk / 1e6, 0.1):,.1f} MB on disk",
    ]
    if said := constraints_leave(chosen):
        lines.insert(2, f"{said[0].upper()}{said[1:]}")
    if cannot.points:
        blocks = f" so that {chosen.sample.method} cannot be done" if chosen.sample.method in NEEDS_ALL else ""
        lines.insert(3, f"{cannot.sentence()}{blocks}")
    if done:
        lines.insert(2, f"{done:,} of them are in {output} already, {chosen.n_runs - done:,} are left")
    again = shlex.quote(file) + command_text(**asked).removeprefix("baton export")
    screen.show(["\n".join(lines), f"Next: baton experiment {again} -o {output or 'store'}"])


def _there_already(output: Path, chosen) -> int:
    """Runs of this experiment that a store holds, from an earlier call; 0 where there is none yet."""
    from sim.study.store.new import check_same
    from sim.study.store.store import ABOUT, open_store

    if not (output / ABOUT).exists():
        return 0
    check_same(output, chosen)
    return open_store(output).n_done


def _sweep(chosen, file: str, output: Path, jobs: int, cluster: str | None, as_json: bool, old=None, take=(),
           told: bool = True) -> None:  # fmt: skip
    from sim.files.sums import Damaged
    from sim.study.sweep.relive import check_same_ends
    from sim.study.sweep.sweep import SweepBroken, SweepStopped, sweep

    screen.say(f"{chosen.title}\n{_size(chosen)}")
    with contextlib.suppress(Damaged):  # it is mended as soon as the store is opened for writing
        if done := _there_already(output, chosen):
            screen.say(f"{done:,} runs are there already.")
    progress = screen.progress("runs")
    code, why = 0, ""
    try:
        if cluster is not None:
            from sim.study.sweep.cluster import sweep_on_cluster

            store = sweep_on_cluster(chosen, output, cluster, progress, screen.say)
        else:
            store = sweep(chosen, output, jobs, progress, take)
        if old is not None:
            check_same_ends(old, store)
    except SweepStopped as fault:
        store, code = fault.store, INTERRUPTED
    except SweepBroken as fault:
        store, code, why = fault.store, PARTIAL, f"{fault}. What is done is kept."
    if progress:
        progress(1, 1)  # clears the line where it was stopped
    failed = len(store.failed)
    if told or failed or not store.is_complete:
        _tell(store, file, output, failed, as_json)
    if why:
        put(why, file=sys.stderr)
    if not store.is_complete:
        put(f"{store.n_done:,} of {chosen.n_runs:,} runs are kept; the same command goes on.", file=sys.stderr)
    if code or failed:
        raise typer.Exit(code or PARTIAL)


def _tell(store, file: str, output: Path, failed: int, as_json: bool) -> None:
    """What the sweep came to."""
    made = store.experiment
    if as_json:
        print_json({"store": str(output), "title": made.title, "hash": made.hash, "points": made.n_points,
                    "arms": list(made.arms), "markets": list(made.markets), "runs": made.n_runs,
                    "done": len(store.runs) - failed, "failed": failed, "complete": store.is_complete,
                    "outcomes": store.summary().reset_index().to_dict("records")})  # fmt: skip
        return
    from sim.cli.layout import Table
    from sim.cli.report import reasons_by_kind
    from sim.study.sensitivity.sensitivity import can_rank

    parts: list = []
    if store.is_complete:
        parts.append(f"{made.title}\nClaim to test: {made.claim}")
        rows = [(arm, name, *(f"{row[c]:,.2f}" for c in ("mean", "lowest_point", "highest_point")), row["unit"])
                for (arm, name), row in store.summary().iterrows()]  # fmt: skip
        parts.append(
            Table("Outcomes", ("arm", "outcome", "mean", "lowest point", "highest point", "unit"), rows, (0, 1, 5))
        )
    if failed:
        parts.append("\n".join([f"{failed:,} runs failed:", *reasons_by_kind(store.failed["reason"])]))
    if store.is_complete:
        place = shlex.quote(str(output))
        ranked = f"baton sensitivity {place}, or " if can_rank(store) else ""
        parts.append(f"Results are in {output}\nNext: {ranked}baton export csv {place}")
    screen.show(parts)
