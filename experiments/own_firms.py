"""Firms whose numbers are known, exported as a CRM lists them, imported and fitted: how often do the intervals hold?

    python experiments/own_firms.py --firms 20
    python experiments/own_firms.py --firms 40 --size 500 -o own-firms.md
    python experiments/own_firms.py --first 3000 --firms 300 --read-off    what is read off alone; nothing is fitted

Each firm is the default one with a few people, and with numbers drawn from the ranges in which `baton fit` seeks them.
It goes the user's whole way: `baton export crm`, `baton import`, `baton fit`. An interval of 90 % should hold the truth
in nine of ten firms. Needs `pip install 'baton-sim[fit]'`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binom

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from helpers.printing import markdown

import sim
from sim.files.folder import written_file
from sim.intake.exports.choices import Choices
from sim.intake.exports.reading import read_exports
from sim.study.own.counts import funnel_of
from sim.study.own.firm_model import CALLED, FREE
from sim.study.own.fitting import fit_firm, measured_numbers
from sim.study.own.folder import write_firm
from sim.study.own.signs import kept_for_fit
from sim.study.own.twin import write_twin

PEOPLE, DAYS = {"workforce.marketers": 3, "workforce.salespeople": 4}, 260
LEVEL = 0.9
# The truths lie a little inside of where a fit seeks them; the cycle and the value where firms report them.
INSIDE = {"market.size": (0.3, 3.0), "market.own_list": (0.8, 10.0), "market.ready": (0.08, 0.6),
          "market.cycle_days": (10.0, 80.0), "selling.base": (-6.0, 0.5), "selling.interest": (0.3, 0.98),
          "selling.win": (0.3, 0.95), "distance.handoff_days": (1.0, 20.0), "customers.renewal": (0.0, 3.0),
          "market.value": (5.0, 80.0), "market.value_sd": (0.4, 1.2), "market.cycle_sd": (0.2, 0.7)}  # fmt: skip
LOG = {prior.name for prior in FREE if prior.log} | {"market.value"}


def truth_of(number: int) -> dict[str, float]:
    """The numbers of one firm."""
    dice = np.random.default_rng([99, number])
    found = {}
    for name, (low, high) in INSIDE.items():
        u = dice.random()
        found[name] = float(f"{low * (high / low) ** u if name in LOG else low + (high - low) * u:.4g}")
    return found


def fitted(number: int, size: int, populations: int) -> tuple[dict[str, float], dict]:
    """One firm's whole way; its truth, and what fit.json says of it; of no particles, what is read off alone."""
    truth = truth_of(number)
    scenario = sim.read("default").but({**PEOPLE, **truth, "money.start_cash": 100_000}, days=DAYS, changes=())
    with tempfile.TemporaryDirectory() as place:
        crm, firm = Path(place) / "crm", Path(place) / "firm"
        about = write_twin(sim.run(scenario, seed=1000 + number), "salesforce", crm)
        said = Choices(as_of=pd.Timestamp(about["as_of"]).date(), customers=about["customers"])
        found = read_exports(sorted(crm.glob("*.csv")), said)
        write_firm(found, funnel_of(found) | {"fit": kept_for_fit(found)}, said, firm)
        if not size:
            return truth, measured_numbers(firm)
        return truth, fit_firm(firm, size=size, populations=populations).table["numbers"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="number of the first firm")
    parser.add_argument("--size", type=int, default=250, help="particles of a population")
    parser.add_argument("--populations", type=int, default=1)
    parser.add_argument("--read-off", action="store_true", help="fit nothing")
    parser.add_argument("-o", "--output", type=Path, help="write the table to this file")
    asked = parser.parse_args()
    rows: dict[str, list[tuple[bool, float]]] = {name: [] for name in INSIDE}
    for number in range(asked.first, asked.first + asked.firms):
        begun = time.process_time()
        truth, found = fitted(number, 0 if asked.read_off else asked.size, asked.populations)
        for name, true in truth.items():
            if name in found and "low" in found[name]:
                row = found[name]
                rows[name].append((row["low"] <= true <= row["high"], row.get("width", np.nan)))
        held = sum(each[-1][0] for each in rows.values() if each)
        print(f"firm {number}: {held} of {len([1 for each in rows.values() if each])} intervals hold, "
              f"{time.process_time() - begun:.0f} s", file=sys.stderr, flush=True)  # fmt: skip
        for name, true in truth.items():
            row = found.get(name, {})
            if "low" in row and not row["low"] <= true <= row["high"]:
                print(f"    {name}: {true:g}, {row['low']:.4g} to {row['high']:.4g}", file=sys.stderr, flush=True)
    body = []
    for name, each in rows.items():
        if each:
            held, n = sum(one for one, _ in each), len(each)
            body.append([CALLED[name], f"`{name}`", f"{held} of {n}", f"{np.nanmedian([w for _, w in each]):.0%}"
                         if np.isfinite([w for _, w in each]).any() else "measured",
                         f"{binom.cdf(held, n, LEVEL):.2f}"])  # fmt: skip
    text = markdown(["", "number", "intervals that hold the truth", "width, of the range",
                     "chance of so few, were it nine in ten"], body)  # fmt: skip
    if asked.output:
        with written_file(asked.output) as path:
            path.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
