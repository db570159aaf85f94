"""Common cause: how much of what surveys find between alignment and performance is there without any cause?

    python experiments/common_cause.py
    python experiments/common_cause.py --firms 100         # a look
    python experiments/common_cause.py --page              # writes docs/reports/common-cause.md and its picture

Five hundred firms of plausible levers (those of the rows E18), in a hundred markets, 95000 to 95099. What a
survey would see of each: the audit's score of the last year, and revenue a head in that year. Then the same firms in
the same markets where the stage earns nothing: what people know, say and trust moves no lead, no deal and no customer.

    log revenue a head  =  there, with nothing earned and no hour spent
                         + what the hours spent on each other take        (nothing earned, hours spent, less the former)
                         + what working together earns                    (as it is, less the former)

Score's covariance with the whole is the sum of its covariances with the three, exactly: common causes, hours, cause.
A fourth life of each firm, with talk at half its price, says what moving a firm brings, against comparing firms.

The claims stand below and were written before anything was measured.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from helpers.judging import Check, bootstrap, check
from helpers.printing import markdown, number, table

from sim.files.folder import written_file
from sim.model import warm, wasm
from sim.study.many import at_once
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.patterns.organizations import MOVES_NOTHING, Levers, ranged

PAGE = Path(__file__).parents[1] / "docs" / "reports" / "common-cause.md"
FIRST_MARKET, MARKETS = 95_000, 100
# What people learn of each other earns nothing: MOVES_NOTHING, and three ways by which knowing each other still would.
EARNS_NOTHING: Levers = {
    **MOVES_NOTHING,
    "handoff.passing": 0.0,  # what is said in passing reaches no lead
    "marketing.strange": 0.0,  # who knows nobody across the gap answers inquiries as others do
    "marketing.strange_slow": 1.0,
}
LIVES: dict[str, Levers] = {
    "as it is": {},
    "earns nothing": EARNS_NOTHING,
    "neither earns nor costs": {**EARNS_NOTHING, "rooms.workload": 0},
}
CHEAPER = 0.5  # times the price of a talk in the fourth life
# What a survey holds constant: the industry, as far as it is known, and the size.
CONTROLS = ("market.value", "market.drift_sd", "market.cycle_days", "market.pull_share", "workforce.marketers",
            "workforce.salespeople")  # fmt: skip
CLAIMS = {
    "CC1": "Across firms alignment and revenue a head go together: correlation above .1",
    "CC2": "Less than half of their covariance is there where working together earns and costs nothing",
    "CC3": "The hours that people spend on each other lower it: their part of the covariance is negative",
    "CC4": "With industry and size held constant, as surveys do, the share without any cause is smaller",
    "CC5": "Comparing firms overstates what moving a firm brings: revenue for a point of score, the former over the "
           "latter, above 1",
    "CC6": "The clamp holds: talk at half its price moves revenue by less than half a per cent where it earns nothing",
}  # fmt: skip


def firm_of(number: int) -> tuple[Levers, int]:
    """A firm's levers and its market."""
    seed = FIRST_MARKET + number % MARKETS
    return ranged(number // MARKETS, seed), seed


def cheaper(levers: Levers) -> Levers:
    """The same firm with talk at half its price."""
    return {**levers, "communication.cost_hours": CHEAPER * levers["communication.cost_hours"]}


def read(life: Life) -> tuple[float, float]:
    """The score of the last year, and the logarithm of that year's revenue a head (NaN where the cash ran out)."""
    heads, revenue = life.year("people", 5) / 260, life.year("revenue", 5)
    return life.final, float(np.log(revenue / heads)) if life.broke < 0 and revenue > 0 else float("nan")


def measure(numbers: range, threads: int) -> dict[str, np.ndarray]:
    """For each life of the firms (firms, 2): score, and log revenue a head. Firms without all lives are left out."""
    firms = [firm_of(number) for number in numbers]
    arms = {**{name: (levers, more) for name, more in LIVES.items() for levers in [None]},
            "cheaper talk": (cheaper, {}), "cheaper talk, earns nothing": (cheaper, EARNS_NOTHING)}  # fmt: skip
    found = {}
    for name, (change, more) in arms.items():
        levers = [(change(each) if change else each, seed) for each, seed in firms]
        jobs = [lambda each=each, seed=seed, more=more: read(live(Arm(each), seed, more)) for each, seed in levers]
        found[name] = np.array(at_once(jobs, threads))
    whole = np.all([np.isfinite(each).all(1) for each in found.values()], axis=0)
    found["levers"] = np.array([[np.log(each[name]) for name in CONTROLS] for each, _ in firms])
    return {name: each[whole] for name, each in found.items()}


def r(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation."""
    return float(np.corrcoef(a, b)[0, 1])


def left_over(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What of y no straight line through the columns of x tells."""
    x = np.column_stack([np.ones(len(x)), x])
    return y - x @ np.linalg.lstsq(x, y, rcond=None)[0]


class Parts:
    """The three parts of a survey's covariance, of some of the firms; with industry and size held constant or not."""

    def __init__(self, found: dict[str, np.ndarray], rows: np.ndarray, held: bool = False):
        at = {name: each[rows] for name, each in found.items()}
        keep = (lambda y: left_over(y, at["levers"]) + y.mean()) if held else (lambda y: y)
        self.score = keep(at["as it is"][:, 0])
        self.money = {name: keep(at[name][:, 1]) for name in LIVES}
        whole, nothing, neither = (self.money[name] for name in LIVES)
        self.parts = {
            "common causes": neither,
            "the hours it takes": nothing - neither,
            "what it earns": whole - nothing,
        }

    @property
    def correlation(self) -> float:
        """As a survey would publish it."""
        return r(self.score, self.money["as it is"])

    @property
    def slope(self) -> float:
        """Log revenue a head for each point of score, across firms."""
        return self.share_of_slope("as it is", self.money)

    def share_of_slope(self, name: str, of) -> float:
        """The slope of one part on the score."""
        return float(np.cov(self.score, of[name])[0, 1] / np.var(self.score, ddof=1))

    def share(self, name: str) -> float:
        """A part's share of the covariance; NaN where there is none."""
        slope = self.slope
        return self.share_of_slope(name, self.parts) / slope if slope else np.nan


def moved(found: dict[str, np.ndarray], rows: np.ndarray) -> float:
    """Log revenue a head for each point of score, where the same firm is moved: talk at half its price."""
    change = found["cheaper talk"][rows] - found["as it is"][rows]
    return float(change[:, 1].mean() / change[:, 0].mean())


def checks(found: dict[str, np.ndarray]) -> list[Check]:
    """The claims, each with its interval over firms."""
    n = len(found["as it is"])
    of = lambda what: bootstrap(what, n)  # noqa: E731
    clamped = 100.0 * (found["cheaper talk, earns nothing"] - found["earns nothing"])[:, 1]
    return [
        check("CC1", CLAIMS["CC1"], of(lambda i: Parts(found, i).correlation), above=0.1),
        check("CC2", CLAIMS["CC2"], of(lambda i: Parts(found, i).share("common causes")), below=0.5),
        check("CC3", CLAIMS["CC3"], of(lambda i: Parts(found, i).share("the hours it takes")), below=0.0),
        check("CC4", CLAIMS["CC4"], of(lambda i: Parts(found, i, True).share("common causes")
                                       - Parts(found, i).share("common causes")), below=0.0),
        check("CC5", CLAIMS["CC5"], of(lambda i: Parts(found, i).slope / moved(found, i)), above=1.0),
        check("CC6", CLAIMS["CC6"], clamped, above=-0.5, below=0.5),
    ]  # fmt: skip


def rows_of(found: dict[str, np.ndarray]) -> list[list]:
    """The table: each part's correlation with the score and its share of the covariance, plain and held constant."""
    every, rows = np.arange(len(found["as it is"])), []
    plain, held = Parts(found, every), Parts(found, every, True)
    for name in ("as it is", "earns nothing", "neither earns nor costs"):
        rows.append([f"correlation of score with revenue a head, {name}", r(plain.score, plain.money[name]),
                     r(held.score, held.money[name])])  # fmt: skip
    for name in plain.parts:
        rows.append([f"share of the covariance: {name}", plain.share(name), held.share(name)])
    rows.append(["revenue a head for ten points of score, across firms, %", 100 * np.expm1(10 * plain.slope),
                 100 * np.expm1(10 * held.slope)])  # fmt: skip
    rows.append(["… where the same firm is moved, %", 100 * np.expm1(10 * moved(found, every)), ""])
    return rows


def page(found: dict[str, np.ndarray], judged: list[Check], asked: int) -> str:
    """The page in Markdown: the question, the table, the claims, and what it cannot say."""
    plain = Parts(found, np.arange(len(found["as it is"])))
    head = ["what was measured", "the claim expects", "found", "95 % interval", ""]
    cells = [[number(cell) if isinstance(cell, float) else cell for cell in row] for row in rows_of(found)]
    table_of = markdown(["", "plain", "industry and size held constant"], cells)
    held = Parts(found, np.arange(len(found["as it is"])), True)
    clear = {name: 100.0 * held.share(name) for name in held.parts}
    return f"""# Common cause

*Written by `python experiments/common_cause.py --page`; do not edit.*

Surveys across firms find that where Marketing and Sales are aligned, firms perform better. How much of such a
correlation would appear if alignment itself earned nothing, because the same things (a simple offer, a stable team, a
market that pulls) make both? A survey cannot tell. In a model the same firm can be lived twice.

**In {len(found["as it is"])} simulated firms the correlation of the audit's score with revenue a head is
{plain.correlation:.2f}; with industry and size held constant, as surveys do, {held.correlation:.2f}.** Of the latter's
covariance {clear["common causes"]:.0f} % would be there if working together neither earned nor cost anything; the hours
that it takes make {clear["the hours it takes"]:.0f} %, and what it earns {clear["what it earns"]:.0f} %.

![Score and revenue a head, as it is and where working together neither earns nor costs](common-cause.png)

## What was done

{asked} firms of plausible levers (the draw of rows E18 of [validation](validation.md)), spread over a hundred markets
({FIRST_MARKET} to {FIRST_MARKET + MARKETS - 1}, used for nothing else), five years each. *Score* is the audit's mean of
year 5, *revenue a head* that year's, on the logarithm. Firms whose cash ran out in any life are left out
({asked - len(found["as it is"])}). Each firm is lived five times in the same market:

- **as it is**;
- **earns nothing**: what people know, say and trust moves no lead, no deal and no customer. Reps follow up half of all
  leads, campaigns fit alike, whatever is told; hours are spent as before;
- **neither earns nor costs**: working together takes no hours either;
- **talk at half its price**, as it is and where it earns nothing: what moving a firm brings; whether the clamp holds.

Revenue as it is is the sum of what there is anyhow, of what the hours take and of what working together earns; so the
covariance of the score with it is the sum of three covariances, exactly.

{table_of}

## The claims, written before anything was measured

{markdown(head, [line(each) for each in judged])}

## What it cannot say

- The firms are draws over ranges that we think plausible, each lever by itself. Firms in which a good market and good
  management come together have more common causes than these.
- A survey asks people. Whoever knows that the year was good calls the teams aligned (a halo), and one person answers
  both questions (common method). Neither is in the model, where the audit counts what was observed: both would add to
  what a survey finds without any cause.
- What working together earns is the model's own claim, from the numbers in `theory.py`. The page says how a survey
  would see such a world, not how large the cause is in ours.
- Where nothing is earned, some levels are others as well (half of all leads are followed up). The share of the
  covariance is on the logarithm, so that a level by itself does not count.
"""


def line(each: Check) -> list:
    """A check as a row of a table."""
    m = each.measured
    return [
        f"{each.pattern}: {each.claim}",
        each.expected,
        float(m.mean),
        f"{number(m.low)} to {number(m.high)}",
        each.verdict,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=500, help="how many (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--page", action="store_true", help="write docs/reports/common-cause.md and its picture")
    asked = parser.parse_args()
    if not 20 <= asked.firms <= 500:
        parser.error("--firms: 20 to 500")
    began = time.perf_counter()
    warm.prepare(wasm.MANY)
    found = measure(range(asked.firms), asked.threads)
    judged = checks(found)
    print(table(["", "plain", "industry and size held constant"], rows_of(found)) + "\n")
    print(table(["claim", "expected", "found", "interval", ""], [line(each) for each in judged]))
    print(f"\n{5 * asked.firms:,} runs, {len(found['as it is'])} firms, in {time.perf_counter() - began:.0f} s")
    if asked.page:
        from helpers.cause_picture import draw

        draw(Parts(found, np.arange(len(found["as it is"])), True), PAGE.with_suffix(".png"))
        with written_file(PAGE) as scratch:
            scratch.write_text(page(found, judged, asked.firms), encoding="utf-8")
        print(f"written: {PAGE.relative_to(PAGE.parents[2])}")


if __name__ == "__main__":
    main()
