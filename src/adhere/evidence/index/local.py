"""Indexes on this machine: ``file:`` ones, and folders or pages of files (``find-links``)."""

from __future__ import annotations

import os
from functools import partial

from msgspec.structs import replace

from adhere.evidence.index import look
from adhere.evidence.index.choice import Index
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import Project, distil, read_project
from adhere.evidence.wire.pypi_raw import RawFile, RawPage
from adhere.model.names import PackageName

MAX_PAGE = 64 * 1024 * 1024
_PAGES = ("index.json", "index.html")
_MARKUP = (".html", ".htm")


def read_local(index: Index, name: PackageName) -> Project | None:
    """What a local index says of a project; ``None`` when it does not have it.

    Raises:
        Garbage: its page is none.
        OSError: it cannot be read.
    """
    if index.kind == "links":
        return _read_links(index, name)
    folder = os.path.join(index.folder, name)
    if not look.is_folder(folder):
        if not look.is_folder(index.folder):
            raise FileNotFoundError(index.folder)
        return None
    for page in _PAGES:
        path = os.path.join(folder, page)
        if look.is_file(path):
            return read_project(_read(path), name, index.label, _nowhere)
    return _listed(folder, name, index)


def _read_links(index: Index, name: PackageName) -> Project | None:
    if index.folder.endswith(_MARKUP) and look.is_file(index.folder):
        return links_project(_read(index.folder), name, index)
    return _listed(index.folder, name, index)


def links_project(data: bytes, name: PackageName, index: Index) -> Project | None:
    """What a page of files says of a project; ``None`` when none of them is of it."""
    try:
        found = read_project(data, name, index.label, _nowhere)
    except Garbage as error:
        if "no file of the project" in str(error):
            return None
        raise
    return found if found.page.releases else None


def _listed(folder: str, name: PackageName, index: Index) -> Project | None:
    files = [RawFile(file, file) for file in sorted(os.listdir(folder))]
    try:
        found = distil(RawPage(files), name, index.label, _nowhere)
    except Garbage:
        return None  # nothing in the folder is of this project
    return _without_withdrawals(found) if found.page.releases else None


def _without_withdrawals(found: Project) -> Project:
    """A folder of files has no place to say that a release was withdrawn."""
    page = found.page
    releases = tuple(replace(release, yanked=None) for release in page.releases)
    silent = (*page.silent, "withdrawals")
    return Project(replace(page, releases=releases, silent=silent), found.metadata)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        data = file.read(MAX_PAGE + 1)
    if len(data) > MAX_PAGE:
        raise Garbage(f"it has more than {MAX_PAGE} bytes")
    return data


def _join_nothing(address: str, _target: str) -> str:
    """Nothing is fetched from here, so no link is followed."""
    return address


_nowhere = partial(_join_nothing, "")
