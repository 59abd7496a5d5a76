"""Addresses from outside: which are asked, and where one may lead to."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.evidence.address import (
    BadAddress,
    Login,
    Origin,
    join,
    origin_of,
    parse_address,
    shown,
)

BASE = "https://index.example.org/simple/shop/"


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("../../f/shop-1.0.zip", "https://index.example.org/f/shop-1.0.zip"),
        ("/f/shop-1.0.zip#sha256=1", "https://index.example.org/f/shop-1.0.zip"),
        ("//files.example.org/x?y=1", "https://files.example.org/x?y=1"),
        ("https://files.example.org:8443", "https://files.example.org:8443/"),
        ("HTTPS://Files.Example.Org/X", "https://files.example.org/X"),
    ],
)
def test_where_an_answer_may_lead_to(target: str, found: str) -> None:
    assert join(BASE, target) == found


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://index.example.org/x", "plain http"),
        ("http://127.0.0.1/x", "from https to plain http"),
        ("https://127.0.0.1/x", "no public host"),
        ("https://localhost/x", "no public host"),
        ("https://10.1.2.3/x", "no public host"),
        ("https://169.254.169.254/latest/", "no public host"),
        ("https://[::1]/x", "no public host"),
        ("https://[fd00::1]/x", "no public host"),
        ("https://alice:pw@files.example.org/x", "credentials"),
        ("file:///etc/passwd", "no scheme"),
        ("javascript:alert(1)", "no scheme"),
        ("https://a b/", "blanks"),
        ("https://x/\r\nHost: y", "control"),
        ("\\\\server\\share", "backslashes"),
        ("https://x:99999/", "no address"),
        ("x" * 5_000, "5000 characters"),
    ],
)
def test_where_it_may_not(target: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why) as caught:
        join(BASE, target)
    assert "pw" not in str(caught.value)


def test_an_index_on_this_machine_may_lead_to_itself() -> None:
    assert join("http://127.0.0.1:8080/simple/", "/f/x") == "http://127.0.0.1:8080/f/x"
    with pytest.raises(BadAddress, match="no public host"):
        join("http://127.0.0.1:8080/simple/", "http://localhost:1/")


def test_an_address_falls_into_its_parts() -> None:
    clean, login = parse_address("https://al%40ice:p%3Aw@Index.example.org:443/simple?x=1#y")
    assert clean == "https://index.example.org:443/simple?x=1"
    assert login == Login("al@ice", "p:w")
    assert origin_of(clean) == Origin("https", "index.example.org", 443)
    assert str(origin_of(clean)) == "https://index.example.org"
    assert str(origin_of("http://[::1]:8080/")) == "http://[::1]:8080"
    assert shown(clean) == "https://index.example.org:443/simple"
    assert "p:w" not in repr(login) + str(login)


@given(st.text(max_size=60) | st.text(alphabet="htps:/@[]%.#?a1-", max_size=40))
def test_no_text_breaks_it_and_what_passes_is_plain(text: str) -> None:
    for given_text in (text, f"https://{text}"):
        with suppress(BadAddress):
            clean, _ = parse_address(given_text)
            assert "@" not in clean.partition("//")[2].partition("/")[0]
            assert origin_of(clean).host
            assert parse_address(clean) == (clean, None)
        with suppress(BadAddress):
            assert join(BASE, given_text).startswith("https://")
