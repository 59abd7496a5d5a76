"""The routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

import adhere
from adhere.errors import AdhereError
from adhere.report.prometheus import CONTENT_TYPE, exposition
from adhere.surfaces.web.guard import Guard
from adhere.surfaces.web.site import Loaded, Site
from adhere.surfaces.web.warmer import Warmer

_TYPES = {
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def application(site: Site, warmer: Warmer | None, hosts: Collection[str]) -> ASGIApp:
    """The whole application.

    Args:
        site: the report and its pages.
        warmer: fills the cache on a schedule; ``None`` for nobody.
        hosts: names that it may be called by, besides those of the loopback.
    """
    routes = _Routes(site, warmer)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(warmer.run()) if warmer is not None else None
        try:
            yield
        finally:
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    methods = ["GET"]  # and HEAD
    return Guard(
        Starlette(
            routes=[
                Route("/healthz", routes.alive, methods=methods),
                Route("/readyz", routes.ready, methods=methods),
                Route("/metrics", routes.metrics, methods=methods),
                Route("/", routes.page, methods=methods),
                Route("/{name:path}", routes.page, methods=methods),
            ],
            lifespan=lifespan,
        ),
        hosts,
    )


class _Routes:
    def __init__(self, site: Site, warmer: Warmer | None) -> None:
        self._site = site
        self._warmer = warmer

    async def alive(self, _request: Request) -> Response:
        return _json({"status": "ok", "version": adhere.__version__})

    async def ready(self, _request: Request) -> Response:
        """Whether there is a report to serve."""
        warmed = self._warmer.state if self._warmer is not None else None
        try:
            loaded = await self._loaded()
        except AdhereError as error:
            return _json({"status": "not ready", "reason": str(error), "warmed": warmed}, 503)
        report = loaded.report
        about = {
            "started": report.run.started,
            "commit": report.subject.commit,
            "verdict": report.gates[0].verdict,
        }
        return _json({"status": "ready", "report": about, "warmed": warmed})

    async def metrics(self, _request: Request) -> Response:
        try:
            loaded = await self._loaded()
        except AdhereError as error:
            return _words(str(error), 503)
        return Response(exposition(loaded.report), media_type=CONTENT_TYPE)

    async def page(self, request: Request) -> Response:
        """A file of the site; names are looked up, never opened."""
        try:
            loaded = await self._loaded()
        except AdhereError as error:
            return _words(f"{error}\n{error.problems[0].hint}", 503)
        name = request.path_params.get("name") or "index.html"
        data = loaded.files.get(name)
        if data is None:
            return _words("there is no such page", 404)
        headers = {"etag": loaded.etags[name], "cache-control": "no-cache"}
        if headers["etag"] in request.headers.get("if-none-match", "").split(", "):
            return Response(status_code=304, headers=headers)
        media = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return Response(data, headers=headers, media_type=media)

    async def _loaded(self) -> Loaded:
        return await asyncio.to_thread(self._site.current)


def _json(value: Any, status: int = 200) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _words(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, {"cache-control": "no-store"}, "text/plain")
