"""Fingerprints: of a state, so that two can be told equal, and of a market."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from sim.model.dice import Stream, key_of
from sim.model.firm import YEAR, Firm
from sim.model.kernel import uint64
from sim.model.theory import Theory

_MARKET_STREAMS = (Stream.NEEDS, Stream.OFFER, Stream.PROSPECT, Stream.EVENT, Stream.REORGANIZATION, Stream.OWN_CATCH)


def state_hash(firm: Firm) -> int:
    """64 bits of everything the organization is: equal states have equal hashes, whatever room the pools have."""
    seen = hashlib.blake2b(digest_size=8)
    n = {name: int(firm.ledger[f"n_{name}"][0]) for name in ("leads", "customers", "pages")} | {"tray": 0}
    for name, table in firm._asdict().items():
        rows = table[: n.get(name, len(table))]
        for column in rows.dtype.names or (...,):  # by column: what lies between columns is no state
            seen.update(rows[column].tobytes())
    return int.from_bytes(seen.digest(), "little")


def market_hash(theory: Theory, seed: int, days: int) -> str:
    """16 hex digits of the market: equal for two organizations exactly when they meet the same market.

    Made from whole numbers and the market's own settings, so it is the same on every machine.
    """
    t, w = theory.market, theory.workforce
    about = [int(seed), int(days), t.for_marketers or w.marketers, t.for_salespeople or w.salespeople]
    settings = {k: v for k, v in t._asdict().items() if k not in ("for_marketers", "for_salespeople")}
    with np.errstate(over="ignore"):
        keys = [
            int(key_of(uint64(seed), int(stream), day))
            for stream in _MARKET_STREAMS
            for day in range(0, max(days, 1), YEAR)
        ]
    return hashlib.sha256(json.dumps([about, settings, keys], sort_keys=True).encode()).hexdigest()[:16]
