"""What is remembered of one distribution of an environment."""

from __future__ import annotations

from msgspec import Struct

from adhere.model.claim import Conclusion
from adhere.model.digest import sha256
from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.model.package import Package


class Entry(Struct, frozen=True, array_like=True):
    """What is remembered of one distribution.

    Attributes:
        stamps: of every file and folder it was read from, as `adhere.sources.stamp` writes them.
        digest: over the content of all these files.
        package: ``None`` when it could not be read.
        faults: what is wrong with it.
        conclusion: of its license.
    """

    stamps: bytes
    digest: str
    package: Package | None
    faults: tuple[Fault, ...]
    conclusion: Conclusion | None


def entry_of(
    package: Package | None,
    faults: tuple[Fault, ...],
    conclusion: Conclusion | None,
    stamps: bytes,
) -> Entry:
    """An entry with its digest: over what was read, or over why it could not be."""
    from adhere.sources.distribution import remembered

    parts: list[str] = []
    if package is not None:
        declared = package.declared
        parts.append(declared.digest if declared else "")
        parts.extend(f"{file.path} {file.digest}" for file in package.license_files)
        parts.append(f"{package.origin.kind} {package.origin.url} {package.origin.commit}")
    parts.extend(f"{fault.code} {fault.reason}" for fault in faults)
    digest = sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    kept = None if package is None else remembered(package)
    return Entry(stamps, digest, kept, faults, conclusion)


def legacy_fault(label: str, name: str) -> Fault:
    """Ways of installing that no installer uses any more; what is in them is not read."""
    what = "a develop install" if name.endswith(".egg-link") else "an egg"
    return unreadable_fault(label, name, f"it is {what} of a kind that no installer makes any more")


def unreadable_fault(label: str, name: str, reason: str) -> Fault:
    """A metadata folder or file that is not read at all."""
    return Fault("package-unreadable", name, reason, Location(f"{label}/{name}"))
