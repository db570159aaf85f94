"""What a run came to: its tables, outcomes and stories, and how it is kept and read again."""

from sim.result.result import Run, label, load, past_market, titled

__all__ = ["Run", "label", "load", "past_market", "titled"]
