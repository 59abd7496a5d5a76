"""The Sphinx extension ``adhere.sphinx``."""
