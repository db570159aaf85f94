"""Long tables for other programs: CSV, and times to a stage as survival data."""
