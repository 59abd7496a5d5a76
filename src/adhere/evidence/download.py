"""A large file fetched over HTTP, in pieces and runs: what arrived is kept and gone on with.

Pure but for the file that it writes: who sends requests is passed in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import IO, Protocol
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from adhere.errors import AdhereError, Problem
from adhere.ports import Clock, Progress

MAX_SNAPSHOT = 1024**3
"""Bytes of a snapshot; that of all Python packages had 40 MB in 2026."""

LONGEST = 900.0
"""Seconds that one run takes at most; the next one goes on where it stopped."""

_ATTEMPTS = 4
_REDIRECTS = 5
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class DownloadError(AdhereError):
    """A file could not be fetched; what arrived of it is kept."""

    exit_code = 3


class Interrupted(Exception):  # noqa: N818 - what happened
    """The connection failed, or ended in the middle. The text is a clause without secrets."""


class Response(Protocol):
    """What a server answers."""

    @property
    def status(self) -> int:
        """HTTP status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By name in small letters."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The body as it was sent, not unpacked.

        Raises:
            Interrupted: it ends before it is whole.
        """
        ...


class Transport(Protocol):
    """Somebody who sends requests, without following redirects."""

    def __call__(self, url: str, headers: Mapping[str, str]) -> AbstractContextManager[Response]:
        """Send a GET.

        Raises:
            Interrupted: there is no answer.
        """
        ...


class _About(Struct, frozen=True):
    """What the bytes of a part belong to: only then they may be gone on with."""

    url: str = ""
    validator: str = ""


class _AnewError(Interrupted):
    """What is there is of no use: the next attempt begins at the beginning."""


class Download:
    """One file on its way."""

    def __init__(
        self, url: str, part: str, transport: Transport, clock: Clock, progress: Progress
    ) -> None:
        """Prepare.

        Args:
            url: of the file.
            part: where it is collected; beside it stands what it belongs to.
            transport: sends requests.
            clock: for the longest time that it may take.
            progress: is told how many kB have arrived.
        """
        self.url = url
        self.part = part
        self._about = f"{part}.json"
        self._transport = transport
        self._clock = clock
        self._end = clock.elapsed() + LONGEST
        self._progress = progress

    def run(self) -> None:
        """Fetch what is missing.

        Raises:
            DownloadError: it is not whole; the next run goes on.
            OSError: the part cannot be written.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            before = self._size()
            try:
                self._attempt()
            except Interrupted as error:
                # Going on at once makes sense only where the last attempt brought something, or
                # found out that it has to begin anew.
                kept = self._size()
                anew = isinstance(error, _AnewError)
                if attempt == _ATTEMPTS or (kept <= before and not anew):
                    hint = f"{kept} bytes are kept; run it again to go on" if kept else "try later"
                    raise self._failed(str(error), hint) from None
            else:
                return

    def _attempt(self) -> None:
        start, about = self._size(), self._read_about()
        if not about.validator or about.url != self.url:
            start = 0
        headers = {"accept-encoding": "identity"}
        if start:
            headers |= {"range": f"bytes={start}-", "if-range": about.validator}
        url = self.url
        for _ in range(_REDIRECTS):
            with self._transport(url, headers) as response:
                if response.status in (301, 302, 303, 307, 308):
                    url = self._redirected(url, response.headers.get("location", ""))
                    continue
                return self._receive(response, start)
        raise self._failed(f"it was redirected more than {_REDIRECTS} times", "check the address")

    def _redirected(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            parts, own = urlsplit(target), urlsplit(url)
        except ValueError:
            raise self._failed("it is redirected to no address", "check the address") from None
        same = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        if not location or not (parts.scheme == "https" or same):
            message = f"it is redirected to {shown(target)}, which is not https"
            raise self._failed(message, "check the address")
        return target

    def _receive(self, response: Response, start: int) -> None:
        if response.status == 416 and start:
            if response.headers.get("content-range", "") == f"bytes */{start}":
                return  # all of it had arrived when somebody killed the process
            discard(self.part)  # what is there is no beginning of what the server has now
            raise _AnewError("the server has another file now")
        if response.status not in (200, 206):
            raise self._failed(f"the server answers {response.status}", "check the address")
        total = _length(response.headers)
        if response.status == 206:
            found = _RANGE.fullmatch(response.headers.get("content-range", ""))
            if found is None or int(found[1]) != start:
                discard(self.part)
                raise Interrupted("the server sent another part than was asked for")
            total = int(found[2])
        else:
            start = 0
        if total is not None and total > MAX_SNAPSHOT:
            raise self._failed(f"it has {total} bytes, more than any snapshot", "check the address")
        with open(self.part, "r+b" if start else "wb") as file:
            if not start:
                self._write_about(response.headers)
            file.seek(start)
            self._collect(file, response, start, total)

    def _collect(self, file: IO[bytes], response: Response, start: int, total: int | None) -> None:
        done = start
        for chunk in response.chunks():
            done += len(chunk)
            if done > MAX_SNAPSHOT:
                raise self._failed(f"it has more than {MAX_SNAPSHOT} bytes", "check the address")
            file.write(chunk)
            self._progress("download", done // 1000, max(total or done, 1) // 1000)
            if self._clock.elapsed() > self._end:
                hint = f"{done} bytes are kept; run it again to go on"
                raise self._failed(f"it took longer than {LONGEST:g} s", hint)
        if total is not None and done < total:
            raise Interrupted(f"the connection ended after {done} of {total} bytes")

    def _size(self) -> int:
        try:
            return os.stat(self.part).st_size
        except FileNotFoundError:
            return 0

    def _read_about(self) -> _About:
        try:
            with open(self._about, "rb") as file:
                return msgspec.json.decode(file.read(10_000), type=_About)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return _About()

    def _write_about(self, headers: Mapping[str, str]) -> None:
        """A weak validator does not say that two files have the same bytes."""
        etag = headers.get("etag", "")
        validator = etag if etag.startswith('"') else headers.get("last-modified", "")
        with open(self._about, "wb") as file:
            file.write(msgspec.json.encode(_About(self.url, validator)))

    def _failed(self, message: str, hint: str) -> DownloadError:
        problem = Problem("advisories-unreachable", message, path=shown(self.url), hint=hint)
        return DownloadError(problem)


def discard(part: str) -> None:
    """Forget what arrived of a file."""
    for path in (part, f"{part}.json"):
        with suppress(FileNotFoundError):
            os.unlink(path)


def _length(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def shown(url: str) -> str:
    """An address without what may be a secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
