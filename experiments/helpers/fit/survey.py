"""A company's survey of who asks whom for advice, and the same logit run on the model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.fit.words import MODEL, SIZES, SURVEY, filled
from helpers.printing import markdown
from sim.model import warm
from sim.model.day_zero.opening import begin
from sim.model.theory import Theory, numbers, with_values
from sim.study.validation.logit import likelihood, logit

NAMES = ["feeling (a point of five)", "required contact", "conflict (a point of four)"]
MARKETS = range(70_000, 70_064)
DAY, WINDOW = 260, 30
PREDICTORS = {"contact.trust": "trust", "contact.complaint": "grievance", "contact.strength": "familiarity"}


def wide(ties: pd.DataFrame) -> pd.DataFrame:
    """A row a pair whose feeling was rated; contact not required and no conflict where nothing is said."""
    found = ties.pivot_table(index=["from", "to"], columns="relation", values="value", aggfunc="max")
    found = found[found["feeling"].notna()]
    return found.fillna({"required": 0.0, "advice": 0.0, "conflict": 1.0})


def mutual(ties: pd.DataFrame, relation: str) -> tuple[float, int]:
    """Correlation of both ends' ratings of each other, and the number of such pairs."""
    one = ties[ties["relation"] == relation].groupby(["from", "to"])["value"].max()
    other = one.rename_axis(["to", "from"]).rename("back").reset_index()
    both = one.reset_index().merge(other, on=["from", "to"])
    both = both[both["from"] < both["to"]]
    either = np.concatenate([both[["value", "back"]], both[["back", "value"]]])
    return float(np.corrcoef(either.T)[0, 1]), len(both)


def density(ties: pd.DataFrame, people: pd.DataFrame, relation: str) -> tuple[float, float]:
    """Share of the pairs (a rater, another) that have the relation, within and across known departments."""
    department = people.set_index("id")["department"].dropna()
    raters = [r for r in ties["from"].unique() if r in department.index]
    pairs = pd.MultiIndex.from_product([raters, department.index], names=["from", "to"])
    pairs = pairs[pairs.get_level_values(0) != pairs.get_level_values(1)]
    has = pairs.isin(pd.MultiIndex.from_frame(ties[ties["relation"] == relation][["from", "to"]]))
    place = [department[pairs.get_level_values(k)].to_numpy() for k in (0, 1)]
    same = place[0] == place[1]
    return float(has[same].mean()), float(has[~same].mean())


def default_ties(values: dict[str, float], markets: Iterable[int]) -> pd.DataFrame:
    """A row a tie and market: trust, grievance and familiarity on a day, talk after it; affect of both ends."""
    found = []
    for market in markets:
        simulation = begin(with_values(Theory(), values), market, DAY + WINDOW)
        simulation.advance(DAY)
        ties = simulation.firm.ties
        now = pd.DataFrame({
            "trust": (ties["cog"].sum(1) + ties["aff"].sum(1)) / 4,
            "grievance": ties["complaint"].max(1),
            "familiarity": ties["strength"].copy(),
            "one": ties["aff"][:, 0].copy(), "other": ties["aff"][:, 1].copy(), "before": ties["exchanged"].copy(),
            "market": market,
        })  # fmt: skip
        simulation.advance(DAY + WINDOW)
        now["talked"] = simulation.firm.ties["exchanged"][: len(now)] > now["before"]
        found.append(now)
    return pd.concat(found, ignore_index=True)


def model_part() -> tuple[list[str], pd.DataFrame]:
    """The logit on the model's own ties, each number at nought and at twice its default."""
    warm.prepare()
    columns = list(PREDICTORS.values())
    default = default_ties({}, MARKETS)

    def slope(ties: pd.DataFrame, predictor: str) -> tuple[float, float]:
        found = logit(columns, ties[columns].to_numpy(), ties["talked"].to_numpy(float), ties["market"].to_numpy())
        place = 1 + columns.index(predictor)
        return found.slopes[place], found.intervals[place, 1] - found.slopes[place]

    body = []
    for name, predictor in PREDICTORS.items():
        usual = numbers()[name].default
        found = [slope(ties, predictor) for ties in (default_ties({name: 0.0}, MARKETS), default,
                                                     default_ties({name: 2 * usual}, MARKETS))]  # fmt: skip
        (low, half), (high, other) = found[0], found[2]
        word = "could be told" if high - low > half + other else "assumed"
        body.append([f"`{name}`", f"{usual:g}", predictor, *(f"{s:+.1f} ± {e:.1f}" for s, e in found), word])
    head = ["number", "default", "slope of", "number at 0", "at its default", "at twice", "so it is"]
    runs = len(MARKETS) * (1 + 2 * len(PREDICTORS))
    said = filled(MODEL, pairs=len(default), markets=len(MARKETS), day=DAY, window=WINDOW, runs=runs)
    return [said, markdown(head, body)], default


def survey_part(folder: Path) -> list[str]:
    """Slopes of asking for advice on two halves of those who answer; the same logit on the model."""
    ties, people = pd.read_csv(folder / "ties.csv"), pd.read_csv(folder / "people.csv")
    pairs = wide(ties)
    x, y = pairs[["feeling", "required", "conflict"]].to_numpy(), pairs["advice"].to_numpy()
    who = pairs.index.get_level_values(0).to_numpy()
    half = np.isin(who, np.unique(who)[::2])
    whole, one, other = (logit(NAMES, x[rows], y[rows], who[rows]) for rows in (y >= 0, half, ~half))
    body = [
        [name, *(f"{s.slopes[k]:+.2f} ({s.intervals[k, 0]:+.2f} to {s.intervals[k, 1]:+.2f})"
                 for s in (whole, one, other))]
        for k, name in enumerate(NAMES, 1)
    ]  # fmt: skip
    share = y[~half].mean()
    alone = likelihood(np.array([np.log(share / (1 - share)), 0, 0, 0]), x[~half], y[~half])
    (required_in, required_out), (advice_in, advice_out) = (density(ties, people, r) for r in ("required", "advice"))
    (mutual_feeling, n_feeling), (mutual_conflict, n_conflict) = (mutual(ties, r) for r in ("feeling", "conflict"))
    required = pairs["required"][pairs["advice"] == 1].mean()
    said = filled(
        SURVEY,
        people=len(np.unique(who)), pairs=len(pairs), asked=y.mean(), required=required, chosen=1 - required,
        mutual_feeling=mutual_feeling, n_feeling=n_feeling, mutual_conflict=mutual_conflict, n_conflict=n_conflict,
        known=people["department"].notna().sum(), all=len(people), required_in=required_in, required_out=required_out,
        advice_in=advice_in, advice_out=advice_out, moved=likelihood(one.slopes, x[~half], y[~half]), own=other.fit,
        alone=alone,
    )  # fmt: skip
    in_model, default = model_part()
    t = Theory().contact
    sizes = filled(
        SIZES,
        trust=t.trust, feeling=4 * whole.slopes[1], strength=t.strength, required=whole.slopes[2],
        complaint=t.complaint, spread=default["trust"].std(), spread_data=pairs["feeling"].std() / 4,
        mutual=default.groupby("market")[["one", "other"]].apply(lambda m: m["one"].corr(m["other"])).mean(),
    )  # fmt: skip
    return [said, markdown(["", "all", "one half", "the other half"], body), *in_model, sizes]
