"""The server of ``adhere serve``."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import Any

from adhere.app.request import Request
from adhere.app.settings import Settings
from adhere.app.store import REPORT
from adhere.app.stored import configured
from adhere.app.wiring import SystemClock
from adhere.errors import Problem, UsageError


def run(settings: Settings, terminal: Any) -> int:
    """Serve until somebody ends it, which is no failure.

    Raises:
        UsageError: the extra is not installed, or the address cannot be had.
    """
    try:
        import uvicorn

        from adhere.surfaces.web.application import application
    except ImportError as error:
        hint = 'python -m pip install "adhere[serve]"'
        message = f"what it serves with is not installed: {error.name}"
        raise UsageError(Problem("usage", message, hint=hint)) from None
    from adhere.app.warm import warm
    from adhere.surfaces.web.site import Site
    from adhere.surfaces.web.warmer import Warmer

    project, config = configured(settings.config)
    path = settings.report or project.path(f"{settings.given('out') or config.report.out}/{REPORT}")
    # The report is looked for when it is asked for: the first check may be still to come.
    site = Site(project, config, path, settings.templates)
    request = Request(config=settings.config or None, offline=settings.offline)
    warmer = None
    if settings.warm_every:
        warmer = Warmer(lambda: warm(request), settings.warm_every, SystemClock())
    listening = _listening(settings.host, settings.port)
    address, port = listening.getsockname()[:2]
    place = ip_address(address)
    if not place.is_loopback:
        terminal.say("whoever reaches this machine can read the report: it has no passwords")
    named = () if place.is_unspecified else (_bracketed(address),)
    hosts = {*settings.allow_host, *named}
    options = uvicorn.Config(
        application(site, warmer, hosts),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )

    def ready() -> None:
        terminal.say(f"http://{_bracketed(address)}:{port}/ serves {project.label(path)}")
        terminal.flush()

    _server(options, ready).run(sockets=[listening])
    return 0


def _server(options: Any, ready: Callable[[], None]) -> Any:
    """A server that tells when it serves."""
    import uvicorn

    class Server(uvicorn.Server):
        """One that takes a signal for a wish, and not for a reason to die of it afterwards."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Begin, and say so."""
            await super().startup(sockets=sockets)
            if not self.should_exit:
                ready()

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Shut down at the first signal, and at once at the second."""
            before: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int | None] = {}
            for number in (signal.SIGINT, signal.SIGTERM):
                before[number] = signal.signal(number, self.handle_exit)
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    return Server(options)


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        message = f"cannot listen at {host}, port {port}: {words}"
        raise UsageError(Problem("usage", message, hint="name another --port or --host")) from None
