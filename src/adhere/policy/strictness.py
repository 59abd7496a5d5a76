"""Whether a rule that was changed asks for more than before, or for less.

A kind says of each parameter which way is stricter, as far as there is one. What it does not say
is a change of which nobody can tell, and is never taken for harmless.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from adhere.policy.quantity import ByteSize, Duration
from adhere.policy.rule import Change, Direction, Rule


class RuleChange(Struct, frozen=True):
    """One thing about a rule that is not as it was.

    Attributes:
        what: the key, ``level`` or ``with.allow``.
        old: as it was, as JSON.
        new: as it is.
        change: what that does to the rule.
    """

    what: str
    old: str
    new: str
    change: Change


def changes(old: Rule, new: Rule) -> tuple[RuleChange, ...]:
    """Everything in which two rules of one id differ, apart from words for people."""
    return (*_of_table(old, new), *_of_params(old, new))


def overall(found: Sequence[RuleChange]) -> Change | None:
    """What several changes do together; ``None`` for none."""
    return _together({one.change for one in found})


def _together(kinds: set[Change]) -> Change | None:
    if not kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else "changed"


_TABLE: Mapping[str, Direction] = {
    "level": ("error", "warn", "report"),
    "groups": "wider",
    "allow_empty": "smaller",
    "on_missing": ("fail", "warn", "report"),
}
_HELD = ("error", "warn", "report", "skipped")
_WORDS = ("reason", "category", "use_instead")
"""Parts of an entry that are for people."""


def _of_table(old: Rule, new: Rule) -> Iterator[RuleChange]:
    if old.table.check != new.table.check:
        yield RuleChange("check", _shown(old.table.check), _shown(new.table.check), "changed")
    for key, direction in _TABLE.items():
        before, after = getattr(old.table, key), getattr(new.table, key)
        if before != after:
            change = compare(before, after, direction)
            yield RuleChange(key, _shown(before), _shown(after), change)
    begins, began = new.table.applies_from or date.min, old.table.applies_from or date.min
    if begins != began:  # without a day it has been so for ever
        yield _days("applies_from", old, new, "tighter" if begins < began else "looser")
    ends, ended = new.table.applies_until or date.max, old.table.applies_until or date.max
    if ends != ended:
        yield _days("applies_until", old, new, "tighter" if ends > ended else "looser")
    before, after = _held(old), _held(new)
    if before != after:
        change = compare(before, after, _HELD)
        yield RuleChange("status of the decision", _shown(before), _shown(after), change)


def _days(key: str, old: Rule, new: Rule, change: Change) -> RuleChange:
    return RuleChange(key, _shown(getattr(old.table, key)), _shown(getattr(new.table, key)), change)


def _held(rule: Rule) -> str:
    """How much of its level the status of its decision leaves."""
    return rule.enforced or "skipped"


def _of_params(old: Rule, new: Rule) -> Iterator[RuleChange]:
    if old.kind.params is not new.kind.params:
        return
    stricter = new.kind.stricter
    if callable(stricter):
        found = stricter(old.params, new.params)
    else:
        found = compared(old.params, new.params, stricter)
    for field in msgspec.structs.fields(old.kind.params):
        before, after = getattr(old.params, field.name), getattr(new.params, field.name)
        if before != after and _plain(before) != _plain(after):
            change = found.get(field.name, "changed")
            name = f"with.{field.encode_name}"
            yield RuleChange(name, _shown(before), _shown(after), change)


def compared(old: Any, new: Any, directions: Mapping[str, Direction]) -> Mapping[str, Change]:
    """How each parameter that has a direction has changed.

    Args:
        old: parameters, of the kind's own type.
        new: the same.
        directions: by name.
    """
    found: dict[str, Change] = {}
    for name, direction in directions.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found[name] = compare(before, after, direction)
    return found


def by_list(
    old: Any,
    new: Any,
    ranks: Mapping[str, int],
    absent: int,
    directions: Mapping[str, Direction],
    key: Callable[[str], str] = str,
) -> Mapping[str, Change]:
    """How parameters have changed of which several are lists that entries move between.

    What has moved from one list to another changes both, and gets looser or tighter by that
    alone. An entry of several lists counts in the strictest.

    Args:
        old: parameters, of the kind's own type.
        new: the same.
        ranks: of each list by its name, the strictest is the smallest.
        absent: rank of what stands in no list.
        directions: of the other parameters.
        key: what is the same of an entry however it is written.
    """
    was, is_ = (
        {
            key(entry): rank
            for name, rank in sorted(ranks.items(), key=lambda item: -item[1])
            for entry in getattr(side, name)
        }
        for side in (old, new)
    )
    kinds: set[Change] = set()
    for entry in was.keys() | is_.keys():
        before, after = was.get(entry, absent), is_.get(entry, absent)
        if before != after:
            kinds.add("looser" if after > before else "tighter")
    moved = _together(kinds)
    lists: dict[str, Change] = dict.fromkeys(ranks, moved) if moved else {}
    return {**compared(old, new, directions), **lists}


def compare(old: Any, new: Any, direction: Direction) -> Change:
    """What a change of one value does, given which way is stricter."""
    if isinstance(direction, tuple):
        if old not in direction or new not in direction:
            return "changed"
        return "tighter" if direction.index(new) < direction.index(old) else "looser"
    if isinstance(old, Struct) and isinstance(new, Struct):
        old, new = msgspec.structs.asdict(old), msgspec.structs.asdict(new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = old.keys() | new.keys()
        kinds = {
            compare(old.get(key), new.get(key), direction)
            for key in keys
            if old.get(key) != new.get(key)
        }
        return _together(kinds) or "changed"
    if isinstance(old, (tuple, list)) and isinstance(new, (tuple, list)):
        return _lists(old, new, direction)
    if old is None or new is None:  # no limit at all
        return "tighter" if old is None else "looser"
    before, after = _number(old), _number(new)
    if before is None or after is None or before == after:
        return "changed"
    return "tighter" if (after < before) == (direction == "smaller") else "looser"


def _lists(old: Sequence[Any], new: Sequence[Any], direction: Direction) -> Change:
    if direction in ("narrower", "wider") and not (old and new):
        restricts = bool(new)  # an empty list stands for everything
        return "tighter" if restricts == (direction == "narrower") else "looser"
    before, after = ({_plain(one) for one in side} for side in (old, new))
    added, removed = after - before, before - after
    if bool(added) == bool(removed):
        return "changed"
    return "tighter" if bool(removed) == (direction in ("smaller", "narrower")) else "looser"


def _number(value: object) -> float | None:
    if isinstance(value, (bool, int, float)):
        return float(value)
    if isinstance(value, Duration):
        return value.seconds
    if isinstance(value, ByteSize):
        return float(value.bytes)
    if isinstance(value, str):
        for kind, unit in ((Duration, "seconds"), (ByteSize, "bytes")):
            try:
                return float(getattr(kind(value), unit))
            except ValueError:
                continue
    return None


def _plain(value: object) -> str:
    """A value without words for people, so that these are no change."""
    return json.dumps(_without_words(_builtins(value)), sort_keys=True)


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _without_words(v) for k, v in value.items() if k not in _WORDS}
        return kept["package"] if kept.keys() == {"package"} else kept  # it may be written alone
    if isinstance(value, (list, tuple)):
        return [_without_words(one) for one in value]
    return value


def _shown(value: object) -> str:
    return json.dumps(_given(_builtins(value)), ensure_ascii=False)


def _given(value: Any) -> Any:
    """Without keys of tables that say nothing."""
    if isinstance(value, dict):
        return {key: _given(one) for key, one in value.items() if one is not None and one != ""}
    if isinstance(value, (list, tuple)):
        return [_given(one) for one in value]
    return value


def _builtins(value: object) -> Any:
    return msgspec.to_builtins(value, enc_hook=str)
