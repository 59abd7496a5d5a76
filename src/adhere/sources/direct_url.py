"""``direct_url.json`` (PEP 610): where a package came from instead of an index."""

from __future__ import annotations

from typing import Any

import msgspec

from adhere.model.package import Origin


class DirectUrlError(ValueError):
    """The file does not say what the specification wants it to say."""


def read_direct_url(data: bytes | dict[str, Any]) -> Origin:
    """The origin that a ``direct_url.json`` records.

    Args:
        data: the file, or what it holds (``pip inspect`` embeds it).

    Raises:
        DirectUrlError: it is not JSON, or lacks what is required.
    """
    value: Any = data
    if isinstance(data, bytes):
        try:
            value = msgspec.json.decode(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise DirectUrlError("it is not JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("url"), str):
        raise DirectUrlError("it has no url")
    url = without_credentials(value["url"])
    subdirectory = _text(value.get("subdirectory"))
    directory, vcs = value.get("dir_info"), value.get("vcs_info")
    if isinstance(vcs, dict):
        return Origin(
            kind="vcs",
            url=url,
            reference=_text(vcs.get("requested_revision")),
            commit=_text(vcs.get("commit_id")),
            subdirectory=subdirectory,
        )
    if isinstance(directory, dict):
        editable = directory.get("editable") is True
        return Origin("editable" if editable else "path", url, subdirectory=subdirectory)
    kind = "path" if url.lower().startswith("file:") else "url"
    return Origin(kind, url, subdirectory=subdirectory)  # type: ignore[arg-type]  # one of two literals


def without_credentials(url: str) -> str:
    """An address without the user and password before its host.

    Environment variables stay: ``${NAME}`` in an address is a name, not a secret.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    host, slash, path = rest.partition("/")
    user, at, place = host.rpartition("@")
    if not at or user.startswith("${"):
        return url
    return f"{scheme}://{place}{slash}{path}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
