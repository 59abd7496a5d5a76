"""Core metadata of one version, as an index serves it beside a file (PEP 658)."""

from __future__ import annotations

from adhere.evidence.wire.garbage import Garbage
from adhere.model.digest import sha256
from adhere.model.metadata import MAX_HEAD, Metadata, MetadataError, head_of, parse_metadata
from adhere.model.names import PackageName, canonical_name

LIMIT = 16 * 1024 * 1024
"""Bytes of such a file, with the description that nobody needs."""


def read_core_metadata(data: bytes, name: PackageName, version: str, digest: str) -> bytes:
    """The header block of a file, after a look at whose it is.

    Args:
        data: the whole file.
        name: of the project that was asked for.
        version: that was asked for.
        digest: ``sha256`` that the index announced, ``""`` for none.

    Raises:
        Garbage: it is none, or not that of this version.
    """
    if digest and sha256(data).hexdigest() != digest.lower():
        raise Garbage("its digest is not the one that the index announced")
    head = head_of(data) or data
    if len(head) > MAX_HEAD:
        raise Garbage(f"its header has {len(head)} bytes")
    found = parse_stored(head)
    if canonical_name(found.name) != name or not _same(found.version, version):
        raise Garbage(f"it is that of {found.name} {found.version[:60]}")
    return head


def parse_stored(head: bytes) -> Metadata:
    """The fields of a header block: name, version, license, classifiers, ...

    Raises:
        Garbage: it is none.
    """
    try:
        return parse_metadata(head)
    except MetadataError as error:
        raise Garbage(error.reason) from None


def _same(first: str, second: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(first) == Version(second)
    except InvalidVersion:
        return first == second
