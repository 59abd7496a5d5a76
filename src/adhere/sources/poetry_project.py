"""``[tool.poetry]`` of a ``pyproject.toml``: what a Poetry project asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

from adhere.markers import MarkerError, parse
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import PackageName, canonical_name
from adhere.model.package import Origin
from adhere.sources.addresses import vcs_origin, without_credentials
from adhere.sources.entry import EntryError, decode, package_name, shown, sort_of
from adhere.sources.poetry_constraint import to_specifier
from adhere.sources.requirement_line import FROM_INDEX, canonical_extras
from adhere.spans.text import KeyPath

Refuse = Callable[[KeyPath, str], None]
Place = Callable[[KeyPath], Location]


class _Wish(Struct, frozen=True, rename="kebab"):
    """A dependency's table."""

    version: str = "*"
    extras: tuple[str, ...] = ()
    markers: str = ""
    python: str = ""
    platform: str = ""
    optional: bool = False
    git: str = ""
    branch: str = ""
    tag: str = ""
    rev: str = ""
    subdirectory: str = ""
    url: str = ""
    path: str = ""
    file: str = ""
    develop: bool = False


class _Group(Struct, frozen=True):
    dependencies: dict[str, Any] = field(default_factory=dict)


def poetry_requirements(
    table: dict[str, Any], place: Place, refuse: Refuse, by: str
) -> Iterator[Requirement]:
    """Every requirement of ``[tool.poetry]``.

    Args:
        table: what ``[tool.poetry]`` holds.
        place: where a path of the document stands.
        refuse: told of what cannot be read.
        by: who asks.
    """
    reader = _Reader(place, refuse, by)
    base: KeyPath = ("tool", "poetry")
    extras = reader.extras(table.get("extras", {}), (*base, "extras"))
    own = table.get("dependencies", {})
    yield from reader.group(own, (*base, "dependencies"), "runtime", extras)
    old = table.get("dev-dependencies", {})
    yield from reader.group(old, (*base, "dev-dependencies"), "dev")
    groups = table.get("group", {})
    if not isinstance(groups, dict):
        refuse((*base, "group"), f"it is {sort_of(groups)}, not a table")
        return
    for name, group in groups.items():
        at = (*base, "group", name)
        try:
            wanted = decode(group, _Group).dependencies
        except EntryError as error:
            refuse(at, str(error))
            continue
        yield from reader.group(wanted, (*at, "dependencies"), str(canonical_name(name)))


class _Reader:
    def __init__(self, place: Place, refuse: Refuse, by: str) -> None:
        self.place = place
        self.refuse = refuse
        self.by = by

    def extras(self, table: object, at: KeyPath) -> dict[PackageName, list[str]]:
        """For each optional package the extras that name it."""
        found: dict[PackageName, list[str]] = {}
        try:
            lists = decode(table, dict[str, tuple[str, ...]])
        except EntryError as error:
            self.refuse(at, str(error))
            return found
        for extra, names in lists.items():
            for name in names:
                found.setdefault(canonical_name(name), []).append(str(canonical_name(extra)))
        return found

    def group(
        self,
        table: object,
        at: KeyPath,
        group: str,
        extras: dict[PackageName, list[str]] | None = None,
    ) -> Iterator[Requirement]:
        if not isinstance(table, dict):
            self.refuse(at, f"it is {sort_of(table)}, not a table")
            return
        for name, value in table.items():
            if name.lower() == "python":
                continue
            wishes = value if isinstance(value, list) else [value]
            for wish in wishes:
                try:
                    yield from self.wish(name, wish, (*at, name), group, extras or {})
                except EntryError as error:
                    self.refuse((*at, name), f"`{name}`: {error}")

    def wish(
        self,
        name: str,
        value: object,
        at: KeyPath,
        group: str,
        extras: dict[PackageName, list[str]],
    ) -> Iterator[Requirement]:
        wish = _Wish(version=value) if isinstance(value, str) else decode(value, _Wish)
        canonical = package_name(name)
        groups = [group]
        if wish.optional:
            # An optional package that no extra names is installed by nothing; it is
            # judged as what it would be if somebody named it.
            groups = [f"extra:{extra}" for extra in extras.get(canonical, ())] or [group]
        for found in groups:
            yield Requirement(
                name=canonical,
                raw=f"{name} {wish.version}" if wish.version != "*" else name,
                location=self.place(at),
                specifier=to_specifier(wish.version),
                extras=canonical_extras(wish.extras),
                marker=_marker(wish),
                group=found,
                origin=_origin(wish),
                by=self.by,
            )


def _origin(wish: _Wish) -> Origin:
    if wish.git:
        reference = wish.branch or wish.tag or wish.rev
        return vcs_origin(wish.git, reference=reference, subdirectory=wish.subdirectory)
    if wish.url:
        return Origin("url", without_credentials(wish.url), subdirectory=wish.subdirectory)
    if wish.path or wish.file:
        kind = "editable" if wish.develop else "path"
        return Origin(kind, wish.path or wish.file, subdirectory=wish.subdirectory)  # type: ignore[arg-type]  # one of two literals
    return FROM_INDEX


def _marker(wish: _Wish) -> str:
    """``python`` and ``platform`` are short forms of markers."""
    parts = []
    if wish.markers:
        try:
            parse(wish.markers)
        except MarkerError as error:
            raise EntryError(f"its marker {shown(wish.markers)} cannot be read: {error}") from None
        parts.append(f"({wish.markers})" if wish.python or wish.platform else wish.markers)
    for clause in to_specifier(wish.python).split(",") if wish.python else ():
        version = clause.lstrip("<>=!~")
        if clause:
            parts.append(f"python_full_version {clause[: -len(version)]} '{version}'")
    if wish.platform:
        parts.append(f"sys_platform == '{wish.platform.replace(chr(39), '')}'")
    return " and ".join(parts)
