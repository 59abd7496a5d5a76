"""Architecture decisions about dependencies that check themselves."""
