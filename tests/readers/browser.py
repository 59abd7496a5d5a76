"""A real Chromium, without a window, that says what a page does.

It is spoken to by the DevTools protocol over two pipes, which needs no port and no library.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60.0
"""Seconds for an answer; a busy machine takes a few."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--remote-debugging-pipe",
)


class Browser:
    """One browser with one page."""

    def __init__(self, profile: Path) -> None:
        """Start it.

        Args:
            profile: an empty folder.
        """
        program = next((found for name in NAMES if (found := shutil.which(name))), None)
        if program is None:
            if os.environ.get("CI"):
                pytest.fail("there is no Chromium: apt-get install chromium")
            pytest.skip("there is no Chromium")
        self._in, self._out, self._process = _started(program, profile)
        self._count = 0
        self._rest = b""
        self.session = ""
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self) -> None:
        """End it, with its children."""
        for pipe in (self._in, self._out):
            os.close(pipe)
        for _ in range(50):
            if os.waitpid(self._process, os.WNOHANG)[0]:
                return
            time.sleep(0.1)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Send a command; what it answers."""
        self._count += 1
        command = {"id": self._count, "method": method, "params": given}
        if self.session:
            command["sessionId"] = self.session
        os.write(self._out, json.dumps(command).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self._count:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def open(self, address: str) -> None:
        """Go to a page, and wait until it is there."""
        self.events = []
        self.ask("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._message())

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def look(self, width: int, scheme: str = "light", media: str = "screen") -> None:
        """The size of the window, in CSS pixels, and what the reader prefers."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        wish = {"name": "prefers-color-scheme", "value": scheme}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[wish])

    def picture(self) -> bytes:
        """All of the page, PNG."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        part = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4000)}
        taken = self.ask(
            "Page.captureScreenshot", captureBeyondViewport=True, clip={**part, "scale": 1}
        )
        return base64.b64decode(taken["data"])

    def key(self, name: str, code: int, text: str = "") -> None:
        """Press a key."""
        about = {"key": name, "code": name, "windowsVirtualKeyCode": code, "text": text}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **about)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **about)

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """Pages run no script."""
        self.ask("Emulation.setScriptExecutionDisabled", value=True)
        try:
            yield
        finally:
            self.ask("Emulation.setScriptExecutionDisabled", value=False)

    def troubles(self) -> list[str]:
        """What went wrong since the page was opened, as a developer's console shows it."""
        self.run("1")  # events come in their order: all before this are there
        found = []
        for event in self.events:
            given: Mapping[str, Any] = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(given["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded" and given["entry"]["level"] == "error":
                found.append(f"{given['entry']['text']} {given['entry'].get('url', '')}")
            elif event.get("method") == "Runtime.consoleAPICalled" and given["type"] == "error":
                found.append(str(given["args"]))
        return found

    def requests(self) -> list[str]:
        """Addresses that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._in, 1 << 16)
            assert data, "the browser ended"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message


def _started(program: str, profile: Path) -> tuple[int, int, int]:
    """What to read from, what to write to, and the process."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # Out of the way of 3 and 4, which the protocol wants.
    far = [fcntl.fcntl(pipe, fcntl.F_DUPFD, 10) for pipe in (theirs_in, theirs_out)]
    actions = [
        (os.POSIX_SPAWN_DUP2, far[0], 3),
        (os.POSIX_SPAWN_DUP2, far[1], 4),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = os.posix_spawn(program, command, dict(os.environ), file_actions=actions)
    for pipe in (theirs_in, theirs_out, *far):
        os.close(pipe)
    return ours_in, ours_out, process
