"""A small real network on this machine: several nodes as processes, with invented people and requests."""
