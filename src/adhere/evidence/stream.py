"""Large answers over HTTP, by httpx: the transport of `adhere.evidence.download`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from adhere.evidence.download import Interrupted, Response, Transport

_PATIENCE = httpx.Timeout(30.0, connect=10.0)
"""Seconds of silence; the time of all is bounded by who reads."""


class _Response:
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    def chunks(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_raw()
        except httpx.HTTPError as error:
            raise Interrupted(_words(error)) from None


def streaming(version: str) -> Transport:
    """A transport; credentials and proxies are those of netrc and the environment.

    Args:
        version: of adhere, which servers are told.
    """
    own = {"user-agent": f"adhere/{version}"}

    @contextmanager
    def stream(url: str, headers: Mapping[str, str]) -> Iterator[Response]:
        try:
            with (
                httpx.Client(timeout=_PATIENCE, headers=own) as client,
                client.stream("GET", url, headers=dict(headers)) as response,
            ):
                yield _Response(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Interrupted(_words(error)) from None

    return stream


def _words(error: Exception) -> str:
    """Ours: those of the library may quote addresses with secrets."""
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return "it is no address that can be asked"
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return "the server cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "the server said nothing for too long"
    return "the connection ended in the middle"
