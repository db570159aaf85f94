"""Two outcomes of one's own: what late deals bring, and how unequal the reps' hands are."""

import numpy as np

import sim


@sim.outcome(unit="k€")
def late_bookings(run):
    """First year of contracts signed in the second half of the run."""
    half = run.days // 2
    return run.daily["new_value"][half:].sum()


@sim.outcome(unit="0..1")
def unequal_hands(run):
    """Gini index of the deals that salespeople won (0: all alike)."""
    leads = run.leads
    won = leads[leads["state"] == "won"]["salesperson"].value_counts().to_numpy(float)
    if len(won) < 2:
        return float("nan")
    return float(np.abs(won[:, None] - won[None, :]).mean() / (2.0 * won.mean()))
