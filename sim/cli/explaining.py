"""`baton explain`: what the difference between two organizations is made of."""

from __future__ import annotations

import math
import shlex
import sys
from typing import Annotated

import typer

from sim import MOST_MARKETS
from sim.cli.linked import no_plans
from sim.cli.options import (
    BY_THEORY,
    INTERRUPTED,
    METRIC,
    Days,
    Doubt,
    Json,
    KeepNames,
    Output,
    Overwrite,
    OwnOutcomes,
    Quiet,
    SeedOrFirst,
    Threads,
    option,
)
from sim.cli.screen import announce, check_output, own_outcomes, print_json, put, read_scenario, screen, usual

WORDS = (
    "Every two markets take a set of guessed numbers: intervals are of luck and of that doubt, and count sets.\n"
    "“Of it doubt” is doubt's part of the variance of the mean; the rest is luck, which more markets make smaller.\n"
    "A firm lives by one set: for 95 of 100 the bar, over all markets, lies in the last two columns."
)
FEW = 3  # leads told of each bar, bars of which leads are told


def explain_command(
    a: Annotated[str, typer.Argument(metavar="A", help="the scenario to begin with")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="the scenario to end with (none: A)")] = None,
    metric: Annotated[
        str, option(*METRIC, metavar="NAME", help="what to explain: net_value, revenue, score …")
    ] = "net_value",
    by: Annotated[
        str, option("--by", metavar="WAY", help="lever (which change did it) or funnel (at which step)")
    ] = "lever",
    lead: Annotated[
        str | None, option("--lead", metavar="N", help="tell both lives of one lead; b:N for its number in B")
    ] = None,
    seeds: Annotated[
        int, option("--seeds", min=1, max=MOST_MARKETS, help="number of markets, from 0 or --seed on")
    ] = 30,
    seed: SeedOrFirst = None,
    doubt: Doubt = False,
    theory: Annotated[
        list[str] | None,
        option(*BY_THEORY, metavar="FILE.py|NAME", help="live both by another theory; given twice: A by one, B by two"),
    ] = None,
    outcomes: OwnOutcomes = None,
    days: Days = None,
    output: Output = None,
    overwrite: Overwrite = False,
    threads: Threads = 2,
    as_json: Json = False,
    keep_names: KeepNames = False,
    quiet: Quiet = False,
) -> None:
    """Say why one organization does better than another.

    A waterfall of their difference in the same markets: by lever each change's
    average part over all orders of making them, by funnel the step at which the
    same prospects' two lives part. The bars add up.

    \b
    Examples:
      baton explain silo liaison
      baton explain silo liaison --by funnel --metric revenue -o why
      baton explain silo liaison --doubt --seeds 40
      baton explain silo liaison --lead 812 --seed 7
      baton explain silo liaison --theory mine.py
      baton explain silo --theory baton --theory mine.py
    """
    screen.quiet = quiet or as_json
    screen.keep_names = keep_names
    if doubt and lead is not None:
        raise typer.BadParameter("one lead's lives are told with the numbers as they stand", param_hint="--doubt")
    own_outcomes(outcomes)
    if output is not None:
        check_output(output, overwrite, "explanation.toml")
    by_two = theory * 2 if len(theory := theory or []) == 1 else theory or [None, None]
    if len(by_two) != 2:
        raise typer.BadParameter("one theory for both, or one for each", param_hint="--theory")
    if b is None and len(theory) < 2:
        raise typer.BadParameter("name B, or two theories (--theory baton --theory mine.py)", param_hint="B")
    b = b or a
    no_plans([a, b])
    pair = [read_scenario(name, None, by) for name, by in zip((a, b), by_two, strict=True)]
    if days is not None:
        pair = [each.but(days=days) for each in pair]
    if lead is not None:
        announce(f"Following lead {lead} through {a} and {b} in market {usual(seed)} …")
    else:
        announce(
            f"Explaining {metric} of {a} and {b} by {by} in {seeds} market{'' if seeds == 1 else 's'} …",
            math.inf if any(each.own_theory for each in pair) else 1,
        )
    if lead is not None:
        from sim.result import label

        _lead(pair, [label(each) for each in pair] if theory else [a, b], lead, usual(seed), as_json)
        return
    from sim.study.explain.explain import explain
    from sim.study.explain.lever_shares import levers_of, runs_needed
    from sim.study.many import Interrupted

    if by == "lever":
        levers = len(levers_of(*pair))
        screen.say(f"{levers} lever{'' if levers == 1 else 's'}: {runs_needed(levers) * seeds:,} runs at most.")
    first, stopped = seed or 0, False
    try:
        found = explain(*pair, metric, by, range(first, first + seeds), doubt=doubt, threads=threads,
                        progress=screen.progress("markets"))  # fmt: skip
    except Interrupted as fault:
        if not fault.finished:
            raise KeyboardInterrupt from None
        found, stopped = fault.finished[0], True
    if output is not None:
        found.save(output, overwrite)
        screen.say(f"Tables and picture are in {output}")
    if as_json:
        print_json(found.to_dict())
    else:
        by_theory = "".join(f" --theory {each}" for each in theory)
        asked = f" --metric {metric}" if metric != "net_value" else ""
        lasts = f" --days {days}" if days is not None else ""
        many = f" --seeds {seeds}" + (f" --seed {seed}" if seed is not None else "")
        screen.show([*account(found), _next(found, a, b, asked + lasts + many, lasts) + by_theory])
    if stopped:
        put(f"{len(found.seeds)} of {seeds} markets were finished, and are told here.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED)


def _lead(pair: list, names: list[str], lead: str, market: int, as_json: bool) -> None:
    """Both lives of one lead, one after the other."""
    from sim.study.explain.lives import two_lives

    lives = two_lives(*pair, lead, market)
    if as_json:
        print_json(lives._asdict())
        return
    parts = [f"The same prospect of market {market} in both."]
    for name, number, told in zip(names, (lives.lead_a, lives.lead_b), (lives.a, lives.b), strict=True):
        parts.append("\n".join([f"{name}{'' if number is None else f', lead {number}'}", *(f"  {s}" for s in told)]))
    screen.show(parts)


def _next(found, a: str, b: str, asked: str, lasts: str) -> str:
    """What to ask next, of the same question: `asked` is all that was said of it, `lasts` its horizon."""
    a, b = shlex.quote(a), shlex.quote(b)
    if found.in_doubt:
        return f"Next: baton explain {a} {b} --doubt --by {'funnel' if found.by == 'lever' else 'lever'}{asked}"
    if found.by == "lever":
        return f"Next: baton explain {a} {b} --by funnel{asked}"
    for bar in _largest(found):
        rows = found.leads(bar, found.usual_market())
        rows = rows[rows["lead_a"].notna() & rows["lead_b"].notna()]
        if len(rows):
            return f"Next: baton explain {a} {b} --lead {rows['lead_a'].iloc[0]} --seed {found.usual_market()}{lasts}"
    return f"Next: baton explain {a} {b} --by lever{asked}"


def _largest(found) -> list[str]:
    means = found.means.abs().sort_values(ascending=False)
    return list(means.index[:FEW])


def account(found) -> list:
    """An explanation for a terminal: the answer, the bars, the funnel, and leads whose lives part."""
    from sim.cli.report import doubt_said, years

    n = len(found.seeds)
    many = f"{n} market{'' if n == 1 else 's'}, same leads in both"
    head = f"{' → '.join(found.names)}, {years(found.scenarios[0].days)}, {many}"
    of_fit = [] if found.in_doubt else doubt_said(found.scenarios)
    parts: list = ["\n".join([head, f"{found.headline()}.", *of_fit]), _bars(found)]
    notes = [f"{_sum(found)}.", _whole(found), *([WORDS] if found.in_doubt else [])]
    if found.by == "lever":
        notes.append("Each bar is the lever's average part over all orders of changing them (Shapley value).")
        if found.error is not None:
            worst = found.error.max() / max(abs(found.difference.mean), 1e-12)
            notes.append(f"Orders were sampled: that adds at most {worst:.1%} of the difference to a bar's error; "
                         "the intervals hold it.")  # fmt: skip
    else:
        notes.append("Each bar is the step at which the same prospects' two lives part. This says what the difference\n"
                     "consists of, not what one step alone would change: that is --by lever. Hours of working\n"
                     "together cost no extra pay; they show where leads are found and called.")  # fmt: skip
    parts.append("\n".join(notes))
    parts += _doubts(found) if found.in_doubt else []
    if found.counts is not None:
        parts.append(_funnel(found))
        parts += [_leads(found, bar) for bar in _largest(found) if len(found.leads(bar, found.usual_market()))]
    return parts


def _doubts(found) -> list[str]:
    """What of the difference is luck and what doubt; and which number would tell most of each of the largest bars."""
    from sim.errors import InputError

    try:
        parts = ["\n".join(found.doubt().sentences())]
    except InputError:  # an interruption left too few sets
        return []
    firsts = []
    for bar in _largest(found):
        told = found.doubt(bar).numbers.query("told")
        firsts += [f"  {bar}: {told.index[0]} ({100 * told['share'].iloc[0]:.0f} % of its variance between sets)"
                   ] if len(told) else []  # fmt: skip
    return [*parts, "\n".join(["Of the largest bars, measured first:", *firsts])] if firsts else parts


def _funnel(found):
    """How many came how far in both: the count, the rate of those who had come so far, and the share of all."""
    from sim.cli.layout import Table
    from sim.cli.report import percent

    def cells(row, side: str) -> tuple[str, ...]:
        shares = [percent(row[f"{kind}_{side}"]) if row[f"{kind}_{side}"] >= 0.0 else "" for kind in ("rate", "share")]
        return _plain(row[side]), *shares

    rows = [(name, *cells(row, "a"), *cells(row, "b")) for name, row in found.counts.iterrows()]
    columns = ("", *(text for name in found.names for text in (name, "of those before", "of all")))
    return Table("The funnel, mean of the markets", columns, rows)


def _rounded(found) -> tuple[list[float], int, str]:
    """The bars' means as the table shows them, so that they add up; digits and unit."""
    from sim.cli.report import PERCENT
    from sim.study.explain.explained import rounded_to_sum

    share = found.metric in PERCENT
    digits = {"score": 1, "contacts_per_head": 2}.get(found.metric, 1 if share else 0)
    means = found.means.fillna(0.0) * (100.0 if share else 1.0)
    unit = "percentage points" if share else "points" if found.metric == "score" else found.unit
    return rounded_to_sum(means, digits), digits, unit


def _sum(found) -> str:
    from sim.study.explain.explained import written_sum

    return written_sum(*_rounded(found))


def _whole(found) -> str:
    mean, low, high = found.difference
    if math.isnan(low):
        what = "sets of numbers" if found.in_doubt else "markets"
        if len(found.seeds) == 1:
            return "One market says nothing about chance: use more (--seeds 30)."
        return f"So few {what}, or {what} that are all equal, give no interval to what moves in steps (--seeds 30)."
    from sim.cli.report import outcome

    low, high = (outcome(found.metric, each, True) for each in (low, high))
    return f"The difference lies between {low} and {high}{' k€' if found.unit == 'k€' else ''} (95 %)."


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _bars(found):
    from sim.cli.layout import Table
    from sim.cli.report import outcome

    values, _, unit = _rounded(found)
    scale = 0.01 if unit == "percentage points" else 1.0
    rows = []
    for (name, row), mean in zip(found.summary().iterrows(), values, strict=True):
        cells = [outcome(found.metric, each, True) for each in (mean * scale, row["low"], row["high"])]
        meaning = found.meaning(name) if found.by == "funnel" else ""
        told = row["noise"] and not math.isnan(row["low"]) and any(c.isdigit() and c != "0" for c in cells[0])
        note = "inside the noise" if told else ""
        rows.append((name, *cells, *_of_doubt(found, row), note, meaning))
    _, low, high = found.difference
    whole = [outcome(found.metric, each, True) for each in (sum(values) * scale, low, high)]
    rows.append(("difference", *whole, *_of_doubt(found, found.of_difference()), "", ""))
    unit = ", k€" if found.unit == "k€" else ""
    columns = ("", "mean", "95 % from", "to", *(("of it doubt", "one set from", "to") if found.in_doubt else ()), "",
               "")  # fmt: skip
    n = len(columns)
    if found.by == "lever":
        columns, rows = columns[:-1], [row[:-1] for row in rows]
        return Table(f"{found.metric.replace('_', ' ')} by lever{unit}", columns, rows, (0, n - 2), True)
    what = f"{found.metric.replace('_', ' ')} by step of the funnel{unit}"
    return Table(what, columns, rows, (0, n - 2, n - 1), True)


def _of_doubt(found, row) -> tuple[str, ...]:
    """Of a bar whose numbers are in doubt: doubt's part of its interval's variance, and where it lies for one set."""
    from sim.cli.report import outcome

    if not found.in_doubt:
        return ()
    share = "–" if math.isnan(row["doubt"]) else f"{100 * row['doubt']:.0f} %"
    return share, *(outcome(found.metric, row[end], True) for end in ("world_low", "world_high"))


def _leads(found, bar: str):
    """The few prospects of one market that part most at a step."""
    from sim.cli.layout import Table
    from sim.cli.report import number

    market = found.usual_market()
    table = found.leads(bar, market)
    rows = [(_number(row["lead_a"]), _number(row["lead_b"]), number(row["value"], 1), row["end_a"], row["end_b"],
             f"{'+' if row['difference'] > 0 else ''}{number(row['difference'])}")
            for _, row in table.head(FEW).iterrows()]  # fmt: skip
    title = f"“{bar}” in market {market}: {len(table):,} prospects, those that differ most"
    columns = ("lead in A", "in B", "k€ a year", found.names[0], found.names[1], "k€")
    return Table(title, columns, rows, (3, 4))


def _number(lead) -> str:
    return "–" if str(lead) == "<NA>" else str(lead)
