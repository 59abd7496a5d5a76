"""``adhere serve``: a real server, asked by a real client."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from adhere.testing import FakeIndex
from surfaces.world import LICENSES, World

Serve = Callable[..., "Serving"]


class Serving:
    """A server at work."""

    def __init__(self, folder: Path, words: tuple[str, ...], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "adhere", "serve", "--port", "0", *words],
            cwd=folder,
            env={**os.environ, **env},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        self.said: list[str] = []
        self.url = ""
        while not self.url:
            line = self.process.stderr.readline()
            if not line:
                raise AssertionError("".join(self.said))
            self.said.append(line)
            match = re.search(r"http://\S+?/", line)
            self.url = match[0] if match else ""
        self.client = httpx.Client(base_url=self.url, trust_env=False, timeout=20)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=30)
        self.said.append(rest)
        return self.process.returncode


@pytest.fixture
def serve(bad: World) -> Iterator[Serve]:
    begun: list[Serving] = []

    def started(*words: str, **env: str) -> Serving:
        begun.append(Serving(bad.folder, words, env))
        return begun[-1]

    yield started
    for server in begun:
        server.end()


def test_the_report_and_its_pages(bad: World, serve: Serve) -> None:
    bad.check()
    server = serve()
    index = server.get("/")
    assert (index.status_code, index.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "copyleft" in server.get("/dependencies.html").text
    assert server.get("/style.css").headers["content-type"].startswith("text/css")
    report = server.get("/report.json")
    assert report.content == (bad / ".adhere/report.json").read_bytes()
    for link in set(re.findall(r'(?:href|src)="([^"#:]+)"', index.text)):
        assert server.get(f"/{link}").status_code == 200, link
    assert server.get("/nothing.html").status_code == 404


def test_every_answer_says_what_a_browser_may_do(bad: World, serve: Serve) -> None:
    server = serve()
    for path in ("/", "/healthz", "/readyz", "/metrics", "/nothing"):
        headers = server.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_what_did_not_change_is_not_sent_again(bad: World, serve: Serve) -> None:
    bad.check()
    server = serve()
    first = server.get("/")
    again = server.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_before_the_first_report_and_after_it(bad: World, serve: Serve) -> None:
    server = serve()
    assert server.get("/healthz").json()["status"] == "ok"
    assert server.get("/readyz").status_code == 503
    assert server.get("/").status_code == 503
    assert "adhere check" in server.get("/").text
    bad.check()
    ready = server.get("/readyz").json()
    assert (ready["status"], ready["report"]["verdict"]) == ("ready", "fail")
    (bad / ".adhere/report.json").write_text("{", "utf-8")
    assert server.get("/readyz").status_code == 503, "the one before is no longer true"
    assert server.get("/dependencies.html").status_code == 503


def test_numbers_for_prometheus(bad: World, serve: Serve) -> None:
    bad.check()
    text = serve().get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    (sample,) = families["adhere_exit_code"].samples
    assert sample.value == 1
    found = {s.labels["disposition"]: s.value for s in families["adhere_findings"].samples}
    assert found == {"open": 2}
    assert all(name.startswith("adhere_") for name in families)
    ran = bad.adhere("report", "--format", "prometheus", "--output", "adhere.prom")
    assert ran.code == 0
    assert (bad / "adhere.prom").read_text("utf-8") == text


def test_names_of_strangers_in_labels(bad: World) -> None:
    bad.write("adhere.toml", LICENSES.replace('"licenses"', '"li-censes"', 1))
    bad.check()
    text = bad.adhere("report", "--format", "prometheus").out
    rules = [f for f in text_string_to_metric_families(text) if f.name == "adhere_rule_outcome"]
    assert "li-censes" in {sample.labels["rule"] for sample in rules[0].samples}


@pytest.mark.parametrize("host", ["evil.example.org", "", "localhost.evil.example.org", "[::2]"])
def test_whoever_calls_us_by_another_name_gets_nothing(bad: World, serve: Serve, host: str) -> None:
    bad.check()
    server = serve()
    answer = server.get("/report.json", headers={"host": host})
    assert answer.status_code in (400, 421)
    assert b"copyleft" not in answer.content


def test_a_name_that_was_allowed(bad: World, serve: Serve) -> None:
    server = serve("--allow-host", "reports.example.org")
    assert server.get("/healthz", headers={"host": "Reports.example.org:8080"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../adhere.toml",
        "/..%2fadhere.toml",
        "/%2e%2e/adhere.toml",
        "//etc/passwd",
        "/.adhere/report.json",
        "/style.css%00.html",
        "/index.html/",
    ],
)
def test_no_path_leads_out_of_the_site(bad: World, serve: Serve, path: str) -> None:
    bad.check()
    server = serve()
    port = int(server.url.rpartition(":")[2].strip("/"))
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.split(b" ")[1] in (b"404", b"400", b"307")
    assert b"schema = 1" not in answer


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("served")
    (folder / ".git").mkdir()
    server = Serving(folder, (), {})
    yield server
    server.end()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_leave_it_standing(one: Serving, data: bytes) -> None:
    port = int(one.url.rpartition(":")[2].strip("/"))
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(data + b"\r\n\r\n")
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass
    assert one.get("/healthz").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(one: Serving, method: str) -> None:
    assert one.client.request(method, "/healthz").status_code == 405


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(bad: World, serve: Serve, number: int) -> None:
    server = serve()
    start = time.monotonic()
    assert server.end(number) == 0
    assert time.monotonic() - start < 10
    assert "Traceback" not in "".join(server.said)


def test_the_cache_is_filled_on_a_schedule(bad: World, serve: Serve) -> None:
    rule = '\n[[rule]]\nid = "fresh"\ncheck = "packages.fresh"\nwith = { max_behind = { releases = 1 } }\n'
    bad.write("adhere.toml", LICENSES + rule)
    with FakeIndex({"alpha": ["1.0"], "copyleft": ["1.0"], "reviewed": ["1.0"]}) as index:
        server = serve("--warm-every", "100ms", **index.environment)
        end = time.monotonic() + 30
        state: dict[str, Any] = {}
        while time.monotonic() < end and state.get("runs", 0) < 2:
            time.sleep(0.1)
            state = server.get("/readyz").json()["warmed"]
        assert state["runs"] >= 2, "".join(server.said)
        assert (state["error"], state["lacking"]) == ("", 0)
        assert index.counts.total() == 3, "what is fresh is not asked again"


def test_a_port_that_is_taken(bad: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = bad.adhere("serve", "--port", str(taken.getsockname()[1]))
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert "address already in use" in ran.err


def test_without_the_extra_it_says_what_to_install(
    bad: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ran = bad.adhere("serve", "--port", "0")
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert 'python -m pip install "adhere[serve]"' in ran.err


def test_readiness_is_json(one: Serving) -> None:
    assert json.loads(one.get("/readyz").content)["status"] == "not ready"
