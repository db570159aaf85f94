"""One day as a few hundred bytes: what the browser needs to draw it, and nothing else.

The layout (little-endian) is read by static/common/decode.js:

    u16 bytes that follow, u16 day (days lived), f32 revenue, f32 contribution (k€ of the day), f32 equity (k€),
    u16 contacts, disputes, inquiries, qualified, handed, tried, returned, u16 ends at the seven steps,
    u16 of these reps' own prospects lost and won,
    u8 trust of Marketing, of Sales, language (0..255), u8 flags,
    u8 n talks of (u16 desk, u16 desk, u8 bits), u16 n leads of `funnel.ROW`,
    at a quarter's end f32 score, as Marketing, as Sales sees it, u8 stage, band, u8 items[20] and
        of each of the four Ps u8 quality (0..255), bits (1 heard, 2 and 4 settled by, 8 Marketing leads it),
        u16 day since, or 65535,
    where desks changed u32 n and n bytes of JSON
"""

from __future__ import annotations

import json
import struct

import numpy as np

from sim.model.drive import Simulation
from sim.model.firm import QUARTER, Decision, Side
from sim.model.things.decision import is_marketings
from sim.page.funnel import ROW

QUARTER_CLOSED, DESKS, BROKE = 1, 2, 4
COUNTED = ("contacts", "disputes", "inquiries", "qualified", "handed", "followed", "returned")
HEAD = struct.Struct("<Hfff7H9HBBBB")
TALK = struct.Struct("<HHB")
QUARTER_HEAD = struct.Struct("<fffBB")
FOUR_PS = struct.Struct("<BBH")
NO_DAY = 65535
MOST_LEADS = 400


def _byte(share: float) -> int:
    return int(np.clip(share * 255.0, 0, 255))


def _decision(row: np.void, q: int) -> bytes:
    """One of the four Ps as it stands at a quarter's end."""
    bits = int(row["heard"][q]) + 2 * int(row["settled"][q]) + 8 * is_marketings(q)
    since = int(row["since"][q])
    return FOUR_PS.pack(_byte(float(row["quality"][q])), bits, NO_DAY if since < 0 else min(since, NO_DAY))


def encode(
    simulation: Simulation, ends: list[int], rows: np.ndarray, talks: list[tuple[int, int, int]], desks: list | None
) -> bytes:
    """The frame of the day just lived (of the beginning, if none was): `simulation.day` days were lived.

    desks   all desks if they changed, else None
    """
    firm, k = simulation.firm, simulation.day
    today = firm.days[max(k - 1, 0)]
    counted = [min(int(today[name]), 65535) if k else 0 for name in COUNTED]
    flags = 0
    if k and k % QUARTER == 0:
        flags |= QUARTER_CLOSED
    if desks is not None:
        flags |= DESKS
    if int(firm.ledger["broke"][0]) >= 0:
        flags |= BROKE
    flows = (float(today["revenue"]), float(today["contribution"])) if k else (0.0, 0.0)
    worth = float(today["equity"] if k else firm.ledger["opening_equity"][0])
    views = [_byte(float(today[name])) if k else 0 for name in ("trust_ms", "trust_sm", "language")]
    rows = rows[:MOST_LEADS]
    parts = [
        HEAD.pack(k, *flows, worth, *counted, *(min(n, 65535) for n in ends), *views, flags),
        bytes([len(talks)]),
        *(TALK.pack(*talk) for talk in talks),
        struct.pack("<H", len(rows)),
        rows.astype(ROW).tobytes(),
    ]
    if flags & QUARTER_CLOSED:
        q = k // QUARTER - 1
        row, items = firm.quarters[q], firm.answers[q, Side.BOTH]["score"]
        parts.append(QUARTER_HEAD.pack(*(float(row[n]) for n in ("score", "score_m", "score_s")),
                                       int(row["stage"]), int(row["band"])))  # fmt: skip
        parts.append(bytes(int(score) for score in items))
        parts += [_decision(row, q) for q in Decision]
    if desks is not None:
        text = json.dumps(desks, ensure_ascii=False, separators=(",", ":")).encode()
        parts += [struct.pack("<I", len(text)), text]
    body = b"".join(parts)
    if len(body) > 65535:
        raise ValueError(f"a frame of {len(body)} bytes")
    return struct.pack("<H", len(body)) + body


def leads_in(frame: bytes) -> list[int]:
    """The numbers of the leads that a frame draws anew."""
    at = 2 + HEAD.size
    at += 1 + frame[at] * TALK.size
    (n,) = struct.unpack_from("<H", frame, at)
    return np.frombuffer(frame, ROW, n, at + 2)["number"].tolist()
