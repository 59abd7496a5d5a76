"""What indexes say of the release before the one at hand, as a plan.

The release before is the last one that is older, was not withdrawn, and is no pre-release,
unless the one at hand is one too. Which it is all indexes tell together; where one of them
does not answer, it may have a later one, and nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packaging.version import InvalidVersion
from packaging.version import Version as Ordered

from adhere.evidence.fetch import Answers, Fetched
from adhere.evidence.index.choice import Index
from adhere.evidence.offers import Offer, agreed, link_in
from adhere.evidence.plan import Plan
from adhere.evidence.projects import plan_projects
from adhere.evidence.versions import Version, plan_versions
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import page_from_stored
from adhere.model.finding import Missing
from adhere.model.names import PackageName
from adhere.model.project import Previous, PreviousReleases, Release

Key = tuple[PackageName, str]
_Said = list[tuple[str, Fetched]]


def previous(indexes: Sequence[Index], wanted: Iterable[Key]) -> Plan[PreviousReleases]:
    """Ask indexes for the metadata of the releases before.

    Args:
        indexes: in their order; only those with pages for each project have metadata.
        wanted: names and versions at hand, the more important first.
    """
    wanted = tuple(dict.fromkeys(wanted))
    simple = [index for index in indexes if index.url and index.kind == "simple"]
    pages = plan_projects(simple, (name for name, _ in wanted))
    answers: Answers = (yield pages.fetches, pages.decode) if pages.fetches else {}
    said: dict[PackageName, _Said] = {}
    silent: dict[PackageName, Missing] = {}
    for fetch, (index, name) in pages.asks.items():
        answer = answers[fetch]
        if name is not None and isinstance(answer, Missing):
            silent.setdefault(name, Missing(f"{index.label}: {answer.reason}", answer.hint))
        elif name is not None and isinstance(answer, Fetched) and answer.found:
            said.setdefault(name, []).append((index.label, answer))
    before = {key: silent.get(key[0]) or _before(key[1], said.get(key[0], [])) for key in wanted}
    offers = {
        key: _offers(key[0], version, said[key[0]])
        for key, version in before.items()
        if isinstance(version, str) and version
    }
    versions = plan_versions(o.version for found in offers.values() for o in found)
    heads: Answers = (yield tuple(versions.asks), versions.decode) if versions.asks else {}
    fetches = {version: fetch for fetch, version in versions.asks.items()}
    found: dict[Key, Previous | Missing] = {}
    for key, version in before.items():
        if isinstance(version, Missing):
            found[key] = version
        elif not version:
            found[key] = Previous("", None)
        elif not offers[key]:
            found[key] = Missing(f"no index has metadata of {version}, the release before")
        else:
            declared = agreed(offers[key], fetches, heads)
            found[key] = declared if isinstance(declared, Missing) else Previous(version, declared)
    return found


def _before(version: str, said: _Said) -> str | Missing:
    """The version of the release before; ``""`` where this is the first."""
    if not said:
        return Missing("no index that tells metadata has it")
    try:
        now = Ordered(version)
        releases = [one for _, answer in said for one in page_from_stored(answer.body).releases]
    except InvalidVersion:
        return Missing(f"`{version}` is no PEP 440 version, so none is before it")
    except Garbage as error:  # somebody else wrote into the cache
        return Missing(str(error))
    older = [found for found in map(_known, releases) if found is not None and found[0] < now]
    admitted = [one for one in older if now.is_prerelease or not one[0].is_prerelease]
    kept = [one for one in admitted if not one[1].yanked]
    return max(kept, default=(now, Release("")), key=lambda one: one[0])[1].version


def _known(release: Release) -> tuple[Ordered, Release] | None:
    try:
        return Ordered(release.version), release
    except InvalidVersion:
        return None


def _offers(name: PackageName, version: str, said: _Said) -> tuple[Offer, ...]:
    found = ((label, link_in(answer, version)) for label, answer in said)
    return tuple(
        Offer(label, Version(name, link), sure=False) for label, link in found if link is not None
    )
