"""How one person stands with the other team, for whoever asks."""

from __future__ import annotations

from sim.model.firm import M, S, Team
from sim.model.kernel import kernel
from sim.model.things.tie import trust_in

SEEN = ("ties", "complaints", "trusts", "trusted")  # what is told
TIES, COMPLAINTS, TRUSTS, TRUSTED = range(4)  # places of SEEN


@kernel
def tell_standing(firm, theory, row, seen):
    """Of a person's ties: how many, those with an open complaint, and the mean trust on them, given and received.

    seen   (4,) room for SEEN: two counts, two trusts (0..1; 0 where there is no tie)
    """
    ties, sells = firm.ties, firm.people[row]["team"] == Team.SALES
    own, other = (S, M) if sells else (M, S)
    for k in range(len(seen)):
        seen[k] = 0.0
    for e in range(firm.ledger[0]["n_ties"]):
        if (ties[e]["s"] if sells else ties[e]["m"]) != row:
            continue
        seen[TIES] += 1.0
        if ties[e]["complaint"][M] != 0 or ties[e]["complaint"][S] != 0:
            seen[COMPLAINTS] += 1.0
        seen[TRUSTS] += trust_in(ties, theory, e, own)
        seen[TRUSTED] += trust_in(ties, theory, e, other)
    if seen[TIES] > 0.0:
        seen[TRUSTS] /= seen[TIES]
        seen[TRUSTED] /= seen[TIES]
