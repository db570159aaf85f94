"""What the claims of the experiment files are judged by (findings.py)."""
