"""Who can reach whom: generated person by person, or taken from a user's own people and ties.

A tie exists because of the two seats it joins and of nothing else, so one more
person moves few ties and nobody else's. The generator is our own (keyed), since
networkx gives other graphs from one release to the next; networkx only carries
graphs in and out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.dice import Dice, Stream, key_of, uniform
from sim.model.firm import LINKS, MATES, TIES, Firm, Team, empty
from sim.model.kernel import uint64
from sim.model.start import deal_patches, deal_ties
from sim.model.theory import Theory

TIE = np.dtype([
    ("m", "i8"),  # row of the marketer in `ids`
    ("s", "i8"),  # row of the salesperson in `ids`
    ("trust_ms", "f8"),  # 0..1, NaN where nobody said
    ("trust_sm", "f8"),
    ("complaint_ms", "f8"),  # 1 where the marketer holds an open grievance
    ("complaint_sm", "f8"),
    ("distance", "f8"),  # metres
    ("via", "i8"),  # 1 if the tie runs over a colleague of neither team, else 0
])  # fmt: skip

SEATS_A_TEAM = 1 << 21  # seat numbers of a pair make one key
PATCHES_A_PERSON = 16  # fine enough that territories differ by a quarter, coarse enough to hold in memory
SEATS_EVER = 8  # seats the market's ranking knows, times the starting headcount: growth up to eightfold


@dataclass(frozen=True)
class Organization:
    """A real organization, ready to be simulated (made by `sim.intake`)."""

    ids: tuple[str, ...]  # names of the people who take part
    team: np.ndarray  # (people,) Team.MARKETING or Team.SALES
    site: np.ndarray  # (people,) row in site_names
    site_names: tuple[str, ...]
    tenure_days: np.ndarray  # (people,) working days in the firm, NaN where unknown
    ties: np.ndarray  # (ties,) of dtype TIE, marketer to salesperson, each pair once
    mates: np.ndarray  # (mates, 2) rows of team-mates: the first listens to the second
    notes: tuple[str, ...]  # what was left out and why, in sentences
    digest: str  # sha256 of the inputs


def seat_number(team: int, j: int) -> int:
    """The number that draws of a seat are keyed by: it does not depend on how many others there are."""
    return 4 * j + team


def seats_ever(firm: Firm) -> int:
    """How many seats each team's ranking by the market knows of."""
    wanted = SEATS_EVER * max(int(firm.ledger["ref_m"][0]), int(firm.ledger["ref_s"][0]))
    people = firm.people[: int(firm.ledger["n_people"][0])]
    teams = people["seat"] % 4 <= Team.SALES
    wanted = max(wanted, int(people["seat"][teams].max(initial=0)) // 4 + 1)  # a firm far larger than its market
    return 1 << max(wanted - 1, 1).bit_length()


def rows_by_seat(firm: Firm) -> np.ndarray:
    """(2, seats) the row of each seat of Marketing and Sales, -1 where nobody works."""
    table = np.full((2, seats_ever(firm)), -1, np.int64)
    n = int(firm.ledger["n_people"][0])
    people = firm.people[:n]
    for team in (Team.MARKETING, Team.SALES):
        rows = np.flatnonzero((people["team"] == team) & (people["working"] == 1))
        j = people["seat"][rows] // 4
        fits = j < table.shape[1]
        table[team, j[fits]] = rows[fits]
    return table


def generated_pairs(firm: Firm, theory: Theory, numbers, dice: Dice) -> np.ndarray:
    """(ties, 2) rows of marketer and salesperson, by rendezvous of each salesperson's slots over marketers' seats."""
    room = np.zeros((int(firm.ledger["n_s"][0]) * theory.workforce.ties_per_rep + 1, 2), np.int64)
    n = deal_ties(firm, numbers, dice, rows_by_seat(firm), room)
    return room[:n]


def lay_ties(
    firm: Firm, pairs: np.ndarray, theory: Theory, dice: Dice, old: np.ndarray | None = None
) -> tuple[Firm, np.ndarray]:
    """Ties and links for the given pairs; ties that existed before keep their history.

    Returns the firm and the rows of ties that are new.
    """
    people = firm.people
    ties = empty(len(pairs), TIES)
    if len(pairs):
        order = np.lexsort((pairs[:, 0], pairs[:, 1]))
        pairs = pairs[order]
        ties["m"], ties["s"] = pairs[:, 0], pairs[:, 1]
        seat = people["seat"].astype(np.int64) // 4
        ties["key"] = seat[pairs[:, 0]] * SEATS_A_TEAM + seat[pairs[:, 1]]
    new = np.ones(len(ties), bool)
    if old is not None and len(old) and len(ties):
        place = {key: row for row, key in enumerate(old["key"].tolist())}
        for row, key in enumerate(ties["key"].tolist()):
            if key in place:
                m, s = ties["m"][row], ties["s"][row]
                ties[row] = old[place[key]]
                ties["m"][row], ties["s"][row] = m, s
                new[row] = False
    links = np.zeros(2 * len(ties), LINKS)
    ends = np.concatenate([ties["m"], ties["s"]])
    rows = np.concatenate([np.arange(len(ties)), np.arange(len(ties))])
    order = np.argsort(ends, kind="stable")
    links["tie"] = rows[order]
    links["other"] = np.concatenate([ties["s"], ties["m"]])[order]
    n = int(firm.ledger["n_people"][0])
    count = np.bincount(ends, minlength=n) if len(ends) else np.zeros(n, np.int64)
    people["n_ties"][:n] = count[:n]
    people["first"][:n] = np.concatenate([[0], np.cumsum(count[:n])[:-1]]) if n else 0
    ledger = firm.ledger
    ledger["n_ties"][0], ledger["n_links"][0] = len(ties), len(links)
    tied = (people["n_ties"][:n] > 0) & (people["working"][:n] == 1)
    ledger["voters_m"][0] = int((tied & (people["team"][:n] == Team.MARKETING)).sum())
    ledger["voters_s"][0] = int((tied & (people["team"][:n] == Team.SALES)).sum())
    return firm._replace(ties=ties, links=links), np.flatnonzero(new)


def set_distances(firm: Firm, theory: Theory, dice: Dice, rows) -> None:
    """Metres on generated ties: half to one and a half times the distance of the teams."""
    key = key_of(uint64(dice.seed), Stream.SITE, 0)
    for e in rows:
        firm.ties["distance"][e] = theory.distance.between_teams_m * (0.5 + uniform(key, int(firm.ties["key"][e])))


def small_world(firm: Firm, theory: Theory, dice: Dice) -> np.ndarray:
    """Team-mates: neighbours in a ring of seats, some replaced by anybody of the team (small world)."""
    people, found = firm.people[: int(firm.ledger["n_people"][0])], []
    key = key_of(uint64(dice.seed), Stream.MATE, 0)
    for team in (Team.MARKETING, Team.SALES):
        rows = np.flatnonzero((people["team"] == team) & (people["working"] == 1))
        n = len(rows)
        for place, a in enumerate(rows.tolist()):
            seat = int(people["seat"][a])
            for slot in range(min(theory.workforce.mates, n - 1)):
                step = (slot // 2 + 1) * (1 if slot % 2 == 0 else -1)
                b = int(rows[(place + step) % n])
                if uniform(key, seat * 64 + slot) < theory.workforce.rewired:
                    b = int(rows[int(uniform(key, seat * 64 + 32 + slot) * n)])
                if a != b:
                    found.append((seat * 64 + slot, a, b))
    return np.array(found, MATES) if found else np.zeros(0, MATES)


def deal_market(firm: Firm, dice: Dice) -> None:
    """Give the patches of the market to the seats that now exist."""
    deal_patches(firm, dice, rows_by_seat(firm))


def to_networkx(firm: Firm, theory: Theory, names: tuple[str, ...]):
    """The organization as a networkx graph: people with team and trust, ties with trust both ways.

    Nodes are names; edges carry `distance`, `trust_ms`, `trust_sm`, `strength`, `grievance`.
    """
    import networkx

    from sim.model.formulas import trust_of

    graph = networkx.Graph()
    for row in range(int(firm.ledger["n_people"][0])):
        graph.add_node(
            names[row], team=Team(int(firm.people["team"][row])).name.lower(), working=bool(firm.people["working"][row])
        )
    weight = theory.trust.affect
    for tie in firm.ties:
        graph.add_edge(
            names[tie["m"]], names[tie["s"]], distance=float(tie["distance"]), strength=float(tie["strength"]),
            trust_ms=float(trust_of(tie["cog_ms"], tie["aff_ms"], tie["scar_ms"], weight)),
            trust_sm=float(trust_of(tie["cog_sm"], tie["aff_sm"], tie["scar_sm"], weight)),
            grievance=bool(tie["complaint_ms"] + tie["complaint_sm"] > 0.0),
        )  # fmt: skip
    return graph
