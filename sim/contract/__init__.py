"""What any day must promise, and how a day of one's own is held to it."""

from sim.contract.contract import PROMISES, ContractError, Report, check_day

__all__ = ["PROMISES", "ContractError", "Report", "check_day"]
