"""What any day must promise, and how a day of one's own is held to it."""

from sim.contract.contract import PROMISES, ContractError, Report, check_day
from sim.contract.theories import check_theory

__all__ = ["PROMISES", "ContractError", "Report", "check_day", "check_theory"]
