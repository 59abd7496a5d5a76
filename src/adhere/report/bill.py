"""What every bill of materials says, whatever its format: names, edges, licenses, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from msgspec import Struct

from adhere.model.names import canonical_name, is_valid_name
from adhere.policy.scope import DEV_FREE, Scope
from adhere.report.document import License, PackageOrigin, Report, ReportPackage
from adhere.report.escape import plain, shorten
from adhere.report.redaction import HOST

Usage = str
"""``required``, ``optional`` or ``excluded``, as CycloneDX calls it."""

_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
_QUERY = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
_ADDRESS = re.compile(
    r"(?:https?://|git://|ssh://(?:[A-Za-z0-9_.-]+@)?)[A-Za-z0-9.-]+(?::\d{1,5})?"
    rf"(?:/{_PATH})?(?:\?{_QUERY})?(?:#{_QUERY})?"
)
"""As RFC 3986 has it, without a password, of the schemes that lead to packages."""

_GIT = re.compile(r"git://.*|[^?#]*\.git/?|https://(?:github|gitlab)\.com/.*")
"""Addresses that nothing but git answers."""

MAX_ADDRESS = 2_000

_FILES = (".txt", ".in", ".toml", ".cfg", ".py", ".lock", ".json", ".xml", ".spdx")
"""Ends of the names of files that ask for packages as a project does."""


class Bill(Struct, frozen=True):
    """A report as a bill of materials.

    Attributes:
        name: of the project.
        version: of it, ``""`` where nothing tells.
        project: the package that is the project itself, ``None`` where no source lists it.
        parts: all other packages, as the report has them.
        needs: references of what each package needs, by its reference.
        index: address of the index that a package URL means when it names none.
    """

    name: str
    version: str
    project: ReportPackage | None
    parts: tuple[ReportPackage, ...]
    needs: Mapping[str, tuple[str, ...]]
    index: str = ""

    def package_url(self, package: ReportPackage) -> str:
        """The package URL; its qualifiers say where it comes from, if not from that index.

        ``""`` for a package whose version no source tells: a URL without one means them all.
        """
        if not package.version:
            return ""
        return reference(package) + _qualifier(package.origin, self.index)


def bill_of(report: Report, index: str = "") -> Bill:
    """The packages of a report and their edges.

    Args:
        report: with both.
        index: address of the index that a package URL means when it names none.
    """
    project = _project(report)
    parts = tuple(package for package in report.packages if package is not project)
    name, version = report.subject.name, report.subject.version
    if project is not None:
        name, version = project.name, project.version or version
    elif not version:
        name = _asker(report) or name
    return Bill(name, version, project, parts, _needs(report.packages), index)


def _project(report: Report) -> ReportPackage | None:
    """The package that is the project: of ours the one of its name, at its root, or the only one."""
    ours = [package for package in report.packages if package.first_party]
    name = canonical_name(report.subject.name)
    local = [p for p in ours if p.origin.kind in ("path", "editable") and not p.direct]
    for found in (
        [package for package in ours if package.name == name],
        [package for package in local if package.origin.url == "."],
        local,
    ):
        if len(found) == 1:
            return found[0]
    return None


def _asker(report: Report) -> str:
    """The project that asks for packages, as their paths have it; ``""`` for a file, or several."""
    names = {package.name for package in report.packages}
    first = {path[0] for package in report.packages for path in package.paths if path}
    askers = {name for name in first if name not in names}
    return askers.pop() if len(askers) == 1 and all(map(_is_project, askers)) else ""


def _is_project(asker: str) -> bool:
    return is_valid_name(asker) and not asker.lower().endswith(_FILES)


def _needs(packages: Iterable[ReportPackage]) -> dict[str, tuple[str, ...]]:
    refs: dict[str, list[str]] = {}
    for package in packages:
        ref = reference(package)
        refs.setdefault(package.name, []).append(ref)
        refs.setdefault(f"{package.name}=={package.version}", []).append(ref)
    found = {}
    for package in packages:
        own = reference(package)
        below = {ref for need in package.requires for ref in refs.get(need, ()) if ref != own}
        found[own] = tuple(sorted(below))
    return found


def reference(package: ReportPackage) -> str:
    """What a document calls a package: its package URL, without where it comes from."""
    version = f"@{_quoted(package.version)}" if package.version else ""
    return f"pkg:pypi/{_quoted(package.name)}{version}"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="backslashreplace")


def _qualifier(origin: PackageOrigin, index: str) -> str:
    if origin.kind == "vcs" and (address := git_address(origin)):
        return f"?vcs_url={_quoted(address)}"
    if not is_address(origin.url):
        return ""
    if origin.kind == "url":
        return f"?download_url={_quoted(origin.url)}"
    if origin.kind == "index" and origin.url.rstrip("/") != index.rstrip("/"):
        return f"?repository_url={_quoted(origin.url)}"
    return ""


def git_address(origin: PackageOrigin) -> str:
    """Where a repository's revision is, as SPDX writes it.

    ``""`` where it is not certain that git answers there: the report does not say what does.
    """
    if _GIT.fullmatch(origin.url) is None or not is_address(origin.url):
        return ""
    revision = origin.commit or origin.reference
    at = f"@{quote(revision, safe='/', errors='backslashreplace')}" if revision else ""
    path = quote(origin.subdirectory, errors="backslashreplace")
    below = f"#subdirectory={path}" if path else ""
    return f"git+{origin.url}{at}{below}"


def is_address(text: str) -> bool:
    """Whether a text is an address that others can ask, in the only spelling that all take."""
    if len(text) > MAX_ADDRESS or f"://{HOST.decode()}" in text:  # it is not told
        return False
    return _ADDRESS.fullmatch(text) is not None


def web_links(package: ReportPackage) -> Iterator[tuple[str, str]]:
    """Labels and addresses from the package's own metadata; what is no address is left out."""
    for label, address in package.links:
        if is_address(address) and address.startswith("http"):
            yield shorten(plain(label), 100), address


def usage(package: ReportPackage) -> Usage:
    """Whether a package is needed at run time, may be there, or is for development alone."""
    if not Scope(DEV_FREE).admits(package.groups):
        return "excluded"
    if package.elsewhere or "runtime" not in package.groups:
        return "optional"
    return "required"


def is_settled(license_: License) -> bool:
    """Whether a license can be relied on; of any other, no expression is passed on."""
    return bool(license_.expression) and license_.state in ("concluded", "clarified")


def words(text: str, limit: int = 1_000) -> str:
    """A stranger's words as one harmless line of at most so many characters."""
    return shorten(plain(text), limit)


def moment(report: Report) -> str:
    """When the report was made, in the one form that all formats take."""
    try:
        started = datetime.fromisoformat(report.run.started)
    except ValueError:
        return f"{report.subject.today.isoformat()}T00:00:00Z"
    utc = started.astimezone(UTC) if started.tzinfo else started.replace(tzinfo=UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def identifier(digest: str) -> str:
    """A UUID that is made from a digest: the same content has the same one."""
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, digest))
