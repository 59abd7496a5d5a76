"""Names that stand for several licenses: ``BSD``, ``GPL``, ``Apache``, ...

Such a name is no license by itself. It names candidates, and stronger evidence that lies
within the family (a license text, a more exact classifier) may decide between them.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from adhere.licenses._families import FAMILIES
from adhere.licenses._spdx import LICENSES, REPLACED


class Family(Struct, frozen=True):
    """A name that leaves the license open.

    Attributes:
        name: as people call it.
        candidates: what it most likely means, canonical, sorted; empty when the name is no
            hint at a particular license.
        members: regular expression over identifiers of the SPDX list: every license that
            the name may stand for.
    """

    name: str
    candidates: tuple[str, ...]
    members: str

    def has(self, identifier: str) -> bool:
        """Whether a license (without exception) is within the family."""
        return re.fullmatch(self.members, identifier) is not None


def _active() -> tuple[str, ...]:
    return tuple(row[0] for row in LICENSES.values() if "d" not in row[3] or row[0] not in REPLACED)


@cache
def families() -> dict[str, Family]:
    """Every family by the keys of its spellings."""
    found: dict[str, Family] = {}
    for name, spellings, _, _ in FAMILIES:
        found.update(dict.fromkeys(spellings.split(" | "), family_named(name)))
    return found


@cache
def family_named(name: str) -> Family:
    """The family that is called ``name``; made when it is asked for, as few ever are.

    Raises:
        KeyError: there is none.
    """
    members, candidates = _rows()[name]
    if candidates == "-":
        likely: tuple[str, ...] = ()
    elif candidates:
        likely = tuple(sorted(candidates.split()))
    else:
        likely = tuple(sorted(item for item in _active() if re.fullmatch(members, item)))
    return Family(name, likely, members)


@cache
def _rows() -> dict[str, tuple[str, str]]:
    return {name: (members, candidates) for name, _, members, candidates in FAMILIES}
