"""``adhere cache``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from adhere.app.cache import CacheUpkeep, TierInfo
from adhere.app.settings import Settings
from adhere.app.wiring import SystemClock
from adhere.errors import Problem, UsageError
from adhere.model.key import is_kind
from adhere.model.names import canonical_name, is_valid_name
from adhere.report.json import canonical
from adhere.surfaces.cli.terminal import Terminal

if TYPE_CHECKING:
    from adhere.app.warm import Warmed


def _upkeep(settings: Settings) -> CacheUpkeep:
    return CacheUpkeep(settings.config, settings.given("cache_dir"), SystemClock(), os.environ)


def run_info(settings: Settings, terminal: Terminal) -> int:
    """What every tier holds."""
    found = _upkeep(settings).info()
    if settings.format == "json":
        terminal.write_bytes(canonical(found))
        return 0
    for tier in found.tiers:
        terminal.line(_headline(tier))
        for stock in tier.kinds:
            expired = f", {stock.expired} expired" if stock.expired else ""
            since = f", since {_day(stock.oldest)}" if stock.oldest is not None else ""
            words = f"{_entries(stock.entries)}{expired}, {_size(stock.bytes)}{since}"
            terminal.line(f"  {stock.kind:<17} {words}")
    ttl = ", ".join(f"{kind} {_length(seconds)}" for kind, seconds in sorted(found.ttl.items()))
    terminal.line(f"fresh for: {ttl}")
    _tell(terminal, found.trouble)
    return 0


def run_warm(settings: Settings, terminal: Terminal) -> int:
    """Fill the cache; exit 3 when something could not be had, 2 for a wrong input file."""
    from adhere.app.request import Request
    from adhere.app.warm import warm
    from adhere.surfaces.cli.progress import Progress

    request = Request(
        sources=tuple(settings.sources),
        config=settings.config or None,
        groups=tuple(settings.group),
        extras=tuple(settings.extra),
        no_dev=settings.no_dev,
        cache_dir=settings.given("cache_dir"),
        deadline=settings.deadline,
    )
    progress = Progress(terminal, wanted=settings.progress)
    try:
        done = warm(request, progress=progress.update)
    finally:
        progress.end()
    terminal.problems(done.problems)
    if settings.format == "json":
        told = msgspec.structs.asdict(done)
        del told["problems"]
        terminal.write_bytes(canonical(told))
    else:
        _say_warmed(done, terminal)
    if done.problems:
        return 2
    return 3 if done.lacking or done.unanswered else 0


def _say_warmed(done: Warmed, terminal: Terminal) -> None:
    if not done.asked:
        terminal.line("no rule asks for evidence from outside, so there is nothing to fetch")
        return
    sent = f"{done.requests} request{'' if done.requests == 1 else 's'}"
    packages = f"{done.packages} package{'' if done.packages == 1 else 's'}"
    terminal.line(f"{packages}: {sent}, {_size(done.bytes)}, for {' and '.join(done.asked)}")
    for kind in done.asked:
        missing = [one for one in done.lacking if one.kind == kind]
        if missing:
            terminal.line(f"{kind}: {len(missing)} missing")
        for one in missing[:_SHOWN]:
            terminal.line(f"  {one.package} {one.version}: {one.reason}")
        if len(missing) > _SHOWN:
            terminal.line(f"  and {len(missing) - _SHOWN} more")
    if done.unanswered:
        reasons = ", ".join(f"{count} {reason}" for reason, count in done.unanswered.items())
        kept = "" if done.lacking else "; older answers are kept"
        terminal.line(f"not answered: {reasons}{kept}")


_SHOWN = 20


def run_clear(settings: Settings, terminal: Terminal) -> int:
    """Remove entries from every tier that outlasts a run."""
    if settings.package and not is_valid_name(settings.package):
        message = f"`{settings.package}` is no name of a package"
        raise UsageError(Problem("usage", message, hint="write it as in a requirement"))
    if settings.kind and not is_kind(settings.kind):
        message = f"`{settings.kind}` is no kind of entry"
        raise UsageError(Problem("usage", message, hint="adhere cache info names them"))
    subject = canonical_name(settings.package) if settings.package else ""
    older_than = settings.older_than or None
    done = _upkeep(settings).clear(settings.kind, subject, older_than)
    if settings.format == "json":
        terminal.write_bytes(canonical(done))
    else:
        for tier, removed in done.removed.items():
            if removed is None:
                terminal.line(f"{tier}: not cleared")
            else:
                words = f"{_entries(removed.entries)} removed, {_size(removed.bytes)}"
                terminal.line(f"{tier}: {words}")
    _tell(terminal, done.trouble)
    return 3 if None in done.removed.values() else 0


def run_verify(settings: Settings, terminal: Terminal) -> int:
    """Read every entry; exit 1 when some were damaged, 3 when a tier cannot be read."""
    done = _upkeep(settings).verify()
    if settings.format == "json":
        terminal.write_bytes(canonical(done))
    else:
        for tier, verified in done.verified.items():
            if verified is None:
                terminal.line(f"{tier}: not read")
            else:
                whole = f"{_entries(verified.whole)} whole"
                terminal.line(f"{tier}: {whole}, {verified.damaged} damaged and removed")
    _tell(terminal, done.trouble)
    if None in done.verified.values():
        return 3
    damaged = any(verified.damaged for verified in done.verified.values() if verified)
    return 1 if damaged or done.trouble else 0


def _headline(tier: TierInfo) -> str:
    if tier.tier == "memory":
        return f"memory: empty between runs, at most {_size(tier.limit or 0)}"
    if tier.state == "off":
        return f"{tier.tier}: not configured"
    if tier.state == "broken":
        return f"{tier.tier}: broken, {tier.place}"
    limit = f" of {_size(tier.limit)}" if tier.limit is not None else ""
    return f"{tier.tier}: {_size(tier.bytes)}{limit}, {tier.place}"


def _tell(terminal: Terminal, trouble: tuple[str, ...]) -> None:
    for clause in trouble:
        terminal.say(clause)


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"


def _size(count: int) -> str:
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:.1f} {unit}".replace(".0 ", " ")
    return f"{count} B"


def _length(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
