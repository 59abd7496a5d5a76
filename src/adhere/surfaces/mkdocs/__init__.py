"""The plugin ``adhere`` of MkDocs 1.6 and ProperDocs."""
