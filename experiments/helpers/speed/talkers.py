"""An idiomatic Mesa model of far lighter work, to measure against: agents talk to a neighbour and update trust.

Written as Mesa's own network examples are: a networkx graph, a network space,
one agent a cell, trust on the graph's edges, a data collector.
"""

from __future__ import annotations

import time

import mesa
import networkx as nx
from mesa.discrete_space import FixedAgent, Network


class Talker(FixedAgent):
    """Somebody with neighbours; once a step a talk with one of them, which goes well or not."""

    def __init__(self, model: Talkers, cell):
        super().__init__(model)
        self.cell = cell

    def step(self) -> None:
        other = self.cell.neighborhood.select_random_agent()
        tie = self.model.graph.edges[self.cell.coordinate, other.cell.coordinate]
        if self.random.random() < 0.3 + 0.5 * tie["trust"]:
            tie["trust"] += 0.03 * (1.0 - tie["trust"])
        else:
            tie["trust"] -= 0.06 * tie["trust"]


class Talkers(mesa.Model):
    """60 agents, 237 ties, mean trust collected every step."""

    def __init__(self, agents: int = 60, ties: int = 237, seed: int | None = None):
        super().__init__(seed=seed)
        self.graph = nx.gnm_random_graph(agents, ties, seed=seed)
        nx.set_edge_attributes(self.graph, 0.35, "trust")
        self.grid = Network(self.graph, capacity=1, random=self.random)
        Talker.create_agents(self, agents, list(self.grid.all_cells))
        self.datacollector = mesa.DataCollector(model_reporters={"trust": mean_trust})

    def step(self) -> None:
        self.agents.shuffle_do("step")
        self.datacollector.collect(self)


def mean_trust(model: Talkers) -> float:
    return sum(trust for _, _, trust in model.graph.edges.data("trust")) / model.graph.number_of_edges()


def agent_steps_per_second(steps: int = 300) -> float:
    """How many agents this model steps in a second."""
    model = Talkers(seed=1)
    for _ in range(20):
        model.step()
    began = time.thread_time()
    for _ in range(steps):
        model.step()
    return len(model.agents) * steps / (time.thread_time() - began)
