"""The MkDocs plugin in programs of their own: ProperDocs, and a server that rebuilds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from urllib.request import urlopen

from msgspec.structs import replace

from readers.html import Page
from surfaces.docs_site import DETAIL, MAIN, NAV, DocsSite, menu, report


def test_properdocs_builds_the_same(site: DocsSite) -> None:
    site.config(nav=NAV)
    os.rename(site.root / "mkdocs.yml", site.root / "properdocs.yml")
    command = [sys.executable, "-m", "properdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {*MAIN, DETAIL} <= site.pages()
    assert menu(site) == MAIN
    assert "accepted, enforced" in Page(site.page("adr/ADR-001.html")).text


def test_serve_shows_the_report_of_a_new_check(site: DocsSite) -> None:
    os.unlink(site.root / ".adhere" / "report.json")
    site.config(nav=NAV)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [*command, "--no-strict"],
        cwd=site.root,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/{MAIN[0]}"
        assert "No data" in seen(address, "Compliance")
        before = sorted(site.docs.rglob("*"))
        site.store()
        assert "No data" not in seen(address, "1 of 3 rules violated")
        os.unlink(site.root / ".adhere" / "report.json")
        assert "violated" not in seen(address, "No data")
        site.store(replace(report(), findings=()))
        assert "1 of 3 rules violated" in seen(address, "1 of 3 rules violated")
        assert sorted(site.docs.rglob("*")) == before
    finally:
        server.terminate()
        server.wait(10)


def seen(address: str, words: str) -> str:
    """The text of a page once it has some words; within a time that a busy machine needs."""
    end = time.monotonic() + 30
    text = ""
    while time.monotonic() < end:
        with suppress(OSError), urlopen(address, timeout=5) as page:  # noqa: S310 - of our own server
            text = Page(page.read().decode()).text
            if words in text:
                return text
        time.sleep(0.1)
    raise AssertionError(f"no `{words}` in: {text}")
