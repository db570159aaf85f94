"""What several experiments share, and the parts of those that are too long for one file."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # a checkout runs without being installed
