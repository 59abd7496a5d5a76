"""What stands between the network and the application: which hosts, which headers."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = (
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Guard:
    """Answers only those who call us by a name of ours.

    A page of a stranger's can make a browser ask an address of this machine under a name of
    its own; the ``Host`` header then says so.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        """Stand before an application.

        Args:
            app: to be guarded.
            hosts: names that it may be called by, without ports.
        """
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts) | LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if host_of(scope) not in self._hosts:
            body = b"misdirected: this server does not answer to that name\n"
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await guarded({"type": "http.response.start", "status": 421, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await self._app(scope, receive, guarded)


def host_of(scope: Scope) -> str:
    """The name that somebody called us by, without the port; ``""`` for none or several."""
    named = [value for key, value in scope["headers"] if key == b"host"]
    if len(named) != 1:
        return ""
    host = str(named[0], "latin-1").lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
