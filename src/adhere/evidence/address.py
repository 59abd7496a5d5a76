"""Addresses that come from outside: what is asked, and whether it may be asked.

Credentials leave an address at the boundary and travel by themselves, so that no address
in an error, a log or a cache can have them.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from msgspec import Struct

MAX_ADDRESS = 4_096
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\]")
_PORTS = {"http": 80, "https": 443}


class BadAddress(ValueError):  # noqa: N818 - the name of what it is
    """Text that is no address that we would ask; the message is a clause without secrets."""


class Login(Struct, frozen=True):
    """User and password, apart from any address.

    Attributes:
        user: decoded.
        password: decoded.
    """

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(...)"

    __str__ = __repr__


class Origin(Struct, frozen=True, order=True):
    """Whom one talks to.

    Attributes:
        scheme: ``http`` or ``https``.
        host: in small letters, IPv6 in brackets.
        port: a number, also where it is the scheme's own.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_internal(host: str) -> bool:
    """Whether a host is an address that means something else on every network."""
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return is_loopback(host)


def parse_address(
    text: str, *, insecure: AbstractSet[str] = frozenset()
) -> tuple[str, Login | None]:
    """Take an address apart.

    Args:
        text: ``https://...``, or ``http://...`` to this machine.
        insecure: hosts that may be asked over plain HTTP, because the user says so.

    Returns:
        The address without credentials and fragment, and the credentials.

    Raises:
        BadAddress: it is none that we would ask.
    """
    parts = _split(text)
    if parts.scheme not in _PORTS:
        raise BadAddress(f"`{parts.scheme[:20]}` is no scheme that is asked, only https")
    host = _host(parts)
    if parts.scheme == "http" and not is_loopback(host) and host.strip("[]") not in insecure:
        raise BadAddress(f"plain http to {host}: anybody on the way could change the answers")
    login = None
    if parts.username or parts.password:
        login = Login(unquote(parts.username or ""), unquote(parts.password or ""))
    port = f":{parts.port}" if parts.port is not None else ""
    clean = urlunsplit((parts.scheme, f"{host}{port}", parts.path or "/", parts.query, ""))
    return clean, login


def origin_of(address: str) -> Origin:
    """Whom an address that `parse_address` returned talks to."""
    parts = urlsplit(address)
    return Origin(parts.scheme, _host(parts), parts.port or _PORTS[parts.scheme])


def shown(address: str) -> str:
    """An address for people: without parameters, which may be secrets."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def join(base: str, target: str) -> str:
    """A target that an answer names, relative to the address that was asked.

    Raises:
        BadAddress: it is none, or has credentials.
    """
    _plain(target)
    try:
        clean, login = parse_address(urljoin(base, target), insecure=_same_as(base))
    except ValueError as error:
        raise error if isinstance(error, BadAddress) else BadAddress("it is no address") from None
    if login is not None:
        raise BadAddress("it has credentials")
    before, after = origin_of(base), origin_of(clean)
    if before.scheme == "https" and after.scheme != "https":
        raise BadAddress(f"it leads from https to plain http on {after.host}")
    if is_internal(after.host) and after.host != before.host:
        raise BadAddress(f"it leads to {after.host}, which is no public host")
    return clean


def _same_as(base: str) -> frozenset[str]:
    parts = urlsplit(base)
    return frozenset({_host(parts).strip("[]")}) if parts.scheme == "http" else frozenset()


def _plain(text: str) -> None:
    if len(text) > MAX_ADDRESS:
        raise BadAddress(f"it has {len(text)} characters")
    if not text.isprintable() or any(mark in text for mark in " \\"):
        raise BadAddress("it has blanks, backslashes or control characters")


def _split(text: str) -> SplitResult:
    _plain(text)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress("it is no address") from None
    return parts


def _host(parts: SplitResult) -> str:
    found = (parts.hostname or "").lower()
    host = f"[{found}]" if ":" in found else found
    if not _HOST.fullmatch(host):
        raise BadAddress("its host is none")
    return host
