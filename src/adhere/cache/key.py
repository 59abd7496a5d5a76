"""Keys of cached values."""

from __future__ import annotations

from adhere.model.digest import sha256


def cache_key(kind: str, *parts: str) -> str:
    """A key that no other parts give.

    Every part carries its length, so that ``("ab", "c")`` and ``("a", "bc")`` differ, and
    the whole is hashed, so that no path or name of a user stands in a cache.

    Args:
        kind: what sort of value; stays readable, for statistics and clearing.
        parts: everything the value depends on: subject, decoder versions, digests.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"{kind}/{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
