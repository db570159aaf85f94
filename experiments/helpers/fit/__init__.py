"""The data that fit.py fits, and its sentences."""
