"""A user's own organization: people and ties from CSV files, GraphML or a networkx graph."""

from sim.intake.organization import read_organization
from sim.intake.source import Columns, Grievance, OrganizationSource, Trust
from sim.intake.withheld import Withheld

__all__ = ["Columns", "Grievance", "OrganizationSource", "Trust", "Withheld", "read_organization"]
