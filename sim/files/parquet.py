"""Parquet that was written before, read back."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def table_in(raw: bytes) -> pa.Table:
    """The table that a file's bytes hold, read by this thread alone.

    Threads of pyarrow's own may outlive a short process, which then aborts at its very end, or hangs there (Arrow's
    issues 34314, 50482); and files of a store are small.

    Raises pyarrow's own faults, which are OSError and ValueError.
    """
    return pq.ParquetFile(pa.BufferReader(raw)).read(use_threads=False)


def frame_in(raw: bytes) -> pd.DataFrame:
    """The same as a frame."""
    return table_in(raw).to_pandas(use_threads=False)
