"""What may happen to an organization at once, on any day: see `theory.SHOCKS`."""

from __future__ import annotations

from sim.model.firm import S
from sim.model.kernel import kernel
from sim.model.things import language, person, tie


@kernel
def deceive(firm, theory, dice):
    """Marketing deceived Sales: a scar on every tie that does not heal."""
    for e in range(firm.ledger[0]["n_ties"]):
        tie.deceive(firm.ties, theory, e, S)


@kernel
def train(firm, theory, dice):
    """A course for everybody: it moves language alone."""
    for i in range(firm.ledger[0]["n_people"]):
        language.train(firm.people, theory, i)


@kernel
def break_promise(firm, theory, dice):
    """Marketing broke a promise to Sales: cognition-based trust alone falls."""
    for e in range(firm.ledger[0]["n_ties"]):
        tie.doubt(firm.ties, theory, e, S, theory.shock.broken_promise * theory.trust.loss)


@kernel
def doubt_liaison(firm, theory, team):
    """A team's trust in the liaison becomes what the lever says."""
    for i in range(firm.ledger[0]["n_people"]):
        if firm.people[i]["team"] == team:
            person.reset_trust_in_liaison(firm.people, theory, i)
