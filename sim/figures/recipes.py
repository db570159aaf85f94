"""From what a picture says about itself back to the picture: every kind of figure by name, drawn from scenarios.

`baton export figure` draws with these, and `--check` draws again with these.
To add a figure: write a function (scenarios, seeds, options, work) -> Figure
whose drawing calls `imprint.attach`, and give it a line in RECIPES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from sim import figures
from sim.errors import InputError, nearest
from sim.figures import captions
from sim.model.firm import DAYS
from sim.result.outcomes import KNOWN, unknown
from sim.scenario import Scenario


@dataclass(frozen=True)
class Work:
    """How the runs are done: so many at a time, telling `progress(done, all)`, by a day of the user's own if `step`."""

    threads: int = 2
    progress: Callable[[int, int], None] | None = None
    step: Callable | None = None

    @property
    def own(self) -> dict:
        """What a run is told of it."""
        return {} if self.step is None else {"step": self.step}


@dataclass(frozen=True)
class Recipe:
    """A kind of figure.

    `least` and `most` scenarios, `markets` it takes where none is said (0: one
    market, the usual one), the `options` it knows, and how it is drawn.
    """

    says: str
    draw: Callable[[Sequence[Scenario], Sequence[int], dict, Work], Figure]
    least: int = 1
    most: int = 1
    markets: int = 0
    options: tuple[str, ...] = ()
    of_store: bool = False  # of a sweep's folder (options["store"]), not of scenarios


def _life(scenario: Scenario, seed: int, options: dict, work: Work):
    from sim.run import run

    return run(scenario, seed, until=options.get("until"), step=work.step)


def _lives(scenario: Scenario, seeds: Sequence[int], options: dict, work: Work) -> list:
    from sim.study.many import at_once

    return at_once([lambda s=seed: _life(scenario, s, options, work) for seed in seeds], work.threads, work.progress)


def _around(scenarios, options: dict, work: Work) -> dict:
    """The baseline and the band of a run's picture."""
    found: dict = {}
    if "baseline" in options:
        found["baseline"] = _life(scenarios[1], options["baseline"]["seed"], options["baseline"], work)
    if "band" in options:
        found["band"] = figures.band_of(_lives(scenarios[0], options["band"], options, work))
    return found


def _page(scenarios, seeds, options: dict, work: Work) -> Figure:
    return figures.run_page(_life(scenarios[0], seeds[0], options, work), **_around(scenarios, options, work))


def _panel(name: str, scenarios, seeds, options: dict, work: Work) -> Figure:
    run = _life(scenarios[0], seeds[0], options, work)
    return figures.panel_plot(run, name, **_around(scenarios, options, work)).figure


def _line(scenarios, seeds, options: dict, work: Work) -> Figure:
    return figures.series_plot(_life(scenarios[0], seeds[0], options, work), options["metric"]).figure


def _compare(scenarios, seeds, options: dict, work: Work) -> Figure:
    from sim.study.compare import compare

    pair = compare(*scenarios, seeds=list(seeds), threads=work.threads, progress=work.progress, **work.own)
    return pair.plot(options.get("metric", "net_value")).figure


def _network(scenarios, seeds, options: dict, work: Work) -> Figure:
    return figures.network_card(_life(scenarios[0], seeds[0], options, work))


def _audit(scenarios, seeds, options: dict, work: Work) -> Figure:
    return figures.audit_plot(_life(scenarios[0], seeds[0], options, work), options.get("quarter")).figure


def _stages(kind: str, scenarios, seeds, options: dict, work: Work) -> Figure:
    from sim.study.tables.survival import survival

    found = survival(scenarios[0], list(seeds), threads=work.threads, progress=work.progress, **work.own)
    return (figures.stages_plot(found) if kind == "stages" else found.plot(kind == "leaving")).figure


def _brief(scenarios, seeds, options: dict, work: Work) -> Figure:
    from sim.study.briefing import brief

    found = brief(*scenarios, seeds=list(seeds), doubt=bool(options.get("doubt")), threads=work.threads,
                  progress=work.progress)  # fmt: skip
    return found.plot()


def _waterfall(scenarios, seeds, options: dict, work: Work) -> Figure:
    from sim.study.explain.explain import explain

    found = explain(*scenarios, options.get("metric", "net_value"), options.get("by", "lever"), list(seeds),
                    threads=work.threads, progress=work.progress, **work.own)  # fmt: skip
    return figures.waterfall(found).figure


def _sensitivity(scenarios, seeds, options: dict, work: Work) -> Figure:
    from sim.figures.studies import tell_sensitivity
    from sim.study.sensitivity.sensitivity import sensitivity

    found = sensitivity(options["store"], options.get("metric", "net_value"), options.get("method"))
    figure = found.plot().figure
    tell_sensitivity(figure, found, options["store"])
    return figure


OF_THE_MODEL = ("brief", "sensitivity")  # figures that know no other day
AROUND = ("until", "baseline", "band")
RECIPES: dict[str, Recipe] = {
    "run": Recipe("one run on one page", _page, options=AROUND),
    "compare": Recipe("what plans change, market by market", _compare, 2, 9, markets=30, options=("metric",)),
    "stages": Recipe("how many markets stand in each stage", partial(_stages, "stages"), markets=30),
    "survival": Recipe("time until each stage is reached", partial(_stages, "survival"), markets=30),
    "leaving": Recipe("time until each stage is left again", partial(_stages, "leaving"), markets=30),
    "waterfall": Recipe("what a difference is made of", _waterfall, 2, 2, markets=30, options=("metric", "by")),
    "sensitivity": Recipe("which factors matter, from a sweep's folder", _sensitivity, of_store=True,
                          options=("metric", "method")),
    "brief": Recipe("a page for a strategist, always A4", _brief, 1, 2, markets=30, options=("doubt",)),
    "network": Recipe("who trusts whom across the gap", _network, options=("until",)),
    "audit": Recipe("twenty statements, scored by each side", _audit, options=("until", "quarter")),
    "revenue": Recipe("revenue of one run", partial(_panel, "revenue"), options=AROUND),
    "contribution": Recipe("contribution of one run", partial(_panel, "contribution"), options=AROUND),
    "equity": Recipe("customer equity of one run", partial(_panel, "equity"), options=AROUND),
    "trust": Recipe("trust and language of one run", partial(_panel, "trust"), options=("until",)),
    "contacts": Recipe("contacts of one run by purpose", partial(_panel, "contacts"), options=("until",)),
    "series": Recipe("any number of a day (--metric)", _line, options=("until", "metric")),
}  # fmt: skip


def recipe(name: str) -> Recipe:
    """The recipe of a figure by its name.

    Raises
    ------
    InputError
        There is none.
    """
    if name not in RECIPES:
        raise InputError(f"{name}: no such figure{nearest(name, RECIPES)} ({', '.join(RECIPES)})")
    return RECIPES[name]


def draw(name: str, scenarios: Sequence[Scenario], seeds: Sequence[int], options: dict, work: Work) -> Figure:
    """Draw a figure by its name, in the style in force.

    Raises
    ------
    InputError
        No such figure, or scenarios or options that it does not take.
    """
    known, given = recipe(name), len(scenarios) - ("baseline" in options)
    faults = []
    if known.of_store and not options.get("store"):
        faults.append(f"{name}: give the folder of a sweep (baton experiment FILE -o STORE)")
    if not known.of_store and not known.least <= given <= known.most:
        wanted = f"{known.least}" if known.least == known.most else f"{known.least} to {known.most}"
        faults.append(f"{name}: {captions.plural(given, 'scenario')} given, this figure takes {wanted}")
    if options.get("from_day"):
        faults.append(f"{name}: this run went on from a saved state of day {options['from_day']}, which is not here")
    taken = {*known.options, "from_day", *(("store", "experiment") if known.of_store else ())}
    faults += [f"{name}: {other} is no option of this figure" for other in options if other not in taken]
    faults += _metric_faults(name, options)
    if not known.of_store and not seeds:
        faults.append(f"{name}: of no market")
    if work.step is not None and name in OF_THE_MODEL:
        faults.append(f"{name}: is of the model's own day; leave --day out")
    if faults:
        raise InputError(faults)
    if len(scenarios) > 1:
        from sim.study.own.accepted import ask_gate

        ask_gate(*scenarios)
    return known.draw(scenarios, seeds, options, work)


def _metric_faults(name: str, options: dict) -> list[str]:
    """What is wrong with the number that a figure is to show; said before anything is run."""
    metric = options.get("metric")
    if name == "series":
        allowed = [each for each in DAYS.names if each != "day"]
        if metric is None:
            return [f"series: say which number of a day (--metric {allowed[0]}, …): {', '.join(allowed)}"]
    elif name in ("compare", "waterfall"):
        return [unknown(metric)] if metric is not None and metric not in KNOWN else []
    else:
        return []
    if metric is None or metric in allowed:
        return []
    return [f"{metric}: no such number{nearest(metric, allowed)} ({', '.join(allowed)})"]
