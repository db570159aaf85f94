"""A user's own organization: people and ties from CSV files, GraphML or a networkx graph."""

from sim.intake.organization import read_organization
from sim.intake.source import Columns, Grievance, OrganizationSource, Trust

__all__ = ["Columns", "Grievance", "OrganizationSource", "Trust", "read_organization"]
