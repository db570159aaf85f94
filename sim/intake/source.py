"""Where a user's organization is read from, and what its columns, departments and answers mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.errors import InputError, nearest

OTHERS = ("left out", "colleagues")


@dataclass(frozen=True)
class Columns:
    """What the columns (or, in a graph, the attributes) are called; None: there is none."""

    id: str = "id"
    department: str = "department"
    site: str | None = None
    tenure: str | None = None  # in years
    from_: str = "from"
    to: str = "to"
    relation: str = "relation"
    value: str = "value"


@dataclass(frozen=True)
class Trust:
    """The relation that tells trust: `low` becomes 0, `high` becomes 1."""

    relation: str
    low: float
    high: float


@dataclass(frozen=True)
class Grievance:
    """The relation that tells conflict: an open grievance from this value on."""

    relation: str
    at_least: float


@dataclass(frozen=True)
class OrganizationSource:
    """A user's own people and ties, and how to read them.

    Parameters
    ----------
    marketing, sales
        Names of departments; `*` stands for any letters, upper and lower case
        are alike, and Marketing wins where both match.
    tie
        Relations that make a tie where their value is above 0, whichever side
        names the other; none: whoever is listed with another has a tie.
    people, ties
        Paths of two CSV files; without ties they are drawn by lot, as a
        generated firm has them; or
    graphml
        the path of a GraphML file; or
    graph
        a networkx graph.
    others
        What becomes of other departments: "left out", or "colleagues" who
        pass talk on between people who share them.
    trust, grievance
        How answers become trust and open grievances; None: nobody was asked.
    columns
        Names of the columns or attributes.
    distances
        Metres, as pairs (name, metres): "within" one site, "between" two
        sites, or "A - B" for two named sites.

    Raises
    ------
    InputError
        With one sentence for each fault.
    """

    marketing: tuple[str, ...]
    sales: tuple[str, ...]
    tie: tuple[str, ...] = ()
    people: str | None = None
    ties: str | None = None
    graphml: str | None = None
    others: str = "left out"
    trust: Trust | None = None
    grievance: Grievance | None = None
    columns: Columns = Columns()
    distances: tuple[tuple[str, float], ...] = ()
    graph: object = field(default=None, repr=False)
    keep_names: bool = field(default=False, repr=False)  # else people become M1, S1, …, as nothing shared may name them

    @property
    def lists_ties(self) -> bool:
        """Whether the files say who works with whom."""
        return self.people is None or self.ties is not None

    def __post_init__(self) -> None:
        for name in ("marketing", "sales", "tie", "distances"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        problems = []
        ways = (self.people is not None or self.ties is not None, self.graphml is not None, self.graph is not None)
        if sum(ways) != 1 or (ways[0] and self.people is None):
            problems.append(
                "an organization comes either from people and ties (CSV files; people alone will do) or from graphml"
            )
        for name in ("marketing", "sales"):
            if not getattr(self, name):
                problems.append(f"organization.{name} is missing or empty; name at least one department")
        if not self.lists_ties:
            needs = {"tie": self.tie, "trust": self.trust, "grievance": self.grievance,
                     'others = "colleagues"': self.others == "colleagues"}  # fmt: skip
            problems += [
                f"organization.{name} is about ties, and no ties file is named" for name in needs if needs[name]
            ]
        if self.others not in OTHERS:
            near = nearest(str(self.others), OTHERS)
            problems.append(
                f'organization.others = "{self.others}" is not known{near}; give "left out" or "colleagues"'
            )
        if self.trust and not self.trust.low < self.trust.high:
            problems.append(
                f"organization.trust: low ({self.trust.low:g}) must be less than high ({self.trust.high:g})"
            )
        for name, metres in self.distances:
            if name not in ("within", "between") and len(name.split(" - ")) != 2:
                problems.append(
                    f'organization.distances_m: "{name}" is not known; '
                    f'give within, between or two sites such as "A - B"{nearest(name, ["within", "between"])}'
                )
            if not (math.isfinite(metres) and 0 <= metres <= 20_000_000):
                problems.append(f'organization.distances_m: "{name}" = {metres} must be from 0 to 20000000 metres')
        if problems:
            raise InputError(problems)

    def distance_of(self, name: str, default: float) -> float:
        """Metres for "within" or "between", as stated or else `default`."""
        return dict(self.distances).get(name, default)
