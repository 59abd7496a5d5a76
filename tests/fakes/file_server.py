"""A server on loopback that serves one file, in the ways in which servers go wrong."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FileServer:
    """What to serve and how; a test changes it while it runs.

    Attributes:
        data: the file.
        etag: its validator; ``""`` for none.
        ranges: whether parts are served.
        cut: bytes after which the connection is reset, by request; the last one stays.
        status: another status than success, ``0`` for none.
        location: where to redirect to.
        length: whether the length is told; without it the end of the body is hard to tell.
        lies: tell this content range.
        pause: seconds before every piece.
        piece: bytes that are sent at once.
        seen: headers of every request.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.etag = '"1"'
        self.ranges = True
        self.cut: list[int] = []
        self.status = 0
        self.location = ""
        self.length = True
        self.lies = ""
        self.pause = 0.0
        self.piece = 10_000
        self.seen: list[dict[str, str]] = []
        self.url = ""


@contextmanager
def serving(data: bytes) -> Iterator[FileServer]:
    """Serve until the test ends."""
    told = FileServer(data)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, told)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}/all.zip"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, told: FileServer) -> None:
    headers = {name.lower(): value for name, value in handler.headers.items()}
    told.seen.append(headers)
    if told.status or told.location:
        handler.send_response(told.status or 302)
        if told.location:
            handler.send_header("Location", told.location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    start = 0
    wanted = headers.get("range", "")
    if wanted and told.ranges and headers.get("if-range") == told.etag:
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(told.data):
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{len(told.data)}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
    body = told.data[start:]
    handler.send_response(206 if start else 200)
    if start:
        total = len(told.data)
        content_range = told.lies or f"bytes {start}-{total - 1}/{total}"
        handler.send_header("Content-Range", content_range)
    if told.length:
        handler.send_header("Content-Length", str(len(body)))
    if told.etag:
        handler.send_header("ETag", told.etag)
    handler.end_headers()
    limit = told.cut.pop(0) if told.cut else len(body)
    for at in range(0, min(limit, len(body)), told.piece):
        time.sleep(told.pause)
        handler.wfile.write(body[at : min(at + told.piece, limit)])
    if limit < len(body):
        handler.wfile.flush()
        time.sleep(0.05)  # what was sent has to arrive before the reset
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()
        handler.close_connection = True
