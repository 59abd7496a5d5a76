"""``adhere cache``: what it shows, what it removes, and what it finds damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adhere.app.wiring import SystemClock, open_shared, open_tiers
from adhere.cache.redis import RedisCache
from adhere.cache.sqlite_file import NAME
from adhere.model.key import cache_key
from adhere.policy.settings import Cache as CacheTable
from adhere.policy.settings import ConfigTable
from adhere.policy.settings import RedisCache as RedisTable
from corpus.advisories import osv, snapshot_of, spans
from fakes.clock import FakeClock
from fakes.redis_server import RedisServer, free_port
from surfaces.world import LICENSES, Ran, World

DAY = 86_400
ENTRIES = {
    cache_key("license", "1.0", subject="alpha"): b"x" * 1000,
    cache_key("license", "2.0", subject="alpha"): b"x" * 1000,
    cache_key("license", "1.0", subject="alpha-beta"): b"x" * 1000,
    cache_key("vulnerability", "1.0", subject="alpha"): b"x" * 1000,
    cache_key("environment", "/somewhere"): b"x" * 1000,
}


class Caches:
    """What a run would have left behind in every tier."""

    def __init__(self, world: World, server: RedisServer) -> None:
        self.world = world
        self.prefix = os.urandom(6).hex()
        self.folder = world / ".cache"
        world.write(
            "adhere.toml",
            'schema = 1\n[cache]\ndir = ".cache"\n'
            f'redis = {{ url = "env:SHARED", prefix = "{self.prefix}" }}\n',
        )
        self.environ = {"SHARED": server.url, "ADHERE_CACHE_DIR": ""}
        self.config = ConfigTable(
            cache=CacheTable(redis=RedisTable(url=server.url, prefix=self.prefix))
        )

    def store(self, items: dict[str, bytes], *, days_ago: float = 0, ttl: float = DAY) -> None:
        import asyncio

        clock = FakeClock()
        clock.pass_time(seconds=time.time() - clock.now().timestamp() - days_ago * DAY)
        cache = open_tiers(self.config, "/", str(self.folder), clock)
        cache.put_many(items, ttl)
        shared = open_shared(self.config, {}, cache, clock)
        assert isinstance(shared, RedisCache)

        async def share() -> None:
            await shared.put_many(items, ttl)
            await shared.aclose()

        asyncio.run(share())
        assert not (*cache.trouble, *shared.trouble)
        cache.close()

    def left(self) -> set[str]:
        """Keys in the file; those on the server are the same."""
        import asyncio

        clock = SystemClock()
        cache = open_tiers(self.config, "/", str(self.folder), clock)
        found = set(cache.recall(list(ENTRIES)))
        cache.close()
        shared = open_shared(self.config, {}, cache, clock)
        assert shared is not None

        async def asked() -> set[str]:
            there = set(await shared.get_many(list(ENTRIES)))
            await shared.aclose()
            return there

        assert asyncio.run(asked()) == found
        return found

    def adhere(self, *words: str) -> Ran:
        return self.world.adhere("cache", *words, env=self.environ)


@pytest.fixture
def caches(world: World, shared_redis: RedisServer) -> Iterator[Caches]:
    made = Caches(world, shared_redis)
    yield made
    with shared_redis.client() as client:
        for name in client.scan_iter(f"{made.prefix}:*"):
            client.delete(name)


def test_info_lists_tiers_and_kinds(caches: Caches) -> None:
    caches.store(ENTRIES)
    ran = caches.adhere("info")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "memory: empty between runs, at most 8 MiB"
    assert lines[1] == "file: 5.3 KiB of 256 MiB, .cache"
    assert lines[2:5] == [
        f"  environment       1 entry, 1.1 KiB, since {today}",
        f"  license           3 entries, 3.2 KiB, since {today}",
        f"  vulnerability     1 entry, 1.1 KiB, since {today}",
    ]
    assert lines[5].startswith("redis: ")
    assert lines[5].endswith(caches.prefix)
    assert [line.split()[:2] for line in lines[6:9]] == [
        ["environment", "1"],
        ["license", "3"],
        ["vulnerability", "1"],
    ]
    assert lines[9:] == [
        "fresh for: absent 10m, dependency_tree 30m, license 7d, package_metadata 1d, vulnerability 1h"
    ]


def test_info_as_json_has_the_same(caches: Caches) -> None:
    caches.store(ENTRIES, days_ago=20)
    value = caches.adhere("info", "--format", "json").value
    memory, file, shared = value["tiers"]
    assert (memory["tier"], memory["limit"]) == ("memory", 8 * 2**20)
    assert (file["tier"], file["state"], file["place"]) == ("file", "used", ".cache")
    assert file["bytes"] == sum(kind["bytes"] for kind in file["kinds"])
    assert [kind["expired"] for kind in file["kinds"]] == [1, 3, 1]
    assert time.time() - file["kinds"][0]["oldest"] == pytest.approx(20 * DAY, abs=60)
    assert (shared["tier"], shared["state"]) == ("redis", "used")
    assert value["ttl"]["absent"] == 600
    assert value["trouble"] == []


def test_info_makes_nothing(world: World) -> None:
    ran = world.adhere("cache", "info", env={"ADHERE_CACHE_DIR": "nowhere"})
    assert ran.code == 0
    assert "file: 0 B of 256 MiB, nowhere\nredis: not configured\n" in ran.out
    assert not (world / "nowhere").exists()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ((), ""),
        (("--kind", "license"), "vulnerability environment"),
        (("--package", "Alpha"), "alpha-beta environment"),
        (("--package", "alpha.beta"), "license/alpha/ vulnerability environment"),
        (("--kind", "license", "--package", "alpha"), "alpha-beta vulnerability environment"),
        (("--kind", "unheard_of"), "license vulnerability environment"),
        (("--package", "unheard-of"), "license vulnerability environment"),
        (("--older-than", "10d"), "license vulnerability environment"),
    ],
)
def test_clear_removes_what_is_named(caches: Caches, words: tuple[str, ...], kept: str) -> None:
    caches.store(ENTRIES)
    expected = {key for key in ENTRIES if any(word in key for word in kept.split())}
    ran = caches.adhere("clear", *words, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert caches.left() == expected
    for tier in ("file", "redis"):
        assert ran.value["removed"][tier]["entries"] == len(ENTRIES) - len(expected)


def test_clear_by_age(caches: Caches) -> None:
    old, new = dict(list(ENTRIES.items())[:2]), dict(list(ENTRIES.items())[2:])
    caches.store(old, days_ago=6, ttl=20 * DAY)
    caches.store(new)
    assert caches.left() == set(ENTRIES)
    ran = caches.adhere("clear", "--older-than", "5d")
    assert ran.out.splitlines()[0].startswith("file: 2 entries removed, ")
    assert ran.out.splitlines()[1].startswith("redis: 2 entries removed, ")
    assert caches.left() == set(new)
    assert caches.adhere("clear", "--older-than", "5d").out.startswith("file: 0 entries removed")


def test_clear_takes_what_the_future_left_behind_for_old(caches: Caches) -> None:
    caches.store(ENTRIES, days_ago=-30)
    ran = caches.adhere("clear", "--older-than", "1d", "--format", "json")
    assert {tier["entries"] for tier in ran.value["removed"].values()} == {len(ENTRIES)}


def test_clear_gives_the_room_back_and_leaves_what_others_have(
    caches: Caches, shared_redis: RedisServer
) -> None:
    many = {cache_key("license", str(n)): os.urandom(10_000) for n in range(100)}
    caches.store(many)
    (caches.folder / f"{NAME}.corrupt").write_bytes(b"set aside")
    (caches.folder / "else").write_text("not ours", "utf-8")
    with shared_redis.client() as client:
        client.set(f"{caches.prefix}-other:1:license//1", "theirs")
        client.set("license//1", "theirs")
    assert caches.adhere("clear").code == 0
    assert (caches.folder / NAME).stat().st_size < 100_000
    assert sorted(path.name for path in caches.folder.iterdir()) == [NAME, "else"]
    with shared_redis.client() as client:
        assert client.delete(f"{caches.prefix}-other:1:license//1", "license//1") == 2
        assert not list(client.scan_iter(f"{caches.prefix}:*"))


def test_verify_finds_and_removes_what_is_damaged(
    caches: Caches, shared_redis: RedisServer
) -> None:
    caches.store(ENTRIES)
    assert caches.adhere("verify").code == 0
    damaged, foreign = list(ENTRIES)[:2]
    with contextlib.closing(sqlite3.connect(caches.folder / NAME)) as other:
        other.execute("UPDATE entry SET value = X'0102' WHERE key = ?", (damaged,))
        other.commit()
    with shared_redis.client() as client:
        client.set(f"{caches.prefix}:1:{damaged}", "garbage")
        client.set(f"{caches.prefix}:1:{foreign}", "garbage")
    ran = caches.adhere("verify")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "file: 4 entries whole, 1 damaged and removed",
        "redis: 3 entries whole, 2 damaged and removed",
    ]
    ran = caches.adhere("verify", "--format", "json")
    assert ran.code == 0
    assert ran.value["verified"] == {
        "file": {"damaged": 0, "whole": 4},
        "redis": {"damaged": 0, "whole": 3},
    }


def test_verify_says_that_a_file_was_corrupt(caches: Caches) -> None:
    caches.store({cache_key("license", str(n)): os.urandom(5_000) for n in range(50)})
    path = caches.folder / NAME
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * 8192 + data[12288:])
    ran = caches.adhere("verify")
    assert ran.code == 1
    assert "adhere: the file cache was corrupt and was set aside as" in ran.err
    assert caches.adhere("verify").code == 0


@pytest.mark.parametrize("command", ["clear", "verify"])
def test_a_tier_that_cannot_be_reached_is_no_success(caches: Caches, command: str) -> None:
    caches.store(ENTRIES)
    caches.environ["SHARED"] = f"redis://:secret@127.0.0.1:{free_port()}"
    ran = caches.adhere(command)
    assert ran.code == 3
    assert "redis: not " in ran.out
    assert ran.err == "adhere: Redis is not used: the connection failed\n"
    assert "secret" not in ran.out
    info = caches.adhere("info")
    assert info.code == 0
    assert f"redis: broken, {caches.prefix}" in info.out


def test_a_file_that_is_not_ours_is_no_success(caches: Caches, tmp_path: Path) -> None:
    caches.folder.mkdir()
    (tmp_path / "theirs").write_bytes(b"x")
    (caches.folder / NAME).symlink_to(tmp_path / "theirs")
    for command in ("clear", "verify"):
        ran = caches.adhere(command)
        assert ran.code == 3
        assert "is a link" in ran.err
    assert (tmp_path / "theirs").read_bytes() == b"x"


@pytest.mark.parametrize(
    "words",
    [("--kind", "*"), ("--kind", "../x"), ("--package", "a*"), ("--package", "a/b"),
     ("--older-than", "soon"), ("--older-than", "0")],
)  # fmt: skip
def test_what_names_nothing_removes_nothing(caches: Caches, words: tuple[str, ...]) -> None:
    caches.store(ENTRIES)
    ran = caches.adhere("clear", *words)
    assert (ran.code, ran.codes) == (2, ["usage"])
    assert caches.left() == set(ENTRIES)


def test_a_configuration_that_is_wrong_clears_nothing(world: World) -> None:
    world.write("adhere.toml", 'schema = 1\n[cache]\ndirr = ".cache"\n')
    for command in ("info", "clear", "verify"):
        ran = world.adhere("cache", command)
        assert (ran.code, ran.codes) == (2, ["config-unknown-key"])


@pytest.fixture
def beside(good: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A run that is remembered, and that indexed a snapshot."""
    monkeypatch.setenv("ADHERE_CACHE_DIR", str(good.folder.parent / "cache"))
    snapshot_of(good / ".adhere/osv-pypi.zip", osv("PYSEC-1", affected=[spans("p", ("0", "2"))]))
    rule = '\n[advisories]\nsource = "snapshot"\n[[rule]]\nid = "gate"\ncheck = "vulnerabilities.gate"\n'
    good.write("adhere.toml", LICENSES + rule)
    for _ in range(3):
        time.sleep(0.1)  # files that were just written have no stamp
        good.check("--quiet")
    return good


def kept(world: World) -> dict[str, int]:
    """Entries by kind, as ``cache info`` tells them."""
    (_, file, _) = world.adhere("cache", "info", "--format", "json").value["tiers"]
    return {kind["kind"]: kind["entries"] for kind in file["kinds"]}


def test_verdicts_and_indexes_of_snapshots_are_listed(beside: World) -> None:
    assert kept(beside) == {"advisories": 1, "environment": 1, "verdict": 1}


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ((), set()),
        (("--kind", "verdict"), {"advisories", "environment"}),
        (("--kind", "advisories"), {"environment"}),
        (("--kind", "license"), {"advisories", "environment"}),
        (("--package", "alpha"), {"advisories", "environment"}),
        (("--older-than", "1d"), {"advisories", "environment"}),
    ],
)
def test_whatever_is_cleared_no_verdict_is_shown_again(
    beside: World, words: tuple[str, ...], left: set[str]
) -> None:
    ran = beside.adhere("cache", "clear", *words)
    assert ran.code == 0
    assert set(kept(beside)) == left
    meant = {"advisories", "environment", "verdict"} - left
    if words[:1] in (("--package",), ("--older-than",)) or "license" in words:
        meant = set()
    elif words:
        meant = {words[1]}
    assert ran.out.startswith(f"file: {len(meant)} ")


def test_damage_beside_the_file_is_found(beside: World) -> None:
    cache = beside.folder.parent / "cache"
    (verdict,) = (cache / "verdicts").iterdir()
    (index,) = cache.glob("advisories-*.sqlite3")
    assert beside.adhere("cache", "verify").out == "file: 3 entries whole, 0 damaged and removed\n"
    verdict.write_bytes(verdict.read_bytes()[:-1])
    index.write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    ran = beside.adhere("cache", "verify")
    assert (ran.code, ran.out) == (1, "file: 1 entry whole, 2 damaged and removed\n")
    assert kept(beside) == {"environment": 1}
    index.write_bytes(b"garbage")
    assert beside.adhere("cache", "verify").code == 1
    assert not index.exists()
