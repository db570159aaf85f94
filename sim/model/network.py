"""Who can reach whom: generated person by person, or taken from a user's own people and ties.

A tie exists because of the two seats it joins and of nothing else, so one more
person moves few ties and nobody else's. The generator is our own (keyed), since
networkx gives other graphs from one release to the next; networkx only carries
graphs in and out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.firm import Firm, M, S, Team
from sim.model.formulas import trust_of
from sim.model.kernel import plain
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


def in_order(told: np.ndarray) -> np.ndarray:
    """A user's own ties in the order in which they are laid: by salesperson, then marketer."""
    return told[np.lexsort((told["m"], told["s"]))]


def trust_on(ties: np.ndarray, affect: float) -> np.ndarray:
    """(ties, 2) what the marketer of each tie trusts the salesperson (0..1), and the other way round.

    affect   weight of the affect-based part: `theory.trust.affect`
    """
    return plain(trust_of)(ties["cog"], ties["aff"], ties["scar"], affect)


def to_networkx(firm: Firm, theory: Theory, names: tuple[str, ...]):
    """The organization as a networkx graph: people with team and trust, ties with trust both ways.

    Nodes are names; edges carry `distance`, `trust_ms`, `trust_sm`, `strength`, `grievance`.
    """
    import networkx

    graph = networkx.Graph()
    for row in range(int(firm.ledger["n_people"][0])):
        graph.add_node(
            names[row], team=Team(int(firm.people["team"][row])).name.lower(), working=bool(firm.people["working"][row])
        )
    for tie, trust in zip(firm.ties, trust_on(firm.ties, theory.trust.affect).tolist(), strict=True):
        graph.add_edge(
            names[tie["m"]], names[tie["s"]], distance=float(tie["distance"]), strength=float(tie["strength"]),
            trust_ms=trust[M], trust_sm=trust[S], grievance=bool(tie["complaint"].any()),
        )  # fmt: skip
    return graph
