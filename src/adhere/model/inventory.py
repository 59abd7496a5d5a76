"""What the sources list, put together.

A *reading* is what one source says. `adhere.model.assemble` joins readings into one
*inventory*, whose *components* are unique by name and version.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from adhere.model.location import Location
from adhere.model.names import PackageName
from adhere.model.package import Artifact, Declared, LicenseFile, Origin, Package

SourceKind = Literal[
    "environment",
    "pylock",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "requirements",
    "script",
    "cyclonedx",
    "spdx",
    "pip-list",
    "pip-inspect",
]

LOCK_KINDS: frozenset[SourceKind] = frozenset(
    {"pylock", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements"}
)
"""Sources that say what is to be installed."""

INSTALLED_KINDS: frozenset[SourceKind] = frozenset({"environment", "pip-list", "pip-inspect"})
"""Sources that say what is installed."""


class Source(Struct, frozen=True, omit_defaults=True):
    """One place packages were listed from.

    Attributes:
        kind: which reader read it.
        path: as shown to people: POSIX, relative to the project where it lies inside.
        digest: ``sha256:<hex>`` of the file, or of what was read of an environment.
        python: version of the interpreter it is for, ``""`` for any or unknown.
        platform: ``sys.platform`` it is for, ``""`` for any.
        machine: ``platform.machine()`` it is for, ``""`` for any or unknown.
        implementation: ``sys.implementation.name`` it is for, ``""`` for any or unknown.
        remarks: what a reader should know about how it was read, as whole clauses.
    """

    kind: SourceKind
    path: str
    digest: str
    python: str = ""
    platform: str = ""
    machine: str = ""
    implementation: str = ""
    remarks: tuple[str, ...] = ()


class Requirement(Struct, frozen=True, omit_defaults=True):
    """A line by which somebody asks for a package.

    Attributes:
        name: canonical; ``""`` for an address without a name.
        raw: the line as it was written, comments and continuation removed.
        location: where it was written.
        specifier: version specifier, ``""`` for any.
        extras: extras that are asked for.
        marker: environment marker, ``""`` for everywhere.
        group: ``runtime``, ``extra:<name>`` or the name of a dependency group.
        origin: address that is asked for instead of an index.
        hashes: ``algorithm:hexdigest``.
        constraint: it only narrows (``-c``), it asks for nothing by itself.
        by: who asks, as a reader would call it: a project or a file.
        source: index of the source in `Inventory.sources`; 0 within a reading.
    """

    name: PackageName
    raw: str
    location: Location
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    group: str = "runtime"
    origin: Origin = Origin(kind="index")
    hashes: tuple[str, ...] = ()
    constraint: bool = False
    by: str = ""
    source: int = 0


class Fault(Struct, frozen=True, array_like=True):
    """Something a source holds that could not be read, or not be trusted.

    Attributes:
        code: stable code of the finding it becomes.
        subject: the package, folder or line, as far as it could be named. Untrusted.
        reason: why, as a clause.
        location: where.
        kept: the package is in the inventory all the same and is judged.
    """

    code: str
    subject: str
    reason: str
    location: Location
    kept: bool = False


class Reading(Struct, frozen=True, omit_defaults=True):
    """Everything one source says.

    Attributes:
        source: which one.
        packages: in the order of the source.
        roots: what was asked for; empty when the source does not know.
        first_party: the project itself and its workspace members.
        faults: what could not be read.
    """

    source: Source
    packages: tuple[Package, ...] = ()
    roots: tuple[Requirement, ...] = ()
    first_party: tuple[PackageName, ...] = ()
    faults: tuple[Fault, ...] = ()


class Component(Struct, frozen=True):
    """One package in one version, as all sources together describe it.

    Attributes:
        name: canonical.
        version: one spelling of it, that of the first source that has it; ``""`` when no
            source tells it.
        packages: what each source that has it says, in the order of the sources; several
            of one source where that lists it more than once, say for two platforms.
        seen_in: the index of that source in `Inventory.sources`, parallel to ``packages``.
        direct: somebody asked for it by name.
        groups: dependency groups it belongs to, sorted; never empty.
        first_party: ours: listed and counted, not judged by license or index rules.
        elsewhere: locked for other platforms or Pythons than that of the environment that
            is judged, and not installed there.
        path: names on a shortest way from what was asked for to it, itself last; empty
            when nothing is known to ask for it.
    """

    name: PackageName
    version: str
    packages: tuple[Package, ...]
    seen_in: tuple[int, ...]
    direct: bool
    groups: tuple[str, ...]
    first_party: bool
    path: tuple[PackageName, ...]
    elsewhere: bool = False

    @property
    def location(self) -> Location:
        """Where the first source speaks of it."""
        return self.packages[0].location

    @property
    def origin(self) -> Origin:
        """The most telling origin: one with an address before one without."""
        origins = [package.origin for package in self.packages]
        for origin in origins:
            if origin.url:
                return origin
        for origin in origins:
            if origin.kind != "unknown":
                return origin
        return origins[0]

    @property
    def declared(self) -> Declared | None:
        """License metadata of the first source that holds any."""
        for package in self.packages:
            if package.declared is not None:
                return package.declared
        return None

    @property
    def license_files(self) -> tuple[LicenseFile, ...]:
        """License texts of the first source that holds any."""
        for package in self.packages:
            if package.license_files:
                return package.license_files
        return ()

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """Installable files, of the sources that list them."""
        return tuple(artifact for package in self.packages for artifact in package.artifacts)


class Inventory(Struct, frozen=True):
    """All components of all sources.

    Attributes:
        sources: in the order they were given.
        components: unique by name and version, sorted by name, then version.
        roots: what was asked for, of all sources.
        faults: what could not be read, of all sources.
    """

    sources: tuple[Source, ...] = ()
    components: tuple[Component, ...] = ()
    roots: tuple[Requirement, ...] = ()
    faults: tuple[Fault, ...] = ()

    def named(self, name: PackageName) -> tuple[Component, ...]:
        """Every version of a package."""
        return tuple(component for component in self.components if component.name == name)
