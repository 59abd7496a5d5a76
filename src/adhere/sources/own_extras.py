"""A project that asks for its own extras: ``all = ["acme[cli,web]"]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from adhere.markers import both
from adhere.model.inventory import Requirement
from adhere.model.names import canonical_name


def own_extras_followed(roots: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """What a project asks for, its own extras replaced by what they ask for.

    The project does not need itself: followed as any other package, the extra ``all``
    would need everything that the project needs without any extra.

    Args:
        roots: of one source. One for an extra that asks for nothing stays as it is.
    """
    roots = tuple(roots)
    if not any(map(_asks_for_itself, roots)):
        return roots
    found: dict[Requirement, None] = {}
    for root in roots:
        found.update(dict.fromkeys(_followed(root, roots)))
    return tuple(found)


def _followed(root: Requirement, roots: tuple[Requirement, ...]) -> Iterator[Requirement]:
    """A requirement, or those that stand behind the extras it names."""
    pending = [root]
    seen: set[tuple[str, str]] = set()
    while pending:
        current = pending.pop()
        if not _asks_for_itself(current):
            yield current
            continue
        for extra in current.extras:
            if (extra, current.marker) in seen:
                continue
            seen.add((extra, current.marker))
            below = [r for r in roots if r.by == current.by and r.group == f"extra:{extra}"]
            if not below:
                yield msgspec.structs.replace(root, extras=(extra,))
            pending += [
                msgspec.structs.replace(r, group=root.group, marker=both(current.marker, r.marker))
                for r in reversed(below)
            ]


def _asks_for_itself(root: Requirement) -> bool:
    return bool(root.extras) and not root.constraint and canonical_name(root.by) == root.name
