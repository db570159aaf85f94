"""The table of rooms: each mechanism switched off in turn, and which named outcome moves for it.

    python experiments/rooms.py
    python experiments/rooms.py --seeds 5000:60 --scenarios default,near --parts
    python experiments/rooms.py --seeds 13000:30 --document docs/reports/rooms.md

Differences are paired by market. A room has a place if at least one outcome of
some scenario moves beyond its interval. The intervals are widened for the
number of outcomes and scenarios looked at (Bonferroni), so a room that does
nothing at all is called useful in at most 5 of 100 tables. What a room itself
counts (a room without talk has no contacts) does not count for it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from helpers.lab import Lab, block
from helpers.printing import markdown, number, table, write_json

from sim.files.folder import written_file
from sim.model.theory import Rooms, numbers
from sim.study.intervals import Interval, t_quantile
from sim.study.validation.patterns.measured_run import Life
from sim.study.validation.patterns.organizations import (
    BAD,
    DEEP_DISTRUST,
    DISTRUSTED_BY_MARKETING,
    DISTRUSTED_BY_SALES,
    FAR,
    FORBIDDEN,
    LIAISON,
    MANDATED,
    NEAR,
    NEAR_DISTRUST,
    Levers,
)  # fmt: skip

ARCHETYPES: dict[str, Levers] = {
    "default": {},
    "liaison": LIAISON,
    "distrusted by Sales": DISTRUSTED_BY_SALES,
    "distrusted by Marketing": DISTRUSTED_BY_MARKETING,
    "near": NEAR,
    "bad": BAD,
    "far": FAR,
    "bad, mandated": {**BAD, **MANDATED},
    "near, distrust": NEAR_DISTRUST,
    "near, distrust, mandated": {**NEAR_DISTRUST, **MANDATED},
    "near, deep distrust": DEEP_DISTRUST,
    "near, deep distrust, mandated": {**DEEP_DISTRUST, **MANDATED},
    "default, mandated": MANDATED,
    "default, forbidden": FORBIDDEN,
    "near, forbidden": {**NEAR, **FORBIDDEN},
}
SCENARIOS = ("default", "liaison", "near", "bad")


def _share(part: str, whole: str):
    return lambda life: float(life.sums[part].sum() / max(life.sums[whole].sum(), 1e-9))


OUTCOMES = {
    "final score": lambda life: float(life.score[-4:].mean()),
    "quarters aligned or more": lambda life: float((life.stage >= 3).mean()),
    "quarters undefined": lambda life: float((life.stage == 1).mean()),
    "revenue of the last year": lambda life: life.outcomes["revenue_last_year"],
    "new business": lambda life: float(life.sums["new_value"].sum()),
    "net contribution": lambda life: float(life.sums["contribution"].sum()),
    "net value": lambda life: life.outcomes["net_value"],
    "customers' own gain": lambda life: life.outcomes["customer_value"],
    "deals won": lambda life: float(life.sums["won"].sum()),
    "own deals won": lambda life: float(life.sums["own_won"].sum()),
    "follow-up": _share("followed", "handed"),
    "churned of customers": lambda life: float(life.sums["churned"].sum() / life.sums["customers"].mean() * 65),
    "contacts": lambda life: float(life.sums["contacts"].sum()),
    "share of disputes": _share("disputes", "contacts"),
    "unasked joint work": lambda life: float(life.sums["informal"].sum()),
    "language": lambda life: float(life.sums["language"][-1]) / 65,
    "trust": lambda life: life.trust,
}
# What a room counts itself does not count for it.
OWN = {
    "contact": {"contacts", "share of disputes"},
    "language": {"language"},
    "trust": {"trust"},
    "conflict": {"share of disputes"},
    "informal": {"unasked joint work"},
    "liaison": {"contacts"},
    "selling": {"follow-up"},
    "customers": {"churned of customers"},
}
# Parts of rooms that the first feasibility study found to be dead weight, or that nobody had switched off.
PARTS = {
    "team talk": {"beliefs.mates": 0.0},
    "attitudes spread among mates": {"trust.attitude_mates": 0.0},
    "urge to complain": {"contact.complaint": 0.0},
    "trust from talk": {"trust.talk": 0.0},
    "grievances eat trust": {"trust.erosion": 0.0},
    "thought worlds": {"trust.thought_worlds": 0.0},
    "conformity": {"practices.others": 0.0},
    "force of a decree": {"practices.decree": 0.0},
    "reactance": {"practices.reactance": 0.0, "practices.act_spoils": 0.0},
    "heads leave": {"structure.head_tenure": 0.0},
    "reorganizations": {"structure.reorganizations": 0.0},
    "leavers": {"workforce.turnover_m": 0.0, "workforce.turnover_s": 0.0},
    "distance delays handoffs": {"distance.handoff_days": 0.0},
    "interruptions": {"contact.interruption_hours": 0.0},
    "liaison distorts": {"liaison.distortion": 0.0},
    "managers settle": {"conflict.managers": 0.0},
}
# Where a part that moves nothing in the usual organizations is tried once more.
ELSEWHERE: dict[str, dict[str, float]] = {
    "one tie a rep": {"workforce.ties_per_rep": 1},
    "much talk": {"communication.push": 4.0},
    "roles unclear, trust high": {"conflict.clarity": 0.0, "trust.initial": 0.65, "trust.attitude": 0.6,
                                  "communication.push": 3.0},
    "reorganized every year": {"structure.reorganizations": 1.0, "trust.initial": 0.5},
}  # fmt: skip
# Why a part stays although nothing shows it.
DEFENDED = {
    "team talk": "ties between team-mates, generated or imported, are there for it and for the next; weak by our guess "
    "of its rate",
    "attitudes spread among mates": "the model is asked to let attitudes differ by the company that people keep; weak "
    "by our guess of its rate",
    "interruptions": "being interrupted has a price (F40); it shows where people talk a lot",
}


def paired(without: np.ndarray, whole: np.ndarray, tests: int) -> tuple[Interval, float]:
    """Mean difference with its widened interval, and how many half-widths it lies from zero."""
    d = without - whole
    d = d[np.isfinite(d)]
    n = len(d)
    if n < 2:
        return Interval(float(d.mean()) if n else 0.0, -np.inf, np.inf), 0.0
    half = t_quantile(1 - 0.025 / tests, n - 1) * float(d.std(ddof=1)) / n**0.5
    mean = float(d.mean())
    strength = abs(mean) / half if half > 0 else (np.inf if mean else 0.0)
    return Interval(mean, mean - half, mean + half), strength


def columns(lives: list[Life]) -> dict[str, np.ndarray]:
    return {name: np.array([of(life) for life in lives]) for name, of in OUTCOMES.items()}


def ablate(lab: Lab, switches: dict[str, dict[str, float]], scenarios: list[str], days: int) -> list[dict]:
    """For each switch the outcome that moves most, and how many move."""
    whole = {name: columns(lab.lives(ARCHETYPES[name], days)) for name in scenarios}
    tests = len(OUTCOMES) * len(scenarios)
    found = []
    for label, values in switches.items():
        moved = []
        for name in scenarios:
            without = columns(lab.lives({**ARCHETYPES[name], **values}, days))
            for outcome in OUTCOMES:
                if outcome in OWN.get(label, ()):
                    continue
                interval, strength = paired(without[outcome], whole[name][outcome], tests)
                moved.append((strength, outcome, name, interval, float(whole[name][outcome].mean())))
        moved.sort(key=lambda row: -row[0])
        beyond = [row for row in moved if row[0] > 1]
        strength, outcome, name, interval, level = moved[0]
        score = {row[2]: row[3] for row in moved if row[1] == "final score"}
        found.append(
            {
                "room": label,
                "outcome": outcome,
                "scenario": name,
                "level": level,
                "difference": interval,
                "strength": strength,
                "moved": len(beyond),
                "of": len(moved),
                "score": score,
                "outcomes": sorted({row[1] for row in beyond}),
                "earns": bool(beyond),
            }
        )
    return found


def show(found: list[dict], scenarios: list[str]) -> str:
    return table(*rows_of(found, scenarios))


def rows_of(found: list[dict], scenarios: list[str]) -> tuple[list[str], list[list]]:
    """Head and rows of the table."""
    rows = []
    for each in found:
        d = each["difference"]
        interval = f"[{number(d.low)}, {number(d.high)}]"
        scores = [each["score"][name].mean for name in scenarios]
        place = "yes" if each["earns"] else "NO"
        rows.append(
            [
                each["room"],
                each["outcome"],
                each["scenario"],
                float(each["level"]),
                d.mean,
                interval,
                f"{each['moved']}/{each['of']}",
                *scores,
                place,
            ]
        )
    head = ["switched off", "outcome most moved", "scenario", "level", "difference", "interval", "moved"]
    return [*head, *(f"score {name}" for name in scenarios), "earns its place"], rows


def tried_elsewhere(lab: Lab, idle: list[str], days: int) -> list[list]:
    """For each part that moved nothing: where else it was tried, what moved there, and why it stays."""
    rows = []
    for part in idle:
        seen = []
        for place, levers in ELSEWHERE.items():
            whole, without = columns(lab.lives(levers, days)), columns(lab.lives({**levers, **PARTS[part]}, days))
            for outcome in OUTCOMES:
                interval, strength = paired(without[outcome], whole[outcome], len(OUTCOMES) * len(ELSEWHERE))
                if strength > 1:
                    ends = f"[{number(interval.low)}, {number(interval.high)}]"
                    seen.append((strength, f"{place}: {outcome} by {number(interval.mean)} {ends}"))
        rows.append([part, max(seen)[1] if seen else "nothing", DEFENDED.get(part, "**not defended**")])
    return rows


def page(result: dict, lab: Lab, days: int) -> str:
    """The page: rooms, parts of rooms, and what becomes of those that move nothing."""
    scenarios, idle = result["scenarios"], [each["room"] for each in result["parts"] if not each["earns"]]
    rooms_idle = [each["room"] for each in result["rooms"] if not each["earns"]]
    weakest = min(result["rooms"], key=lambda each: each["moved"] / each["of"])
    return f"""# What each room is worth

*Written by `python experiments/rooms.py --seeds {result["seeds"]} --document docs/reports/rooms.md`; do not edit.*

Each mechanism switched off in turn, in {len(scenarios)} organizations ({", ".join(scenarios)}), {len(lab.seeds)}
markets each, the same markets with and without. *Difference* is without less with; the interval is of 95 %, corrected
for the outcomes looked at within a room: a room that does nothing is called useful in at most one table of twenty.
*Moved* says how many of the outcomes and organizations moved beyond their interval; what
a room itself counts does not count for it. The last columns but one are what happens to the audit's score.

{markdown(*rows_of(result["rooms"], scenarios))}

Without effect: {", ".join(rooms_idle) or "none"}. That is a low bar: {weakest["room"]} moves {weakest["moved"]} of
{weakest["of"]} only.

## Parts of rooms

Single mechanisms within rooms, likewise.

{markdown(*rows_of(result["parts"], scenarios))}

## Dead weight, removed or defended

Parts that move nothing above were tried in {len(ELSEWHERE)} more organizations ({"; ".join(ELSEWHERE)}),
corrected for all outcomes there. None was removed; why each stays:

{markdown(["part", "moves elsewhere", "why it stays"], tried_elsewhere(lab, idle, days))}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="5000:30", help="markets, first:count (default %(default)s)")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS), help="of: " + "; ".join(ARCHETYPES))
    parser.add_argument("--rooms", default="all", help="names of rooms, or all (default), or none")
    parser.add_argument("--parts", action="store_true", help="also single parts of rooms")
    parser.add_argument("--days", type=int, default=1300, help="days of a run (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    parser.add_argument("--document", type=Path, help="also write the page to this file (with --parts)")
    asked = parser.parse_args()
    asked.parts |= asked.document is not None
    scenarios = asked.scenarios.split(",")
    names = {"all": list(Rooms._fields), "none": []}.get(asked.rooms, asked.rooms.split(","))
    for wrong in [n for n in scenarios if n not in ARCHETYPES] + [n for n in names if n not in Rooms._fields]:
        parser.error(f"{wrong!r} is not known")
    lab, began = Lab(block(asked.seeds), asked.threads), time.perf_counter()
    result = {"seeds": asked.seeds, "scenarios": scenarios}
    todo = {"rooms": {name: {f"rooms.{name}": 0} for name in names}, "parts": PARTS if asked.parts else {}}
    for what, switches in todo.items():
        if not switches:
            continue
        result[what] = ablate(lab, switches, scenarios, asked.days)
        print(f"\n{what}: {len(lab.seeds)} markets a scenario, {asked.days} days; difference = without - with\n")
        print(show(result[what], scenarios))
        if what == "rooms":
            print("\nwhat each room is: " + "; ".join(f"{n}: {numbers()[f'rooms.{n}'].meaning}" for n in names))
        idle = [each["room"] for each in result[what] if not each["earns"]]
        print(f"\nwithout effect beyond its interval: {', '.join(idle) or 'none'}")
    print(f"\n{lab.runs} runs in {time.perf_counter() - began:.0f} s")
    write_json(asked.output, result)
    if asked.document:
        with written_file(asked.document) as scratch:
            scratch.write_text(page(result, lab, asked.days), encoding="utf-8")
        print(f"written: {asked.document}")


if __name__ == "__main__":
    main()
