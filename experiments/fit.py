"""The funnel fitted to public data, asking for advice to a company's survey; recovery on simulated data first.

    python experiments/fit.py --funnel FOLDER --company FOLDER
    python experiments/fit.py --funnel FOLDER --company FOLDER -o docs/reports/fit.md

FOLDER of the funnel: the Olist marketing funnel (marketing_qualified_leads.csv,
closed_deals.csv). Of the company: ties.csv with from,to,relation,value where
relation is feeling (1-5), conflict (1-4), required or advice (1); people.csv with
id,department. The data are not shipped. Needs `pip install 'baton-sim[fit]'`.

What is done is kept in the user's cache: the same command goes on where it was
stopped, by Ctrl-C or otherwise, and ends in the same page.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a checkout runs without being installed

from helpers.fit.funnel import DEALS, LAST, LEADS, LONGEST, PRIORS, SHORTEST, STATISTICS, funnel, halves, of_model
from helpers.fit.survey import survey_part
from helpers.fit.words import FUNNEL, HEAD, LIMITS_OF_FUNNEL, MISFIT, filled
from helpers.printing import markdown

from sim.errors import InputError
from sim.files.folder import written_file
from sim.model import warm, wasm
from sim.model.theory import numbers
from sim.study.validation.fit import LEAST, Fit, needs
from sim.study.validation.recovery import NARROWED, recovered, simulated, smc_many
from sim.study.validation.validate import kept_folder

AGAIN = 16  # simulated data sets, a power of two
SIZE, POPULATIONS = 200, 12  # of the fit to the data
SIZE_AGAIN, POPULATIONS_AGAIN = 100, 8  # of a fit to simulated data


def funnel_part(folder: Path, processes: int) -> list[str]:
    """Recovery, the fit on one half, the misfit on the other."""
    leads = funnel(folder)
    train, test = halves(leads)
    warm.prepare(wasm.MANY)
    fit = Fit("funnel", PRIORS, of_model, train, SIZE, POPULATIONS, seed=20)
    short = fit._replace(size=SIZE_AGAIN, populations=POPULATIONS_AGAIN)
    again = simulated(short, AGAIN)
    tasks = [fit, *(each for _, each in again)]
    finished = []

    def tell(task, posterior):
        finished.append(task)
        print(f"{len(finished)} of {len(tasks)} fits: {task.name}, {posterior.runs} runs", file=sys.stderr, flush=True)

    found, *others = smc_many(tasks, kept_folder(needed=True).parent / "fit", processes, tell)
    known = recovered([truth for truth, _ in again], others)
    body = []
    for prior in PRIORS:
        low, middle, high = found.quantile(prior.name, 0.05, 0.5, 0.95)
        searched = f"{prior.low:g} to {prior.high:g}{' (log)' * prior.log}"
        body.append([
            f"`{prior.name}`", f"{numbers()[prior.name].default:g}", searched,
            f"{round(known[prior.name].held * AGAIN)} of {AGAIN}", f"{known[prior.name].narrowed:.0%}",
            f"{middle:.3g} ({low:.3g} to {high:.3g})", known[prior.name].word,
        ])  # fmt: skip
    misfit = []
    for name in STATISTICS:
        low, middle, high = found.statistics[name]
        misfit.append([name, f"{train[name]:.2f}", f"{middle:.2f} ({low:.2f} to {high:.2f})", f"{test[name]:.2f}",
                       f"{middle - test[name]:+.2f}"])  # fmt: skip
    won = leads["days"].dropna()
    origins = leads.groupby("origin")["days"].agg(lambda days: days.notna().mean())
    first, second, third = np.floor(won.quantile([0.25, 0.5, 0.75]))
    held = sum(each.held for each in known.values()) * AGAIN
    said = filled(
        FUNNEL, leads=len(leads), won=len(won), conversion=len(won) / len(leads), first=first, second=second,
        third=third, sd=np.log(won.clip(lower=0.5)).std(), fewest=origins.min(), most=origins.drop("unknown").max(),
        unknown=origins["unknown"], shortest=SHORTEST, longest=LONGEST, last=LAST, numbers=len(PRIORS), again=AGAIN,
        size=SIZE, populations=found.populations, runs=found.runs, size_again=SIZE_AGAIN, least=LEAST,
        narrowed=NARROWED, most_again=POPULATIONS_AGAIN, runs_again=sum(each.runs for each in others), held=round(held),
        intervals=AGAIN * len(PRIORS), share_held=held / AGAIN / len(PRIORS),
    )  # fmt: skip
    head = ["number", "default", "range searched", "90 % intervals that hold the truth", "narrower than the range by"]
    head += ["fit to the data", "so it is"]
    head_misfit = ["statistic", "half fitted", "fit (90 % of its runs)", "other half", "misfit there"]
    return [said, markdown(head, body), filled(MISFIT), markdown(head_misfit, misfit), filled(LIMITS_OF_FUNNEL)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--funnel", type=Path, help="folder of the funnel's two files")
    parser.add_argument("--company", type=Path, help="folder of the company's people.csv and ties.csv")
    parser.add_argument("--processes", type=int, default=2, help="fits at a time; the page does not depend on it")
    parser.add_argument("-o", "--output", type=Path, help="write the page to this file")
    asked = parser.parse_args()
    if not (asked.funnel or asked.company):
        parser.error("give --funnel, --company or both")
    wanted = [(asked.funnel, LEADS), (asked.funnel, DEALS)]
    wanted += [(asked.company, "ties.csv"), (asked.company, "people.csv")]
    missing = [str(folder / name) for folder, name in wanted if folder and not (folder / name).is_file()]
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    try:
        needs("pyabc", "statsmodels")
    except InputError as problem:
        parser.error(str(problem))
    parts = [HEAD]
    try:
        parts += funnel_part(asked.funnel, asked.processes) if asked.funnel else []
        parts += survey_part(asked.company) if asked.company else []
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
    text = "\n\n".join(parts) + "\n"
    if asked.output:
        with written_file(asked.output) as path:
            path.write_text(text, encoding="utf-8")
        print(f"written: {asked.output}")
    else:
        print(text)


if __name__ == "__main__":
    main()
