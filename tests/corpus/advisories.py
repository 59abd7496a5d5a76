"""Records of advisories, and snapshots of them, as a test needs them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

MODIFIED = "2026-11-24T12:00:00Z"


def osv(id_: str, *aliases: str, **keys: Any) -> dict[str, Any]:
    """A record in the OSV format."""
    return {
        "id": id_,
        "modified": MODIFIED,
        "published": "2026-11-01T00:00:00Z",
        "aliases": list(aliases),
        **keys,
    }


def spans(
    name: str, *pairs: tuple[str, str | None], versions: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What a record says of a package: introduced and fixed, in turn."""
    events: list[dict[str, str]] = []
    for start, end in pairs:
        events.append({"introduced": start})
        if end is not None:
            events.append({"fixed": end})
    return {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": events}] if events else [],
        "versions": list(versions),
    }


def snapshot_of(path: Path, *records: dict[str, Any] | bytes) -> Path:
    """A zip of records, laid out like OSV's; bytes are written as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, record in enumerate(records):
            name = f"{number}.json" if isinstance(record, bytes) else f"{record['id']}.json"
            data = record if isinstance(record, bytes) else json.dumps(record).encode()
            info = zipfile.ZipInfo(name)  # of no day: two of the same records are the same
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path
