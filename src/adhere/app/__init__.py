"""Use cases: the only place that picks adapters and runs a check from end to end."""
