"""Finding on the firms that should stay apart: size, complexity of the offer, concentration of the customers."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from helpers.found.firm import SIMPLE, people
from helpers.found.results import Results
from helpers.judging import bootstrap
from helpers.six.doubt import Doubt
from helpers.six.doubt import told as doubt_told
from helpers.six.figures import drawn, tell
from helpers.six.marks import Cell, multiples
from helpers.six.words import Section, choose, interval, listed, money, side, told
from helpers.six.words import percent as in_percent

SPREADS = ("many equal customers", "as usual", "a few large ones")
STORE = "who-should-stay-apart"
TRIED = {
    "workforce.marketers": 2,
    "market.drift_sd": 0.1,
    "market.value_sd": 0.8,
}  # where numbers are halved and doubled
DOUBTS = {
    "apart": Doubt(
        STORE,
        (TRIED,),
        ("structure.overview_people", "market.tolerance", "selling.weight_context", "marketing.catch",
         "liaison.act_hours", "liaison.part_hours"),
    ),
    "apart-why": Doubt(
        STORE,
        (TRIED,),
        arms={
            "hired": {"liaison.count": 1, "liaison.hired": 1},
            "no hours": {"liaison.count": 1, "liaison.part_hours": 0.0},
            "both": {"liaison.count": 1, "liaison.hired": 1, "liaison.part_hours": 0.0},
        },
    ),
}  # fmt: skip


def share_of_revenue(found: Results, at=slice(None)) -> np.ndarray:
    """Net value by her, % of the same firm's mean revenue without her (points, markets)."""
    revenue = found.of("revenue")[at].mean(1, keepdims=True)
    return 100.0 * (found.of("net_value", "liaison")[at] - found.of("net_value")[at]) / revenue


def apart(stores: dict[str, Results], doubts: dict[str, Results]) -> Section:
    found = stores[STORE]
    share, gain = share_of_revenue(found), found.of("net_value", "liaison") - found.of("net_value")
    size, complexity, spread = people(found), found.column("market.drift_sd"), found.column("market.value_sd")
    where = np.array([side(row) for row in share])
    loses, n_win = where == "below", int((where == "above").sum())
    small, simple = size == size.min(), complexity < SIMPLE
    few, many = spread == spread.max(), spread == spread.min()
    sizes, kinds = sorted(set(size[loses])), sorted(set(complexity[loses]))
    n_lose = int(loses.sum())
    corner = bool(n_lose) and max(kinds) < SIMPLE
    title = (
        f"A liaison loses money for sure only in firms of {listed([f'{n:g}' for n in sizes])} people"
        f"{' with a simple offer' if corner else ''}: {n_lose} of {len(share)} kinds of firm"
        if n_lose
        else f"A liaison loses money for sure in none of {len(share)} kinds of firm"
    )
    pair = few & small & simple, many & small & simple
    by_spread = share[pair[0]].mean(0) - share[pair[1]].mean(0)
    elsewhere = share[few & ~(small & simple)].mean(0) - share[many & ~(small & simple)].mean(0)
    size_of = np.abs(gain)
    times = bootstrap(lambda m: size_of[few][:, m].mean() / size_of[many][:, m].mean(), gain.shape[1])
    both = (
        side(share[small & simple].mean(0)),
        side(share[small & ~simple].mean(0)),
        side(share[~small & simple].mean(0)),
    )
    words = {
        "verdict": "There is no kind of firm in which a liaison loses for sure." if not n_lose else
                   "A full-time liaison does not pay in small firms with a simple offer."
                   if corner and sizes == [size.min()] else "There are firms in which a liaison does not pay.",
        "where": f"in firms of {listed([f'{n:g}' for n in sizes])} people with a complexity of "
                 f"{listed([f'{k:g}' for k in kinds], 'or')}" if n_lose else "nowhere",
        "n_lose": n_lose, "n_kinds": len(share), "n_win": n_win, "n_open": len(share) - n_lose - n_win,
        "both_verdict": "Size and complexity act together." if both == ("below", "above", "above")
                        else "By size and complexity.",
        "smallest": f"{size.min():g}", "marketers": f"{found.column('workforce.marketers').min():g}",
        "simple": in_percent(share[small & simple].mean(0)), "complex": in_percent(share[small & ~simple].mean(0)),
        "larger": in_percent(share[~small].mean(0)), "simple_money": money(gain[small & simple].mean(0)),
        "spread_verdict": choose(side(by_spread), "Concentration makes the loss smaller.",
                                 "Concentration makes the loss larger.",
                                 "Concentration by itself does nothing that could be told."),
        "times": f"{times.mean:.1f} ({times.low:.1f} to {times.high:.1f}, bootstrap)",
        "mean_contract": f"{math.exp((spread.max() ** 2 - spread.min() ** 2) / 2.0):.1f}",
        "spread_simple": told(by_spread, "percentage points"), "spread_others": told(elsewhere, "percentage points"),
        **why(doubts["apart-why"]),
        "doubt": doubt_told(
            DOUBTS["apart"], doubts["apart"],
            "net value by her, % of revenue: 5 people, complexity 0.1, customers as usual",
            lambda store, at: [share_of_revenue(store, at).mean(0)],
            in_percent, lambda x: side(x) != "below", "no sure loss any longer"),
    }  # fmt: skip
    return Section("apart", (STORE,), title, words, partial(draw_apart, found, title, share))


def why(found: Results) -> dict[str, str]:
    """What the loss of the smallest firm is made of: her place in Marketing, and the hours that her talks take."""
    gain = {
        arm: found.of("net_value", arm)[0] - found.of("net_value")[0]
        for arm in ("liaison", "hired", "no hours", "both")
    }
    return {
        "as_is": money(gain["liaison"]), "hired": money(gain["hired"]), "no_hours": money(gain["no hours"]),
        "neither": money(gain["both"]),
        "why_verdict": "" if side(gain["liaison"]) != "below" else choose(
            side(gain["both"]), "Without both the loss becomes a gain.", "Without both a loss remains.",
            "Without both no sure loss remains."),
    }  # fmt: skip


@drawn
def draw_apart(found, title, share):
    size, complexity, spread = people(found), found.column("market.drift_sd"), found.column("market.value_sd")
    about = (
        f"Net value by a liaison, % of the same firm's revenue without her, {share.shape[1]} markets, by complexity: "
        "how far needs and offer wander, 1 is the default. Lines: 95 %; filled: whole interval on one side of zero."
    )
    spreads, kinds = sorted(set(spread)), sorted(set(complexity))
    cells = [
        Cell(f"{n:g} people", kinds.index(complexity[k]), spreads.index(spread[k]), interval(share[k]))
        for n in sorted(set(size))
        for k in np.flatnonzero(size == n)
    ]
    names = SPREADS if len(spreads) == len(SPREADS) else [f"spread {s:g}" for s in spreads]
    axes, data = multiples(title, about, cells, [f"{k:g}" for k in kinds], names, "complexity of the offer",
                           "net value by her, % of revenue")  # fmt: skip
    return tell(axes, "apart", {STORE: found}, data)


SECTIONS = {"apart": apart}
