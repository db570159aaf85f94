"""The funnel fitted to public data, asking for advice to a company's survey; recovery on simulated data first.

    python experiments/fit.py --funnel FOLDER --company FOLDER
    python experiments/fit.py --funnel FOLDER --company FOLDER -o docs/fit.md

FOLDER of the funnel: the Olist marketing funnel (marketing_qualified_leads.csv,
closed_deals.csv). Of the company: ties.csv with from,to,relation,value where
relation is feeling (1-5), conflict (1-4), required or advice (1). The data are
not shipped. Fitted on one half, the misfit told on the other.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from sim.folder import written_file
from sim.model import warm
from sim.model.drive import begin
from sim.model.firm import State
from sim.model.theory import Theory, numbers, with_values
from sim.study.validation.fit import Prior, likelihood, logit, posterior, recovery, simulate

CALENDAR = 7 / 5  # calendar days in a working day
PRIORS = (
    Prior("selling.base", -4.5, 3.0),
    Prior("selling.win", 0.2, 0.95),
    Prior("market.cycle_days", 1.0, 90.0, log=True),
    Prior("market.cycle_sd", 0.1, 2.0),
    Prior("distance.handoff_days", 0.1, 10.0, log=True),
    Prior("marketing.nurture_days", 1.0, 20.0),
)
STATISTICS = ("conversion, log-odds", "lag, log of first quartile", "log of median", "log of third quartile")
LAST, DAYS = 260, 480  # leads of the first year; followed for 220 working days more


FUNNEL = """\
## The funnel

{runs} runs of the default with {numbers} numbers drawn from wide ranges. Recovery: a hundred of these runs in turn
taken for the data. Where the interval is hardly narrower than the prior, such data do not identify the number, and
it is assumed."""
LIMITS_OF_FUNNEL = """\
Only the product of follow-up, interest and win chance shows in such data, so `selling.base` and `selling.win` trade
off. The data are of one Brazilian marketplace that sells to small shops; the default's firm sells larger contracts,
more slowly, and is not moved to these values."""
SURVEY = """\
## Who asks whom for advice

{pairs} rated pairs of one company, {people} people who answer; a logit of asking for advice, with errors by who
answers (95 %). Fitted on every second person, the mean log-likelihood of the others' pairs is {moved:.3f}; their
own fit has {own:.3f}, a constant alone {alone:.3f}."""
SIZES = """\
In the model full trust against none adds {trust:g} to the log-odds of talking; four points of feeling add
{feeling:.1f} here. Familiarity adds {strength:g}, required contact {required:.1f} here. An open grievance adds
{complaint:g} in the model (people talk to complain), while rated conflict hardly moves asking for advice: the
survey knows no talk about complaints. It was taken inside of one building and not across the gap between two teams,
so it tests sign and size of two slopes and nothing else; distance, language, the liaison and adoption remain
**assumed**."""


def told(won: np.ndarray, lags: np.ndarray) -> list[float]:
    """The four statistics, from who was won and after how many calendar days."""
    n, k = len(won), won.sum()
    odds = np.log((k + 0.5) / (n - k + 0.5))
    if k < 8:
        return [np.nan] * 4
    return [float(odds), *np.log(np.maximum(np.quantile(lags, [0.25, 0.5, 0.75]), 0.5))]


def of_model(values: dict[str, float], seed: int) -> list[float]:
    """The statistics of the default with these numbers: leads that qualified, from inquiry to contract."""
    simulation = begin(with_values(Theory(), values), seed, DAYS)
    simulation.advance(DAYS)
    leads = simulation.firm.leads[: int(simulation.firm.ledger["n_leads"][0])]
    leads = leads[(leads["m"] >= 0) & (leads["born"] >= 0) & (leads["qualified"] >= 0) & (leads["born"] < LAST)]
    won = leads["state"] == State.WON
    lags = (leads["ended"].astype(float) - leads["born"])[won] * CALENDAR
    return told(won, lags)


def funnel_halves(folder: Path) -> list[list[float]]:
    """The statistics of two random halves of the leads first contacted from January 2018 on."""
    leads = pd.read_csv(folder / "marketing_qualified_leads.csv", parse_dates=["first_contact_date"])
    deals = pd.read_csv(folder / "closed_deals.csv", parse_dates=["won_date"])[["mql_id", "won_date"]]
    leads = leads[leads["first_contact_date"] >= "2018-01-01"].merge(deals, on="mql_id", how="left")
    lag = (leads["won_date"] - leads["first_contact_date"]).dt.total_seconds() / 86400
    half = np.random.default_rng(22).permutation(len(leads)) % 2
    found = []
    for k in (0, 1):
        part = lag[half == k]
        found.append(told(part.notna().to_numpy(), part.dropna().to_numpy()))
    return found


def survey(folder: Path):
    """Pairs that were rated: feeling, required contact, conflict; whether advice is asked; who answers."""
    ties = pd.read_csv(folder / "ties.csv")
    wide = ties.pivot_table(index=["from", "to"], columns="relation", values="value", aggfunc="max")
    wide = wide[wide["feeling"].notna()]
    x = np.column_stack([wide["feeling"], wide["required"].fillna(0), wide["conflict"].fillna(1)])
    return x, wide["advice"].fillna(0).to_numpy(float), wide.index.get_level_values(0).to_numpy()


def rows(head: list[str], body: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in [head, *body]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def funnel_part(folder: Path, runs: int, threads: int) -> list[str]:
    """Recovery, the fit on one half, the misfit on the other."""
    train, test = funnel_halves(folder)
    warm.prepare()
    table = simulate(PRIORS, of_model, runs, threads)
    found, known = posterior(table, train), recovery(table)
    body = []
    for prior in PRIORS:
        low, middle, high = found.quantile(prior.name, 0.05, 0.5, 0.95)
        held, learnt = known[prior.name]
        word = "assumed" if learnt < 0.3 else "fitted"
        default = numbers()[prior.name].default
        fit = f"{middle:.3g} ({low:.3g} to {high:.3g})"
        body.append([f"`{prior.name}`", f"{default:g}", f"{held:.0%}", f"{learnt:.0%}", fit, word])
    misfit = [
        [name, f"{a:.2f}", f"{a + m:.2f}", f"{b:.2f}", f"{a + m - b:+.2f}"]
        for name, a, m, b in zip(STATISTICS, train, found.misfit, test, strict=True)
    ]
    head = ["number", "default", "90 % intervals that hold the truth", "narrower than the prior by"]
    head += ["fit to the data", "so it is"]
    return [
        FUNNEL.format(runs=len(table.parameters), numbers=len(PRIORS)),
        rows(head, body),
        "Conversion of qualified leads and the days from inquiry to contract, fitted on one half of the leads and "
        "compared with the other half:",
        rows(["statistic", "half fitted", "nearest runs", "other half", "misfit there"], misfit),
        LIMITS_OF_FUNNEL,
    ]


def survey_part(folder: Path) -> list[str]:
    """Slopes of asking for advice on two halves of those who answer."""
    x, y, who = survey(folder)
    half = np.isin(who, np.unique(who)[::2])
    names = ["feeling (a point of five)", "required contact", "conflict (a point of four)"]
    one, other = (logit(names, x[h], y[h], who[h]) for h in (half, ~half))
    whole = logit(names, x, y, who)
    body = [
        [n, *(f"{s.slopes[i + 1]:+.2f} ± {1.96 * s.errors[i + 1]:.2f}" for s in (whole, one, other))]
        for i, n in enumerate(names)
    ]
    moved = likelihood(one.slopes, x[~half], y[~half])
    t = Theory().contact
    share = y[~half].mean()
    alone = likelihood(np.array([np.log(share / (1 - share)), 0, 0, 0]), x[~half], y[~half])
    told_ = SURVEY.format(pairs=whole.pairs, people=len(np.unique(who)), moved=moved, own=other.fit, alone=alone)
    sizes = SIZES.format(trust=t.trust, feeling=4 * whole.slopes[1], strength=t.strength, required=whole.slopes[2],
                         complaint=t.complaint)  # fmt: skip
    return [told_, rows(["", "all", "one half", "the other half"], body), sizes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--funnel", type=Path, help="folder of the funnel's two files")
    parser.add_argument("--company", type=Path, help="folder of the company's ties.csv")
    parser.add_argument("--runs", type=int, default=2048, help="a power of two (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, help="write the page to this file")
    asked = parser.parse_args()
    if not (asked.funnel or asked.company):
        parser.error("give --funnel, --company or both")
    parts = ["# Fits to real data", "*Written by `python experiments/fit.py`; do not edit. The data are not shipped.*"]
    parts += funnel_part(asked.funnel, asked.runs, asked.threads) if asked.funnel else []
    parts += survey_part(asked.company) if asked.company else []
    text = "\n\n".join(parts) + "\n"
    if asked.output:
        with written_file(asked.output) as path:
            path.write_text(text, encoding="utf-8")
        print(f"written: {asked.output}")
    else:
        print(text)


if __name__ == "__main__":
    main()
