"""What people answered about each other: one number for each pair and relation."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import nearest
from sim.intake.source import Columns, OrganizationSource
from sim.intake.tables import MOST, Problems, number, read_table

MANY = 2000  # names among which a nearest one is looked for: comparing with a million takes minutes


class Answers:
    """`by[relation][from, to]` is the value; where a pair is there twice, the mean."""

    def __init__(self) -> None:
        self.by: dict[str, dict[tuple[str, str], float]] = {}
        self._times: dict[tuple[str, str, str], int] = {}
        self.repeated = 0

    def add(self, giver: str, about: str, relation: str, value: float) -> None:
        """One more answer of `giver` about `about`."""
        values = self.by.setdefault(relation, {})
        if (giver, about) not in values:
            values[giver, about] = value
            return
        times = self._times.get((giver, about, relation), 1)
        values[giver, about] += (value - values[giver, about]) / (times + 1)
        self._times[giver, about, relation] = times + 1
        self.repeated += 1

    def named(self, relations: Iterable[str]) -> set[tuple[str, str]]:
        """Pairs (from, to) with a value above 0 in any of these relations."""
        return {pair for relation in relations for pair, value in self.by.get(relation, {}).items() if value > 0}


def read_ties(path: str, raw: bytes, columns: Columns, known: set[str], problems: Problems) -> Answers:
    """All answers of a ties file whose two persons are known."""
    roles = {"from": columns.from_, "to": columns.to, "relation": columns.relation, "value": columns.value}
    answers = Answers()
    for line, row in read_table(path, raw, roles, problems).rows:
        take_answer(f"{path}, line {line}", row["from"], row["to"], row["relation"], row["value"],
                    known, answers, problems)  # fmt: skip
    return answers


def take_answer(place, giver, about, relation, value, known: set[str], answers: Answers, problems: Problems) -> None:
    """Check one answer and add it."""
    faults = problems.count()
    for who in (giver, about):
        if known and who not in known:
            near = nearest(who, known) if len(known) <= MANY and faults < MOST else ""
            problems.add(f'{place}: "{who}" is not among the people{near}')
    if giver == about:
        problems.add(f'{place}: "{giver}" has a tie to itself')
    if not relation:
        problems.add(f"{place}: the relation is not named")
    figure = number(value)
    if figure is None:
        problems.add(f'{place}: the value "{value}" is not a number')
    if problems.count() == faults and figure is not None:
        answers.add(giver, about, relation, figure)


def check_relations(answers: Answers, source: OrganizationSource, problems: Problems) -> None:
    """Every relation the mapping names must occur, and trust must lie on its scale."""
    wanted = [("tie", name) for name in source.tie]
    wanted += [("trust", source.trust.relation)] if source.trust else []
    wanted += [("grievance", source.grievance.relation)] if source.grievance else []
    for key, name in wanted:
        if answers.by and name not in answers.by:
            near = nearest(name, answers.by) or f"; there are {', '.join(sorted(answers.by)[:12])}"
            problems.add(f'organization.{key}: no tie has the relation "{name}"{near}')
    if source.trust:
        low, high = source.trust.low, source.trust.high
        for (giver, about), value in answers.by.get(source.trust.relation, {}).items():
            if not low <= value <= high:
                problems.add(
                    f'organization.trust: "{source.trust.relation}" from "{giver}" to "{about}" is {value:g}; '
                    f"its scale is given as {low:g} to {high:g}"
                )
