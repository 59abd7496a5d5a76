"""What we expect of a package index: of the fake one, and on request of the real one.

With ``ADHERE_TEST_REAL_INDEX=1`` the same tests ask the index that pip asks, politely.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator

import pytest

from adhere import __version__
from adhere.cache.leases import LocalFlight
from adhere.evidence.client import Client
from adhere.evidence.connect import opener
from adhere.evidence.deadline import Deadline
from adhere.evidence.fetch import Fetch
from adhere.evidence.index.choice import Choice, Index, choose
from adhere.evidence.offers import link_in
from adhere.evidence.projects import assemble
from adhere.evidence.stored import from_stored
from adhere.evidence.versions import Version, plan_versions, read_answer
from adhere.evidence.wire.pypi import read_project
from adhere.model.finding import Missing
from adhere.model.metadata import Metadata
from adhere.model.names import PackageName
from adhere.model.project import Listed, ProjectPage
from adhere.testing import FakeIndex, FakeRelease
from fakes.asking import CLOCK, Asked, ask, limits
from fakes.memory_cache import MemoryCache

# Read while tests are collected: the fixture that gives each test its own world comes later.
REAL = os.environ.get("ADHERE_TEST_REAL_INDEX") == "1"
ENVIRON = dict(os.environ)
NAME = PackageName("idna")
ABSENT = PackageName("adhere-contract-nobody-has-this-name")
RELEASES = [
    FakeRelease("2.0"),
    FakeRelease("2.10", metadata={"License": "BSD-like"}),
    FakeRelease("3.10", requires_python=">=3.6", metadata={"License-Expression": "BSD-3-Clause"}),
]


@pytest.fixture(params=["fake", "real"] if REAL else ["fake"])
def choice(request: pytest.FixtureRequest) -> Iterator[Choice]:
    if request.param == "real":
        found = choose((), ENVIRON, root=os.sep)
        yield Choice(
            tuple(i for i in found.indexes if i.url and i.kind == "simple")[:1],
            found.logins,
            found.insecure,
            found.authorities,
            found.proxy,
        )
    else:
        with FakeIndex({NAME: RELEASES}) as index:
            yield choose((), index.environment, root=os.sep, home=os.sep, prefix=os.sep)


@pytest.fixture
def cache() -> MemoryCache:
    return MemoryCache(CLOCK)


def ask_politely(choice: Choice, names: list[str], cache: MemoryCache, **changes: object) -> Asked:
    how = limits(rate=10.0, timeout=10.0, retries=2, **changes)
    return ask(choice, names, cache=cache, seconds=30.0, how=how)


def page(asked: Asked) -> ProjectPage:
    found = asked.projects[NAME]
    assert isinstance(found, Listed), found
    return found.pages[0]


def test_a_project_has_releases_in_order_of_version(choice: Choice, cache: MemoryCache) -> None:
    found = page(ask_politely(choice, [NAME], cache))
    versions = [release.version for release in found.releases]
    assert versions.index("2.0") < versions.index("2.10") < versions.index("3.10")


def test_an_index_tells_upload_times_and_status_or_is_said_not_to(
    choice: Choice, cache: MemoryCache
) -> None:
    found = page(ask_politely(choice, [NAME], cache))
    assert ("upload times" in found.silent) == all(r.uploaded is None for r in found.releases)
    assert ("status" in found.silent) == (found.status is None)


def test_requires_python_is_read(choice: Choice, cache: MemoryCache) -> None:
    releases = {r.version: r for r in page(ask_politely(choice, [NAME], cache)).releases}
    assert releases["3.10"].requires_python == ">=3.6"
    assert not releases["3.10"].yanked


def test_nobody_has_the_name(choice: Choice, cache: MemoryCache) -> None:
    found = ask_politely(choice, [ABSENT], cache).projects[ABSENT]
    assert isinstance(found, Listed)
    assert found.pages == ()
    assert found.asked


def test_afterwards_it_works_offline(choice: Choice, cache: MemoryCache) -> None:
    online = ask_politely(choice, [NAME, ABSENT], cache)
    offline = ask_politely(choice, [NAME, ABSENT], cache, offline=True)
    assert page(offline).releases == page(online).releases
    assert not offline.counts.get("requests")


def test_a_second_look_is_a_conditional_one(choice: Choice, cache: MemoryCache) -> None:
    first = ask_politely(choice, [NAME], cache, ttl={"package_metadata": 0.0})
    second = ask_politely(choice, [NAME], cache, ttl={"package_metadata": 0.0})
    assert page(second).releases == page(first).releases
    entries = [from_stored(held.value) for held in cache.held.values()]
    if any(entry is not None and (entry.etag or entry.last_modified) for entry in entries):
        assert second.counts["unchanged"] == 1
        assert second.counts["bytes"] == 0


def test_both_formats_name_the_same_versions(choice: Choice, cache: MemoryCache) -> None:
    as_json = page(ask_politely(choice, [NAME], cache))
    index = choice.indexes[0]
    fetch = Fetch("html", "html/x", f"{index.url}{NAME}/", headers=(("Accept", "text/html"),))
    data = raw(choice, fetch)
    assert not data.lstrip().startswith(b"{")
    as_html = read_project(data, NAME, index.label, lambda url: url).page
    with_files = {release.version for release in as_html.releases}
    assert with_files <= {release.version for release in as_json.releases}
    assert {"2.0", "2.10", "3.10"} <= with_files


def test_core_metadata_is_that_of_the_version(choice: Choice, cache: MemoryCache) -> None:
    asked = ask_politely(choice, [NAME], cache)
    found = (link_in(answer, "3.10") for answer in asked.answers.values())  # all are pages of it
    plan = plan_versions(Version(NAME, link) for link in found if link is not None)
    client = new_client(choice, cache)

    async def main() -> list[Metadata | Missing]:
        try:
            answers = await client.fetch_all(list(plan.asks), plan.decode)
            return [read_answer(answer) for answer in answers.values()]
        finally:
            await client.aclose()

    for found in asyncio.run(main()):  # none at all from an index without PEP 658
        assert isinstance(found, Metadata)
        assert (found.name, found.version) == (NAME, "3.10")


def raw(choice: Choice, fetch: Fetch) -> bytes:
    client = new_client(choice, MemoryCache(CLOCK))

    async def main() -> bytes:
        try:
            (found,) = (await client.fetch_all([fetch], lambda _, body: body)).values()
        finally:
            await client.aclose()
        assert not isinstance(found, Missing), found
        return found.body

    return asyncio.run(main())


def new_client(choice: Choice, cache: MemoryCache) -> Client:
    return Client(
        opener(choice, user_agent=f"adhere/{__version__}", connections=2),
        limits(rate=10.0, timeout=10.0),
        Deadline.after(30.0, CLOCK.elapsed()),
        cache=cache,
        clock=CLOCK,
        rng=random.Random(7),
        flight=LocalFlight(CLOCK),
    )


def test_the_fake_is_asked_unless_somebody_wants_the_real_one(choice: Choice) -> None:
    assert choice.indexes
    assert all(isinstance(index, Index) and index.where for index in choice.indexes)
    assert assemble(ask(choice, []).plan, {}, CLOCK.now()) == {}
