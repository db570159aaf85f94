"""The people of a user's organization, and who of them is Marketing or Sales."""

from __future__ import annotations

from typing import NamedTuple

from sim.errors import cut, nearest
from sim.intake.csv_files import Problems, number, read_table
from sim.intake.source import Columns, OrganizationSource
from sim.model.firm import Team

DAYS_A_YEAR = 260
LONGEST_TENURE = 80  # years


class Person(NamedTuple):
    """One line of the people file, or one node of a graph."""

    id: str
    department: str  # "" where unknown
    site: str  # "" where unknown
    tenure_days: float  # NaN where unknown


class Teams(NamedTuple):
    """Who takes part, and who does not."""

    marketing: list[Person]
    sales: list[Person]
    others: list[Person]  # of other departments
    nowhere: list[Person]  # without a department


def read_people(path: str, raw: bytes, columns: Columns, problems: Problems) -> dict[str, Person]:
    """Everybody in a people file, by id."""
    roles = {"id": columns.id, "department": columns.department}
    roles |= {"site": columns.site} if columns.site else {}
    roles |= {"tenure": columns.tenure} if columns.tenure else {}
    people: dict[str, Person] = {}
    lines: dict[str, int] = {}
    for line, row in read_table(path, raw, roles, problems).rows:
        place, who = f"{path}, line {line}", row["id"]
        if not who:
            problems.add(f'{place}: the column "{columns.id}" is empty')
        elif who in people:
            problems.add(f'{place}: "{cut(who)}" stands on line {lines[who]} already; every id may be there once')
        else:
            tenure = tenure_days(row.get("tenure", ""), f"{place}: {columns.tenure}", problems)
            people[who] = Person(who, row["department"], row.get("site", ""), tenure)
            lines[who] = line
    return people


def tenure_days(years: str, place: str, problems: Problems) -> float:
    """Working days from years; NaN where nothing is said."""
    if not years:
        return float("nan")
    value = number(years)
    if value is None or not 0 <= value <= LONGEST_TENURE:
        problems.add(f'{place} = "{years}" must be a number of years from 0 to {LONGEST_TENURE}, or empty')
        return float("nan")
    return value * DAYS_A_YEAR


def sort_into_teams(people: dict[str, Person], source: OrganizationSource, problems: Problems) -> Teams:
    """Marketing, Sales, others and those without a department; Marketing wins where both match."""
    present = {person.department for person in people.values() if person.department}
    team_of = {}
    for team, wanted in ((Team.SALES, source.sales), (Team.MARKETING, source.marketing)):
        for name in wanted:
            found = [department for department in present if matches(name, department)]
            if present and not found:
                near = nearest(name, present, problems.count()) or f"; there are {', '.join(sorted(present)[:12])}"
                problems.add(f'organization.{team.name.lower()}: nobody is in a department "{name}"{near}')
            team_of |= dict.fromkeys(found, team)
    teams = Teams([], [], [], [])
    for person in people.values():
        team = team_of.get(person.department)
        if not person.department:
            teams.nowhere.append(person)
        else:
            {Team.MARKETING: teams.marketing, Team.SALES: teams.sales}.get(team, teams.others).append(person)
    for name, members in (("marketing", teams.marketing), ("sales", teams.sales)):
        if people and not members:
            problems.add(f"organization.{name}: this team is empty; name a department that has people")
    return teams


def matches(pattern: str, department: str) -> bool:
    """Whether a department is meant: `*` stands for any letters, upper and lower case are alike.

    >>> matches("Sales*", "sales racing"), matches("Sales", "Sales Racing")
    (True, False)
    >>> matches("a*ab*b", "aab b"), matches("a*ab*b", "ab"), matches("*", "")
    (True, False, True)
    """
    first, *rest = pattern.strip().casefold().split("*")
    text = department.casefold()
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:  # each as far left as it can be: no pattern of letters and * needs a second try
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return text.endswith(rest[-1]) and len(text) - len(rest[-1]) >= at
