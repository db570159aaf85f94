"""From a user's files to an Organization: two teams, the ties between them, trust, grievances and distances."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace

import numpy as np

from sim.errors import InputError, nearest
from sim.files.reading import read_bytes
from sim.intake.csv_files import Problems
from sim.intake.graph import digest_of, people_and_answers, read_graphml
from sim.intake.people import Person, Teams, read_people, sort_into_teams
from sim.intake.source import OrganizationSource
from sim.intake.ties import Answers, check_relations, read_ties
from sim.model.firm import Team
from sim.model.network import TIE, Organization
from sim.model.theory import Theory, Workforce

UNKNOWN = "(unknown)"


def read_organization(
    source: OrganizationSource, within_m: float = 30.0, between_m: float = 800.0, workforce: Workforce | None = None
) -> Organization:
    """Read a user's people and ties, and say what was left out.

    Parameters
    ----------
    source
        The files (or the networkx graph) and what they mean.
    within_m, between_m
        Metres between two people on one site and on two sites, where
        `source.distances` does not say.
    workforce
        How many ties and team-mates people have, where no ties are listed.

    Returns
    -------
    Organization
        Marketers first, then salespeople, each in the order of the input, as
        M1, M2, …, S1, S2, … unless `source.keep_names`. `notes` tells in sentences who and what was left out.

    Raises
    ------
    InputError
        With one sentence for each fault found in the files, naming file and line.
    """
    if not isinstance(source, OrganizationSource):
        raise InputError(f"source = {source!r}: give a sim.OrganizationSource, which names people's and ties' files")
    problems = Problems()
    people, answers, digest = _read(source, problems)
    teams = sort_into_teams(people, source, problems)
    check_relations(answers, source, problems)
    site_names = sorted({p.site or UNKNOWN for p in teams.marketing + teams.sales})
    metres = _distances(source, people, within_m, between_m, problems)
    problems.stop()

    members = teams.marketing + teams.sales
    row = {person.id: n for n, person in enumerate(members)}
    named = answers.tied(source)
    direct, mates = _pairs(named, row, len(teams.marketing))
    if not source.lists_ties:
        direct, mates = _drawn(len(teams.marketing), len(teams.sales), workforce or Workforce())
    over = _over_colleagues(named, row, teams) - direct if source.others == "colleagues" else set()
    ties = np.zeros(len(direct) + len(over), TIE)
    for n, (m, s) in enumerate(sorted(direct | over)):
        ids = members[m].id, members[s].id
        ties[n] = (m, s, _trust(answers, source, *ids), _trust(answers, source, *ids[::-1]),
                   _grievance(answers, source, *ids), _grievance(answers, source, *ids[::-1]),
                   metres(members[m], members[s]), (m, s) in over)  # fmt: skip
    return Organization(
        ids=tuple(row) if source.keep_names else _neutral(len(teams.marketing), len(teams.sales)),
        team=np.array([Team.MARKETING] * len(teams.marketing) + [Team.SALES] * len(teams.sales), "i8"),
        site=np.array([site_names.index(p.site or UNKNOWN) for p in members], "i8"),
        site_names=tuple(site_names),
        tenure_days=np.array([p.tenure_days for p in members], "f8"),
        ties=ties,
        mates=np.array(sorted(mates), "i8").reshape(-1, 2),
        notes=tuple(_notes(source, teams, answers, ties, row)),
        digest=digest,
    )


def _read(source: OrganizationSource, problems: Problems) -> tuple[dict[str, Person], Answers, str]:
    """People and answers from whichever input there is, and a hash of all that was read."""
    meaning = repr(replace(source, people="", ties="", graphml=None, graph=None)).encode()
    if source.graph is not None:
        people, answers = people_and_answers(source.graph, "graph", source, problems)
        return people, answers, _sha(meaning, digest_of(source.graph).encode())
    if source.graphml is not None:
        raw = read_bytes(source.graphml)
        people, answers = people_and_answers(read_graphml(source.graphml, raw), source.graphml, source, problems)
        return people, answers, _sha(meaning, raw)
    raws = {}
    for path in (str(each) for each in (source.people, source.ties) if each is not None):
        try:
            raws[path] = read_bytes(path)
        except InputError as error:
            problems.add(f"{error} (named in [organization], sought beside the scenario file)")
    problems.stop()
    people = read_people(str(source.people), raws[str(source.people)], source.columns, problems)
    answers = Answers()
    if source.ties is not None:
        answers = read_ties(str(source.ties), raws[str(source.ties)], source, set(people), problems)
    return people, answers, _sha(meaning, *raws.values())


def _sha(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _distances(source: OrganizationSource, people: dict[str, Person], within_m: float, between_m: float, problems):
    """A function from two people to metres; an unknown site counts as the same site."""
    sites = {person.site for person in people.values() if person.site}
    special = {}
    for name, value in source.distances:
        if " - " in name:
            one, other = name.split(" - ")
            special[one, other] = special[other, one] = value
            for site in (one, other):
                if people and site not in sites:
                    problems.add(f'organization.distances_m: nobody is at the site "{site}"{nearest(site, sites)}')
    within, between = source.distance_of("within", within_m), source.distance_of("between", between_m)

    def metres(a: Person, b: Person) -> float:
        if (a.site, b.site) in special:
            return special[a.site, b.site]
        return within if a.site == b.site or not (a.site and b.site) else between

    return metres


def _pairs(named, row: dict[str, int], n_marketing: int) -> tuple[set, set]:
    """Ties (marketer, salesperson), and team-mates both ways, of those who take part."""
    ties, mates = set(), set()
    for giver, about in named:
        a, b = row.get(giver, -1), row.get(about, -1)
        if a < 0 or b < 0:
            continue
        if (a < n_marketing) == (b < n_marketing):
            mates |= {(a, b), (b, a)}
        else:
            ties.add((min(a, b), max(a, b)))
    return ties, mates


def _drawn(marketers: int, salespeople: int, workforce: Workforce) -> tuple[set, set]:
    """Ties and team-mates as a generated firm of this size has them in market 0."""
    from sim.model import warm
    from sim.model.day_zero import opening

    warm.prepare()
    sizes = workforce._replace(marketers=marketers, salespeople=salespeople, idle=0)
    firm = opening.begin(Theory(workforce=sizes), 0, 1).firm
    ties, mates = ((zip(t[a].tolist(), t[b].tolist(), strict=True)) for t, a, b in
                   ((firm.ties, "m", "s"), (firm.mates, "a", "b")))  # fmt: skip
    return set(ties), set(mates)


def _neutral(marketers: int, salespeople: int) -> tuple[str, ...]:
    """M1, M2, …, S1, S2, …: who is meant is known to whoever has the files, and to nobody else."""
    return tuple(f"{team}{n}" for team, many in (("M", marketers), ("S", salespeople)) for n in range(1, many + 1))


def _over_colleagues(named, row: dict[str, int], teams: Teams) -> set[tuple[int, int]]:
    """Pairs (marketer, salesperson) who both have a tie with one colleague of another department."""
    colleagues = {person.id for person in teams.others}
    known: dict[str, set[int]] = defaultdict(set)
    for one, other in named:
        for colleague, member in ((one, other), (other, one)):
            if colleague in colleagues and member in row:
                known[colleague].add(row[member])
    first_s = len(teams.marketing)
    return {(m, s) for rows in known.values() for m in rows if m < first_s for s in rows if s >= first_s}


def _trust(answers: Answers, source: OrganizationSource, giver: str, about: str) -> float:
    scale = source.trust
    value = answers.by.get(scale.relation, {}).get((giver, about)) if scale else None
    return float("nan") if scale is None or value is None else (value - scale.low) / (scale.high - scale.low)


def _grievance(answers: Answers, source: OrganizationSource, giver: str, about: str) -> float:
    scale = source.grievance
    value = answers.by.get(scale.relation, {}).get((giver, about)) if scale else None
    return 0.0 if scale is None or value is None else float(value >= scale.at_least)


def _notes(source: OrganizationSource, teams: Teams, answers: Answers, ties: np.ndarray, row: dict[str, int]):
    """Sentences on what was taken and what was left out."""
    yield (
        f"{_people(len(teams.marketing))} in Marketing and {len(teams.sales)} in Sales take part, "
        f"with {int((ties['via'] == 0).sum())} ties between the teams."
    )
    if not source.lists_ties:
        yield "Nobody said who works with whom: ties and team-mates are drawn by lot as in a generated firm "\
              "(workforce.ties_per_rep), the same in every market."  # fmt: skip
    if answers.of_oneself:
        many = answers.of_oneself
        yield "1 answer of a person about oneself left out." if many == 1 else (
            f"{many} answers of people about themselves left out.")  # fmt: skip
    if teams.nowhere:
        yield f"{_people(len(teams.nowhere))} without a department left out."
    if teams.others and source.others == "colleagues":
        yield f"{_people(len(teams.others))} of other departments do not take part but pass talk on, "\
              f"which makes {int((ties['via'] == 1).sum())} more ties."  # fmt: skip
    elif teams.others:
        yield f"{_people(len(teams.others))} of other departments left out."
    tied = set(ties["m"].tolist()) | set(ties["s"].tolist())
    if lonely := len(row) - len(tied):
        yield f"{_people(lonely)} of the two teams kept although without any tie to the other team."
    if answers.repeated:
        yield f"{answers.repeated} answers given twice about the same person: the mean was taken."
    if source.trust and len(ties):
        unknown = int(np.isnan(ties["trust_ms"]).sum() + np.isnan(ties["trust_sm"]).sum())
        yield f"Trust is known for {2 * len(ties) - unknown} of {2 * len(ties)} directions of ties; "\
              "the rest begin at trust.initial."  # fmt: skip
    if no_site := sum(not p.site for p in teams.marketing + teams.sales) if source.columns.site else 0:
        yield f"{_people(no_site)} without a site taken to be on the same site as everybody."


def _people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"
