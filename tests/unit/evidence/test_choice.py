"""Which index is asked, who says so, and what is refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from adhere.errors import ConfigError
from adhere.evidence.address import Login, Origin
from adhere.evidence.index.choice import Choice, choose
from adhere.evidence.index.pip_default import default_in, pip_default

ONE = "https://one.example.org/simple/"
TWO = "https://two.example.org/simple/"
THREE = "https://three.example.org/simple/"


class Home:
    """A project, a user's folder and a virtual environment."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.home = folder / "home"
        self.prefix = folder / "venv"
        self.machine = folder / "machine"

    def write(self, path: str, text: str) -> None:
        target = self.root.parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def choose(self, configured: Sequence[str] = (), **environ: str) -> Choice:
        variables: Mapping[str, str] = {"XDG_CONFIG_DIRS": str(self.machine), **environ}
        return choose(
            configured,
            variables,
            root=str(self.root),
            home=str(self.home),
            prefix=str(self.prefix),
        )

    def urls(self, configured: Sequence[str] = (), **environ: str) -> list[str]:
        return [index.url or index.folder for index in self.choose(configured, **environ).indexes]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


linux = pytest.mark.skipif(sys.platform != "linux", reason="where files are differs elsewhere")


def test_ours_come_first_and_of_those_the_variable(home: Home) -> None:
    others = {"UV_INDEX_URL": THREE, "PIP_INDEX_URL": THREE}
    assert home.urls([ONE], ADHERE_INDEX_URL=TWO, **others) == [TWO]
    assert home.urls([ONE, TWO], **others) == [ONE, TWO]
    assert home.choose([ONE]).explained() == ((ONE, "[index] url in adhere.toml"),)


def test_uv_comes_before_pip(home: Home) -> None:
    assert home.urls(UV_INDEX_URL=ONE, PIP_INDEX_URL=TWO) == [ONE]
    assert home.urls(UV_DEFAULT_INDEX=ONE, UV_INDEX_URL=TWO) == [ONE]
    assert home.urls(UV_INDEX=f"named={TWO} {THREE}", UV_DEFAULT_INDEX=ONE) == [TWO, THREE, ONE]


def test_files_of_uv(home: Home) -> None:
    home.write("project/pyproject.toml", f'[[tool.uv.index]]\nurl = "{ONE}"\ndefault = true\n')
    home.write("home/.config/uv/uv.toml", f'extra-index-url = ["{TWO}"]\nfind-links = ["./wheels"]')
    choice = home.choose()
    assert [index.url or index.folder for index in choice.indexes] == [
        TWO,
        ONE,
        str(home.root / "wheels"),
    ]
    assert choice.indexes[1].where == "index in pyproject.toml [tool.uv]"
    assert home.urls(UV_NO_CONFIG="1", PIP_INDEX_URL=THREE) == [THREE]
    home.write("project/uv.toml", f'index-url = "{THREE}"')
    assert home.urls()[:2] == [TWO, THREE]
    assert home.urls(UV_DEFAULT_INDEX=ONE)[:2] == [TWO, ONE]


def test_an_explicit_index_of_uv_is_not_for_everything(home: Home) -> None:
    home.write(
        "project/uv.toml",
        f'[[index]]\nname = "torch"\nurl = "{TWO}"\nexplicit = true\n'
        f'[[index]]\nname = "main"\nurl = "{ONE}"\ndefault = true\n',
    )
    choice = home.choose(UV_INDEX_MAIN_USERNAME="alice", UV_INDEX_MAIN_PASSWORD="pw")  # noqa: S106 - not a real one
    assert [index.url for index in choice.indexes] == [ONE]
    assert "explicit" in choice.notes[0]
    assert choice.logins == {Origin("https", "one.example.org", 443): Login("alice", "pw")}


@linux
def test_files_of_pip_the_nearer_one_wins(home: Home) -> None:
    home.write(
        "machine/pip/pip.conf",
        f"[global]\nindex-url = {ONE}\nextra-index-url =\n  {TWO}\n  {THREE}",
    )
    assert home.urls() == [ONE, TWO, THREE]
    home.write("home/.config/pip/pip.conf", f"[global]\nindex_url = {TWO}")
    assert home.urls() == [TWO, THREE]
    home.write("venv/pip.conf", f"[install]\nindex-url = {THREE}\n[global]\nindex-url = {ONE}")
    assert home.urls() == [THREE, TWO]
    assert home.choose().indexes[0].where.endswith("venv/pip.conf")
    assert home.urls(PIP_INDEX_URL=ONE, PIP_EXTRA_INDEX_URL="") == [ONE, TWO, THREE]
    assert home.urls(PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=ONE) == [ONE]


def test_pip_without_an_index_has_its_links(home: Home) -> None:
    links = home.root / "wheels"
    choice = home.choose(PIP_NO_INDEX="1", PIP_FIND_LINKS=f"wheels file://{home.root}/more {ONE}")
    assert [(i.url or i.folder, i.kind) for i in choice.indexes] == [
        (str(links), "links"),
        (str(home.root / "more"), "links"),
        (ONE, "links"),
    ]


def test_without_any_word_it_is_the_default_of_pip(home: Home) -> None:
    choice = home.choose()
    said = pip_default()
    assert said is not None
    assert [index.url for index in choice.indexes] == [f"{said.value.rstrip('/')}/"]
    assert choice.indexes[0].where.startswith("the default of the pip that ")
    assert home.urls(PIP_EXTRA_INDEX_URL=ONE)[1] == ONE


def test_the_default_is_read_and_never_run() -> None:
    source = (
        "class PackageIndex:\n"
        "    def __init__(self, url, other):\n"
        "        self.simple_url = self._url_for_path('simple')\n"
        "PyPI = PackageIndex('https://index.example.org/', other='x')\n"
        "TestPyPI = PackageIndex('https://test.example.org/', other='x')\n"
        "raise SystemExit\n"
    )
    assert default_in(source) == "https://index.example.org/simple"
    assert default_in(source.replace("PyPI = ", "Other = ")) == ""
    assert default_in("def (") == ""
    assert default_in("PyPI = PackageIndex(url=f())") == ""


def test_credentials_leave_the_address(home: Home) -> None:
    choice = home.choose(PIP_INDEX_URL="https://al%40ice:p%2Fw@one.example.org/simple")
    (index,) = choice.indexes
    assert index.url == index.label == ONE
    assert choice.logins[Origin("https", "one.example.org", 443)] == Login("al@ice", "p/w")
    assert "p/w" not in repr(choice)


def test_variables_with_credentials_are_for_the_first_address_only(home: Home) -> None:
    choice = home.choose(
        ADHERE_INDEX_URL=f"{ONE} {TWO}",
        ADHERE_INDEX_USERNAME="a",
        ADHERE_INDEX_PASSWORD="b",  # noqa: S106 - not a real one
    )
    assert set(choice.logins) == {Origin("https", "one.example.org", 443)}


def test_netrc_knows_hosts(home: Home) -> None:
    home.write("home/.netrc", "machine one.example.org login alice password pw")
    home.root.parent.joinpath("home/.netrc").chmod(0o600)
    assert home.choose([ONE, TWO]).logins == {
        Origin("https", "one.example.org", 443): Login("alice", "pw")
    }


def test_variables_in_our_own_file_are_filled_in(home: Home) -> None:
    choice = home.choose(
        ["https://${INDEX_USER}:${INDEX_TOKEN}@one.example.org/simple/"],
        INDEX_USER="alice",
        INDEX_TOKEN="pw",  # noqa: S106 - not a real one
    )
    assert choice.logins[Origin("https", "one.example.org", 443)] == Login("alice", "pw")


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ("https://alice:pw@one.example.org/", "for everybody to read"),
        ("https://${NOBODY_SET_THIS}@one.example.org/", "NOBODY_SET_THIS is not set"),
        ("http://one.example.org/simple/", "plain http"),
        ("ftp://one.example.org/simple/", "no scheme"),
        ("https://one.example.org:x/", "no address"),
        ("https:///simple/", "its host is none"),
        ("https://one.example.org/a b", "blanks"),
        ("https://one.example.org/\x1b[31m", "control characters"),
    ],
)
def test_an_address_that_cannot_be(home: Home, configured: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        home.choose([configured])
    assert caught.value.problems[0].hint
    assert "pw" not in str(caught.value)


def test_a_host_that_pip_trusts_may_be_asked_over_plain_http(home: Home) -> None:
    environ = {
        "PIP_INDEX_URL": "http://one.example.org/",
        "PIP_TRUSTED_HOST": "one.example.org:80 x",
    }
    assert home.urls(**environ) == ["http://one.example.org/"]


@linux
@pytest.mark.parametrize(
    "path", ["machine/pip/pip.conf", "project/uv.toml", "project/pyproject.toml"]
)
def test_a_file_that_cannot_be_read_is_an_error(home: Home, path: str) -> None:
    home.write(path, "[[[ this is neither")
    with pytest.raises(ConfigError) as caught:
        home.choose()
    assert caught.value.problems[0].path.endswith(path.rpartition("/")[2])


@pytest.mark.parametrize("named", ["none.pem", "empty.pem"])
def test_certificates_that_are_none(home: Home, named: str) -> None:
    from adhere.evidence.index.certificates import make_context

    home.write("project/empty.pem", "nothing\n")
    choice = home.choose(SSL_CERT_FILE=str(home.root / named))
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        make_context(choice.authorities)
