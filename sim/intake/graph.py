"""People and answers from a networkx graph or a GraphML file."""

from __future__ import annotations

import hashlib
from collections import Counter
from xml.etree import ElementTree

from sim.errors import InputError, cut, nearest
from sim.intake.csv_files import Problems
from sim.intake.people import Person, tenure_days
from sim.intake.source import Columns, OrganizationSource
from sim.intake.ties import Answers, listed_as, take_answer


def read_graphml(path: str, raw: bytes):
    """The networkx graph in a GraphML file."""
    import networkx

    if not raw.strip():
        raise InputError(f"{path}: is empty")
    try:
        graph = networkx.parse_graphml(raw, force_multigraph=True)
        nodes = [element.get("id") for element in ElementTree.fromstring(raw).iter() if element.tag.endswith("}node")]
    except Exception as error:  # the XML parser's and networkx's own errors are of many types
        why = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path}: is not a GraphML file that can be read: {why}") from None
    twice = sorted(node for node, times in Counter(nodes).items() if times > 1)
    strangers = sorted(set(graph) - set(nodes))  # networkx makes a node of whatever an edge names
    problems = [f'{path}: the node "{cut(node)}" is there twice' for node in twice]
    problems += [f'{path}: an edge names "{cut(node)}", who is not among the nodes' for node in strangers]
    if problems:
        raise InputError(problems)
    return graph


def people_and_answers(graph, name: str, source: OrganizationSource, problems: Problems):
    """Everybody in the graph, by id, and what its edges say.

    A node has the attributes department, site and tenure; an edge has relation
    and value, or one attribute for each relation, or nothing: then it is a tie. An edge of an undirected
    graph counts both ways.
    """
    columns = source.columns
    people = _people(graph, name, columns, problems)
    answers = Answers()
    for one, other, data in graph.edges(data=True):
        place = f'{name}, edge "{one}" - "{other}"'
        if columns.relation in data:
            found = [(str(data[columns.relation]), str(data.get(columns.value, "1")))]
        else:
            found = [(str(key), str(value)) for key, value in data.items() if key not in ("id", "weight")]
            found = found or [(listed_as(source), "1")]
        for relation, value in found:
            take_answer(place, str(one), str(other), relation, value, set(), answers, problems)
            if not graph.is_directed() and one != other:
                take_answer(place, str(other), str(one), relation, value, set(), answers, problems)
    return people, answers


def _people(graph, name: str, columns: Columns, problems: Problems) -> dict[str, Person]:
    people: dict[str, Person] = {}
    wanted = [column for column in (columns.department, columns.site, columns.tenure) if column]
    there = {key for _, data in graph.nodes(data=True) for key in data}
    for column in wanted:
        if column not in there:
            near = nearest(column, there) or (f"; they have {', '.join(sorted(map(str, there))[:12])}" if there else "")
            problems.add(f'{name}: no node has the attribute "{column}"{near}')
    if not len(graph):
        problems.add(f"{name}: has no people")
    for node, data in graph.nodes(data=True):
        who = str(node).strip()
        if who in people or not who:
            problems.add(f'{name}: the node "{cut(who)}" is {"there twice" if who else "without a name"}')
            continue
        tenure = tenure_days(_text(data, columns.tenure), f'{name}, node "{who}": {columns.tenure}', problems)
        people[who] = Person(who, _text(data, columns.department), _text(data, columns.site), tenure)
    return people


def _text(data: dict, key: str | None) -> str:
    value = data.get(key) if key else None
    return "" if value is None else str(value).strip()


def digest_of(graph) -> str:
    """A hash of what the graph holds, whatever the order of its nodes and edges."""
    nodes = sorted(repr((str(n), sorted(d.items(), key=repr))) for n, d in graph.nodes(data=True))
    edges = sorted(repr((str(a), str(b), sorted(d.items(), key=repr))) for a, b, d in graph.edges(data=True))
    return hashlib.sha256(repr((graph.is_directed(), nodes, edges)).encode()).hexdigest()
