"""Networks between two teams that are drawn by lot, of several kinds, for whoever asks what their shape does."""

from __future__ import annotations

import numpy as np

from sim.intake.source import OrganizationSource

KINDS = ("random", "hubs", "islands")
APART = 4  # salespeople of an island, about


def drawn_people(
    kind: str, marketers: int, salespeople: int, ties: float, mates: int, draw: int = 0
) -> OrganizationSource:
    """Two teams and who works with whom across the gap.

    Parameters
    ----------
    kind
        "random": every pair is as likely; "hubs": whoever of Marketing has ties gets more of them; "islands":
        teams fall into islands of about four salespeople, and ties stay within.
    ties
        Mean ties a salesperson.
    mates
        Team-mates a person, the next ones in a ring.
    draw
        Which network of the kind.

    >>> found = drawn_people("islands", 4, 8, 2, 2)
    >>> sum(a[0] != b[0] for a, b in found.graph.edges)
    16
    """
    import networkx

    rng = np.random.default_rng([KINDS.index(kind), draw])
    graph = networkx.Graph()
    for team, size in (("M", marketers), ("S", salespeople)):
        names = [f"{team}{n + 1}" for n in range(size)]
        graph.add_nodes_from(names, department="Marketing" if team == "M" else "Sales")
        for step in range(1, min(mates // 2 + mates % 2, (size - 1) // 2 + (size - 1) % 2) + 1):
            graph.add_edges_from((names[n], names[(n + step) % size]) for n in range(size))
    chances = _chances(kind, marketers, salespeople)
    wanted = min(round(ties * salespeople), int((chances > 0).sum()))
    for _ in range(wanted):
        m, s = divmod(int(rng.choice(chances.size, p=chances.ravel() / chances.sum())), salespeople)
        graph.add_edge(f"M{m + 1}", f"S{s + 1}")
        chances[m, s] = 0.0
        if kind == "hubs":
            chances[m][chances[m] > 0] += 1.0
    return OrganizationSource(("Marketing",), ("Sales",), graph=graph)


def _chances(kind: str, marketers: int, salespeople: int) -> np.ndarray:
    """How likely each pair (marketer, salesperson) is to be tied next; 0: never."""
    if kind != "islands":
        return np.ones((marketers, salespeople))
    islands = min(max(salespeople // APART, 1), marketers)
    m, s = (np.arange(size) * islands // size for size in (marketers, salespeople))
    return np.where(m[:, None] == s[None, :], 1.0, 0.0)
