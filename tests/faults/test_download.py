"""A snapshot on its way: servers that break off, lie, change their minds; processes that are killed."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adhere.errors import AdhereError
from adhere.evidence import download as module
from adhere.evidence.download import Download, DownloadError
from adhere.evidence.stream import streaming
from fakes.clock import FakeClock
from fakes.file_server import FileServer, serving

DATA = random.Random(1).randbytes(300_000)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(DATA) as found:
        yield found


def fetch(server: FileServer, folder: Path, url: str = "") -> bytes:
    part = folder / "s.part"
    Download(url or server.url, str(part), streaming("0"), FakeClock(), lambda *_: None).run()
    return part.read_bytes()


def refusal(server: FileServer, folder: Path, url: str = "") -> str:
    with pytest.raises(DownloadError) as caught:
        fetch(server, folder, url)
    assert caught.value.exit_code == 3
    (problem,) = caught.value.problems
    assert problem.code == "advisories-unreachable"
    assert problem.hint
    return problem.message


def test_whole(server: FileServer, tmp_path: Path) -> None:
    assert fetch(server, tmp_path) == DATA
    assert server.seen[0]["user-agent"] == "adhere/0"
    assert server.seen[0]["accept-encoding"] == "identity"


def test_broken_connections_are_gone_on_with(server: FileServer, tmp_path: Path) -> None:
    server.cut = [100_000, 100_000]
    assert fetch(server, tmp_path) == DATA
    assert [seen.get("range", "")[:6] for seen in server.seen] == ["", "bytes=", "bytes="]


def test_another_run_goes_on(server: FileServer, tmp_path: Path) -> None:
    server.cut = [50_000, 0]
    assert "the connection ended" in refusal(server, tmp_path)
    assert fetch(server, tmp_path) == DATA
    assert int(server.seen[-1]["range"].removeprefix("bytes=").rstrip("-")) > 0


def test_a_server_that_brings_nothing_is_given_up(server: FileServer, tmp_path: Path) -> None:
    server.cut = [0] * 9
    refusal(server, tmp_path)
    assert len(server.seen) == 1


def test_another_file_is_fetched_from_its_beginning(server: FileServer, tmp_path: Path) -> None:
    server.cut = [50_000, 0]
    refusal(server, tmp_path)
    server.data, server.etag = DATA[::-1], '"2"'
    assert fetch(server, tmp_path) == DATA[::-1]


@pytest.mark.parametrize("etag", ["", 'W/"1"'])
def test_without_a_strong_validator_nothing_is_gone_on_with(
    server: FileServer, tmp_path: Path, etag: str
) -> None:
    server.etag, server.cut = etag, [50_000, 0]
    refusal(server, tmp_path)
    assert fetch(server, tmp_path) == DATA
    assert "range" not in server.seen[-1]


def test_a_part_of_another_address_is_not_gone_on_with(server: FileServer, tmp_path: Path) -> None:
    server.cut = [50_000, 0]
    refusal(server, tmp_path)
    assert fetch(server, tmp_path, server.url + "?other") == DATA
    assert "range" not in server.seen[-1]


def test_a_server_without_parts_sends_all(server: FileServer, tmp_path: Path) -> None:
    server.ranges, server.cut = False, [50_000]
    assert fetch(server, tmp_path) == DATA


def test_a_part_that_is_longer_than_the_file(server: FileServer, tmp_path: Path) -> None:
    server.cut = [290_000, 0]
    refusal(server, tmp_path)
    with open(tmp_path / "s.part", "ab") as part:
        part.write(b"x" * 20_000)
    assert fetch(server, tmp_path) == DATA


def test_a_part_that_is_whole_already(server: FileServer, tmp_path: Path) -> None:
    """Killed between the last byte and the next step: there is nothing more to fetch."""
    fetch(server, tmp_path)
    assert fetch(server, tmp_path) == DATA
    assert server.seen[-1]["range"] == f"bytes={len(DATA)}-"


def test_a_lie_about_the_part(server: FileServer, tmp_path: Path) -> None:
    server.cut, server.lies = [50_000], "bytes 7-299999/300000"
    assert "another part" in refusal(server, tmp_path)
    server.lies = ""
    assert fetch(server, tmp_path) == DATA


@pytest.mark.parametrize("status", [404, 403, 429, 500, 503, 204])
def test_other_answers(server: FileServer, tmp_path: Path, status: int) -> None:
    server.status = status
    assert refusal(server, tmp_path) == f"the server answers {status}"
    assert not (tmp_path / "s.part").exists()


def test_redirects_stay_or_lead_to_https(server: FileServer, tmp_path: Path) -> None:
    with serving(DATA) as other:
        server.location = other.url
        assert "which is not https" in refusal(server, tmp_path)
        server.location = "ftp://user:secret@127.0.0.1/all.zip"
        assert "secret" not in refusal(server, tmp_path)
        assert not other.seen
    server.location = "http://[::1"
    assert refusal(server, tmp_path)
    server.location = "/all.zip"
    assert refusal(server, tmp_path) == "it was redirected more than 5 times"


@pytest.mark.parametrize("length", [True, False])
def test_too_large(
    server: FileServer, tmp_path: Path, length: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.length = length
    monkeypatch.setattr(module, "MAX_SNAPSHOT", 100_000)
    assert "bytes" in refusal(server, tmp_path)


def test_slow_drip(server: FileServer, tmp_path: Path) -> None:
    clock = FakeClock()

    def tell(_what: str, _done: int, _total: int) -> None:
        clock.pass_time(seconds=400)

    part = tmp_path / "s.part"
    download = Download(server.url, str(part), streaming("0"), clock, tell)
    with pytest.raises(DownloadError, match="took longer than 900 s"):
        download.run()
    assert fetch(server, tmp_path) == DATA
    assert "range" in server.seen[-1]


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}/all.zip"
    with pytest.raises(AdhereError, match="cannot be reached") as caught:
        fetch(FileServer(b""), tmp_path, url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a b/", "http://\x00/"])
def test_no_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(AdhereError):
        fetch(FileServer(b""), tmp_path, url)


def test_garbage_instead_of_http(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            connection.recv(1000)
            connection.sendall(b"SSH-2.0-OpenSSH\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/all.zip"
        with pytest.raises(DownloadError):
            fetch(FileServer(b""), tmp_path, url)
        thread.join()


def test_a_full_disk_is_said(server: FileServer) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    download = Download(server.url, "/dev/full", streaming("0"), FakeClock(), lambda *_: None)
    download._about = "/dev/null"
    with pytest.raises(OSError, match="No space left"):
        download.run()


PROGRAM = """
import sys
from adhere.app.wiring import SystemClock
from adhere.evidence.download import Download
from adhere.evidence.stream import streaming
Download(sys.argv[1], sys.argv[2], streaming("0"), SystemClock(), lambda *_: None).run()
"""


def test_killed_at_any_moment(server: FileServer, tmp_path: Path) -> None:
    moments = random.Random(3)
    server.pause = 0.005
    part = tmp_path / "s.part"
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, server.url, str(part)])
        time.sleep(moments.uniform(0.2, 0.5))
        process.kill()
        process.wait()
    server.pause = 0.0
    assert fetch(server, tmp_path) == DATA
