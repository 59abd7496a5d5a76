"""Where in a text a value stands: positions for diagnostics, never values.

The values themselves come from the standard parsers (`tomllib`, `json`); what is here
only finds the place of a value that those parsers have already accepted.
"""
