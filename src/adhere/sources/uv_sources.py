"""``[tool.uv.sources]``: where uv gets a requirement from instead of the index."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from adhere.model.inventory import Requirement
from adhere.model.names import canonical_name
from adhere.model.package import Origin
from adhere.sources.addresses import vcs_origin, without_credentials
from adhere.sources.entry import EntryError, decode


class _Source(Struct, frozen=True):
    git: str = ""
    rev: str = ""
    tag: str = ""
    branch: str = ""
    subdirectory: str = ""
    url: str = ""
    path: str = ""
    editable: bool = False
    index: str = ""
    workspace: bool = False


class UvSources:
    """The table, by package. Entries that uv itself would refuse say nothing."""

    def __init__(self, uv: dict[str, Any]) -> None:
        """Read ``[tool.uv]``."""
        self._origins: dict[str, Origin] = {}
        indexes = _indexes(uv.get("index"))
        table = uv.get("sources")
        for name, value in table.items() if isinstance(table, dict) else ():
            choices = value if isinstance(value, list) else [value]
            try:
                # Several sources differ by marker; the first one stands for them.
                origin = _origin(decode(choices[0], _Source), indexes) if choices else None
            except EntryError:
                continue
            if origin is not None:
                self._origins[canonical_name(name)] = origin

    def origin(self, requirement: Requirement) -> Origin:
        """Where a requirement comes from; an address in the requirement itself wins."""
        if requirement.origin.kind != "index":
            return requirement.origin
        return self._origins.get(requirement.name, requirement.origin)


def _indexes(value: object) -> dict[str, str]:
    entries = value if isinstance(value, list) else []
    return {
        entry["name"]: without_credentials(entry["url"])
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and isinstance(entry.get("url"), str)
    }


def _origin(source: _Source, indexes: dict[str, str]) -> Origin | None:
    if source.git:
        reference = source.rev or source.tag or source.branch
        return vcs_origin(source.git, reference=reference, subdirectory=source.subdirectory)
    if source.url:
        return Origin("url", without_credentials(source.url), subdirectory=source.subdirectory)
    if source.path:
        return Origin("editable" if source.editable else "path", source.path)
    if source.workspace:
        return Origin("editable")
    if source.index:
        return Origin("index", indexes.get(source.index, ""))
    return None
