"""A package as one source describes it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from adhere.model.location import Location
from adhere.model.names import PackageName

OriginKind = Literal["index", "vcs", "url", "path", "editable", "unknown"]


class Origin(Struct, frozen=True, array_like=True):
    """Where a package comes from.

    Attributes:
        kind: ``index`` also for an installed package that has no ``direct_url.json``:
            the specification says that it then came from an index.
        url: the index, the repository, the archive or the folder, without credentials;
            ``""`` when the source does not say.
        reference: the branch, tag or revision that was asked for.
        commit: the revision that was resolved.
        subdirectory: of the repository or archive.
    """

    kind: OriginKind = "unknown"
    url: str = ""
    reference: str = ""
    commit: str = ""
    subdirectory: str = ""


def is_commit(reference: str) -> bool:
    """Whether a revision is a full commit id: it names one content for good."""
    return len(reference) in (40, 64) and all(c in "0123456789abcdef" for c in reference.lower())


class Dependency(Struct, frozen=True, array_like=True):
    """One edge of the dependency graph.

    Attributes:
        name: the package that is needed.
        specifier: version specifier (PEP 440), ``""`` for any.
        extras: extras of the needed package that are asked for.
        extra: extra of the *needing* package under which the edge holds, ``""`` always.
        marker: environment marker that was not evaluated yet, ``""`` when none is left.
    """

    name: PackageName
    specifier: str = ""
    extras: tuple[str, ...] = ()
    extra: str = ""
    marker: str = ""


class Artifact(Struct, frozen=True, array_like=True):
    """A file that an installer may download for a package.

    Attributes:
        name: file name.
        hashes: ``algorithm:hexdigest``, as the source states them.
    """

    name: str
    hashes: tuple[str, ...] = ()


class LicenseFile(Struct, frozen=True, array_like=True):
    """A license text that came with a package.

    Attributes:
        path: inside the package's metadata folder, POSIX.
        digest: ``sha256:<hex>`` of the bytes.
    """

    path: str
    digest: str


class Declared(Struct, frozen=True, array_like=True):
    """What the metadata says about the license, as the author wrote it.

    Attributes:
        expression: ``License-Expression`` (PEP 639).
        text: ``License``, one line or a whole license text.
        classifiers: the ``License ::`` classifiers, without that prefix's trailing blanks.
        stated: licenses that another document (an SBOM) states about the package.
        digest: ``sha256:<hex>`` of the file this was read from, ``""`` for none.
        document: name of that file, as a reader would call it.
    """

    expression: str = ""
    text: str = ""
    classifiers: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    digest: str = ""
    document: str = ""


class Package(Struct, frozen=True, array_like=True):
    """One package in one version, as one source describes it.

    Attributes:
        name: canonical.
        version: as the source writes it; PEP 440 unless `remarks` says otherwise.
        location: where the source speaks of it.
        spelled: the name as its author spells it, when that differs from ``name``.
        origin: where an installer got it or would get it from.
        requested: somebody asked for it by name (``REQUESTED``, a root's requirement);
            ``None`` when the source cannot tell.
        groups: dependency groups the source itself assigns: ``runtime``, ``dev``,
            ``extra:<name>``, ...; empty when the source has no groups.
        requires: edges to what it needs.
        marker: where it is to be installed at all; ``""`` everywhere.
        artifacts: what an installer may download, with hashes.
        declared: what its metadata says about its license, ``None`` when the source holds
            no metadata.
        license_files: license texts that came with it.
        summary: one line from its author. Untrusted.
        links: label and address from its ``Project-URL``. Untrusted.
        remarks: peculiarities that a reader should know, as whole clauses.
    """

    name: PackageName
    version: str
    location: Location
    spelled: str = ""
    origin: Origin = Origin()
    requested: bool | None = None
    groups: tuple[str, ...] = ()
    requires: tuple[Dependency, ...] = ()
    marker: str = ""
    artifacts: tuple[Artifact, ...] = ()
    declared: Declared | None = None
    license_files: tuple[LicenseFile, ...] = ()
    summary: str = ""
    links: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
