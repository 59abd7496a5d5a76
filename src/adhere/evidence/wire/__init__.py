"""Bytes from outside to values, and nothing else: no network, no clock."""
