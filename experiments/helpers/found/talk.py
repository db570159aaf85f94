"""Findings about talk, trust, distance and the liaison: one function a shipped experiment."""

from __future__ import annotations

import numpy as np

from helpers.found.results import Results, average, best_elsewhere, grid_table, measured, percent, told
from helpers.judging import Report, exact

NEAR_M, FAR_M = 2, 60
LITTLE = 0.25  # trust below which the claim says that a liaison does harm
LASTING = 3.0  # points that the claim says remain of a liaison who is gone
OUTCOMES = {"score": "score", "net_value": "net value, k€", "revenue_last_year": "revenue of the last year, k€"}


def trust_and_distance(found: Results) -> Report:
    trusts = found.levels("trust.initial")

    def cost(trust) -> np.ndarray:
        """What 60 m cost against 2 m, k€ in each market."""
        near, far = (found.at("net_value", distance__between_teams_m=m, trust__initial=trust) for m in (NEAR_M, FAR_M))
        return near - far

    most = trusts[-1]
    checks = [measured(f"net value lost from 2 m to 60 m at trust {trust}, k€", cost(trust)) for trust in trusts]
    checks += [
        measured(f"lost at trust {trust} less lost at trust {most}, k€", cost(trust) - cost(most), above=0.0)
        for trust in trusts[:3]
    ]
    axes = ("distance.between_teams_m", "trust.initial")
    tables = [
        (title, *grid_table(found, *axes, lambda outcome=outcome, **at: average(found.at(outcome, **at))))
        for title, outcome in (("net value, k€", "net_value"), ("score after five years", "score"))
    ]
    return Report(checks, tables)


def liaison_and_trust(found: Results) -> Report:
    gain = found.of("net_value") - found.of("net_value", "none")
    marketing, sales = found.column("liaison.trust_marketing"), found.column("liaison.trust_sales")
    least, mean = np.minimum(marketing, sales), (marketing + sales) / 2.0
    uneven = (np.maximum(marketing, sales) == 0.7) & (least == 0.1)
    even = (marketing == 0.4) & (sales == 0.4)

    def straight(x) -> float:
        return float(np.corrcoef(x, gain.mean(1))[0, 1] ** 2)

    little, much = gain[least < LITTLE].mean(0), gain[least >= 0.5].mean(0)
    checks = [
        measured("her worth where the lesser trust is below one in four, k€", little, below=0.0),
        measured("her worth where both trust her by half or more, k€", much, above=0.0),
        measured("trust 0.7 and 0.1 less 0.4 and 0.4, k€", gain[uneven].mean(0) - gain[even].mean(0), below=0.0),
        measured("R² of her worth on the lesser trust", exact(straight(least))),
        measured("R² of her worth on the mean trust", exact(straight(mean))),
    ]
    body = []
    for value in np.unique(least):
        here = gain[least == value]
        body.append([f"{value:g}", len(here), told(here.mean(0)), average(here > 0)])
    head = ["lesser trust", "points", "net value, k€", "share of runs above 0"]
    return Report(checks, [("her worth by the lesser trust", head, body)])


def cost_of_talk(found: Results) -> Report:
    costs, pushes = found.levels("communication.cost_hours"), found.levels("communication.push")
    checks = []
    for cost in costs:
        by_push = [
            found.at("net_value", communication__cost_hours=cost, communication__push=push) for push in pushes[1:]
        ]
        inner = best_elsewhere(np.stack(by_push[:-1]))
        what = f"{cost} h a contact: best inner amount of talk less the most, k€"
        checks.append(measured(what, inner - by_push[-1], above=0.0))
    axes = ("communication.push", "communication.cost_hours")
    tables = [
        (title, *grid_table(found, *axes, lambda outcome=outcome, **at: average(found.at(outcome, **at))))
        for title, outcome in (("net value, k€", "net_value"), ("contacts a person and week", "contacts_per_head"))
    ]
    return Report(checks, tables)


def frequent_or_disciplined(found: Results) -> Report:
    ways = {"as usual": (0, 0.3), "disciplined": (0, 0.9), "frequent": (2, 0.3), "both": (2, 0.9)}

    def value(trust, way, outcome="net_value") -> np.ndarray:
        push, agenda = ways[way]
        return found.at(outcome, trust__initial=trust, communication__push=push, communication__agenda=agenda)

    checks, body = [], []
    for trust in found.levels("trust.initial"):
        apart = value(trust, "disciplined") - value(trust, "frequent")
        checks.append(measured(f"trust {trust}: gain by discipline less gain by frequency, k€", apart, above=0.0))
        for way in ways:
            gain = told(value(trust, way) - value(trust, "as usual"))
            shares = [average(value(trust, way, name)) for name in ("contacts_per_head", "disputes")]
            body.append([str(trust), way, gain, *shares])
    head = ["trust", "talk", "net value against as usual, k€", "contacts a person and week", "share about disputes"]
    return Report(checks, [("four ways of talking", head, body)])


def against_never(found: Results, **here) -> dict[str, np.ndarray]:
    """Outcomes with the liaison who is gone by now, less those of the firm that never had her."""
    return {name: found.at(name, **here) - found.at(name, "never", **here) for name in OUTCOMES}


def liaison_dependency(found: Results) -> Report:
    """The score, and the contacts of the last year, when nobody brokers any more."""
    late = found.store.series.query("quarter > 16")
    talk = late.pivot_table("contacts", ["point", "seed"], "arm", aggfunc="sum", observed=True)
    checks, body = [], []
    for ties in found.levels("workforce.ties_per_rep"):
        (row,) = found.rows(workforce__ties_per_rep=ties)
        left = against_never(found, workforce__ties_per_rep=ties)
        contacts = percent(talk.loc[row, "base"].to_numpy(), talk.loc[row, "never"].to_numpy())
        what = f"{ties} ties a rep: score three years after she went, against never"
        checks.append(measured(f"{ties} ties a rep: contacts of the last year, against never, %", contacts, below=0.0))
        checks.append(measured(what, left["score"]))
        body.append([str(ties), *map(told, left.values()), told(contacts)])
    head = ["ties a rep", *OUTCOMES.values(), "contacts of the last year, %"]
    return Report(checks, [("two years of liaison, then none, less never any", head, body), _fading(found)])


def scaffold(found: Results) -> Report:
    checks, body = [], []
    for trust in found.levels("trust.initial"):
        left = against_never(found, trust__initial=trust)
        what = f"trust {trust}: score five years after day 0, against never"
        checks.append(measured(what, left["score"], above=LASTING))
        body.append([str(trust), *map(told, left.values())])
    table = ("with the scaffold less never any liaison", ["trust", *OUTCOMES.values()], body)
    return Report(checks, [table, _fading(found)])


def by_quarter(found: Results, name: str, points=slice(None)) -> dict[str, np.ndarray]:
    """A quarterly column under each arm, averaged over points: arm -> (quarters, markets)."""
    series = found.store.series
    kept = series[series["point"].isin(np.arange(len(found.design))[points])]
    wide = kept.pivot_table(name, ["arm", "quarter"], "seed", aggfunc="mean", observed=True)
    return {arm: wide.loc[arm].to_numpy() for arm in found.store.experiment.arms}


def _fading(found: Results) -> tuple[str, list[str], list[list]]:
    """The difference in the score quarter by quarter, all points together."""
    score = by_quarter(found, "score")
    gain = score["base"] - score["never"]
    body = [[str(q), told(gain[q - 1])] for q in (1, 2, 4, 6, 8, 10, 12, 16, 20) if q <= len(gain)]
    return "what remains of her in the score, all points together", ["quarter", "score, difference"], body


FINDINGS = {
    "trust-and-distance": trust_and_distance,
    "liaison-and-trust": liaison_and_trust,
    "cost-of-talk": cost_of_talk,
    "frequent-or-disciplined": frequent_or_disciplined,
    "scaffold-6-months": scaffold,
    "scaffold-12-months": scaffold,
    "scaffold-24-months": scaffold,
    "liaison-dependency": liaison_dependency,
}
