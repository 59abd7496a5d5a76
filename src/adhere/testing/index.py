"""A fake package index: the simple repository API of PEP 503 and what came after it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from adhere.testing.certificates import Authority
from adhere.testing.message import Request, Response
from adhere.testing.pages import HTML, JSON, Offer, project_page, root_page
from adhere.testing.project import FakeFile, FakeProject, FakeRelease, Releases
from adhere.testing.server import FakeServer

__all__ = ["FakeFile", "FakeIndex", "FakeProject", "FakeRelease"]

MODIFIED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
"""``Last-Modified`` of every page."""


class FakeIndex(FakeServer):
    """A package index over projects that a test gives."""

    def __init__(
        self,
        projects: Mapping[str, FakeProject | Releases] | None = None,
        *,
        formats: Sequence[str] = ("json", "html"),
        offer: Offer | None = None,
        etag: bool = True,
        last_modified: bool = True,
        cache_control: str = "max-age=600, public",
        auth: tuple[str, str] | None = None,
        latency: float = 0.0,
        tls: Authority | None = None,
        certificate_host: str = "",
    ) -> None:
        """Make an index; the ``with`` block starts it.

        Args:
            projects: by name; a list is one of versions or releases.
            formats: that it has, ``json`` and ``html``, the preferred one first.
            offer: what it tells beside the names of files; ``None`` for everything.
            etag: answers have an ``ETag``, and ``If-None-Match`` is answered with 304.
            last_modified: the same for ``Last-Modified`` and ``If-Modified-Since``.
            cache_control: header of every page; ``""`` for none.
            auth: user and password that it asks for.
            latency: seconds before each answer.
            tls: who signs the certificate; ``None`` for plain HTTP.
            certificate_host: whom the certificate is for, in place of this server.
        """
        super().__init__(latency=latency, tls=tls, certificate_host=certificate_host)
        self.offer = offer or Offer()
        self._media = [{"json": JSON, "html": HTML}[name] for name in formats]
        self._etag = etag
        self._last_modified = last_modified
        self._cache_control = cache_control
        self._auth = auth
        self.projects: dict[str, FakeProject] = {}
        for name, project in (projects or {}).items():
            self.add(name, project)

    @property
    def url(self) -> str:
        """What to configure as the address of the index."""
        return f"{self.origin}/simple/"

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that make adhere ask this index, and nobody else."""
        found = {"ADHERE_INDEX_URL": self.url}
        if self._auth is not None:
            found["ADHERE_INDEX_USERNAME"], found["ADHERE_INDEX_PASSWORD"] = self._auth
        return found

    def add(self, name: str, project: FakeProject | Releases) -> None:
        """Add a project, or replace the one of this name."""
        found = project if isinstance(project, FakeProject) else FakeProject(tuple(project))
        self.projects[_canonical(name)] = found

    def page_path(self, name: str) -> str:
        """Path of a project's page, for `fail` and `counts`."""
        return f"/simple/{_canonical(name)}/"

    def answer(self, request: Request) -> Response:
        """What an index would say."""
        if self._auth is not None and not _authorised(request, self._auth):
            return Response(401, b"", {"WWW-Authenticate": 'Basic realm="index"'})
        if request.method not in ("GET", "HEAD"):
            return Response(405, b"")
        if request.path.startswith("/files/"):
            return self._file(request)
        if request.path == "/simple/":
            media = self._negotiated(request)
            return self._page(request, root_page(self.projects, media), media)
        found = re.fullmatch(r"/simple/([A-Za-z0-9._-]+)(/?)", request.path)
        if found is None:
            return Response(404, b"not found\n", {"Content-Type": "text/plain"})
        return self._project(request, found[1], found[2])

    def _project(self, request: Request, asked: str, slash: str) -> Response:
        name = _canonical(asked)
        if asked != name or not slash:
            return Response(301, b"", {"Location": f"/simple/{name}/"})
        project = self.projects.get(name)
        if project is None:
            return Response(404, b"not found\n", {"Content-Type": "text/plain"})
        media = self._negotiated(request)
        files = f"{self.origin}/files/{name}"
        return self._page(request, project_page(name, project, files, self.offer, media), media)

    def _negotiated(self, request: Request) -> str:
        """The best of our formats that the client takes; the first one when it takes none."""
        weights: dict[str, float] = {}
        for part in request.headers.get("accept", "*/*").split(","):
            media, _, parameters = part.strip().partition(";")
            quality = re.search(r"q=([0-9.]+)", parameters)
            weights[media.strip()] = float(quality[1]) if quality else 1.0
        if "text/html" in weights:
            weights.setdefault(HTML, weights["text/html"])
        return max(self._media, key=lambda media: weights.get(media, weights.get("*/*", 0.0)))

    def _page(self, request: Request, body: bytes, media: str) -> Response:
        headers = {"Content-Type": media, "Vary": "Accept, Accept-Encoding"}
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if self._etag:
            headers["ETag"] = tag
        if self._last_modified:
            headers["Last-Modified"] = format_datetime(MODIFIED, usegmt=True)
        if self._cache_control:
            headers["Cache-Control"] = self._cache_control
        if self._unchanged(request, tag):
            return Response(304, b"", headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 1, mtime=0)
        return Response(200, body, headers)

    def _unchanged(self, request: Request, tag: str) -> bool:
        asked = request.headers.get("if-none-match", "")
        if asked:
            return self._etag and tag in asked
        since = request.headers.get("if-modified-since", "")
        return bool(since) and self._last_modified and parsedate_to_datetime(since) >= MODIFIED

    def _file(self, request: Request) -> Response:
        name, _, filename = request.path.removeprefix("/files/").partition("/")
        project = self.projects.get(name, FakeProject())
        for release in project.all_releases():
            for file in release.files_of(name):
                if filename == file.filename:
                    return Response(200, file.content, {"Content-Type": "application/zip"})
                announced = file.metadata is not None and self.offer.core_metadata
                if announced and filename == f"{file.filename}.metadata":
                    body = (file.metadata or "").encode()
                    return Response(200, body, {"Content-Type": "text/plain; charset=utf-8"})
        return Response(404, b"not found\n", {"Content-Type": "text/plain"})


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _authorised(request: Request, auth: tuple[str, str]) -> bool:
    wanted = base64.b64encode(":".join(auth).encode()).decode()
    return request.headers.get("authorization", "") == f"Basic {wanted}"
