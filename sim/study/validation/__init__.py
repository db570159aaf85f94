"""What the model claims and what it shows: patterns, calibration, fit, the structure of the audit, ODD."""
