"""What indexes say of the licenses of exactly the versions at hand, as a plan.

The core metadata of a version, without the distribution around it. Whether an index has the
version that a lock file means, the digests of its files tell, where both have some. Without
them any index may be the one that an installer would take: then all have to agree, and one
that does not answer leaves open what it would have said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from adhere.evidence.fetch import Answers, Fetched
from adhere.evidence.index.choice import Index
from adhere.evidence.offers import Offer, agreed, link_in
from adhere.evidence.plan import Plan
from adhere.evidence.projects import plan_projects
from adhere.evidence.versions import Version, plan_versions
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import file_digits
from adhere.model.finding import Missing
from adhere.model.inventory import Component
from adhere.model.names import PackageName
from adhere.model.package import Declared

Key = tuple[PackageName, str]
Described = Mapping[Key, Declared | Missing]


class Wanted(Struct, frozen=True):
    """A version whose license is wanted.

    Attributes:
        name: canonical.
        version: as the source writes it.
        files: first digits of the ``sha256`` of its files, as the source has them; empty
            where it has none.
    """

    name: PackageName
    version: str
    files: frozenset[str] = frozenset()


def wanted_of(component: Component) -> Wanted:
    """What there is to ask about a component."""
    hashes = (h for p in component.packages for artifact in p.artifacts for h in artifact.hashes)
    digests = (h.removeprefix("sha256:") for h in hashes if h.startswith("sha256:"))
    files = frozenset(filter(None, map(file_digits, digests)))
    return Wanted(component.name, component.version, files)


def described(indexes: Sequence[Index], wanted: Iterable[Wanted]) -> Plan[Described]:
    """Ask indexes for metadata of versions.

    Args:
        indexes: in their order; only those with pages for each project have metadata.
        wanted: the more important first, in case time runs out.
    """
    wanted = tuple(wanted)
    simple = [index for index in indexes if index.url and index.kind == "simple"]
    pages = plan_projects(simple, (one.name for one in wanted))
    answers: Answers = (yield pages.fetches, pages.decode) if pages.fetches else {}
    said: dict[PackageName, list[tuple[str, Fetched | Missing]]] = {}
    for fetch, (index, name) in pages.asks.items():
        if name is not None:
            said.setdefault(name, []).append((index.label, answers[fetch]))
    offers = {(one.name, one.version): _offers(one, said.get(one.name, ())) for one in wanted}
    versions = plan_versions(
        offer.version
        for found in offers.values()
        if not isinstance(found, Missing)
        for offer in found
    )
    heads: Answers = (yield tuple(versions.asks), versions.decode) if versions.asks else {}
    fetches = {version: fetch for fetch, version in versions.asks.items()}
    return {
        key: found if isinstance(found, Missing) else agreed(found, fetches, heads)
        for key, found in offers.items()
    }


def _offers(
    wanted: Wanted, said: Iterable[tuple[str, Fetched | Missing]]
) -> tuple[Offer, ...] | Missing:
    """Where metadata of a version is, or why it is not known to be anywhere."""
    found: list[Offer] = []
    reasons: list[str] = []
    silent: list[str] = []
    for label, answer in said:
        if isinstance(answer, Missing):
            silent.append(f"{label}: {answer.reason}")
            continue
        try:
            link = link_in(answer, wanted.version)
        except Garbage as error:  # somebody else wrote into the cache
            silent.append(f"{label}: {error}")
            continue
        if link is None:
            reasons.append(f"{label} has no metadata of this version")
        elif wanted.files and link.files and wanted.files.isdisjoint(link.files):
            reasons.append(f"{label} has other files of this version")
        else:
            sure = bool(wanted.files and link.files)
            found.append(Offer(label, Version(wanted.name, link), sure))
    sure_ones = tuple(offer for offer in found if offer.sure)
    if sure_ones:
        return sure_ones[:1]  # the same files say the same, wherever they are
    if silent or not found:
        return Missing("; ".join([*silent, *reasons]) or "no index is asked about it")
    return tuple(found)
