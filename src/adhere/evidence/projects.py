"""What all indexes say of projects: what to ask, and what the answers come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from adhere.evidence.address import join
from adhere.evidence.fetch import Fetch, Fetched, missing
from adhere.evidence.index.choice import Index
from adhere.evidence.index.local import links_project, read_local
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import (
    ACCEPT,
    as_stored,
    page_from_stored,
    read_project,
)
from adhere.model.finding import Missing
from adhere.model.key import cache_key
from adhere.model.names import PackageName, is_valid_name
from adhere.model.project import Listed, ProjectPage, Projects

KIND = "package_metadata"
_SCHEMA = "2"  # of what is stored; another one is another key
_HEADERS = (("Accept", ACCEPT),)


class Plan(Struct, frozen=True):
    """Which index is asked for which project.

    Attributes:
        indexes: in their order.
        names: in the order of their importance.
        asks: what a request is about; the request for a page of links is about no name.
    """

    indexes: tuple[Index, ...]
    names: tuple[PackageName, ...]
    asks: Mapping[Fetch, tuple[Index, PackageName | None]]

    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """All requests, the more important first."""
        return tuple(self.asks)

    def decode(self, fetch: Fetch, body: bytes) -> bytes:
        """What is stored of an answer.

        Raises:
            Garbage: it is none.
        """
        index, name = self.asks[fetch]
        if name is None:
            return body  # of many projects; taken apart when it is asked for one
        return as_stored(read_project(body, name, index.label, partial(join, fetch.url)))


def plan_projects(indexes: Sequence[Index], names: Iterable[PackageName]) -> Plan:
    """What to ask; a name that is none is left out, and `assemble` says so."""
    wanted = tuple(dict.fromkeys(names))
    asks: dict[Fetch, tuple[Index, PackageName | None]] = {}
    remote = [index for index in indexes if index.url]
    for index in remote:
        if index.kind == "links":
            asks[_links_fetch(index)] = (index, None)
    for name in wanted:
        if is_valid_name(name):
            for index in remote:
                if index.kind == "simple":
                    asks[project_fetch(index, name)] = (index, name)
    return Plan(tuple(indexes), wanted, asks)


def project_fetch(index: Index, name: PackageName) -> Fetch:
    """The request for a project's page."""
    key = cache_key(KIND, "project", _SCHEMA, index.url, subject=name)
    return Fetch(KIND, key, f"{index.url}{name}/", headers=_HEADERS)


def _links_fetch(index: Index) -> Fetch:
    return Fetch(KIND, cache_key(KIND, "links", _SCHEMA, index.url), index.url)


def assemble(plan: Plan, answers: Mapping[Fetch, Fetched | Missing], now: datetime) -> Projects:
    """Every project, over all indexes.

    Args:
        plan: what was asked.
        answers: to all of its requests.
        now: when; ages count back from it.

    Returns:
        `Missing` for a name of which no index said anything.
    """
    return {name: _listed(plan, name, answers, now) for name in plan.names}


def _listed(
    plan: Plan, name: PackageName, answers: Mapping[Fetch, Fetched | Missing], now: datetime
) -> Listed | Missing:
    if not is_valid_name(name):
        return missing("refused", "no index is asked for what is not a name")
    if not plan.indexes:
        return missing(
            "refused", "there is no index to ask", "set [index] url, or ADHERE_INDEX_URL"
        )
    pages: list[ProjectPage] = []
    asked: list[str] = []
    unanswered: list[tuple[str, Missing]] = []
    collected = now
    for index in plan.indexes:
        page, age, absent = _page(index, name, answers)
        if absent is not None:
            unanswered.append((index.label, absent))
            continue
        asked.append(index.label)
        collected = min(collected, now - age)
        if page is not None:
            pages.append(page)
    if not asked:
        return unanswered[0][1]
    reasons = tuple((label, absent.reason) for label, absent in unanswered)
    return Listed(tuple(pages), tuple(asked), reasons, collected)


def _page(
    index: Index, name: PackageName, answers: Mapping[Fetch, Fetched | Missing]
) -> tuple[ProjectPage | None, timedelta, Missing | None]:
    """A page, its age; or why there is no answer."""
    none = timedelta(0)
    try:
        if index.folder:
            found = read_local(index, name)
            return (found.page if found is not None else None), none, None
        simple = index.kind == "simple"
        answer = answers[project_fetch(index, name) if simple else _links_fetch(index)]
        if isinstance(answer, Missing):
            return None, none, answer
        return _page_in(answer, index, name), _age(answer), None
    except Garbage as error:
        return None, none, missing("garbage", f"{index.label}: {error}")
    except OSError as error:
        why = error.strerror or type(error).__name__
        return None, none, missing("unreachable", f"{index.label}: {why}")


def _page_in(answer: Fetched, index: Index, name: PackageName) -> ProjectPage | None:
    if not answer.found:
        return None
    if index.kind == "simple":
        return page_from_stored(answer.body)
    linked = links_project(answer.body, name, index)
    return linked.page if linked is not None else None


def _age(answer: Fetched) -> timedelta:
    """How old; an age that nobody knows is older than any rule admits."""
    return timedelta(seconds=min(answer.age, 50 * 365.25 * 86_400))
