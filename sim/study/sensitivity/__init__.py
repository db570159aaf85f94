"""What matters: rankings, regions of the space, how many markets are enough."""
