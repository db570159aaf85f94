"""GraphML as two sheets: its nodes are a people list, its edges are ties."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sim.files.reading import read_bytes
from sim.intake.exports.sheets import Sheet
from sim.intake.graph import read_graphml


def sheets_of(path: str | os.PathLike[str]) -> dict[str | None, Sheet] | None:
    """The nodes and edges of a GraphML file as sheets, by kind; None where it is none. A line is a node or an edge."""
    if Path(path).suffix.lower() != ".graphml":
        return None
    name = Path(path).name
    graph = read_graphml(name, read_bytes(path))
    keys = sorted({str(key) for _, data in graph.nodes(data=True) for key in data if str(key) != "id"})
    people = [[str(node), *(_text(data.get(key)) for key in keys)] for node, data in graph.nodes(data=True)]
    ties = []
    for one, other, data in graph.edges(data=True):
        value = data.get("value", data.get("weight", 1))
        ties.append([str(one), str(other), _text(data.get("relation", "listed")), _text(value)])
    found: dict[str | None, Sheet] = {"people": _sheet(name, ["id", *keys], people)}
    if ties:
        found["ties"] = _sheet(name, ["from", "to", "relation", "value"], ties)
    return found


def _sheet(name: str, header: list[str], body: list[list[str]]) -> Sheet:
    def rows() -> Iterator[tuple[int, list[str]]]:
        yield from enumerate([header, *body])

    return Sheet(name, header, rows, "graphml", "")


def _text(value: object) -> str:
    return "" if value is None else str(value)
