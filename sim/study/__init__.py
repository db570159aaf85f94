"""Questions asked of the model: many markets, comparisons."""
