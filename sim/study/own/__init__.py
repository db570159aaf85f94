"""A firm of one's own: its funnel counted from exports, the folder that keeps it, synthetic twins of exports."""
