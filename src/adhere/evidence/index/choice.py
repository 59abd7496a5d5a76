"""Which index is asked: ours if we are told, otherwise the one of the user's installer."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from adhere.evidence.address import BadAddress, Login, Origin, origin_of, parse_address, shown
from adhere.evidence.index.certificates import authorities
from adhere.evidence.index.pip_settings import is_on, read_pip
from adhere.evidence.index.said import Said, wrong
from adhere.evidence.index.uv_settings import UvIndex, read_uv

_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


class Index(Struct, frozen=True):
    """One place that is asked for packages.

    Attributes:
        url: without credentials, with a slash at its end; ``""`` for a local one.
        folder: absolute path of a local one, ``""`` for one that is asked over a network.
        kind: ``simple`` for an index, ``links`` for a page or folder of files.
        where: who says so: ``PIP_INDEX_URL``, ``index-url in /etc/pip.conf``, ...
        named: what to call a local one: relative to the project, and its last part alone
            where it lies elsewhere, as the rest would tell about the machine.
    """

    url: str
    folder: str = ""
    kind: Literal["simple", "links"] = "simple"
    where: str = ""
    named: str = ""

    @property
    def label(self) -> str:
        """What to call it, without anything that could be a secret."""
        return shown(self.url) if self.url else f"file:{self.named or self.folder}"


class Choice(Struct, frozen=True):
    """What to ask, and how to get there.

    Attributes:
        indexes: in the order in which they are asked.
        logins: credentials, by whom they are for.
        insecure: hosts that may be asked over plain HTTP.
        authorities: certificates to trust, ``None`` for the system's.
        proxy: address of a proxy, ``None`` for what the environment says.
        notes: what else has to be known about the choice, as clauses.
    """

    indexes: tuple[Index, ...] = ()
    logins: Mapping[Origin, Login] = {}
    insecure: frozenset[str] = frozenset()
    authorities: Said | None = None
    proxy: Said | None = None
    notes: tuple[str, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """Whom redirects may lead to."""
        return frozenset(origin_of(index.url).host for index in self.indexes if index.url)

    def explained(self) -> tuple[tuple[str, str], ...]:
        """Each index and what it was chosen by, for people."""
        return tuple((index.label, index.where) for index in self.indexes)


def choose(
    configured: Sequence[str],
    environ: Mapping[str, str],
    *,
    root: str,
    home: str = "",
    prefix: str = "",
    config: str = "adhere.toml",
) -> Choice:
    """Which indexes are asked.

    ``ADHERE_INDEX_URL``, then ``[index] url``, then what uv is told, then what pip is told,
    then pip's own default.

    Args:
        configured: ``[index] url``.
        environ: environment variables.
        root: folder of the project, which relative paths start from.
        home: the user's folder; ``""`` to look it up.
        prefix: of the virtual environment; ``""`` to look it up.
        config: what to call the file that ``configured`` is from.

    Raises:
        ConfigError: an address is none, or a file of an installer cannot be read.
    """
    home = home or os.path.expanduser("~")
    prefix = prefix or environ.get("VIRTUAL_ENV", "") or sys.prefix
    pip = read_pip(environ, prefix, home)
    trusted = pip.get("trusted-host")
    hosts = (
        {part.value.rpartition(":")[0] or part.value for part in trusted.parts()}
        if trusted
        else set()
    )
    builder = _Builder(environ, root, home, frozenset(hosts))
    ours = Said(environ.get("ADHERE_INDEX_URL", ""), "ADHERE_INDEX_URL").parts()
    where = f"[index] url in {config}"
    if ours:
        builder.add_all(ours)
    elif any(configured):
        for url in configured:
            builder.add_configured(Said(url, where))
    else:
        _ask_installers(builder, pip)
    return Choice(
        indexes=tuple(builder.indexes),
        logins=builder.logins,
        insecure=builder.insecure,
        authorities=authorities(environ, pip),
        proxy=pip.get("proxy"),
        notes=tuple(builder.notes),
    )


def _ask_installers(builder: _Builder, pip: Mapping[str, Said]) -> None:
    uv = read_uv(builder.environ, builder.root, builder.home)
    if uv.says_something:
        for index in (*uv.extra, *((uv.default,) if uv.default else ())):
            builder.add_uv(index, no_index=uv.no_index)
        if uv.default is None and not uv.no_index:
            builder.add_default()
        builder.add_all(uv.links, kind="links")
        return
    if not is_on(pip.get("no-index")):
        if "index-url" in pip:
            builder.add_all((pip["index-url"],))
        else:
            builder.add_default()
        if "extra-index-url" in pip:
            builder.add_all(pip["extra-index-url"].parts())
    if "find-links" in pip:
        builder.add_all(pip["find-links"].parts(), kind="links")


class _Builder:
    """Collects indexes, each once, and takes credentials out of their addresses."""

    def __init__(
        self, environ: Mapping[str, str], root: str, home: str, insecure: frozenset[str]
    ) -> None:
        self.environ = environ
        self.root = root
        self.home = home
        self.insecure = insecure
        self.indexes: list[Index] = []
        self.logins: dict[Origin, Login] = {}
        self.notes: list[str] = []

    def add_default(self) -> None:
        from adhere.evidence.index.pip_default import pip_default

        found = pip_default()
        if found is None:
            self.notes.append("no pip is installed that could say which index is the default")
        else:
            self.add_all((found,))

    def add_uv(self, index: UvIndex, *, no_index: bool) -> None:
        if no_index:
            return
        if index.explicit:
            self.notes.append(f"{index.said.where}: an explicit index is not asked for everything")
            return
        key = re.sub(r"[^A-Z0-9]", "_", index.name.upper())
        user = self.environ.get(f"UV_INDEX_{key}_USERNAME", "")
        password = self.environ.get(f"UV_INDEX_{key}_PASSWORD", "")
        self._add(index.said, "simple", Login(user, password) if index.name and password else None)

    def add_configured(self, said: Said) -> None:
        """One of our own file, where no secret belongs; ``${NAME}`` is a variable's value."""
        if "@" in urlsplit(_VARIABLE.sub("", said.value)).netloc.lstrip(":@"):
            raise wrong(
                "the address has credentials, and this file is for everybody to read",
                said.where,
                "put them into netrc, keyring, or ADHERE_INDEX_USERNAME and ADHERE_INDEX_PASSWORD",
            )
        login = None if self.indexes else self._own_login()
        self._add(Said(self._filled(said), said.where), "simple", login)

    def add_all(self, said: Sequence[Said], kind: Literal["simple", "links"] = "simple") -> None:
        for part in said:
            # The variables name no host: they are for the first address, and for nobody else.
            first = part.where == "ADHERE_INDEX_URL" and not self.indexes
            own = self._own_login() if first else None
            self._add(part, kind, own)

    def _own_login(self) -> Login | None:
        user = self.environ.get("ADHERE_INDEX_USERNAME", "")
        password = self.environ.get("ADHERE_INDEX_PASSWORD", "")
        return Login(user, password) if user or password else None

    def _filled(self, said: Said) -> str:
        def value(match: re.Match[str]) -> str:
            found = self.environ.get(match[1], "")
            if not found:
                hint = "set it, or write the address out"
                raise wrong(f"the variable {match[1]} is not set", said.where, hint)
            return found

        return _VARIABLE.sub(value, said.value)

    def _netrc(self, origin: Origin) -> Login | None:
        from adhere.evidence.index.credentials import from_netrc

        return from_netrc(self.environ, self.home, origin)

    def _add(self, said: Said, kind: Literal["simple", "links"], login: Login | None) -> None:
        folder = self._folder(said.value)
        if folder:
            index = Index("", folder, kind, said.where, self._named(folder))
        else:
            try:
                url, own = parse_address(said.value, insecure=self.insecure)
            except BadAddress as error:
                hint = "name the simple repository API of an index: https://.../simple/"
                raise wrong(str(error), said.where, hint) from None
            if kind == "simple" and not url.endswith("/"):
                url += "/"
            index = Index(url, "", kind, said.where)
            origin = origin_of(url)
            known = own or login or self._netrc(origin)
            if known is not None:
                self.logins.setdefault(origin, known)
        if all((index.url, index.folder) != (i.url, i.folder) for i in self.indexes):
            self.indexes.append(index)

    def _named(self, folder: str) -> str:
        try:
            relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
        except ValueError:  # another drive
            relative = ".."
        inside = relative != ".." and not relative.startswith("../")
        return relative if inside else f".../{os.path.basename(folder)}"

    def _folder(self, value: str) -> str:
        """The path of an index on this machine, ``""`` for one that is elsewhere."""
        if value.lower().startswith("file:"):
            path = unquote(urlsplit(value).path)
            if sys.platform == "win32":
                path = path.lstrip("/")
            return os.path.abspath(path)
        if "://" in value:
            return ""
        return os.path.abspath(os.path.join(self.root, os.path.expanduser(value)))
