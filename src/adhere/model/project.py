"""What a package index says of a project and its releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from adhere.model.finding import Missing
from adhere.model.names import PackageName
from adhere.model.package import Declared

Status = Literal["active", "archived", "deprecated", "quarantined"]
"""Of a project as a whole (PEP 792)."""


class Release(Struct, frozen=True, array_like=True):
    """One version of a project, over all its files.

    Attributes:
        version: as the index spells it.
        uploaded: when its first file came (PEP 700); ``None`` when the index does not say.
        yanked: every file of it was withdrawn (PEP 592); ``None`` when nobody could say so,
            as in a folder of files.
        yanked_reason: ``""`` when none was given.
        requires_python: specifier of its files, ``""`` for any.
    """

    version: str
    uploaded: datetime | None = None
    yanked: bool | None = False
    yanked_reason: str = ""
    requires_python: str = ""


class ProjectPage(Struct, frozen=True, array_like=True):
    """A project as one index describes it.

    Attributes:
        name: canonical.
        index: which index, without credentials.
        releases: in the order of their versions; those that are no PEP 440 version first.
        status: ``None`` when the index does not say.
        status_reason: ``""`` when none was given.
        silent: what this index does not tell, as nouns: ``upload times``, ``status``,
            ``withdrawals``.
    """

    name: PackageName
    index: str
    releases: tuple[Release, ...] = ()
    status: Status | None = None
    status_reason: str = ""
    silent: tuple[str, ...] = ()


class Listed(Struct, frozen=True):
    """Everything that the configured indexes say of one name.

    Attributes:
        pages: one per index that has the name, in the order of the indexes.
        asked: the indexes that answered, whether they have the name or not.
        unanswered: why the others did not, by index.
        collected: when the oldest of the answers was fetched.
    """

    pages: tuple[ProjectPage, ...] = ()
    asked: tuple[str, ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()
    collected: datetime | None = None


class Previous(Struct, frozen=True):
    """The release before one that is at hand.

    Attributes:
        version: as the index spells it; ``""`` where there is none before.
        declared: what its metadata says of its license.
    """

    version: str
    declared: Declared | None


PreviousReleases = Mapping[tuple[PackageName, str], Previous | Missing]
"""By canonical name and the version at hand, for every one that was asked for."""

Projects = Mapping[PackageName, Listed | Missing]
"""By canonical name, for every name that was asked for."""
