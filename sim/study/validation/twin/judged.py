"""The analytic twin held against the simulation: the same firms, the same readings, one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.model.day_zero.opening import begin
from sim.model.firm import QUARTER, M, S
from sim.model.theory import Theory, with_values
from sim.study.many import at_once
from sim.study.validation.patterns.organizations import Levers
from sim.study.validation.twin import firms as chosen
from sim.study.validation.twin.equations import live

# what is compared, and whether it is judged (the five things that the twin is of) or reported beside them
VARIABLES = {
    "trust of Marketing": True, "trust of Sales": True, "language": True, "familiarity": True, "grievances": True,
    "learnt benefit": True, "attitude": False, "talks": False, "joint work": False,
}  # fmt: skip


class Agreement(NamedTuple):
    """How the twin follows the simulation in one variable, over firms."""

    variable: str
    judged: bool
    simulated: np.ndarray  # (firms,) mean over markets and readings
    twin: np.ndarray
    r: float
    error: float  # mean absolute, over the range that the simulated firms span
    luck: float  # the same of one market against the mean of the others: what no equation without luck can beat

    @property
    def reached(self) -> bool:
        """Whether both limits are kept."""
        return self.r >= chosen.LEAST_R and self.error <= chosen.MOST_ERROR


def read_firm(firm, theory, day: int) -> list[float]:
    """The variables of a simulated firm, on a day."""
    ties, people, row = firm.ties[: int(firm.ledger["n_ties"][0])], firm.people, firm.ledger[0]
    staff = people[(people["working"] == 1) & (people["team"] < 2) & (people["n_ties"] > 0)]
    weight = theory.trust.affect
    parts = (1.0 - weight) * ties["cog"] + weight * ties["aff"]
    trust = [float(((1.0 - ties["scar"]) * parts)[:, side].mean()) for side in (M, S)]
    days, heads = firm.days[day - QUARTER : day], float(row["n_m"] + row["n_s"])
    return [*trust, float(staff["language"].mean()), float(ties["strength"].mean()),
            float(ties["complaint"].mean()), float(staff["benefit"].mean()), float(staff["attitude"].mean()),
            float(days["contacts"].mean()) / heads, float(days["informal"].mean()) / heads]  # fmt: skip


def simulated(levers: Levers, market: int) -> np.ndarray:
    """The variables of one firm in one market, mean of the readings."""
    theory = with_values(Theory(), levers)
    life, found = begin(theory, market, chosen.DAYS), []
    for day in chosen.READINGS:
        life.advance(day)
        found.append(read_firm(life.firm, theory, day))
    return np.mean(found, 0)


def by_twin(firms: Sequence[Levers]) -> np.ndarray:
    """(firms, variables) of the twin, at the same readings."""
    found = []

    def read(day, frame, state, change):
        if day not in chosen.READINGS:
            return
        mean = lambda x: (frame.share * x).sum(1)  # noqa: E731
        two = lambda x: ((x[M] * frame.heads[M] + x[S] * frame.heads[S]) / (frame.heads[M] + frame.heads[S]))[:, 0]  # noqa: E731
        heads = (frame.ties / (frame.heads[M] + frame.heads[S]))[:, 0]
        found.append(np.column_stack([
            mean(state.trust(frame.theory, M)), mean(state.trust(frame.theory, S)), two(state.language),
            mean(state.strength), mean(state.open[0] + state.open[1]) / 2.0 + mean(state.open[2]), two(state.benefit),
            two(state.attitude), mean(change.contacts) * heads, mean(change.acts) * heads]))  # fmt: skip

    live(firms, chosen.DAYS, reading=read)
    return np.mean(found, 0)


def compared(firms: Mapping[str, Levers], markets: Sequence[int], permitted: bool = False, threads: int = 2,
             progress: Callable[[int, int], None] | None = None) -> list[Agreement]:  # fmt: skip
    """Simulate and reckon, and compare."""
    levers = [chosen.with_practices(each, permitted) for each in firms.values()]
    jobs = [lambda each=each, market=market: simulated(each, market) for each in levers for market in markets]
    found = np.array(at_once(jobs, threads, progress)) if progress else np.array(at_once(jobs, threads))
    found = found.reshape(len(levers), len(markets), -1)
    return agreements(found, by_twin(levers))


def agreements(found: np.ndarray, twin: np.ndarray) -> list[Agreement]:
    """From (firms, markets, variables) and (firms, variables) to the table."""
    table, means = [], found.mean(1)
    for k, (variable, judged) in enumerate(VARIABLES.items()):
        a, b = means[:, k], twin[:, k]
        span = float(a.max() - a.min())
        n = found.shape[1]
        others = (found.sum(1)[:, None, k] - found[:, :, k]) / max(n - 1, 1)
        luck = float(np.abs(found[:, :, k] - others).mean()) / span if n > 1 else float("nan")
        r = float(np.corrcoef(a, b)[0, 1])
        table.append(Agreement(variable, judged, a, b, r, float(np.abs(a - b).mean()) / span, luck))
    return table
