"""``cache.configured``: the cache of adhere has the tiers and times to live that were decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.caching import CacheSettings, SharedTier
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.need import CacheSettingsNeed, Facts, Need
from adhere.policy.decode import nearest
from adhere.policy.quantity import ByteSize, Duration
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.settings import Cache


class Params(Struct, frozen=True):
    """Parameters of ``cache.configured``.

    Attributes:
        memory_items: entries that memory holds at most.
        memory_bytes: bytes that memory holds at most.
        file_bytes: bytes that the file holds at most.
        redis: whether machines share a third tier; ``optional`` may be either, and judges
            nothing.
        ttl: how long an answer is fresh, by kind of entry.
    """

    memory_items: int | None = None
    memory_bytes: ByteSize | None = None
    file_bytes: ByteSize | None = None
    redis: Literal["optional", "required", "forbidden"] = "optional"
    ttl: dict[str, Duration] = {}


SETTING = Code("cache-setting", "A setting of the cache is not as decided")
TIER = Code("cache-tier", "A tier of the cache that was decided is not there, or another one is")


def validate(params: Params) -> Iterator[ParamProblem]:
    """A kind of entry that no cache holds; a tier that holds nothing."""
    known = Cache().ttl
    for kind in params.ttl:
        if kind not in known:
            hint = nearest(kind, known) or f"known are {', '.join(sorted(known))}"
            yield (("ttl", kind), f"no cache holds entries of a kind `{kind}`", hint)
    for key, limit in _limits(params):
        if limit < 1:
            yield ((key,), "a tier that may hold nothing is none", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Compare what was decided with what is effective."""
    settings: CacheSettings = facts.require(CacheSettingsNeed())
    findings = [*_limited(rule, params, settings), *_lifetimes(rule, params, settings)]
    findings += _shared(rule, params, settings.shared)
    judged = len(list(_limits(params))) + len(params.ttl) + (params.redis != "optional")
    wrong = len(findings)
    return Judgement(
        findings=tuple(findings),
        judged=judged,
        observed=f"{judged - wrong} of {plural(judged, 'setting')} as decided",
        expected=", ".join(_decided(params)),
    )


_KEYS = {
    "memory_items": "memory.items",
    "memory_bytes": "memory.bytes",
    "file_bytes": "file.bytes",
}


def _limits(params: Params) -> Iterator[tuple[str, int]]:
    """Parameters that limit something, with the number."""
    for key in _KEYS:
        limit = getattr(params, key)
        if limit is not None:
            yield key, limit.bytes if isinstance(limit, ByteSize) else limit


def _limited(rule: Rule, params: Params, settings: CacheSettings) -> Iterator[Finding]:
    for key, limit in _limits(params):
        value = settings.values[_KEYS[key]].value
        if not 1 <= value <= limit:
            words = f"at most {getattr(params, key)}"
            words += "" if value else ", and not nothing"
            yield _wrong(rule, settings, _KEYS[key], words, ("with", key))


def _lifetimes(rule: Rule, params: Params, settings: CacheSettings) -> Iterator[Finding]:
    for kind, ttl in params.ttl.items():
        if settings.values[f"ttl.{kind}"].value != ttl.seconds:
            yield _wrong(rule, settings, f"ttl.{kind}", str(ttl), ("with", "ttl", kind))


def _wrong(
    rule: Rule, settings: CacheSettings, key: str, decided: str, place: tuple[str, ...]
) -> Finding:
    found = settings.values[key]
    by = "" if found.location else ", which is the default"
    return Finding(
        rule=rule.id,
        code=SETTING.id,
        message=f"`cache.{key}` is {found.shown}{by}; decided is {decided}",
        subject=f"cache.{key}",
        location=found.location or rule.place(*place),
        place="set here" if found.location else "decided here",
        notes=(Note("decided", decided, location=rule.place(*place)), decision_note(rule)),
        fix=f"set `{key}` below [cache] as decided, or change the decision",
    )


def _shared(rule: Rule, params: Params, shared: SharedTier) -> Iterator[Finding]:
    if params.redis == "optional" or shared.there == (params.redis == "required"):
        return
    wanted = params.redis == "required"
    yield Finding(
        rule=rule.id,
        code=TIER.id,
        message=f"the tier that machines share is {params.redis}, and {shared.why}",
        subject="cache.redis",
        location=shared.location or rule.place("with", "redis"),
        place="set here" if shared.location else "decided here",
        notes=(
            Note("decided", params.redis, location=rule.place("with", "redis")),
            decision_note(rule),
        ),
        fix="set `redis.url` below [cache], and its variables" if wanted else "remove `redis.url`",
    )


def _decided(params: Params) -> Iterator[str]:
    for key, _ in _limits(params):
        yield f"{_KEYS[key]} at most {getattr(params, key)}"
    for kind, ttl in params.ttl.items():
        yield f"{kind} {ttl}"
    yield f"redis {params.redis}"


def needs(_params: Params) -> tuple[Need, ...]:
    """How the cache is configured."""
    return (CacheSettingsNeed(),)


KIND = Kind(
    name="cache.configured",
    summary="the cache of adhere has the tiers and times to live that were decided",
    params=Params,
    codes=(SETTING, TIER),
    needs=needs,
    judge=judge,
    validate=validate,
)
