"""One dependency specifier (PEP 508) as a `Requirement`."""

from __future__ import annotations

from collections.abc import Iterable

from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import canonical_name, is_valid_name
from adhere.model.package import Origin
from adhere.sources.addresses import direct_origin, masked
from adhere.sources.entry import EntryError, shown

MAX_LINE = 20_000
"""Characters of a specifier that is read; real ones have a hundredth of it."""

FROM_INDEX = Origin(kind="index")


def parse_requirement(
    text: str,
    location: Location,
    *,
    group: str = "runtime",
    by: str = "",
    constraint: bool = False,
    origin: Origin = FROM_INDEX,
    hashes: tuple[str, ...] = (),
) -> Requirement:
    """Read ``name[extras] specifier; marker`` or ``name @ address; marker``.

    Args:
        text: one specifier, without comments.
        location: where it stands.
        group: who asks for it.
        by: project or file that asks.
        constraint: it only narrows.
        origin: where an installer would get it, unless the text has an address.
        hashes: that it has to have.

    Raises:
        EntryError: it is no such specifier.
    """
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Specifier

    raw = text.strip()
    if len(raw) > MAX_LINE:
        raise EntryError(f"it is longer than {MAX_LINE} characters")
    try:
        found = Specifier(raw)
    except InvalidRequirement as error:
        raise EntryError(_reason(str(error), raw)) from None
    except (RecursionError, ValueError):
        raise EntryError(f"{shown(raw)} cannot be read") from None
    if not is_valid_name(found.name):
        raise EntryError(f"{shown(found.name)} is not a valid name")
    return Requirement(
        name=canonical_name(found.name),
        raw=masked(raw),
        location=location,
        specifier=str(found.specifier),
        extras=canonical_extras(found.extras),
        marker=str(found.marker) if found.marker else "",
        group=group,
        origin=direct_origin(found.url) if found.url else origin,
        hashes=hashes,
        constraint=constraint,
        by=by,
    )


def _reason(message: str, raw: str) -> str:
    """The first line of packaging's message, which goes on with a drawing of the text."""
    first = message.partition("\n")[0].strip().rstrip(".")
    lowered = first[:1].lower() + first[1:]
    return f"{shown(raw)} is no requirement: {lowered}"


def canonical_extras(names: Iterable[str]) -> tuple[str, ...]:
    """Extras in canonical form, sorted, without repetition."""
    return tuple(sorted({str(canonical_name(name)) for name in names}))


def pinned_version(requirement: Requirement) -> str:
    """The one version that the specifier admits, ``""`` when it admits several."""
    specifier = requirement.specifier
    if "," in specifier or not specifier.startswith("==") or specifier.endswith(".*"):
        return ""
    return specifier.lstrip("=").strip()
