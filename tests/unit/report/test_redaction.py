"""What a published report does not tell: hosts of a private network, names of people in paths."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.report.redaction import redacted

BOTH = ("hostnames", "usernames")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://artifactory/api/simple", "https://private-host/api/simple"),
        ("https://ana:secret@artifactory:8443/x", "https://private-host/x"),
        ("http://localhost:8080", "http://private-host"),
        ("https://index.corp/simple/: offline", "https://private-host/simple/: offline"),
        ("https://a.b.internal", "https://private-host"),
        ("http://10.1.2.3:80/x", "http://private-host/x"),
        ("http://192.168.0.1/x", "http://private-host/x"),
        ("http://172.20.0.1/x", "http://private-host/x"),
        ("http://[::1]:8080/x", "http://private-host/x"),
        ("git+ssh://git@builds/shop.git", "git+ssh://private-host/shop.git"),
        ("https://index.example.org/simple", "https://index.example.org/simple"),
        ("https://internal.example.org/x", "https://internal.example.org/x"),
        ("http://172.200.0.1/x", "http://172.200.0.1/x"),
        ("http://100.1.2.3/x", "http://100.1.2.3/x"),
        ("/home/ana/shop/.venv", "/home/user/shop/.venv"),
        ("C:\\Users\\ana\\shop", "C:\\Users\\user\\shop"),
        ("../../home/ana/shop", "../../home/user/shop"),
        ("docs/homepage/index.md", "docs/homepage/index.md"),
    ],
)
def test_what_is_told(text: str, told: str) -> None:
    data = json.dumps({"a": text}).encode()
    assert json.loads(redacted(data, BOTH)) == {"a": told}
    assert redacted(data, ("paths",)) == data


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=8))
def test_it_stays_json_and_twice_is_as_once(value: object) -> None:
    data = json.dumps(value).encode()
    once = redacted(data, BOTH)
    json.loads(once)
    assert redacted(once, BOTH) == once
