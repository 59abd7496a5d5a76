"""Package URLs: ``pkg:pypi/name@version?qualifier=value``."""

from __future__ import annotations

import re
from urllib.parse import unquote

from msgspec import Struct

from adhere.model.package import Origin
from adhere.sources.addresses import direct_origin, without_credentials

_PURL = re.compile(
    r"pkg:/*+(?P<type>[A-Za-z][A-Za-z0-9.+-]*+)/(?P<path>[^?#@]*+(?:@(?=[^?#]*/)[^?#@]*+)*+)"
    r"(?:@(?P<version>[^?#]*+))?(?:\?(?P<qualifiers>[^#]*+))?(?:#.*)?",
    re.DOTALL | re.IGNORECASE,
)


class Purl(Struct, frozen=True):
    """A package URL.

    Attributes:
        type: of the ecosystem, lower-case: ``pypi``, ``npm``, ...
        name: the last part of the path, decoded.
        version: decoded, ``""`` for none.
        qualifiers: decoded, as pairs.
    """

    type: str
    name: str
    version: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()

    @property
    def origin(self) -> Origin | None:
        """Where its qualifiers say that it comes from, ``None`` when they do not."""
        found = dict(self.qualifiers)
        if address := found.get("vcs_url"):
            return direct_origin(address if "+" in address else f"git+{address}")
        if address := found.get("download_url"):
            return Origin("url", without_credentials(address))
        if address := found.get("repository_url"):
            return Origin("index", without_credentials(address))
        return None


def parse_purl(text: str) -> Purl | None:
    """Read a package URL; ``None`` for anything else."""
    match = _PURL.fullmatch(text.strip()) if len(text) <= 5_000 else None
    name = match["path"].rstrip("/").rpartition("/")[2] if match else ""
    if match is None or not name:
        return None
    pairs = (part.partition("=") for part in (match["qualifiers"] or "").split("&") if part)
    return Purl(
        match["type"].lower(),
        unquote(name),
        unquote(match["version"] or ""),
        tuple((unquote(key).lower(), unquote(value)) for key, _, value in pairs),
    )
