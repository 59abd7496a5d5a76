"""What configurations of Dependabot and Renovate update, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal

from msgspec import Struct

from adhere.model.location import Location
from adhere.model.need import DataFile

Interval = Literal["daily", "weekly", "monthly", "quarterly", "semiannually", "yearly"]

INTERVALS: tuple[Interval, ...] = (
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "semiannually",
    "yearly",
)
"""The most frequent first."""

_MANAGERS = {
    "pip": {
        "pep621",
        "pip-compile",
        "pip_requirements",
        "pip_setup",
        "pipenv",
        "poetry",
        "setup-cfg",
    },
    "uv": {"pep621"},
    "docker": {"docker-compose", "dockerfile"},
}
_BUILT_IN_PRESET = re.compile(r":?[a-zA-Z]*(:[\w.()/, -]+)?")
_PRESETS: dict[str, Interval] = {
    "schedule:daily": "daily",
    "schedule:nightly": "daily",
    "schedule:nonOfficeHours": "daily",
    "schedule:officeHours": "daily",
    "schedule:weekdays": "daily",
    "schedule:earlyMondays": "weekly",
    "schedule:weekends": "weekly",
    "schedule:weekly": "weekly",
    "schedule:monthly": "monthly",
    "schedule:quarterly": "quarterly",
    "schedule:yearly": "yearly",
}
_CRON = re.compile(r"[*\d][\d*/,-]*|[A-Z]{3}([-,][A-Z]{3})*")
_CRON_FIELDS = 5  # minute, hour, day, month, day of the week
_DAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|weekend", re.IGNORECASE)


class Update(Struct, frozen=True):
    """An entry of a configuration that may cover what is asked for.

    Attributes:
        where: it stands.
        interval: how often, ``None`` for unknown.
        fault: why it does not cover it, ``""`` where it does.
        unknown: why nobody here can tell, ``""`` where one can.
    """

    where: Location
    interval: Interval | None = None
    fault: str = ""
    unknown: str = ""


def updates(data: DataFile, ecosystem: str, directory: str, branch: str) -> Iterator[Update]:
    """Every entry that is about an ecosystem.

    Args:
        data: a configuration of either tool, told by its name.
        ecosystem: in Dependabot's words.
        directory: from the root of the repository, ``/`` for that.
        branch: that has to be watched, ``""`` for any.
    """
    name = data.path.rpartition("/")[2]
    if name.startswith("dependabot"):
        yield from _dependabot(data, ecosystem, directory, branch)
    else:
        yield from _renovate(data, ecosystem, directory)


def _dependabot(data: DataFile, ecosystem: str, directory: str, branch: str) -> Iterator[Update]:
    value = data.value if isinstance(data.value, dict) else {}
    if value.get("version") != 2:
        yield Update(data.locate(("version",)), fault="its `version` is not 2, so nothing reads it")
        return
    for index, entry in enumerate(_list(value.get("updates"))):
        if isinstance(entry, dict) and entry.get("package-ecosystem") == ecosystem:
            where = data.locate(("updates", index))
            fault = _dependabot_fault(entry, directory, branch)
            schedule = entry.get("schedule")
            interval = _interval(schedule if isinstance(schedule, dict) else {})
            unknown = "" if interval else "its schedule is not known here"
            yield Update(where, interval, fault, "" if fault else unknown)


def _dependabot_fault(entry: dict[str, Any], directory: str, branch: str) -> str:
    folders = _list(entry.get("directories")) or [entry.get("directory", "/")]
    if not any(_is_in(directory, str(folder)) for folder in folders):
        return f"it is about {', '.join(map(str, folders))}"
    if entry.get("open-pull-requests-limit") == 0:
        return "its `open-pull-requests-limit` is 0, so it proposes nothing"
    if branch and entry.get("target-branch", branch) != branch:
        return f"it watches the branch `{entry['target-branch']}`"
    for ignored in _list(entry.get("ignore")):
        whole = isinstance(ignored, dict) and ignored.get("dependency-name") == "*"
        if whole and not {"versions", "update-types"} & ignored.keys():
            return "it ignores every dependency"
    return ""


def _is_in(directory: str, pattern: str) -> bool:
    asked, given = (f"/{one.strip('/')}" for one in (directory, pattern))
    return fnmatchcase(asked, given)


def _interval(schedule: dict[str, Any]) -> Interval | None:
    named = schedule.get("interval")
    if named == "cron":
        return _of_cron(str(schedule.get("cronjob", "")))
    return next((one for one in INTERVALS if one == named), None)


def _of_cron(words: str) -> Interval | None:
    """How often a schedule of five fields comes round."""
    fields = words.split()
    if len(fields) != _CRON_FIELDS or not all(map(_CRON.fullmatch, fields)):
        return None
    _, _, day, month, weekday = fields
    if month != "*":
        return "yearly"
    if day != "*" and weekday == "*":
        return "monthly"
    return "daily" if weekday in ("*", "1-5", "MON-FRI") else "weekly"


def _renovate(data: DataFile, ecosystem: str, directory: str) -> Iterator[Update]:
    value = data.value if isinstance(data.value, dict) else {}
    if data.path.endswith("package.json"):
        if not isinstance(value.get("renovate"), dict):
            return
        value = value["renovate"]
    extends = [one for one in _list(value.get("extends")) if isinstance(one, str)]
    foreign = [one for one in extends if _BUILT_IN_PRESET.fullmatch(one) is None]
    fault, at = _renovate_fault(value, _MANAGERS.get(ecosystem, {ecosystem}), directory)
    interval = _renovate_interval(value.get("schedule"), extends)
    unknown = ""
    if foreign:
        unknown = f"it extends `{foreign[0]}`, which is not here"
    elif interval is None:
        unknown = f"its schedule is not understood: {value.get('schedule')}"
    yield Update(data.locate(at), interval, fault, "" if fault else unknown)


def _renovate_fault(
    value: dict[str, Any], managers: set[str], directory: str
) -> tuple[str, tuple[str | int, ...]]:
    if value.get("enabled") is False:
        return "`enabled` is false", ("enabled",)
    named = _list(value.get("enabledManagers"))
    if named and not managers & set(map(str, named)):
        return f"`enabledManagers` is {', '.join(map(str, named))}", ("enabledManagers",)
    off = {
        m for m in managers if isinstance(value.get(m), dict) and value[m].get("enabled") is False
    }
    if off == managers:
        return f"`{min(off)}` is not enabled", (min(off),)
    folder = directory.strip("/")
    for pattern in _list(value.get("ignorePaths")):
        if folder and fnmatchcase(
            f"{folder}/x", str(pattern).replace("**/", "*").replace("**", "*")
        ):
            return f"`ignorePaths` has {pattern}", ("ignorePaths",)
    for index, rule in enumerate(_list(value.get("packageRules"))):
        if isinstance(rule, dict) and rule.get("enabled") is False and _is_whole(rule, managers):
            return "a rule disables all of it", ("packageRules", index)
    return "", ()


def _is_whole(rule: dict[str, Any], managers: set[str]) -> bool:
    """Whether a rule is about everything that some managers update."""
    matchers = {key: value for key, value in rule.items() if key.startswith("match")}
    named = matchers.pop("matchManagers", None)
    every = matchers.pop("matchPackageNames", ["*"]) in (["*"], ["**"])
    whole = named is None or managers <= set(map(str, _list(named)))
    return every and whole and not matchers


def _list(value: object) -> list[Any]:
    """A list, be it of nothing: what has another form says nothing to either tool."""
    return value if isinstance(value, list) else []


def _renovate_interval(schedule: object, extends: Sequence[str]) -> Interval | None:
    if schedule is None:
        found = [_PRESETS[one] for one in extends if one in _PRESETS]
        unknown = [one for one in extends if one.startswith("schedule:") and one not in _PRESETS]
        return None if unknown else found[-1] if found else "daily"
    texts = schedule if isinstance(schedule, list) else [schedule]
    known = [_of_words(str(text)) for text in texts]
    if not known or any(one is None for one in known):
        return None
    return min((one for one in known if one), key=INTERVALS.index)  # any of them will do


def _of_words(text: str) -> Interval | None:
    """How often words of Renovate's come round: ``before 5am on monday``."""
    words = text.lower()
    cron = _of_cron(text)
    if cron is not None:
        return cron
    if "every 3 months" in words or "quarter" in words:
        return "quarterly"
    if "of the month" in words or "every month" in words:
        return "monthly"
    if _DAY.search(words):
        return "weekly"
    daily = ("at any time", "every weekday", "every day", "before ", "after ")
    return "daily" if words.startswith(daily) or "every weekday" in words else None
