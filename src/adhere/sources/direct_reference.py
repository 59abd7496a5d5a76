"""A package that is named by its address alone: an archive, a repository, a folder."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from adhere.markers import MarkerError, parse
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name, is_valid_name
from adhere.sources.addresses import (
    direct_origin,
    file_name,
    fragment_of,
    is_archive,
    is_remote,
    is_vcs,
    masked,
)
from adhere.sources.entry import EntryError, hashes, shown
from adhere.sources.requirement_line import canonical_extras

_EXTRAS = re.compile(r"(?P<path>.+?)\[(?P<extras>[A-Za-z0-9._,\s-]*)\]", re.DOTALL)
_EGG = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]*)\])?(?:[=<>!~].*)?")
_WHEEL = re.compile(
    r"(?P<name>[A-Za-z0-9._]+)-(?P<version>[^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl"
)
_SDIST = re.compile(r"(?P<name>[A-Za-z0-9._-]+?)-(?P<version>\d[^-]*)\.(?:zip|tgz|tar(?:\.\w+)?)")
_HASHES = ("sha256", "sha384", "sha512", "md5", "sha1", "sha224")
_NAMED = re.compile(r"[A-Za-z0-9._-]++\s*+(?:\[[^\]]*+\]\s*+)?@")
_PATH = re.compile(r"\.|[A-Za-z]:[\\/]|[^\s;@=<>!~\[]*[\\/]")


class Direct(Struct, frozen=True):
    """What an address says.

    Attributes:
        requirement: its ``name`` is ``""`` when the address does not tell it.
        version: that a file name or a project file says, ``""`` for none.
        local: the folder it names, as written; ``""`` for anything else.
    """

    requirement: Requirement
    version: str = ""
    local: str = ""


def looks_direct(text: str) -> bool:
    """Whether a line names a place instead of a package: an address or a path."""
    if is_vcs(text) or is_remote(text) or text.lower().startswith("file:"):
        return True
    if _NAMED.match(text):
        return False
    head = text.partition(";")[0].strip()
    if head.endswith("]"):
        head = head[: head.rfind("[")]
    return _PATH.match(head) is not None or is_archive(head)


def read_direct(
    text: str, location: Location, folders: tuple[Path, ...], *, editable: bool = False
) -> Direct:
    """Read a line that names a place.

    Args:
        text: the address or path, perhaps with extras and a marker.
        location: of the line.
        folders: that a relative path may start from.
        editable: it is installed in place.

    Raises:
        EntryError: its marker or its hashes cannot be read.
    """
    address, marker = _split_marker(text)
    extras: tuple[str, ...] = ()
    with_extras = _EXTRAS.fullmatch(address)
    if with_extras and "#" not in address:
        address = with_extras["path"].strip()
        extras = canonical_extras(e.strip() for e in with_extras["extras"].split(",") if e.strip())
    fragment = fragment_of(address)
    name, version = _from_egg(fragment.get("egg", ""))
    egg = _EGG.fullmatch(fragment.get("egg", ""))
    if egg and egg["extras"]:
        extras = canonical_extras(e.strip() for e in egg["extras"].split(",") if e.strip())
    stated = [f"{key}:{fragment[key]}" for key in _HASHES if key in fragment]
    requirement = Requirement(
        name=canonical_name(name),
        raw=masked(text.strip()),
        location=location,
        extras=extras,
        marker=marker,
        origin=direct_origin(address, editable=editable),
        hashes=hashes(stated, []),
    )
    file = file_name(address)
    if not is_vcs(address) and is_archive(file):
        found, version = from_file_name(file)
        return Direct(_named(requirement, name or found), version)
    if is_vcs(address) or is_remote(address):
        return Direct(_named(requirement, name))
    path = address.partition("#")[0]
    found, version = _from_folder(path, folders, location)
    return Direct(_named(requirement, name or found), version, path)


def _named(requirement: Requirement, name: str) -> Requirement:
    """A requirement under a name, in canonical form."""
    if not name or not is_valid_name(name):
        return requirement
    return msgspec.structs.replace(requirement, name=canonical_name(name))


def _split_marker(text: str) -> tuple[str, str]:
    """Address and marker; after an address a blank has to stand before the semicolon."""
    separator = "; " if is_vcs(text) or is_remote(text) else ";"
    address, found, marker = text.partition(separator)
    marker = marker.strip()
    if not found or not marker:
        return text.strip(), ""
    try:
        parse(marker)
    except MarkerError as error:
        raise EntryError(f"its marker {shown(marker)} cannot be read: {error}") from None
    return address.strip(), marker


def _from_egg(egg: str) -> tuple[str, str]:
    match = _EGG.fullmatch(egg)
    return (match["name"], "") if match and is_valid_name(match["name"]) else ("", "")


def from_file_name(file: str) -> tuple[str, str]:
    """Name and version that an archive's file name tells, ``""`` where it does not."""
    match = (_WHEEL.fullmatch(file) or _SDIST.fullmatch(file)) if len(file) <= 255 else None
    if match is None or not is_valid_name(match["name"]):
        return "", ""
    return match["name"], match["version"].replace("_", "-")


def _from_folder(path: str, folders: tuple[Path, ...], location: Location) -> tuple[str, str]:
    """Name and version that the project file in a folder tells."""
    from urllib.parse import unquote

    from adhere.errors import SourceError
    from adhere.sources.pyproject import project

    if path.lower().startswith("file:"):
        path = unquote(re.sub(r"^file:(//(localhost)?(?=/))?", "", path, flags=re.IGNORECASE))
    for folder in folders:
        target = folder / path / "pyproject.toml"
        try:
            found = project(target, location.path)
        except (SourceError, ValueError):
            continue
        if found.name:
            return found.name, found.version
    return "", ""


def project_of(path: str, folders: tuple[Path, ...], location: Location) -> tuple[PackageName, str]:
    """Name and version of the project in a folder beside a lock, ``""`` where not told."""
    name, version = _from_folder(path, folders, location)
    return canonical_name(name), version
