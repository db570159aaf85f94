"""The audit looked at from outside: consistency, factors, latent classes, and how much one thing explains of the score.

What is looked at are simulated quarters of many organizations with random
levers and permissions; nothing here is read by a rule.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model.audit import STATEMENTS
from sim.model.firm import Item
from sim.study.many import at_once
from sim.study.validation.factors import alpha, factors_of, r2
from sim.study.validation.patterns.measured_run import Arm, Life, live
from sim.study.validation.validate import FIRST_MARKET

DESIGNS = 300
CLASSES = range(2, 7)
STRUCTURAL = int(Item.ONE_HEAD)  # it does not vary: all of these firms have two heads


class Structure(NamedTuple):
    """What was found; arrays by statement leave out those that never varied."""

    rows: int  # quarters looked at
    kept: list[int]  # statements that varied, counted from 0
    alpha: float
    eigenvalues: np.ndarray  # of the correlation matrix, largest first
    random: np.ndarray  # 95th percentile of those of random data (Horn's parallel analysis)
    loadings: np.ndarray  # (statements, factors) after varimax
    classes: dict[int, float]  # number of classes -> BIC
    class_means: np.ndarray  # (classes,) mean total of each of the best number of classes
    class_shares: np.ndarray  # (classes,)
    agreement: float  # adjusted Rand index of the four-class solution and the four bands
    explained: dict[str, float]  # R2 of the score on one thing


def measure_structure(designs: int = DESIGNS, threads: int = 2, progress=None) -> Structure:
    """Run organizations with random levers and permissions, and look at their audits of years 2 to 5.

    One quarter a year enters, so that neighbouring quarters do not count twice.
    """
    arms = [Arm(design=1000 + k, permitted="some") for k in range(designs)]
    lives = at_once([lambda a=a, k=k: live(a, FIRST_MARKET + k % 100) for k, a in enumerate(arms)], threads, progress)
    return structure_of(lives)


def structure_of(lives: list[Life]) -> Structure:
    """The structure of the audits of some runs."""
    quarters = [7, 11, 15, 19]
    items = np.concatenate([life.items[quarters] for life in lives])
    kept = [j for j in range(20) if items[:, j].std() > 0]
    x = items[:, kept]
    behind = factors_of(x)
    bic, members = latent_classes(x)
    best = min(bic, key=lambda k: bic[k])
    total = items.sum(1)
    means = np.array([total[members[best] == c].mean() for c in range(best)])
    order = np.argsort(means)
    shares = np.array([(members[best] == c).mean() for c in range(best)])
    bands = np.digitize(total, (40.0, 60.0, 80.0))
    return Structure(len(x), kept, alpha(x), behind.values, behind.random, behind.loadings, bic, means[order],
                     shares[order], rand_index(members[4], bands), explained(lives))  # fmt: skip


def latent_classes(x: np.ndarray, starts: int = 6, rounds: int = 200) -> tuple[dict[int, float], dict[int, np.ndarray]]:
    """Latent classes of scores 1..5 (local independence; Lazarsfeld), by expectation and maximization.

    Returns the BIC for each number of classes, and each row's likeliest class.
    """
    hot = (x[:, :, None] == np.arange(1, 6)).astype(float).reshape(len(x), -1)
    n, items = len(x), x.shape[1]
    bic, members = {}, {}
    for k in CLASSES:
        best, found = -np.inf, None
        for start in range(starts):
            rng = np.random.default_rng([k, start])
            weight = rng.dirichlet(np.ones(k), n)
            likelihood = -np.inf
            for _ in range(rounds):
                share = weight.mean(0)
                chance = (weight.T @ hot + 0.5).reshape(k, items, 5)
                chance /= chance.sum(-1, keepdims=True)
                log = hot @ np.log(chance).reshape(k, -1).T + np.log(np.maximum(share, 1e-300))
                top = log.max(1, keepdims=True)
                weight = np.exp(log - top)
                now = float((top[:, 0] + np.log(weight.sum(1))).sum())
                weight /= weight.sum(1, keepdims=True)
                if now - likelihood < 1e-4:
                    break
                likelihood = now
            if now > best:
                best, found = now, weight.argmax(1)
        bic[k] = -2 * best + (k - 1 + k * items * 4) * np.log(n)
        members[k] = found
    return bic, members


def rand_index(a: np.ndarray, b: np.ndarray) -> float:
    """Adjusted Rand index of two partitions (Hubert and Arabie 1985): 1 equal, 0 as by chance.

    >>> rand_index(np.array([0, 0, 1, 1]), np.array([5, 5, 7, 7]))
    1.0
    """
    counts = np.array([[np.sum((a == i) & (b == j)) for j in np.unique(b)] for i in np.unique(a)], float)

    def pairs(m: np.ndarray) -> float:
        return float((m * (m - 1) / 2).sum())

    both, one, other, whole = pairs(counts), pairs(counts.sum(1)), pairs(counts.sum(0)), pairs(np.array([len(a)]))
    chance = one * other / whole
    most = (one + other) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def explained(lives: list[Life]) -> dict[str, float]:
    """R2 of the last year's score on the practices kept, on mean trust, and on each single observable."""
    score = np.array([life.final for life in lives])
    kept = np.array([life.kept for life in lives])
    seen = np.nan_to_num(np.array([np.nan_to_num(life.seen[-4:]).mean(0) for life in lives]))
    found = {
        "all eight compliances": r2(kept, score),
        "number of practices kept": r2(kept.sum(1, keepdims=True), score),
        "mean trust": r2(np.array([[life.trust] for life in lives]), score),
    }
    single = {Item(j).name.lower(): r2(seen[:, [j]], score) for j in range(20) if seen[:, j].std() > 0}
    return found | dict(sorted(single.items(), key=lambda kv: -kv[1])[:5])


STRUCTURE = """\
## The structure of the audit

{rows} quarters' audits of organizations with random levers, in which each practice is forbidden with an even chance
(statement 17, one head, does not vary among them). Cronbach's alpha of the {items} statements that vary is
{alpha:.2f}. Eigenvalues of their correlations: {values}; random data reach {random}, so {factors} stand out
(parallel analysis), with {share:.0%} of the variance; the first alone has {first:.0%}.

Latent classes (BIC, smaller is better): {classes}. The best number of those tried is {best}, with mean totals
{means}. Four classes agree with the four bands of the total to {agreement:.2f} (adjusted Rand index: 1 is equal, 0
is chance).

Share of the variance of the last year's score, between organizations, that one thing explains (less than .85 each
was asked for): {explained}."""


def structure_page(s: Structure) -> str:
    """The structure in Markdown."""
    k = s.loadings.shape[1]
    told = STRUCTURE.format(
        rows=s.rows,
        items=len(s.kept),
        alpha=s.alpha,
        values=", ".join(f"{v:.2f}" for v in s.eigenvalues[:6]),
        random=", ".join(f"{v:.2f}" for v in s.random[:4]),
        factors=f"{k} factor{'' if k == 1 else 's'}",
        share=float((s.loadings**2).sum() / len(s.kept)),
        first=s.eigenvalues[0] / len(s.kept),
        classes=", ".join(f"{c} classes {v:,.0f}" for c, v in s.classes.items()),
        best=min(s.classes, key=lambda c: s.classes[c]),
        means=", ".join(f"{m:.0f} ({p:.0%})" for m, p in zip(s.class_means, s.class_shares, strict=True)),
        agreement=s.agreement,
        explained="; ".join(f"{name} {value:.2f}" for name, value in s.explained.items()),
    )
    table = ["| statement | " + " | ".join(f"factor {i + 1}" for i in range(k)) + " |", "|---|" + "---|" * k]
    for row, j in enumerate(s.kept):
        cells = [f"**{v:.2f}**" if abs(v) >= 0.5 else f"{v:.2f}" for v in s.loadings[row]]
        table.append(f"| {j + 1} {STATEMENTS[j].text} | " + " | ".join(cells) + " |")
    return told + "\n\n" + "\n".join(table)
