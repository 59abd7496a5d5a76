"""One attempt at one request: when it may start, and what its outcome means."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from math import inf
from typing import Protocol

from msgspec import Struct

from adhere.evidence.address import origin_of
from adhere.evidence.backoff import retry_after
from adhere.evidence.fetch import Brief, Decode, Fetch, Fetched, missing, reason_of
from adhere.evidence.freshness import ABSENT, lifetime
from adhere.evidence.hosts import Host
from adhere.evidence.run import Run
from adhere.evidence.stored import VERSION, Entry, Recalled
from adhere.evidence.transport import Answer, TransportError
from adhere.evidence.wire.garbage import Garbage
from adhere.model.finding import Missing

_FAILED = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_ABSENT = frozenset({404, 410})
_BUSY = 429
_UNCHANGED = 304
_ANSWERED = frozenset({"redirected", "too large", "garbage"})  # by a host that is up
_FINAL = _ANSWERED | {"certificate"}


class Sender(Protocol):
    """Sends a request: `adhere.evidence.transport.Transport`."""

    async def send(self, fetch: Fetch, headers: Mapping[str, str]) -> Answer:
        """Its answer.

        Raises:
            TransportError: there is none.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class Again(Struct, frozen=True):
    """Another attempt may do better.

    Attributes:
        why: what to say if there is none.
        at_least: seconds that the host wants to be left alone.
    """

    why: Missing
    at_least: float = 0.0


Outcome = Fetched | Missing | Again


class Attempts:
    """Sends single requests, within the limits that all of them share."""

    def __init__(self, run: Run, sender: Sender, recalled: Recalled, decode: Decode) -> None:
        self._run = run
        self._sender = sender
        self._recalled = recalled
        self._decode = decode

    async def once(self, fetch: Fetch, attempt: int = 1) -> Outcome:
        """One attempt, in its turn.

        Args:
            fetch: what is asked.
            attempt: its number, for the log.
        """
        host = self._run.hosts.of(origin_of(fetch.url))
        if host.is_open:
            return _left_alone(host)
        if not await self._turn(host):
            return self._too_late(host)
        leave = await host.admit()
        if leave is None:
            return _left_alone(host)
        run, about = self._run, {"host": str(host.origin), "kind": fetch.kind}
        run.log.tell("request.sent", **about, attempt=attempt)
        start, told = run.elapsed, False
        try:
            answer = await self._send(fetch, host)
            told = True
        finally:
            if not told:
                host.cancelled(leave)
        if _is_up(answer):
            host.succeeded(leave)
        else:
            host.failed(leave)
        outcome = self._read(fetch, host, answer) if isinstance(answer, Answer) else answer
        seconds = round(run.elapsed - start, 4)
        if isinstance(outcome, Fetched):
            run.log.tell("request.answered", **about, seconds=seconds)
        else:
            why = outcome.why if isinstance(outcome, Again) else outcome
            run.log.tell("request.failed", **about, reason=why.reason, seconds=seconds)
        return outcome

    def _too_late(self, host: Host) -> Missing:
        if not self._run.deadline.admits(host.quiet_until):
            return missing(
                "busy", f"{host.origin} asks to be left alone for longer than we can wait"
            )
        return missing(
            "deadline", hint="a longer --deadline, or another run: what came so far is kept"
        )

    async def _turn(self, host: Host) -> bool:
        """Wait for the next free moment; ``False`` when that is past the deadline."""
        while True:
            now = self._run.elapsed
            quiet = host.quiet_until
            start = max(quiet, self._run.limiter.peek(now))
            if not self._run.deadline.admits(start):
                return False
            if quiet > now:
                await asyncio.sleep(quiet - now)
                continue  # everybody wakes up at once now, and takes turns
            start = self._run.limiter.reserve(now)
            if start > now:
                await asyncio.sleep(start - now)
            if host.quiet_until <= self._run.elapsed:
                return True

    async def _send(self, fetch: Fetch, host: Host) -> Answer | Again | Missing:
        """The answer, or why the host has failed."""
        self._run.counts["requests"] += 1
        self._run.by_host[str(host.origin), "requests"] += 1
        # Where the deadline is nearer, it cancels all of this: its doing, not the host's.
        try:
            async with asyncio.timeout(self._run.limits.timeout):
                return await self._sender.send(fetch, self._conditions(fetch))
        except TimeoutError:
            seconds = f"{self._run.limits.timeout:g} s"
            return Again(missing("timeout", f"{host.origin} did not answer within {seconds}"))
        except TransportError as error:
            absent = missing(error.reason, error.detail)
            return absent if error.reason in _FINAL else Again(absent)

    def _conditions(self, fetch: Fetch) -> dict[str, str]:
        entry, _ = self._recalled.held.get(fetch, (None, None))
        headers: dict[str, str] = {}
        if entry is not None and entry.etag:
            headers["If-None-Match"] = entry.etag
        elif entry is not None and entry.last_modified:
            headers["If-Modified-Since"] = entry.last_modified
        return headers

    def _read(self, fetch: Fetch, host: Host, answer: Answer) -> Outcome:
        status = answer.status
        entry, _ = self._recalled.held.get(fetch, (None, None))
        if status == _UNCHANGED and entry is not None:
            self._run.counts["unchanged"] += 1
            return self._kept(fetch, entry, answer)
        if status in _ABSENT and fetch.may_be_absent:
            return self._kept(fetch, Entry(VERSION, b"", found=False), answer)
        if status in _FAILED or status == _BUSY:
            return self._rest(host, answer)
        if status in (401, 403, 407):
            detail = f"{host.origin} answers {status}"
            return missing("refused", detail, "credentials for it in netrc, keyring or environment")
        if status != 200:
            return missing("refused", f"{host.origin} answers {status}")
        try:
            body = self._decode(fetch, answer.body)
        except Garbage as error:
            return missing("garbage", f"{host.origin}: {error}")
        self._run.counts["bytes"] += len(answer.body)
        self._run.by_host[str(host.origin), "bytes"] += len(answer.body)
        if isinstance(body, Brief):
            # Without tags: "unchanged since" would make it good for as long as its kind is.
            return self._kept(fetch, Entry(VERSION, body.body), answer, at_most=body.seconds)
        tags = (answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        return self._kept(fetch, Entry(VERSION, body, True, *tags), answer)  # noqa: FBT003 - found

    def _kept(self, fetch: Fetch, entry: Entry, answer: Answer, *, at_most: float = inf) -> Fetched:
        limits = self._run.limits
        ttl = min(at_most, limits.ttl.get(fetch.kind, limits.default_ttl))
        if not entry.found:
            ttl = min(ttl, limits.ttl.get("absent", ABSENT))
        life = lifetime(answer.headers, ttl, heed=limits.heed_max_age)
        self._run.keeper.keep(fetch, entry, life)
        return Fetched(entry.body, found=entry.found)

    def _rest(self, host: Host, answer: Answer) -> Again:
        """A host that is broken or busy; it may say for how long."""
        wait = retry_after(answer.headers.get("retry-after", ""), self._run.clock.now())
        if wait is not None:
            host.quiet_until = max(host.quiet_until, self._run.elapsed + wait)
        reason = missing(
            "busy" if answer.status == _BUSY else "failed", f"{host.origin} answers {answer.status}"
        )
        return Again(reason, wait or 0.0)


def _is_up(answer: Answer | Again | Missing) -> bool:
    """Whether a host does what hosts do, be it to refuse us."""
    if isinstance(answer, Answer):
        return answer.status not in _FAILED
    return isinstance(answer, Missing) and reason_of(answer) in _ANSWERED


def _left_alone(host: Host) -> Missing:
    detail = f"{host.origin} failed too often; it is left alone for a while"
    return missing("breaker", detail, "adhere health says until when")
