"""Pages of a fake index: JSON as PEP 691, 700 and 792 say, HTML as PEP 503, 592 and 658 do."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from adhere.testing.project import FakeFile, FakeProject, FakeRelease

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
API_VERSION = "1.4"


@dataclass(frozen=True)
class Offer:
    """What an index tells beside the names of files; older ones do not tell all of it.

    Attributes:
        core_metadata: PEP 658 files are there and announced.
        upload_times: PEP 700: upload times, sizes and the list of versions.
        status: PEP 792.
    """

    core_metadata: bool = True
    upload_times: bool = True
    status: bool = True


def project_page(name: str, project: FakeProject, files: str, offer: Offer, media: str) -> bytes:
    """A project's page.

    Args:
        name: canonical.
        project: what is known of it.
        files: address of the folder that its files are in.
        offer: what is told.
        media: `JSON` or `HTML`.
    """
    rows = [(r, f) for r in project.all_releases() for f in r.files_of(name)]
    if media == JSON:
        return _project_json(name, project, rows, files, offer)
    return _project_html(name, project, rows, files, offer)


def root_page(names: Iterable[str], media: str) -> bytes:
    """The list of all projects; the arguments are as those of `project_page`."""
    if media == JSON:
        projects = [{"name": name} for name in sorted(names)]
        return json.dumps({"meta": {"api-version": API_VERSION}, "projects": projects}).encode()
    links = "".join(f'<a href="{name}/">{name}</a><br>\n' for name in sorted(names))
    return f"<!DOCTYPE html>\n<html><body>\n{links}</body></html>\n".encode()


def _project_json(
    name: str,
    project: FakeProject,
    rows: list[tuple[FakeRelease, FakeFile]],
    files: str,
    offer: Offer,
) -> bytes:
    page: dict[str, Any] = {"meta": {"api-version": API_VERSION}, "name": name, "files": []}
    if offer.status and project.status:
        page["project-status"] = {"status": project.status}
        if project.status_reason:
            page["project-status"]["reason"] = project.status_reason
    if offer.upload_times:
        page["versions"] = [release.version for release in project.all_releases()]
    for release, file in rows:
        entry: dict[str, Any] = {
            "filename": file.filename,
            "url": f"{files}/{file.filename}",
            "hashes": {"sha256": file.sha256},
            "requires-python": release.requires_python or None,
            "yanked": release.yanked,
        }
        if offer.upload_times:
            entry["size"] = len(file.content)
            entry["upload-time"] = release.uploaded.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if offer.core_metadata:
            digest = _metadata_digest(file)
            entry["core-metadata"] = {"sha256": digest} if digest else False
        page["files"].append(entry)
    return json.dumps(page).encode()


def _project_html(
    name: str,
    project: FakeProject,
    rows: list[tuple[FakeRelease, FakeFile]],
    files: str,
    offer: Offer,
) -> bytes:
    head = f'<meta name="pypi:repository-version" content="{API_VERSION}">'
    if offer.status and project.status:
        head += f'<meta name="pypi:project-status" content="{project.status}">'
        reason = html.escape(project.status_reason)
        if reason:
            head += f'<meta name="pypi:project-status-reason" content="{reason}">'
    links: list[str] = []
    for release, file in rows:
        attributes = {"href": f"{files}/{file.filename}#sha256={file.sha256}"}
        if release.requires_python:
            attributes["data-requires-python"] = release.requires_python
        if release.yanked is not False:
            attributes["data-yanked"] = "" if release.yanked is True else release.yanked
        digest = _metadata_digest(file)
        if offer.core_metadata and digest:
            attributes["data-core-metadata"] = f"sha256={digest}"
        words = " ".join(f'{key}="{html.escape(value)}"' for key, value in attributes.items())
        links.append(f"<a {words}>{file.filename}</a><br>")
    body = "\n".join(links)
    return (
        f"<!DOCTYPE html>\n<html><head>{head}<title>Links for {name}</title></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    ).encode()


def _metadata_digest(file: FakeFile) -> str:
    if file.metadata is None:
        return ""
    return hashlib.sha256(file.metadata.encode()).hexdigest()
