"""A value as it travels to a cache that others can write to.

=========  =====================================================================
bytes      meaning
=========  =====================================================================
0 to 2     ``adh``
3          version of this layout
4          1 when the value is compressed, else 0
5 to 12    when it was stored, seconds since the epoch, big-endian double
13 to 20   until when it is fresh, or not a number
21 to 36   BLAKE2b, 16 bytes, of key, header and value
37 to end  the value
=========  =====================================================================

Nothing in it is executed, and what is no envelope, is cut off, was changed, or belongs to
another key is no answer. Without a secret, whoever may write to the shared cache can still
store what they like, as the threat model says; with one, the digest is keyed with it, and
what was sealed with another one, or with none, is no answer either.
"""

from __future__ import annotations

import struct
import zlib
from hashlib import blake2b
from hmac import compare_digest
from math import isfinite, isinf, isnan

from adhere.ports import Held

VERSION = 1
MAX_VALUE = 64 * 2**20
"""Bytes of the largest value; what unfolds to more is taken for an attack."""

_COMPRESS_FROM = 4096
_HEADER = struct.Struct(">3sBBdd")
_DIGEST = 16
_START = _HEADER.size + _DIGEST


def seal(key: str, held: Held, secret: bytes = b"") -> bytes:
    """The envelope of an entry.

    Args:
        key: of the entry.
        held: the value and its times.
        secret: that machines share; empty for none.
    """
    value, packed = held.value, 0
    if len(value) >= _COMPRESS_FROM:
        smaller = zlib.compress(value, 1)
        if len(smaller) < len(value):
            value, packed = smaller, 1
    expires = float("nan") if held.expires is None else held.expires
    header = _HEADER.pack(b"adh", VERSION, packed, held.stored, expires)
    return header + _digest(key, header, value, secret) + value


def unseal(key: str, data: object, secret: bytes = b"") -> Held | None:
    """What an envelope holds; ``None`` when it is none of ours, or not whole.

    Args:
        key: that was asked for.
        data: that was answered, of any type.
        secret: as it was sealed with.
    """
    if not isinstance(data, bytes) or len(data) < _START:
        return None
    header, digest, value = data[: _HEADER.size], data[_HEADER.size : _START], data[_START:]
    magic, version, packed, stored, expires = _HEADER.unpack(header)
    if magic != b"adh" or version != VERSION:
        return None
    if not compare_digest(digest, _digest(key, header, value, secret)):
        return None
    if packed:
        unpacked = _unpacked(value)
        if unpacked is None:
            return None
        value = unpacked
    # A time that is none would break all arithmetic.
    if not isfinite(stored) or isinf(expires):
        return None
    return Held(value, stored, None if isnan(expires) else expires)


def stored_at(head: bytes) -> float | None:
    """When an entry was stored, by the beginning of its envelope; unchecked."""
    if len(head) < _HEADER.size:
        return None
    magic, _, _, stored, _ = _HEADER.unpack_from(head)
    return stored if magic == b"adh" and isfinite(stored) else None


def _unpacked(value: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(value, MAX_VALUE)
    except zlib.error:
        return None
    return found if unpacker.eof and not unpacker.unused_data else None


def _digest(key: str, header: bytes, value: bytes, secret: bytes) -> bytes:
    # The function takes no more than 64 bytes; a digest of a secret is as good as the secret.
    short = secret if len(secret) <= 64 else blake2b(secret).digest()
    digest = blake2b(digest_size=_DIGEST, key=short)
    text = key.encode()
    digest.update(struct.pack(">I", len(text)) + text + header)
    digest.update(value)
    return digest.digest()
