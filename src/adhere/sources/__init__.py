"""Readers: one module per kind of file or folder that lists packages."""
