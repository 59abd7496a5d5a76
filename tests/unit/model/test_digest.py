from __future__ import annotations

import hashlib

from adhere.model.digest import bytes_digest, text_digest


def test_is_the_sha256_that_everybody_computes() -> None:
    assert bytes_digest(b"abc") == f"sha256:{hashlib.sha256(b'abc').hexdigest()}"
    assert text_digest("ä") == bytes_digest("ä".encode())


def test_half_a_character_is_content_too() -> None:
    assert text_digest("\ud800") != text_digest("\ud801")
