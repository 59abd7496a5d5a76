"""The records in a snapshot of advisories, OSV's ``all.zip``.

It comes from outside: nothing that it says about itself is believed, and a record that
cannot be read takes no other with it.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator

from msgspec import Struct

from adhere.errors import Problem, SourceError
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import MAX_RECORD, named_packages, read_record
from adhere.model.advisory import Advisory
from adhere.model.names import PackageName
from adhere.ports import Progress

_MAX_RECORDS = 500_000
_MAX_BYTES = 2 * 1024**3
"""Of all records together; a snapshot of 2026 has about 150 MB."""


class Refused(Struct, frozen=True):
    """A record that could not be read.

    Attributes:
        reason: why, as a clause.
        packages: that it names all the same; ``""`` where nobody knows.
    """

    reason: str
    packages: tuple[PackageName, ...] = (PackageName(""),)


def members(path: str, label: str, progress: Progress) -> Iterator[tuple[str, Advisory | Refused]]:
    """Every record of a zip, or why it is none; one at a time, so that memory stays small.

    Args:
        path: of the zip.
        label: what to call it.
        progress: is told how many are done.

    Yields:
        The name of a file in it, cut, and what it holds.

    Raises:
        SourceError: it is no zip, or far larger than a snapshot can be.
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".json")]
            if len(members) > _MAX_RECORDS:
                raise unusable(label, f"it holds {len(members)} files", "is it the right one?")
            size = 0
            for done, member in enumerate(members, 1):
                data = _unpacked(archive, member)
                size += len(data) if isinstance(data, bytes) else 0
                if size > _MAX_BYTES:
                    message = f"its records have more than {_MAX_BYTES} bytes"
                    raise unusable(label, message, "is it the right one?")
                yield member.filename[:100], _record(data) if isinstance(data, bytes) else data
                if done % 100 == 0 or done == len(members):
                    progress("advisories", done, len(members))
    except (zipfile.BadZipFile, EOFError, struct.error) as error:
        message = f"it is no whole zip archive: {error}"
        raise unusable(label, message, "fetch it again") from None


def _record(data: bytes) -> Advisory | Refused:
    try:
        return read_record(data)
    except Garbage as error:
        return Refused(str(error), named_packages(data))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | Refused:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Refused("it is compressed in a way that snapshots are not")
    try:
        with archive.open(member) as file:
            data = file.read(MAX_RECORD + 1)  # the size that a zip states may be a lie
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        # A wrong checksum, a password, a broken stream.
        return Refused(f"it cannot be unpacked: {error}")
    if len(data) > MAX_RECORD:
        return Refused(f"it has more than {MAX_RECORD} bytes")
    return data


def unusable(label: str, message: str, hint: str) -> SourceError:
    """What is raised when a snapshot cannot be used."""
    return SourceError(Problem("advisories-invalid", message, path=label, hint=hint))
