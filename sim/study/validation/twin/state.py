"""What the analytic twin keeps of a firm: what holds of its people and ties on average, and what never moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.firm import M, S
from sim.model.formulas import access_at, contact_hours
from sim.model.theory import Theory
from sim.study.validation.twin.many import even

PLACES = 16  # desks that a mean over distances looks at


@dataclass
class Frame:
    """What does not move: heads, ties, how familiar ties are chosen, access. Arrays of (firms, 1) or (firms, ranks)."""

    theory: Theory
    heads: tuple[np.ndarray, np.ndarray]  # marketers, salespeople
    liaisons: np.ndarray
    ties: np.ndarray  # in all
    share: np.ndarray  # of the ties, by rank in familiarity
    chosen: tuple[np.ndarray, np.ndarray]  # chance that one of this rank comes to a marketer's, a salesperson's mind
    overview: np.ndarray
    team_access: np.ndarray
    access: np.ndarray
    meet: np.ndarray
    ease: np.ndarray
    hours: np.ndarray  # of a contact

    def ties_of(self, side: int) -> np.ndarray:
        """Ties of a person of one side."""
        return self.ties / self.heads[side]

    def a_tie(self, a_person, side: int):
        """From so much a person to so much a tie of a rank, where each time one tie comes to mind."""
        return a_person * self.heads[side] * self.chosen[side] / np.maximum(self.ties * self.share, 1e-9)


@dataclass
class State:
    """What moves. Of people by side [M, S]: (firms, 1); of ties by rank: (firms, ranks), trust by side."""

    language: list[np.ndarray]
    attitude: list[np.ndarray]
    anchor: list[np.ndarray]
    benefit: list[np.ndarray]
    identification: list[np.ndarray]
    resentment: list[np.ndarray]
    load: list[np.ndarray]
    needs_var: list[np.ndarray]
    offer_var: list[np.ndarray]
    liaison: list[np.ndarray]  # trust in her
    strength: np.ndarray
    cog: list[np.ndarray]
    aff: list[np.ndarray]
    open: list[np.ndarray]  # share of ties on which Marketing alone, Sales alone, or both hold a grievance
    talked: np.ndarray  # understood talks a day that nobody arranged
    heads: np.ndarray  # the lower trust of the two heads
    records: np.ndarray
    satisfaction: np.ndarray
    reputation: np.ndarray
    customers: np.ndarray  # whose two people share a tie, a tie

    def trust(self, theory: Theory, side: int) -> np.ndarray:
        """What one side trusts the other, by rank."""
        return (1.0 - theory.trust.affect) * self.cog[side] + theory.trust.affect * self.aff[side]

    def least(self, theory: Theory) -> np.ndarray:
        """The trust of the less trusting side, by rank."""
        return np.minimum(self.trust(theory, M), self.trust(theory, S))

    def words(self) -> np.ndarray:
        """What two people have in common of the language."""
        return np.sqrt(self.language[M] * self.language[S])

    def any_open(self) -> np.ndarray:
        """The share of ties with a grievance, by rank."""
        return np.minimum(self.open[0] + self.open[1] + self.open[2], 1.0)


def frame_of(theory: Theory) -> Frame:
    """Heads, ties and distances of day 0.

    Ties differ in one thing: whom a person thinks of is the most familiar of a few that a draw picks, so that of k ties
    the j-th most familiar comes to mind with the chance

        ((k - j + 1) / k)^d - ((k - j) / k)^d,   d = 3, or all but three where there are more than six

    and what is familiar is met, and stays so. A tie is taken to have the same rank with both.
    """
    w, t = theory.workforce, theory.distance
    drawn = np.minimum(theory.liaison.count * (1.0 - theory.liaison.hired), w.marketers - 1.0)
    heads = (w.marketers - drawn, w.salespeople)
    k = np.minimum(w.ties_per_rep, heads[0])
    ties = k * heads[1]
    rank = np.arange(1, int(k.max()) + 1)[None, :]
    share = (rank <= k) / k
    chosen = []
    for side in (M, S):
        draws = np.maximum(3.0, ties / heads[side] - 3.0)
        upper, lower = np.maximum((k - rank + 1) / k, 0.0), np.maximum((k - rank) / k, 0.0)
        chosen.append(upper**draws - lower**draws)
    crowd = (heads[0] + heads[1]) / theory.structure.overview_people
    n = heads[0] + heads[1] + drawn
    rows = 2.0 * (np.log(np.maximum(n, 2.0)) / np.log(theory.structure.usual_people) - 1.0)
    metres = np.maximum(t.between_teams_m + rows * t.within_team_m, 0.0)
    each = lambda of: np.array([[of(i, m) for m in metres[i, 0] * (0.5 + even(PLACES))] for i in range(len(metres))])  # noqa: E731
    at = lambda i, m: access_at(m, *(float(x[i, 0]) for x in (t.half_m, t.floor, t.building_m, t.far_floor)))  # noqa: E731
    access = each(at)
    usual = np.array([[at(i, float(t.between_teams_m[i, 0]))] for i in range(len(metres))])
    price = each(lambda i, m: contact_hours(float(theory.communication.cost_hours[i, 0]), at(i, m), m,
                                            float(t.building_m[i, 0]), float(t.travel_hours[i, 0])))  # fmt: skip
    hours = price + theory.communication.talk_hours
    p = theory.practices
    meet = p.usual_access * (access / usual) ** t.choosing * (usual / p.usual_access) ** t.moving
    meet = np.minimum(meet, 1.0)
    ease = (p.screen + (1.0 - p.screen) * meet / p.usual_access) * np.exp(-p.access_cost * (hours - p.usual_hours))
    mean = lambda x: x.mean(1, keepdims=True)  # noqa: E731
    near = np.array([[at(i, float(t.within_team_m[i, 0]))] for i in range(len(metres))])
    return Frame(theory, heads, theory.liaison.count, ties, share, (chosen[0], chosen[1]), 1.0 / (1.0 + crowd**4),
                 near, mean(access), mean(meet), mean(ease), mean(hours))  # fmt: skip


def first_state(frame: Frame, trust=None) -> State:
    """Day 0. trust   another trust to begin with, of people and ties, than the firm's own."""
    t = frame.theory
    zero, rank = 0.0 * t.trust.gain, 0.0 * frame.share
    begin = t.trust.initial + zero if trust is None else trust + zero
    variance = t.market.drift_sd**2
    two = lambda x: [x + zero, x + zero]  # noqa: E731
    near, far = t.practices.start_near * variance, t.practices.start_far * variance
    return State(
        language=two(t.language.initial), attitude=two(begin),
        anchor=two(t.trust.anchor_firm * t.trust.attitude + (1.0 - t.trust.anchor_firm) * begin),
        benefit=two(t.workforce.benefit), identification=two(t.culture.identification), resentment=two(zero),
        load=two(t.practices.start_load), needs_var=[far + zero, near + zero], offer_var=[near + zero, far + zero],
        liaison=[t.liaison.trust_marketing + zero, t.liaison.trust_sales + zero], strength=rank,
        cog=[begin + rank, begin + rank], aff=[begin + rank, begin + rank], open=[rank, rank, rank], talked=rank,
        heads=begin, records=t.conflict.kept_anyway + zero, satisfaction=t.customers.start_satisfaction + zero,
        reputation=1.0 + zero, customers=t.customers.per_rep * t.market.size / np.maximum(frame.heads[0], 1.0) + rank,
    )  # fmt: skip
