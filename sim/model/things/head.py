"""The head of a team: how far she trusts the other head, and what she knows of her team."""

from __future__ import annotations

from sim.model.firm import N_PROBLEMS
from sim.model.formulas import raised
from sim.model.kernel import kernel


@kernel(inline=True)
def trust_each_other(heads, theory):
    """The two heads understood each other: their trust rises."""
    up = theory.trust.gain * theory.rooms.trust
    for side in range(2):
        heads[side]["trust"] = raised(heads[side]["trust"], up, theory.trust.ceiling_joint)


@kernel(inline=True)
def succeed(heads, theory, side, day):
    """Somebody new heads a team: nobody is known."""
    heads[side]["generation"] += 1
    heads[side]["since"] = day
    heads[side]["trust"] = theory.trust.attitude


@kernel(inline=True)
def begin(heads, theory):
    """The heads of day 0."""
    for side in range(2):
        heads[side]["trust"] = theory.trust.initial


@kernel
def look_over_teams(firm):
    """The heads' picture of their teams: mean attitude and remembered problems, passed on to newcomers."""
    people, heads = firm.people, firm.heads
    for side in range(2):
        n = 0.0
        heads[side]["attitude"] = 0.0
        for k in range(N_PROBLEMS):
            heads[side]["felt"][k] = 0.0
        for i in range(firm.ledger[0]["n_people"]):
            if people[i]["team"] == side and people[i]["working"] == 1:
                heads[side]["attitude"] += people[i]["attitude"]
                for k in range(N_PROBLEMS):
                    heads[side]["felt"][k] += people[i]["felt"][k]
                n += 1.0
        n = max(n, 1.0)
        heads[side]["attitude"] /= n
        for k in range(N_PROBLEMS):
            heads[side]["felt"][k] /= n
