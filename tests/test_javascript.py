"""The page's pure modules, by node's own test runner; the gate lints, formats and types them as well."""

from __future__ import annotations

import re
import subprocess

import pytest
from house import ROOT
from shells import NODE, OLDEST, QUIET, version


@pytest.mark.skipif(NODE is None, reason="no node here: install Debian's package nodejs")
def test_the_pages_pure_modules_keep_their_laws():
    if version() < OLDEST:
        pytest.skip(f"node {NODE} is older than {OLDEST[0]}.{OLDEST[1]}")
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    told = subprocess.run(
        [NODE, QUIET, "--test", "--test-reporter=tap", *files],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert int(re.search(r"^# pass (\d+)", told.stdout, re.M)[1]) >= len(files) > 0
