"""The language that a person shares with the other team: learnt in use, forgotten without."""

from __future__ import annotations

from sim.model.formulas import both, raised, toward
from sim.model.kernel import kernel


@kernel(inline=True)
def common(people, m, s):
    """The language of two people (0..1)."""
    return both(people[m]["language"], people[s]["language"])


@kernel(inline=True)
def share_words(people, theory, m, s, share, ceiling):
    """Two people learn each other's words: a share of what is missing to the ceiling."""
    if theory.rooms.language == 1:
        people[m]["language"] = raised(people[m]["language"], share, ceiling)
        people[s]["language"] = raised(people[s]["language"], share, ceiling)


@kernel(inline=True)
def forget(people, theory, i):
    """A week has passed: language has faded a little, at most to what a beginner brings.

    language' = language + fade (initial - language)
    """
    t = theory.language
    if people[i]["language"] > t.initial:
        people[i]["language"] = toward(people[i]["language"], t.initial, t.fade)


@kernel(inline=True)
def begin(people, theory, i, trained):
    """What somebody brings who is new: the usual, and a share of what is missing to all where he was trained."""
    people[i]["language"] = theory.language.initial + trained * (1.0 - theory.language.initial)


@kernel(inline=True)
def train(people, theory, i):
    """A course: a share of what is missing is learnt at once."""
    people[i]["language"] += theory.shock.training * (1.0 - people[i]["language"])
