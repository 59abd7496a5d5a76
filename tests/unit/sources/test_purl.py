from __future__ import annotations

import pytest

from adhere.model.package import Origin
from adhere.sources.purl import Purl, parse_purl


@pytest.mark.parametrize(
    ("text", "purl"),
    [
        ("pkg:pypi/flask@3.0.0", Purl("pypi", "flask", "3.0.0")),
        ("pkg:PyPI/Flask", Purl("pypi", "Flask")),
        ("pkg://pypi/a@1%2Blocal#sub/path", Purl("pypi", "a", "1+local")),
        ("pkg:npm/%40scope/a@1", Purl("npm", "a", "1")),
        ("pkg:npm/@scope/a@1", Purl("npm", "a", "1")),
        ("pkg:pypi/a@1?x=%20y&b=", Purl("pypi", "a", "1", (("x", " y"), ("b", "")))),
    ],
)
def test_parts(text: str, purl: Purl) -> None:
    assert parse_purl(text) == purl


@pytest.mark.parametrize("text", ["", "pypi/a", "pkg:", "pkg:pypi", "pkg:pypi/", "x" * 9_000])
def test_anything_else(text: str) -> None:
    assert parse_purl(text) is None


@pytest.mark.parametrize(
    ("qualifiers", "origin"),
    [
        ("", None),
        ("?file_name=a.whl", None),
        ("?vcs_url=git%2Bhttps://git.example.org/a%40v1", Origin("vcs", "https://git.example.org/a", "v1")),
        ("?download_url=https://u:p%40h.example.org/a.zip", Origin("url", "https://h.example.org/a.zip")),
        ("?repository_url=https://index.example.org/simple", Origin("index", "https://index.example.org/simple")),
    ],
)  # fmt: skip
def test_where_it_comes_from(qualifiers: str, origin: Origin | None) -> None:
    purl = parse_purl(f"pkg:pypi/a@1{qualifiers}")
    assert purl is not None
    assert purl.origin == origin
