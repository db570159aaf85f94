"""Which plans lead to a stage: searched, re-run on unseen markets, stripped of what they do not need."""
