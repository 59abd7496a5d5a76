"""The bounds of the memory tier, and the tiers together, against models that say it plainly."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from adhere.cache.envelope import seal, unseal
from adhere.cache.memory import MemoryCache
from adhere.cache.tiered import TieredCache
from adhere.model.key import cache_key, kind_of
from adhere.ports import Held
from contract import caches
from fakes.clock import FakeClock

KEYS = [cache_key("license", str(number)) for number in range(8)]
KEY_BYTES = len(KEYS[0])
ITEMS = 4
LIMIT = 4 * KEY_BYTES + 100
EXTREMES = st.floats(allow_nan=False, allow_infinity=False)

some_keys = st.lists(st.sampled_from(KEYS), max_size=5)
values = st.binary(max_size=120)


class Watched(OrderedDict[str, Held]):
    """Entries that look at the bounds on every change."""

    def __setitem__(self, key: str, held: Held) -> None:
        super().__setitem__(key, held)
        assert len(self) <= ITEMS
        assert sum(len(k) + len(h.value) for k, h in self.items()) <= LIMIT


class LeastRecentlyUsed(RuleBasedStateMachine):
    """A list in the order of use, searched from end to end."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = MemoryCache(FakeClock(), items=ITEMS, limit=LIMIT)
        self.cache._entries = Watched()
        self.model: list[tuple[str, bytes]] = []

    @rule(keys=some_keys)
    def get(self, keys: list[str]) -> None:
        known = dict(self.model)
        assert self.cache.get_many(keys) == {k: known[k] for k in keys if k in known}
        for key in keys:
            if key in known:
                self.model.remove((key, known[key]))
                self.model.append((key, known[key]))

    @rule(key=st.sampled_from(KEYS), value=values)
    def put(self, key: str, value: bytes) -> None:
        self.cache.put_many({key: value})
        self.model = [(k, v) for k, v in self.model if k != key]
        size = len(key) + len(value)
        if size > LIMIT:
            return
        while len(self.model) >= ITEMS or size + self.used() > LIMIT:
            del self.model[0]
        self.model.append((key, value))

    def used(self) -> int:
        return sum(len(key) + len(value) for key, value in self.model)

    @invariant()
    def same(self) -> None:
        assert len(self.cache) == len(self.model)
        assert self.cache.bytes == self.used()


class Tiers(RuleBasedStateMachine):
    """Memory over a file, a clock that goes both ways, and processes that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.cache: TieredCache = self.opened()
        self.model: dict[str, Held] = {}
        self.asked: set[str] = set()
        self.answered: set[str] = set()

    def opened(self) -> TieredCache:
        return caches.tiered(self.clock, self.folder, items=3)

    def now(self) -> float:
        return self.clock.now().timestamp()

    @rule(
        items=st.dictionaries(st.sampled_from(KEYS), values, max_size=5),
        ttl=st.none() | st.integers(0, 1000),
    )
    def put(self, items: dict[str, bytes], ttl: int | None) -> None:
        self.cache.put_many(items, ttl)
        expires = None if ttl is None else self.now() + ttl
        self.model.update({k: Held(v, self.now(), expires) for k, v in items.items()})

    @rule(keys=some_keys)
    def get(self, keys: list[str]) -> None:
        keys = list(dict.fromkeys(keys))
        held = {key: self.model[key] for key in keys if key in self.model}
        fresh = {key: h.value for key, h in held.items() if h.is_fresh(self.now())}
        assert self.cache.get_many(keys) == fresh
        self.count(keys, fresh)

    @rule(keys=some_keys)
    def recall(self, keys: list[str]) -> None:
        keys = list(dict.fromkeys(keys))
        held = {key: self.model[key] for key in keys if key in self.model}
        assert self.cache.recall(keys) == held
        self.count(keys, {key for key, h in held.items() if h.is_fresh(self.now())})

    def count(self, keys: list[str], fresh: Collection[str]) -> None:
        """A key counts once, by its first lookup."""
        self.answered.update(key for key in fresh if key not in self.asked)
        self.asked.update(keys)

    @rule(seconds=st.integers(0, 2000))
    def pass_time(self, seconds: int) -> None:
        self.clock.pass_time(seconds=seconds)

    @rule(seconds=st.integers(0, 2000))
    def set_back(self, seconds: int) -> None:
        self.clock.set_back(seconds=seconds)

    @rule()
    def restart(self) -> None:
        assert not self.cache.trouble
        self.counted()
        self.cache.close()
        self.cache = self.opened()
        self.asked, self.answered = set(), set()

    @invariant()
    def counted(self) -> None:
        assert self.cache.statistics.lookups == len(self.asked)
        assert self.cache.statistics.hits == len(self.answered)

    def teardown(self) -> None:
        self.cache.close()
        shutil.rmtree(self.folder)


TestLeastRecentlyUsed = LeastRecentlyUsed.TestCase
TestTiers = Tiers.TestCase
TestTiers.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_sixteen_threads_never_see_it_above_its_bounds() -> None:
    cache = MemoryCache(FakeClock(), items=ITEMS, limit=LIMIT)
    cache._entries = Watched()
    wrong: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for step in range(400):
                key = KEYS[(thread + step) % len(KEYS)]
                cache.put_many({key: key.encode()[: step % 100]})
                for found, value in cache.get_many(KEYS).items():
                    assert found.encode().startswith(value)
                assert len(cache) <= ITEMS
                assert cache.bytes <= LIMIT
        except BaseException as error:  # noqa: BLE001 - told by the thread that made it
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@given(st.text(max_size=20), st.binary(max_size=10_000), EXTREMES, st.none() | EXTREMES)
def test_an_envelope_gives_back_what_was_put_in(
    text: str, value: bytes, stored: float, expires: float | None
) -> None:
    key = cache_key("license", text)
    held = Held(value, stored, expires)
    assert unseal(key, seal(key, held)) == held


@given(st.binary(max_size=6000), st.data())
def test_an_envelope_that_is_not_whole_is_none(value: bytes, data: st.DataObject) -> None:
    key = KEYS[0]
    sealed = seal(key, Held(value, 1.0, 2.0))
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.integers(1, 255))
    changed = sealed[:at] + bytes((sealed[at] ^ other,)) + sealed[at + 1 :]
    assert unseal(key, changed) is None
    assert unseal(key, sealed[:at]) is None
    assert unseal(key, sealed + b"\0") is None
    assert unseal(KEYS[1], sealed) is None


@given(st.binary(max_size=200) | st.text() | st.none() | st.integers())
def test_a_foreign_value_is_no_envelope(data: object) -> None:
    assert unseal(KEYS[0], data) is None


parts = st.lists(st.text(max_size=6), max_size=4)


@given(st.text(max_size=8), parts, st.text(max_size=8), parts)
def test_only_the_same_parts_give_the_same_key(
    subject: str, some: list[str], other_subject: str, others: list[str]
) -> None:
    one = cache_key("license", *some, subject=subject)
    other = cache_key("license", *others, subject=other_subject)
    assert (one == other) == ((subject, some) == (other_subject, others))
    assert kind_of(one) == "license"
    assert one.isascii()
    assert one.count("/") == 2


def test_it_would_answer_alike_until_the_first_end(clock: FakeClock, tmp_path: Path) -> None:
    one, other, absent = KEYS[:3]
    now = clock.now().timestamp()
    caches.tiered(clock, tmp_path).put_many({one: b"1"}, 60)
    caches.tiered(clock, tmp_path).put_many({other: b"2"})

    cache = caches.tiered(clock, tmp_path)
    assert cache.until == float("inf"), "nobody has asked yet"
    cache.get_many([other])
    assert cache.until == float("inf")
    cache.get_many([one, other])
    assert cache.until == now + 60
    cache.put_many({absent: b"3"}, 600)
    assert cache.until == 0.0, "what is new has to be asked for once more"
    cache.get_many([absent])
    assert cache.until == now + 60

    clock.pass_time(seconds=61)
    cache.recall([one])
    assert cache.until == 0.0, "it is no longer fresh"
    cache.fill({one: Held(b"1", now, now + 300)})
    assert cache.until == now + 300
    cache.get_many([KEYS[4]])
    assert cache.until == 0.0, "somebody else may give it that"
