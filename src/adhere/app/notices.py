"""The texts of notices, read where the packages of a report lie.

A text is taken only while it has the digest that the report has: what was judged is what is
handed on. Nothing is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from adhere.app.project import OUTSIDE, Project
from adhere.app.stored import Stored
from adhere.errors import Problem, SourceError, UsageError
from adhere.licenses.roles import role
from adhere.model.claim import MAX_RAW
from adhere.model.digest import bytes_digest, text_digest
from adhere.model.metadata import MetadataError, head_of, parse_metadata
from adhere.report.disclosure import publishable
from adhere.report.document import ReportPackage
from adhere.report.json import encode_report
from adhere.report.notices import Held, Key, Notices, notices, ships
from adhere.sources.files import read_bytes
from adhere.sources.site_packages import find_environment

LIMIT = 2 * 1024 * 1024
"""Bytes of a license file that is copied; the longest of those that were seen has a third of it."""

_METADATA = ("METADATA", "PKG-INFO")
_ORDER = {"main": 0, "notice": 1, "part": 2, "other": 3}


def stored_notices(stored: Stored, places: Sequence[str] = ()) -> Notices:
    """The notices of a stored report, with the texts that are there now.

    Args:
        stored: report and project.
        places: environments that lie where the report does not tell, absolute.

    Raises:
        UsageError: one of these is none.
    """
    reader = _Reader(stored.project, [folder for place in places for folder in _folders(place)])
    held: dict[Key, Held] = {
        (package.name, package.version): reader.held(package)
        for package in stored.report.packages
        if ships(package)
    }
    told = publishable(encode_report(stored.report), stored.path, stored.config.report)
    return notices(told, held, reader.texts)


def _folders(place: str) -> tuple[str, ...]:
    """Where an environment keeps its packages."""
    name = os.path.basename(place)
    environment = find_environment(place, name)
    if environment is None:
        hint = "name a virtual environment, a site-packages folder or a Python executable"
        raise UsageError(Problem("usage", f"{name} is no environment", hint=hint))
    return environment.folders


class _Reader:
    def __init__(self, project: Project, outside: Sequence[str]) -> None:
        self._project = project
        self._outside = outside
        self.texts: dict[str, str] = {}

    def held(self, package: ReportPackage) -> Held:
        """Everything of one package that can be had."""
        folders = [seen.path.rpartition("/") for seen in package.seen_in]
        labels = [folder for folder, _, name in folders if name in _METADATA and folder]
        installed = [place for label in labels for place in self._places(label)]
        if not labels:
            return Held(lacking=("nothing that was judged has it installed",))
        wanted = package.license.texts
        if not wanted:
            return self._held_in_metadata(package, installed)
        names = _names(package)
        found: list[tuple[str, str]] = []
        lacking: list[str] = []
        for digest in wanted:
            name, reason = self._find(digest, names.get(digest, ()), installed)
            if reason:
                lacking.append(reason)
            else:
                found.append((name, digest))
        found.sort(key=lambda file: (_ORDER[role(file[0])], file[0]))
        return Held(tuple(found), tuple(lacking))

    def _held_in_metadata(self, package: ReportPackage, folders: Sequence[str]) -> Held:
        """A text that its author put into the metadata instead of a file of its own."""
        for claim in package.license.evidence:
            is_text = "\n" in claim.raw.strip() or len(claim.raw) >= MAX_RAW
            if claim.kind != "license-field" or not is_text:
                continue
            for folder in folders:
                if text := _license_field(os.path.join(folder, claim.document), claim.digest):
                    name, digest = f"License field of {claim.document}", text_digest(text)
                    self.texts[digest] = text
                    return Held(((name, digest),))
        return Held(lacking=("it was installed without a license file",))

    def _places(self, label: str) -> Iterator[str]:
        """Where a metadata folder may lie that the report calls so."""
        if not label.startswith(f"{OUTSIDE}/"):
            yield self._project.path(label)
            return
        name = label.rpartition("/")[2]
        yield from (os.path.join(folder, name) for folder in self._outside)

    def _find(self, digest: str, names: Sequence[str], folders: Sequence[str]) -> tuple[str, str]:
        """The name of a text that was read, or why none could be."""
        if not names:
            return "", "the report does not tell the name of one of its license files"
        reason = f"the report does not tell where {names[0]} lies: name the place with --source"
        for name in names:
            for folder in folders:
                reason = self._read(digest, name, folder)
                if not reason:
                    return name, ""
        return "", reason

    def _read(self, digest: str, name: str, folder: str) -> str:
        """Why a file cannot be taken, ``""`` when its text is at hand."""
        if digest in self.texts:
            return ""
        if not _is_inside(name):
            return f"{name} would lie outside of its folder"
        try:
            data = read_bytes(Path(folder, name), name, LIMIT)
        except SourceError as error:
            return f"{name}: {error.problems[0].message}"
        if bytes_digest(data) != digest:
            return f"{name} is not what was judged; run adhere check again"
        self.texts[digest] = _decoded(data)
        return ""


def _license_field(path: str, digest: str) -> str:
    """What stands in the field ``License``, ``""`` when that is not what was judged."""
    try:
        data = read_bytes(Path(path), os.path.basename(path))
        return parse_metadata(head_of(data) or data).license if bytes_digest(data) == digest else ""
    except (SourceError, MetadataError):
        return ""


def _names(package: ReportPackage) -> dict[str, list[str]]:
    """The files of each text, by its digest, as the evidence has them."""
    found: dict[str, list[str]] = {}
    for claim in package.license.evidence:
        if claim.kind == "license-text" and claim.document:
            found.setdefault(claim.digest, []).append(claim.document)
    return found


def _is_inside(name: str) -> bool:
    """Whether a name leads nowhere but down; a report may come from anybody."""
    parts = name.replace("\\", "/").split("/")
    return ".." not in parts and not os.path.isabs(name) and ":" not in parts[0]


def _decoded(data: bytes) -> str:
    """A license file's text. What is not UTF-8 is nearly always the name of a person in Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
