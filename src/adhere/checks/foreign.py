"""Check kinds of other distributions: loaded, and refused when they are none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from adhere.errors import ConfigError, Problem
from adhere.policy.rule import Code, Kind

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_RESERVED = ("waiver-", "clarification-")


def load(name: str, points: Sequence[Any], taken: Mapping[str, str]) -> Kind:
    """The kind that an entry point offers.

    Args:
        name: of the entry point, and of the kind.
        points: every entry point of that name.
        taken: codes of other kinds, and whose they are.

    Raises:
        ConfigError: it cannot be loaded, is no kind, or is one that cannot be told from
            another.
    """
    if len(points) > 1:
        offers = ", ".join(f"`{point.value}`" for point in points)
        message = f"several distributions offer the check kind `{name}`: {offers}"
        raise _unloadable(message, "uninstall all but one of them")
    try:
        kind = points[0].load()
    except (Exception, SystemExit) as error:
        message = f"the check kind `{name}` cannot be loaded: {type(error).__name__}: {error}"
        hint = "mend or uninstall the distribution that offers it"
        raise _unloadable(message, hint) from error
    if not isinstance(kind, Kind):
        message = f"the entry point `{name}` is a {type(kind).__name__}, not a check kind"
        raise _unloadable(message, "it has to name an instance of `adhere.policy.rule.Kind`")
    wrong = _wrong(name, kind, taken)
    if wrong:
        hint = "tell the authors of the distribution that offers it"
        raise _unloadable(f"the check kind `{name}` {wrong}", hint)
    return kind


def _wrong(name: str, kind: Any, taken: Mapping[str, str]) -> str:
    """What keeps a kind from being used, ``""`` for nothing; its parts may be anything."""
    if kind.name != name:
        return f"calls itself {kind.name!r}; both names have to be the same"
    if not (isinstance(kind.params, type) and issubclass(kind.params, Struct)):
        return "has parameters that are no msgspec `Struct` type"
    for part in ("needs", "judge", "validate"):
        if not callable(getattr(kind, part)):
            return f"has a `{part}` that cannot be called"
    if not isinstance(kind.codes, (tuple, list)) or not kind.codes:
        return "names no codes for its findings"
    for code in kind.codes:
        if not (isinstance(code, Code) and isinstance(code.id, str) and _CODE.fullmatch(code.id)):
            return f"has the code {getattr(code, 'id', code)!r}; codes are kebab-case: `acme-many`"
        if code.id in taken or code.id.startswith(_RESERVED):
            return f"has the code `{code.id}`, which is one of `{taken.get(code.id, 'waivers')}`"
    return ""


def _unloadable(message: str, hint: str) -> ConfigError:
    return ConfigError(Problem("kind-unloadable", message, hint=hint))
