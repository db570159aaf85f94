"""Who talked with whom on a day, read off what it left behind on the ties.

The model counts talks but keeps no list of them. A talk about work leaves its
two people more familiar; a talk about a complaint moves feelings on a tie with
an open complaint; an errand of a liaison moves the trust of both in her. So
nearly every talk can be told from two states of the ties, a day apart; how many
there were is always read from the diary, never from here.
"""

from __future__ import annotations

import numpy as np

from sim.model.firm import WEEK, Firm, M, Team
from sim.model.network import trust_on
from sim.model.theory import Theory
from sim.page.desks import NOBODY

COMPLAINT, BROKERED = 4, 8
MOST = 24  # talks of a day that are told one by one


def trust_step(trust: np.ndarray) -> np.ndarray:
    """1, 2 or 3: trust in the lower, middle or upper third."""
    return 1 + (trust > 1 / 3).astype(int) + (trust > 2 / 3).astype(int)


class Talks:
    """Watches the ties from day to day."""

    def __init__(self, firm: Firm):
        self.remember(firm)

    def remember(self, firm: Firm) -> None:
        n = int(firm.ledger["n_ties"][0])
        names = ("key", "strength", "aff", "complaint")
        self.ties = {name: firm.ties[name][:n].copy() for name in names}
        self.trust_liaison = firm.people["trust_liaison"][: int(firm.ledger["n_people"][0])].copy()

    def today(self, firm: Firm, theory: Theory, day: int, desk: np.ndarray) -> list[tuple[int, int, int]]:
        """The talks of the day just lived, as (desk, desk, trust step + bits)."""
        before, trust_before = self.ties, self.trust_liaison
        self.remember(firm)
        now, ties = self.ties, firm.ties[: len(self.ties["key"])]
        if not np.array_equal(before["key"], now["key"]):
            return []  # the ties were laid anew
        weekly = day % WEEK == WEEK - 1
        left = 1.0 - theory.contact.strength_fade if weekly else 1.0
        met = now["strength"] > before["strength"] * left + 1e-9
        had = before["complaint"].any(1)
        cleared = had & ~now["complaint"].any(1)
        moved = now["aff"][:, M] != before["aff"][:, M]
        dispute = had & (cleared if weekly else cleared | moved)
        n_disputes = int(firm.days["disputes"][day])
        dispute &= np.cumsum(dispute) <= n_disputes

        m, s = ties["m"], ties["s"]
        n = min(len(trust_before), len(self.trust_liaison))
        shifted = np.zeros(len(self.trust_liaison), bool)
        shifted[:n] = self.trust_liaison[:n] != trust_before[:n]
        liaisons = np.flatnonzero((firm.people["team"] == Team.LIAISON) & (firm.people["working"] == 1))
        brokered = np.zeros(len(ties), bool)
        if len(liaisons) and firm.days["brokered"][day] > 0:
            brokered = shifted[m] & shifted[s] & (met | dispute | cleared | (moved & (not weekly)))
            brokered &= np.cumsum(brokered) <= int(firm.days["brokered"][day])

        step, found = trust_step(trust_on(ties, theory.trust.affect).mean(1)), []
        in_liaison = trust_step(self.trust_liaison)
        for tie in np.flatnonzero(brokered).tolist():
            bits = BROKERED | (COMPLAINT if had[tie] else 0)
            helper = int(desk[liaisons[tie % len(liaisons)]])
            found.append((int(desk[m[tie]]), helper, int(in_liaison[m[tie]]) | bits))
            found.append((helper, int(desk[s[tie]]), int(in_liaison[s[tie]]) | bits))
        for tie in np.flatnonzero((met | dispute) & ~brokered).tolist():
            bits = COMPLAINT if dispute[tie] else 0
            found.append((int(desk[m[tie]]), int(desk[s[tie]]), int(step[tie]) | bits))
        once = list(dict.fromkeys(found))
        return [talk for talk in once if NOBODY not in talk[:2]][:MOST]
