"""Runs an experiment: on threads, or on a cluster."""
