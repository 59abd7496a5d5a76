"""Which package index is asked, and with what: what the user's own installer would do."""
