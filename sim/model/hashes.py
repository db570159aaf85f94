"""Fingerprints: of a state, so that two can be told equal, and of a market."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from sim.model.dice import Stream, key_of
from sim.model.firm import YEAR, Firm
from sim.model.kernel import kernel, uint64
from sim.model.theory import Theory

POOLS = ("leads", "customers", "pages")  # tables with more room than the ledger has counted rows
_MARKET_STREAMS = (Stream.NEEDS, Stream.OFFER, Stream.PROSPECT, Stream.EVENT, Stream.REORGANIZATION, Stream.OWN_CATCH)

# blake2b (RFC 7693) for a digest of 8 bytes, as hashlib has it
_WORDS, _LANES, _BLOCK = 16, 8, 128  # 64-bit words of a block, lanes that are mixed in a round, bytes of a block
_BEGIN = np.array(
    [0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
     0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179], np.uint64)  # fmt: skip
_EIGHT_BYTES = uint64(0x01010008)
_ORDER = np.array([
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
])  # fmt: skip
_LANE = np.array([[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
                  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]])  # fmt: skip


def state_hash(firm: Firm) -> int:
    """64 bits of everything the organization is: equal states have equal hashes, whatever room the pools have."""
    seen = hashlib.blake2b(digest_size=8)
    n = {name: int(firm.ledger[f"n_{name}"][0]) for name in POOLS} | {"tray": 0}
    for name, table in firm._asdict().items():
        rows = table[: n.get(name, len(table))]
        for column in rows.dtype.names or (...,):  # by column: what lies between columns is no state
            seen.update(rows[column].tobytes())
    return int.from_bytes(seen.digest(), "little")


def market_hash(theory: Theory, seed: int, days: int, before: tuple[int, int] | None = None) -> str:
    """16 hex digits of the market: equal for two organizations exactly when they meet the same market.

    Made from whole numbers and the market's own settings, so it is the same on every machine.

    before   market until a day, and that day, where luck was drawn anew from then on
    """
    t, w = theory.market, theory.workforce
    about = [int(seed), int(days), t.for_marketers or w.marketers, t.for_salespeople or w.salespeople]
    about += before or ()
    settings = {k: v for k, v in t._asdict().items() if k not in ("for_marketers", "for_salespeople")}
    with np.errstate(over="ignore"):
        keys = [
            int(key_of(uint64(seed), int(stream), day))
            for stream in _MARKET_STREAMS
            for day in range(0, max(days, 1), YEAR)
        ]
    return hashlib.sha256(json.dumps([about, settings, keys], sort_keys=True).encode()).hexdigest()[:16]


@kernel
def _turned(x: uint64, right: uint64) -> uint64:
    """A word with its bits turned round to the right."""
    return (x >> right) | (x << (uint64(64) - right))


@kernel
def digest(words, n, state, work):
    """What `state_hash` makes of bytes, for hosts that have no blake2b of their own: the first word of the state.

    words   (whole blocks of 16,) uint64: the bytes, then zeros
    n       how many bytes there are
    state   (8,) uint64, work (16,) uint64: room
    """
    for i in range(_LANES):
        state[i] = _BEGIN[i]
    state[0] ^= _EIGHT_BYTES
    blocks = max((n + _BLOCK - 1) // _BLOCK, 1)
    for block in range(blocks):
        for i in range(_LANES):
            work[i], work[_LANES + i] = state[i], _BEGIN[i]
        work[12] ^= uint64(min(n, (block + 1) * _BLOCK))
        if block == blocks - 1:
            work[14] = ~work[14]
        for order in range(len(_ORDER)):
            for lane in range(_LANES):
                a, b, c, d = _LANE[lane, 0], _LANE[lane, 1], _LANE[lane, 2], _LANE[lane, 3]
                for half in range(2):
                    work[a] += work[b] + words[block * _WORDS + _ORDER[order, 2 * lane + half]]
                    work[d] = _turned(work[d] ^ work[a], uint64(32 if half == 0 else 16))
                    work[c] += work[d]
                    work[b] = _turned(work[b] ^ work[c], uint64(24 if half == 0 else 63))
        for i in range(_LANES):
            state[i] ^= work[i] ^ work[_LANES + i]
