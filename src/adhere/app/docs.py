"""Pages as physical files in somebody's documentation folder.

A manifest says which files are ours and what we wrote. Only changed bytes are written,
only our own files are removed, and a file of somebody else's is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Collection

import msgspec
from msgspec import Struct

from adhere.app.ground import Wanted
from adhere.app.project import Project
from adhere.app.publish import publish, publish_or_nothing
from adhere.app.snippets import keep_snippets
from adhere.app.store import write_atomically
from adhere.errors import AdhereError, Problem
from adhere.model.digest import bytes_digest
from adhere.policy.settings import ConfigTable
from adhere.report.json import canonical

MANIFEST = "_adhere/manifest.json"
"""Beside the pages, so that it goes where they go and each folder has its own."""


class Manifest(Struct, frozen=True):
    """Which files we wrote.

    Attributes:
        schema: of this file.
        files: digest of what we wrote, by path relative to the documentation's folder.
        pending: the same of what is being written; it stays when a run is killed, so that
            the next one knows both the old pages and the new.
    """

    schema: str
    files: dict[str, str]
    pending: dict[str, str] = {}


SCHEMA = "adhere.docs/1"


class ForeignFileError(AdhereError):
    """Somebody else's file stands where a page of ours goes."""


class Synced(Struct, frozen=True):
    """What was done, or would be.

    Attributes:
        written: paths relative to the documentation's folder, new or changed.
        removed: ours that are no longer a page.
        same: how many did not change.
        missing_report: there was none, and the pages say so.
        snippets: parts that pages include, new or changed, as one would name them.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    same: int
    missing_report: bool = False
    snippets: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.written or self.removed or self.snippets)


def sync(
    project: Project,
    config: ConfigTable,
    folder: str,
    *,
    report: str = "",
    out: str = "",
    templates: str = "",
    write: bool = True,
) -> Synced:
    """Write the pages of a report into a documentation folder.

    Args:
        project: whose.
        config: for the folders of reports and templates.
        folder: of the documentation, absolute.
        report: absolute path of a stored report, ``""`` for that of the last run.
        out: folder of reports, relative to the project; ``""`` for that of the configuration.
        templates: folder of the command line.
        write: ``False`` only says what would be done.

    Raises:
        ForeignFileError: a file that is not ours, or was changed by hand, is in the way.
        ReportError: the report cannot be read; that there is none is no error.
    """
    wanted = Wanted(docs=folder, report=report, out=out, templates=templates)
    published = (publish if report else publish_or_nothing)(project, config, wanted)
    done = put(project, folder, published.files, write=write)
    parts = keep_snippets(project, config, wanted, published.snippets, write=write)
    missing = not published.digest
    return msgspec.structs.replace(done, missing_report=missing, snippets=parts)


def put(
    project: Project,
    folder: str,
    pages: dict[str, bytes],
    *,
    manifest: str = MANIFEST,
    given_up: Collection[str] = (),
    write: bool = True,
) -> Synced:
    """Write pages into a folder, and remove those of ours that are no longer one.

    Args:
        project: for what to call files.
        folder: of the documentation, absolute.
        pages: content by path relative to it.
        manifest: that tells which files are ours, relative to the folder.
        given_up: files that were ours and are somebody else's by now; they are left alone.
        write: ``False`` only says what would be done.

    Raises:
        ForeignFileError: a file that is not ours, or was changed by hand, is in the way.
    """
    list_ = os.path.join(folder, *manifest.split("/"))
    before = _manifest(list_)
    known = {*before.files, *before.pending} - {*given_up}
    found = {name: _read(project, folder, name) for name in (*pages, *known)}
    _refuse_foreign(project, folder, pages, before, found)
    written = tuple(sorted(name for name, data in pages.items() if found[name] != data))
    removed = tuple(sorted(n for n in known if n not in pages and found[n] is not None))
    if write:
        digests = {name: _digest(data) for name, data in sorted(pages.items())}
        if written or removed:
            # Whatever stands there now was found to be ours.
            there = {name: _digest(data) for name, data in found.items() if data is not None}
            _keep(project, list_, Manifest(SCHEMA, there, digests))
        for name in written:
            target = os.path.join(folder, *name.split("/"))
            write_atomically(target, pages[name], project.label(target))
        for name in removed:
            os.unlink(os.path.join(folder, *name.split("/")))
        if written or removed or before.files != digests or before.pending:
            _keep(project, list_, Manifest(SCHEMA, digests))
    return Synced(written, removed, len(pages) - len(written))


def manifest_of(folder: str) -> dict[str, str]:
    """Digests of the pages that were written into a folder, by path relative to it.

    Args:
        folder: of the documentation, absolute.
    """
    files = _manifest(os.path.join(folder, *MANIFEST.split("/"))).files
    return {name: digest for name, digest in files.items() if _is_there(folder, name)}


def _is_there(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, *name.split("/")))


def _keep(project: Project, path: str, manifest: Manifest) -> None:
    write_atomically(path, canonical(manifest), project.label(path))


def _manifest(path: str) -> Manifest:
    """What we wrote into this folder; nothing that cannot be trusted to say so."""
    try:
        with open(path, "rb") as file:
            manifest = msgspec.json.decode(file.read(), type=Manifest)
    except (OSError, msgspec.DecodeError, RecursionError):
        return Manifest(SCHEMA, {})
    if manifest.schema != SCHEMA:
        return Manifest(SCHEMA, {})
    return Manifest(SCHEMA, _inside(manifest.files), _inside(manifest.pending))


def _inside(files: dict[str, str]) -> dict[str, str]:
    """Only paths below the folder: a manifest is a file like any other."""
    return {
        name: digest
        for name, digest in files.items()
        if name and "\\" not in name and ":" not in name and _is_below(name.split("/"))
    }


def _is_below(parts: list[str]) -> bool:
    return not {"", ".", ".."} & {*parts}


def _read(project: Project, folder: str, name: str) -> bytes | None:
    path = os.path.join(folder, *name.split("/"))
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("docs-foreign", f"it is in the way: {words}", path=project.label(path))
        raise ForeignFileError(problem) from None


def _digest(data: bytes) -> str:
    return bytes_digest(data)


def _refuse_foreign(
    project: Project,
    folder: str,
    pages: dict[str, bytes],
    manifest: Manifest,
    found: dict[str, bytes | None],
) -> None:
    """Refuse before anything is written, naming every file that is in the way."""
    problems = []
    for name, data in found.items():
        if data is None or data == pages.get(name):
            continue
        written = (manifest.files.get(name), manifest.pending.get(name))
        if _digest(data) in written:
            continue
        reason = "it was changed by hand" if any(written) else "adhere did not write it"
        path = project.label(os.path.join(folder, *name.split("/")))
        hint = "move it away, or remove it, and run this again"
        problems.append(
            Problem("docs-foreign", f"a page goes here, and {reason}", path=path, hint=hint)
        )
    if problems:
        raise ForeignFileError(problems)
