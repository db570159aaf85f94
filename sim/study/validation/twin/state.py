"""What the analytic twin keeps of a firm: what holds of its people and ties on average, and what never moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.firm import M, S
from sim.model.formulas import access_at, contact_hours
from sim.model.theory import Theory
from sim.study.validation.twin import ignorance
from sim.study.validation.twin.many import even

PLACES = 16  # desks that a mean over distances looks at


@dataclass
class Frame:
    """What does not move: heads, ties, how familiar ties are chosen, access. Arrays of (firms, 1) or (firms, ranks)."""

    theory: Theory
    heads: tuple[np.ndarray, np.ndarray]  # marketers, salespeople
    liaisons: np.ndarray
    ties: np.ndarray  # in all
    share: np.ndarray  # of the ties, by rank
    overview: np.ndarray
    team_access: np.ndarray
    access: np.ndarray
    meet: np.ndarray
    ease: np.ndarray
    hours: np.ndarray  # of a contact

    def ties_of(self, side: int) -> np.ndarray:
        """Ties of a person of one side."""
        return self.ties / self.heads[side]

    def coming_to_mind(self, state: State, side: int) -> tuple[np.ndarray, np.ndarray]:
        """The chance that a person who thinks of a tie thinks of this one: without and with a grievance, by rank.

        Whom a person thinks of is the most familiar of d that a draw picks of the own n ties (`tie.more_familiar`):

            ((n - a) / n)^d - ((n - a - 1) / n)^d,   d = 3, or all but three where there are more than six

        where a are more familiar; how many these are is a matter of which of the others bear a grievance.
        """
        q, n = state.any_open(), self.ties_of(side)
        familiar = np.concatenate([state.clear_strength, state.open_strength], 1)[:, :, None]
        above = lambda one: (one[:, None, :] > familiar) + 0.5 * (one[:, None, :] == familiar)  # noqa: E731
        p = (1.0 - q)[:, None, :] * above(state.clear_strength) + q[:, None, :] * above(state.open_strength)
        k = q.shape[1]
        copies = np.repeat((self.share > 0)[:, None, :] * (n / self.ties_of(S))[:, :, None], 2 * k, 1)
        own = np.arange(2 * k) % k
        copies[:, np.arange(2 * k), own] = np.maximum(copies[:, np.arange(2 * k), own] - 1.0, 0.0)
        rounds = int(np.ceil(copies.max()))
        many = np.zeros((*p.shape[:2], k * rounds + 1))  # how many are above
        many[:, :, 0] = 1.0
        for rank in range(k):
            for once in range(rounds):
                chance = (p[:, :, rank] * np.clip(copies[:, :, rank] - once, 0.0, 1.0))[:, :, None]
                many[:, :, 1:] = many[:, :, 1:] * (1.0 - chance) + many[:, :, :-1] * chance
                many[:, :, :1] = many[:, :, :1] * (1.0 - chance)
        a, n = np.arange(many.shape[2])[None, None, :], n[:, :, None]
        draws = np.maximum(3.0, n - 3.0)
        thought = np.clip((n - a) / n, 0.0, 1.0) ** draws - np.clip((n - a - 1.0) / n, 0.0, 1.0) ** draws
        thought = (many * thought).sum(2)
        return thought[:, :k], thought[:, k:]


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
    needs_own: np.ndarray  # variance of a salesperson's picture of the needs, in variances of drift
    offer_own: np.ndarray  # of a marketer's picture of the offer
    needs: np.ndarray  # (firms, places) how many marketers are how unsure of the needs (`ignorance`)
    offer: np.ndarray  # … and salespeople of the offer
    liaison: list[np.ndarray]  # trust in her
    clear_strength: np.ndarray  # familiarity on ties without a grievance
    open_strength: np.ndarray  # … and with one: there nobody gets to know anybody better
    cog: list[np.ndarray]
    aff: list[np.ndarray]
    open: list[np.ndarray]  # share of ties on which Marketing alone, Sales alone, or both hold a grievance
    talked: np.ndarray  # understood talks a day that nobody arranged
    heads: np.ndarray  # the lower trust of the two heads
    records: np.ndarray
    satisfaction: np.ndarray
    reputation: np.ndarray
    deal_hours: np.ndarray  # that a rep's open deals take a day
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

    def needs_var(self, theory: Theory, side: int) -> np.ndarray:
        """The mean variance of what a side believes of the needs."""
        return (self.needs_own if side == S else ignorance.mean(self.needs)) * theory.market.drift_sd**2

    def offer_var(self, theory: Theory, side: int) -> np.ndarray:
        """The mean variance of what a side believes of the offer."""
        return (self.offer_own if side == M else ignorance.mean(self.offer)) * theory.market.drift_sd**2

    @property
    def strength(self) -> np.ndarray:
        """Familiarity by rank."""
        q = self.any_open()
        return (1.0 - q) * self.clear_strength + q * self.open_strength

    def any_open(self) -> np.ndarray:
        """The share of ties with a grievance, by rank."""
        return np.minimum(self.open[0] + self.open[1] + self.open[2], 1.0)


def frame_of(theory: Theory) -> Frame:
    """Heads, ties and distances of day 0.

    Of the k ties of a rep one is the most familiar, and mostly stays so, since who is familiar comes to mind: ties are
    told apart by that rank, which is taken to be the same with both people.
    """
    w, t = theory.workforce, theory.distance
    drawn = np.minimum(theory.liaison.count * (1.0 - theory.liaison.hired), w.marketers - 1.0)
    heads = (w.marketers - drawn, w.salespeople)
    k = np.minimum(w.ties_per_rep, heads[0])
    ties = k * heads[1]
    rank = np.arange(1, int(k.max()) + 1)[None, :]
    share = (rank <= k) / k
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
    return Frame(theory, heads, theory.liaison.count, ties, share, 1.0 / (1.0 + crowd**4),
                 near, mean(access), mean(meet), mean(ease), mean(hours))  # fmt: skip


def first_state(frame: Frame, trust=None) -> State:
    """Day 0. trust   another trust to begin with, of people and ties, than the firm's own."""
    t = frame.theory
    zero, rank = 0.0 * t.trust.gain, 0.0 * frame.share
    begin = t.trust.initial + zero if trust is None else trust + zero
    two = lambda x: [x + zero, x + zero]  # noqa: E731
    near, far = t.practices.start_near + zero, t.practices.start_far + zero
    return State(
        language=two(t.language.initial), attitude=two(begin),
        anchor=two(t.trust.anchor_firm * t.trust.attitude + (1.0 - t.trust.anchor_firm) * begin),
        benefit=two(t.workforce.benefit), identification=two(t.culture.identification), resentment=two(zero),
        load=two(t.practices.start_load), needs_own=near, offer_own=near,
        needs=ignorance.at(far), offer=ignorance.at(far),
        liaison=[t.liaison.trust_marketing + zero, t.liaison.trust_sales + zero],
        clear_strength=rank, open_strength=rank,
        cog=[begin + rank, begin + rank], aff=[begin + rank, begin + rank], open=[rank, rank, rank], talked=rank,
        heads=begin, records=t.conflict.kept_anyway + zero, satisfaction=t.customers.start_satisfaction + zero,
        reputation=1.0 + zero, deal_hours=t.selling.start_deals * t.selling.deal_hours / t.selling.usual_cycle + zero,
        customers=t.customers.per_rep * t.market.size / np.maximum(frame.heads[0], 1.0) + rank,
    )  # fmt: skip
