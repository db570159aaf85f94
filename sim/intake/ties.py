"""What people answered about each other: one number for each pair and relation."""

from __future__ import annotations

from sim.errors import cut, nearest
from sim.intake.csv_files import Problems, number, read_table
from sim.intake.source import OrganizationSource


class Answers:
    """`by[relation][from, to]` is the value; where a pair is there twice, the mean."""

    def __init__(self) -> None:
        self.by: dict[str, dict[tuple[str, str], float]] = {}
        self._times: dict[tuple[str, str, str], int] = {}
        self.repeated = self.of_oneself = 0

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

    def tied(self, source: OrganizationSource) -> set[tuple[str, str]]:
        """Pairs (from, to) with a value above 0 in a relation that makes a tie; where none is named, in any other."""
        scales = {scale.relation for scale in (source.trust, source.grievance) if scale}
        relations = source.tie or [relation for relation in self.by if relation not in scales]
        return {pair for relation in relations for pair, value in self.by.get(relation, {}).items() if value > 0}


def read_ties(path: str, raw: bytes, source: OrganizationSource, known: set[str], problems: Problems) -> Answers:
    """All answers of a ties file whose two persons are known; a tie that is only listed is 1."""
    columns, listed = source.columns, listed_as(source)
    roles = {"from": columns.from_, "to": columns.to}
    more = {"relation": columns.relation, "value": columns.value}
    maybe = {role: name for role, name in more.items() if name == role}  # a name of the user's own is meant
    roles |= {role: name for role, name in more.items() if role not in maybe}
    answers = Answers()
    for line, row in read_table(path, raw, roles, problems, maybe).rows:
        take_answer(f"{path}, line {line}", row["from"], row["to"], row.get("relation", listed), row.get("value", "1"),
                    known, answers, problems)  # fmt: skip
    return answers


def listed_as(source: OrganizationSource) -> str:
    """The relation of a tie that is listed and nothing more."""
    return source.tie[0] if len(source.tie) == 1 else "listed"


def take_answer(place, giver, about, relation, value, known: set[str], answers: Answers, problems: Problems) -> None:
    """Check one answer and add it."""
    faults = problems.count()
    for who in (giver, about):
        if known and who not in known:
            problems.add(f'{place}: "{cut(who)}" is not among the people{nearest(who, known, problems.count())}')
    if not relation:
        problems.add(f"{place}: the relation is not named")
    figure = number(value)
    if figure is None:
        problems.add(f'{place}: the value "{cut(value)}" is not a number')
    if problems.count() == faults and figure is not None:
        if giver == about:
            answers.of_oneself += 1
        else:
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
                    f'organization.trust: "{source.trust.relation}" from "{cut(giver)}" to "{cut(about)}" '
                    f"is {value:g}; its scale is given as {low:g} to {high:g}"
                )
