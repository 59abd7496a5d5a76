"""Digests of content."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
else:
    # What hashlib falls back to, and what the standard library itself prefers where it
    # wants to start fast: hashlib loads all of OpenSSL, which a warm run would notice.
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:  # an interpreter that is built without them
        from hashlib import sha256

__all__ = ["bytes_digest", "sha256", "text_digest"]


def bytes_digest(data: bytes) -> str:
    """``sha256:<hex>`` of bytes."""
    return f"sha256:{sha256(data).hexdigest()}"


def text_digest(text: str) -> str:
    """``sha256:<hex>`` of a text as UTF-8; halves of surrogate pairs count as they are."""
    return bytes_digest(text.encode("utf-8", "surrogatepass"))
