"""Who is drawn on the share card, and which ties: marks that stand for one person or for several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.firm import Firm, Team
from sim.model.network import trust_on
from sim.model.theory import Theory

ALONE, MARKS = 60, 26  # most people a side who are drawn one by one; most marks where a mark stands for several
LINES, HELPED, SHOWN = 150, 44, 7  # most ties, lines to liaisons, and liaisons that can still be told apart
ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Side:
    """One team in its room: marks in the order of their seats, each for `per` people."""

    people: int
    per: int
    members: list[np.ndarray]  # for each mark, the seats it stands for
    site: list[int]  # building of each mark


@dataclass(frozen=True)
class Bond:
    """What is drawn between two marks: a tie, or the mean of the ties between their people."""

    m: int
    s: int
    trust: float  # 0..1, mean of both directions
    angry: bool  # holds an open grievance


@dataclass(frozen=True)
class Crowd:
    """Everything the card shows of an organization."""

    marketing: Side
    sales: Side
    bonds: list[Bond]  # those drawn
    n_lines: int  # lines there would be, those to liaisons included
    n_ties: int
    complaints: int  # ties with an open grievance
    n_liaisons: int
    liaisons: list[int]  # seats of those drawn
    helped: list[tuple[int, bool, int, float]]  # liaison, whether a marketer, mark, 0..1 trust in the liaison
    distance: tuple[float, float, float]  # metres: nearest, middle, farthest tie


def tie_trust(ties: np.ndarray, affect: float) -> np.ndarray:
    """Total trust on each tie, 0..1: both kinds, scars off, mean of both directions."""
    return trust_on(ties, affect).mean(1)


def crowd_of(firm: Firm, theory: Theory, own: bool = False) -> Crowd:
    """Read an organization as it stands today; seats where nobody works are left out.

    own   the people are a user's own, so the distance is what their ties span;
          otherwise it is the lever, around which desks are scattered
    """
    people = firm.people[: int(firm.ledger["n_people"][0])]
    ties = firm.ties[: int(firm.ledger["n_ties"][0])]
    works = people["working"] == 1
    m = np.flatnonzero(works & (people["team"] == Team.MARKETING))
    s = np.flatnonzero(works & (people["team"] == Team.SALES))
    liaisons = np.flatnonzero(works & (people["team"] == Team.LIAISON))
    helper = liaisons[np.arange(len(ties)) % len(liaisons)] if len(liaisons) else np.full(len(ties), -1)
    here = np.isin(ties["m"], m) & np.isin(ties["s"], s)
    ties, helper = ties[here], helper[here]
    m, s = _in_order(m, s, ties, people["site"])
    marketing, sales = _side(m, people["site"]), _side(s, people["site"])

    mark = np.full(len(people), -1)
    for side in (marketing, sales):
        for k, seats in enumerate(side.members):
            mark[seats] = k
    trust = tie_trust(ties, theory.trust.affect)
    angry = ties["complaint"].any(1)
    bonds = _bonds(mark[ties["m"]], mark[ties["s"]], trust, angry, len(sales.members))
    if own and len(ties):
        far = tuple(float(v) for v in np.quantile(ties["distance"], (0, 0.5, 1), method="nearest"))
    else:
        far = (float(theory.distance.between_teams_m),) * 3
    helped = _helped(ties, helper, people["trust_liaison"], mark) if len(liaisons) else []
    shown = {int(seat) for seat in liaisons[:SHOWN]}
    return Crowd(marketing, sales, _readable(bonds), len(bonds) + len(helped), len(ties), int(angry.sum()),
                 len(liaisons), sorted(shown), _evenly([line for line in helped if line[0] in shown], HELPED),
                 far)  # fmt: skip


def _in_order(m: np.ndarray, s: np.ndarray, ties: np.ndarray, site: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seats by building, and within it next to those they have ties with, so that fewer lines cross."""
    size = 1 + int(max([*m, *s], default=0))
    place = np.zeros(size)
    place[m], place[s] = np.linspace(0, 1, len(m)), np.linspace(0, 1, len(s))
    for _ in range(6):
        for team, here, there in ((s, "s", "m"), (m, "m", "s")):
            total = np.bincount(ties[here], place[ties[there]], size)
            n = np.bincount(ties[here], minlength=size)
            wish = np.where(n > 0, total / np.maximum(n, 1), place)[team]
            order = np.argsort(wish, kind="stable")
            place[team[order]] = np.linspace(0, 1, len(team))
    return tuple(team[np.lexsort((team, place[team], site[team]))] for team in (m, s))


def _side(seats: np.ndarray, site: np.ndarray) -> Side:
    per, power = 1, 0
    while -(-len(seats) // per) > (ALONE if per == 1 else MARKS):
        power += 1
        per = ROUND[power % 3] * 10 ** (power // 3)
    members: list[np.ndarray] = []
    for building in np.unique(site[seats]):  # a mark never stands for people of two buildings
        here = seats[site[seats] == building]
        members += [here[k : k + per] for k in range(0, len(here), per)]
    return Side(len(seats), per, members, [int(site[group[0]]) for group in members])


def _bonds(m: np.ndarray, s: np.ndarray, trust: np.ndarray, angry: np.ndarray, width: int) -> list[Bond]:
    """One bond for each pair of marks with at least one tie.

    Where marks stand for several people nearly every bond holds some grievance:
    then the angriest are marked, as large a share of the bonds as of the ties.
    """
    pairs, where = np.unique(m * max(width, 1) + s, return_inverse=True)
    n = np.maximum(np.bincount(where, minlength=len(pairs)), 1)
    mean = np.bincount(where, trust, len(pairs)) / n
    anger = np.bincount(where, angry.astype(float), len(pairs)) / n
    marked = anger > 0
    if len(pairs) and n.max() > 1 and angry.any():
        most = max(1, round(len(pairs) * float(angry.mean())))
        marked &= np.argsort(np.argsort(-anger, kind="stable"), kind="stable") < most
    rows = zip(pairs.tolist(), mean.tolist(), marked.tolist(), strict=True)
    return [Bond(pair // width, pair % width, value, angry_) for pair, value, angry_ in rows]


def _readable(bonds: list[Bond]) -> list[Bond]:
    """All bonds, or evenly spaced ones if there are too many; those in anger keep their share."""
    if len(bonds) <= LINES:
        return bonds
    angry = [bond for bond in bonds if bond.angry]
    calm = [bond for bond in bonds if not bond.angry]
    share = LINES / len(bonds)
    return _evenly(calm, round(len(calm) * share)) + _evenly(angry, round(len(angry) * share))


def _evenly(things: list, most: int) -> list:
    """At most so many of the things, taken at even steps."""
    if len(things) <= most:
        return things
    return [things[int(k)] for k in np.linspace(0, len(things) - 1, most)]


def _helped(ties, helper: np.ndarray, trust: np.ndarray, mark: np.ndarray) -> list[tuple[int, bool, int, float]]:
    """Whom each liaison looks after, mark by mark, with their mean trust in the liaison.

    Liaisons share the ties among them in turn, as `sim.model.rules.liaison` does.
    """
    found: dict[tuple[int, bool, int], list[float]] = {}
    for is_marketer, seats in ((True, ties["m"]), (False, ties["s"])):
        for liaison, seat in np.unique(np.stack([helper, seats], axis=1), axis=0):
            found.setdefault((int(liaison), is_marketer, int(mark[seat])), []).append(float(trust[seat]))
    return [(*key, float(np.mean(values))) for key, values in sorted(found.items())]
