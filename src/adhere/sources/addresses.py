"""Addresses of packages: without secrets, and what sort of place they name.

Works on text with patterns alone: the parsers of the standard library refuse some
addresses that installers accept, and a refused address would be one that nobody judges.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from adhere.model.package import Origin, OriginKind

VCS = ("git", "hg", "svn", "bzr")

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*+):(?P<slashes>//)?")
_SCP = re.compile(r"[A-Za-z0-9._-]++@(?P<host>[A-Za-z0-9.-]++):(?!//)(?P<path>.+)", re.DOTALL)
_PORT = re.compile(r":(?!\d*$)")
_VARIABLES = re.compile(r"\$\{[A-Z0-9_]+\}(?::\$\{[A-Z0-9_]+\})?")
_SECRET = re.compile(
    r"token|secret|passw|signature|credential|api.?key|access.?key|^(?:sig|auth|key|jwt)$",
    re.IGNORECASE,
)
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".tar.lzma")
_ADDRESS = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*+://[^\s\"'<>]++")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def without_credentials(url: str) -> str:
    """An address without user, password, and parameters that look like a secret.

    The user of an ``ssh`` address stays: it is part of the address and opens nothing. So
    do names of environment variables (``${TOKEN}``), which are no secret.
    """
    match = _SCHEME.match(url)
    if match is None or not match["slashes"] or _DRIVE.match(url):
        return _without_secret_parameters(url)
    start, rest = url[: match.end()], url[match.end() :]
    end = min((at for at in map(rest.find, "/?#\\") if at >= 0), default=len(rest))
    authority, tail = rest[:end], rest[end:]
    # A password with a slash in it ends up in the path; what looks like a port tells.
    if "@" in tail and "@" not in authority and _PORT.search(authority):
        authority, tail = authority + tail[: tail.index("@") + 1], tail[tail.index("@") + 1 :]
        stop = re.search(r"[/?#]", tail)
        cut = stop.start() if stop else len(tail)
        authority, tail = authority + tail[:cut], tail[cut:]
    user, at, host = authority.rpartition("@")
    keep = ""
    if at and _VARIABLES.fullmatch(user):
        keep = user + at
    elif at and "ssh" in match["scheme"].lower() and user.partition(":")[0]:
        keep = user.partition(":")[0] + "@"
    return start + keep + host + _without_secret_parameters(tail)


def masked(text: str) -> str:
    """A line of text with every address in it as `without_credentials` leaves it."""
    if "://" not in text:
        return text
    return _ADDRESS.sub(lambda match: without_credentials(match.group()), text)


def _without_secret_parameters(text: str) -> str:
    before, hash_mark, fragment = text.partition("#")
    path, question, query = before.partition("?")
    if question:
        kept = [part for part in query.split("&") if not _SECRET.search(part.partition("=")[0])]
        path += "?" + "&".join(kept) if kept else ""
    if hash_mark:
        parts = [part for part in fragment.split("&") if not _SECRET.search(part.partition("=")[0])]
        path += "#" + "&".join(parts) if any(parts) else ""
    return path


def fragment_of(url: str) -> dict[str, str]:
    """The parameters after ``#``: ``egg``, ``subdirectory``, ``sha256``, ..."""
    return _parameters(url.partition("#")[2])


def query_of(url: str) -> dict[str, str]:
    """The parameters between ``?`` and ``#``."""
    return _parameters(url.partition("#")[0].partition("?")[2])


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split("&") if part)
    return {unquote(key): unquote(value) for key, _, value in pairs}


def bare(url: str) -> str:
    """An address without parameters and fragment."""
    return url.partition("#")[0].partition("?")[0]


def is_vcs(url: str) -> bool:
    """Whether an address names a repository: ``git+https://...``."""
    return url.partition("+")[0].lower() in VCS and "+" in url.partition("/")[0]


def is_local(url: str) -> bool:
    """Whether an address names a place on a machine's own disk, absolute."""
    lowered = url.lower()
    return lowered.startswith(("file:", "/", "\\\\")) or _DRIVE.match(url) is not None


def is_remote(url: str) -> bool:
    """Whether an address has a scheme and names another machine."""
    return _SCHEME.match(url) is not None and "://" in url and not is_local(url)


def direct_origin(url: str, *, editable: bool = False) -> Origin:
    """The origin that a direct reference names.

    Args:
        url: ``git+https://...@rev#subdirectory=x``, an archive's address, ``file:...``
            or a path.
        editable: it is installed in place.
    """
    subdirectory = fragment_of(url).get("subdirectory", "")
    if is_vcs(url):
        plain, reference = _split_reference(without_credentials(url.partition("+")[2]))
        commit = reference if _COMMIT.fullmatch(reference) else ""
        return Origin("vcs", bare(plain), reference, commit, subdirectory)
    kind: OriginKind = "url" if is_remote(url) else "path"
    if editable:
        kind = "editable"
    shown = without_credentials(url).partition("#")[0]
    return Origin(kind, shown, subdirectory=subdirectory)


def _split_reference(url: str) -> tuple[str, str]:
    """Take ``@reference`` off the path of a repository's address."""
    body, hash_mark, fragment = url.partition("#")
    scp = _SCP.fullmatch(body)
    path_at = scp.start("path") if scp else body.find("/", body.find("//") + 2)
    if path_at < 0:
        return url, ""
    path, at, reference = body[path_at:].rpartition("@")
    if not at:
        return url, ""
    return body[:path_at] + path + hash_mark + fragment, unquote(reference.partition("?")[0])


def vcs_origin(
    url: str, *, reference: str = "", commit: str = "", subdirectory: str = "", vcs: str = "git"
) -> Origin:
    """The origin of a package out of a repository whose revision is known apart.

    Args:
        url: with or without ``git+`` before it.
        reference: branch, tag or revision that was asked for.
        commit: revision that was resolved.
        subdirectory: in the repository.
        vcs: which system.
    """
    plain = url.removeprefix(f"{vcs}+")
    if not commit and _COMMIT.fullmatch(reference):
        commit = reference
    return Origin("vcs", bare(without_credentials(plain)), reference, commit, subdirectory)


def file_name(url: str) -> str:
    """The last part of an address or a path, decoded; ``""`` for none."""
    return unquote(bare(url).replace("\\", "/").rstrip("/").rpartition("/")[2])


def is_archive(name: str) -> bool:
    """Whether a file name is one that an installer can install."""
    return bare(name).lower().endswith(_ARCHIVES)
