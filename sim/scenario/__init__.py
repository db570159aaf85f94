"""One organization, one question: a scenario, its dated changes, and the TOML file that it is read from."""

from sim.scenario.changes import Change
from sim.scenario.scenario import FACE, HORIZON, Scenario, read, shipped

__all__ = ["FACE", "HORIZON", "Change", "Scenario", "read", "shipped"]
