"""What happens in an organization; knows nothing of files, screens or sweeps."""
