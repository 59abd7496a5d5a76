"""The canonical report and everything that is rendered from it."""
