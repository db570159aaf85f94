"""Day 0, and what comes to an organization from outside of its days: seats, ties, stock, other levers, shocks."""
