"""The Sphinx extension, by the name that it has in a ``conf.py``.

``extensions = ["adhere.sphinx"]``
"""

from __future__ import annotations

from adhere.surfaces.sphinx.extension import setup

__all__ = ["setup"]
