"""What each shipped experiment showed: its store is made, or gone on with, its claim judged, and the page written.

    python experiments/findings.py --stores stores
    python experiments/findings.py --stores stores --only growth,goodhart
    python experiments/findings.py --stores stores --page
    python experiments/findings.py --stores stores --six

A claim holds if every check of it holds: the whole 95 % interval lies where the
claim says. It fails if one fails, and is undecided otherwise. Intervals are
over markets (t), of shares (Wilson) and of ratios and places (bootstrap over
markets); markets 20000 and up were not used for fitting the model. `--six` writes
docs/reports/findings.md with its pictures: six of the experiments, told at length.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from helpers.found import firm, matters, orders, talk
from helpers.found.results import Results
from helpers.judging import Check, Report
from helpers.printing import markdown, number, table, write_json
from helpers.six import page as six

from sim.study.experiments.experiment import Experiment, read_experiment
from sim.study.sweep.sweep import sweep

PAGE = Path(__file__).parents[1] / "docs" / "reports" / "experiments.md"
MARKER = "<!-- everything below is written by experiments/findings.py -->"
FINDINGS = {name: judge for module in (talk, firm, orders, matters) for name, judge in module.FINDINGS.items()}


def verdict(report: Report) -> str:
    """What all checks of a claim come to."""
    judged = [check.verdict for check in report.checks if check.verdict != "reported"]
    return "fails" if "fails" in judged else "holds" if set(judged) == {"holds"} else "undecided"


def judge(name: str, stores: Path, threads: int) -> Report:
    """The store of an experiment, whole, and what it says."""
    store = sweep(read_experiment(name), stores / name, threads)
    if len(store.failed):
        print(f"{len(store.failed)} runs failed: {store.failed['reason'].iloc[0]}")
    return FINDINGS[name](Results(store))


def section(name: str, experiment: Experiment, report: Report) -> str:
    """One experiment on the page: what it asks, the command, what it showed."""
    arms = f" × {len(experiment.arms)} arms" if len(experiment.arms) > 1 else ""
    size = f"{experiment.n_points} points{arms} × {len(experiment.markets)} markets, {experiment.n_runs:,} runs"
    parts = [
        f"## {name}",
        f"**{experiment.claim}** *{verdict(report).capitalize()}.*",
        f"```sh not run\nbaton experiment {name} -o {name}   # {size}\n```",
    ]
    checks = [line(each) for each in report.checks]
    parts.append(markdown(["what was measured", "the claim expects", "found", "95 % interval", ""], checks))
    for heading, head, body in report.tables:
        parts += [f"{heading[:1].upper() + heading[1:]}:", markdown(head, body)]
    return "\n\n".join(parts)


def line(each: Check) -> list:
    """A check as a row of a table."""
    m = each.measured
    interval = f"{number(m.low)} to {number(m.high)}" if m.low < m.high else ""
    return [each.claim, each.expected, float(m.mean), interval, each.verdict]


def page(found: dict[str, Report]) -> str:
    """The generated part of the page: a list of all claims, then each with its figures."""
    experiments = {name: read_experiment(name) for name in found}
    counts = [verdict(report) for report in found.values()]
    told = ", ".join(f"{counts.count(each)} {word}" for each, word in
                     (("holds", "hold"), ("fails", "fail"), ("undecided", "are undecided")))  # fmt: skip
    body = [[f"[{name}](#{name})", experiments[name].claim, verdict(report)] for name, report in found.items()]
    runs = sum(each.n_runs for each in experiments.values())
    parts = [
        f"{len(found)} experiments, {runs:,} runs. Of the claims {told}.",
        markdown(["experiment", "claim", ""], body),
        *(section(name, experiments[name], report) for name, report in found.items()),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", type=Path, default=Path("stores"), help="their folder (default %(default)s)")
    parser.add_argument("--only", default=",".join(FINDINGS), metavar="A,B", help="some of the experiments")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--page", action="store_true", help="write docs/reports/experiments.md (with --only: not)")
    parser.add_argument("--six", action="store_true", help="instead: write findings.md and its six pictures there")
    parser.add_argument("-o", "--output", type=Path, help="also write JSON to this file")
    asked = parser.parse_args()
    if asked.six:
        for path in six.write(six.made(asked.stores, asked.threads)):
            print(f"written: {path.relative_to(PAGE.parents[1])}")
        return
    chosen = asked.only.split(",")
    for name in chosen:
        if name not in FINDINGS:
            parser.error(f"{name!r} is no finding; known: {', '.join(FINDINGS)}")
    found = {}
    for name in chosen:
        began = time.perf_counter()
        found[name] = report = judge(name, asked.stores, asked.threads)
        print(f"\n{name}: {read_experiment(name).claim} {verdict(report).upper()}\n")
        checks = [line(each) for each in report.checks]
        print(table(["what was measured", "expected", "found", "interval", ""], checks))
        for heading, head, body in report.tables:
            print(f"\n{heading}\n{table(head, body)}")
        print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    write_json(asked.output, found)
    if asked.page and set(found) == set(FINDINGS):
        kept = PAGE.read_text(encoding="utf-8").split(MARKER)[0]
        PAGE.write_text(kept + MARKER + "\n\n" + page(found), encoding="utf-8")
        print(f"written: {PAGE.relative_to(PAGE.parents[1])}")


if __name__ == "__main__":
    main()
