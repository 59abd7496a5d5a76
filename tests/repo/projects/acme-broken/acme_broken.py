"""A module that lacks what its entry point names."""
