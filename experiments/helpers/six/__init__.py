"""The six findings that are told at length, with their templates (findings.py --six)."""
