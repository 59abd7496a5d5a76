"""Pages of a package index, JSON or HTML, to what is known of a project.

Reads PEP 503, 592, 629, 658, 691, 700, 714 and 792. A page comes from outside: one whose
shape is not as those say is refused as a whole, because half a list of versions would be
taken for the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
from msgspec import Struct

from adhere.evidence.address import BadAddress
from adhere.evidence.wire.file_names import version_in
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi_raw import MAX_FILES, RawFile, RawPage
from adhere.model.names import PackageName, canonical_name
from adhere.model.project import ProjectPage, Release, Status

ACCEPT = (
    "application/vnd.pypi.simple.v1+json, "
    "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
)
"""What to ask an index for."""

_MAX_TEXT = 1_000
_STATUSES: tuple[str, ...] = get_args(Status)


class MetadataLink(Struct, frozen=True, array_like=True):
    """Where the core metadata of a version is, without the distribution around it.

    Attributes:
        version: as the index spells it.
        url: checked.
        sha256: of its bytes, ``""`` when the index does not say.
        files: first `FILE_DIGITS` digits of the ``sha256`` of every file of the version that
            the index names one of: enough to tell whether they are those of a lock file.
    """

    version: str
    url: str
    sha256: str
    files: tuple[str, ...] = ()


FILE_DIGITS = 16


def file_digits(sha256: str) -> str:
    """What is kept of the digest of a file; ``""`` for what is none."""
    return sha256[:FILE_DIGITS].lower() if len(sha256) == 64 else ""


class Project(Struct, frozen=True, array_like=True):
    """A page, distilled: what is stored.

    Attributes:
        page: what rules look at.
        metadata: where to read more of each version, where the index has it.
    """

    page: ProjectPage
    metadata: tuple[MetadataLink, ...] = ()


Join = Callable[[str], str]
"""Makes a checked address of what a page names; raises `BadAddress`."""

_page = msgspec.json.Decoder(RawPage)


def read_project(data: bytes, name: PackageName, index: str, join: Join) -> Project:
    """A project's page.

    Args:
        data: JSON or HTML; which of them, its first character tells.
        name: of the project that was asked for.
        index: what to call the index.
        join: for addresses of files.

    Raises:
        Garbage: it is no such page, or one of another project.
    """
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            raw = _page.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Garbage(f"it is no page of a project: {error}") from None
    else:
        from adhere.evidence.wire.pypi_html import read_html

        raw = read_html(data, name)
    return distil(raw, name, index, join)


def distil(raw: RawPage, name: PackageName, index: str, join: Join) -> Project:
    """What is known of a project; the arguments are as those of `read_project`."""
    if raw.meta.api_version.partition(".")[0] != "1":
        raise Garbage(f"its format is {raw.meta.api_version[:20]!r}, and we read version 1")
    if raw.name and canonical_name(raw.name) != name:
        raise Garbage(f"it is the page of {raw.name[:60]!r}")
    if len(raw.files) > MAX_FILES:
        raise Garbage(f"it lists {len(raw.files)} files")
    by_version: dict[str, list[RawFile]] = {version: [] for version in map(_text, raw.versions)}
    spelled = {_key(version): version for version in by_version}
    for file in raw.files:
        version = version_in(_text(file.filename), name)
        if version:
            chosen = spelled.setdefault(_key(version), version)
            by_version.setdefault(chosen, []).append(file)
    if raw.files and not any(by_version.values()):
        raise Garbage("none of its files belongs to the project")
    status, reason, silent = _status(raw)
    if raw.files and not any(file.upload_time for file in raw.files):
        silent = ("upload times", *silent)
    page = ProjectPage(
        name=name,
        index=index,
        releases=tuple(_release(v, by_version[v]) for v in sorted(by_version, key=_order)),
        status=status,
        status_reason=reason,
        silent=silent,
    )
    links = (_metadata(version, files, join) for version, files in by_version.items())
    return Project(page, tuple(link for link in links if link is not None))


def _status(raw: RawPage) -> tuple[Status | None, str, tuple[str, ...]]:
    found = raw.project_status
    if found is None:
        # From 1.4 on, an index that says nothing says "active".
        if _minor(raw.meta.api_version) >= 4:
            return "active", "", ()
        return None, "", ("status",)
    if found.status not in _STATUSES:
        raise Garbage(f"its status is {found.status[:30]!r}, which is none that we know")
    return found.status, _text(found.reason or ""), ()  # type: ignore[return-value]  # just compared


def _minor(version: str) -> int:
    text = version.partition(".")[2].partition(".")[0]
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _release(version: str, files: Sequence[RawFile]) -> Release:
    times = [_moment(file.upload_time) for file in files if file.upload_time]
    yanked = bool(files) and all(file.yanked is not False for file in files)
    reasons = [file.yanked for file in files if isinstance(file.yanked, str) and file.yanked]
    pythons = [file.requires_python for file in files if file.requires_python]
    return Release(
        version=version,
        uploaded=min(times, default=None),
        yanked=yanked,
        yanked_reason=_text(reasons[0]) if yanked and reasons else "",
        requires_python=_text(pythons[0]) if pythons else "",
    )


def _metadata(version: str, files: Sequence[RawFile], join: Join) -> MetadataLink | None:
    """Of a wheel, if one has it: what an sdist says may change when it is built."""
    digests = sorted({digest for file in files if (digest := _sha256(file))})
    offering = [file for file in files if _offer(file) not in (None, False)]
    offering.sort(key=lambda file: not file.filename.endswith(".whl"))
    for file in offering:
        offer = _offer(file)
        digest = offer.get("sha256", "") if isinstance(offer, dict) else ""
        try:
            address = join(file.url.partition("#")[0] + ".metadata")
            return MetadataLink(version, address, digest, tuple(digests))
        except BadAddress:
            continue  # nobody has to go there: what is missing is said
    return None


def _sha256(file: RawFile) -> str:
    """Where it stands: among the hashes of JSON, or at the end of an address of HTML."""
    told = (file.hashes or {}).get("sha256", "")
    return file_digits(told or file.url.partition("#sha256=")[2])


def _offer(file: RawFile) -> bool | dict[str, str] | None:
    return file.core_metadata if file.core_metadata is not None else file.dist_info_metadata


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Garbage(f"an upload time is none: {text[:40]!r}") from None


def _text(text: str) -> str:
    if len(text) > _MAX_TEXT:
        raise Garbage(f"a text has {len(text)} characters")
    return text


def _key(version: str) -> str:
    """What two spellings of one version have in common."""
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(version))
    except InvalidVersion:
        return version


def _order(version: str) -> tuple[int, Any]:
    from packaging.version import InvalidVersion, Version

    try:
        return (1, Version(version))
    except InvalidVersion:
        return (0, version)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Project)


class _Part(Struct, array_like=True):
    page: ProjectPage
    metadata: msgspec.Raw  # skipped, not decoded: rules do without it


_part = msgspec.msgpack.Decoder(_Part)


def as_stored(project: Project) -> bytes:
    """The form in which it is kept."""
    return _encoder.encode(project)


def from_stored(data: bytes) -> Project:
    """What `as_stored` made.

    Raises:
        Garbage: it is none.
    """
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise Garbage(f"it is no stored page: {error}") from None


def page_from_stored(data: bytes) -> ProjectPage:
    """Only the page of what `as_stored` made, in a third of the time.

    Raises:
        Garbage: it is none.
    """
    try:
        return _part.decode(data).page
    except msgspec.DecodeError as error:
        raise Garbage(f"it is no stored page: {error}") from None
