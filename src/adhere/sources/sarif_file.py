"""SARIF 2.1.0 as other scanners write it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from adhere.errors import ConfigError, Problem
from adhere.model.need import DataFile
from adhere.model.scan import Scan, ScanLevel, ScanResult
from adhere.sources.data_file import read_data
from adhere.spans.text import KeyPath

_LEVELS: dict[str, ScanLevel] = {
    "error": "error",
    "warning": "warning",
    "note": "note",
    "none": "none",
}
_NO_FINDING = ("pass", "notApplicable", "informational")


def read_scans(text: str, path: str) -> tuple[Scan, ...]:
    """Every run of a SARIF file.

    Args:
        text: of the file.
        path: relative to the project.

    Raises:
        ConfigError: it is no JSON, or no SARIF of version 2.1.
    """
    data = read_data(text, path)
    return _Reader(data).scans()


class _Reader:
    def __init__(self, data: DataFile) -> None:
        self.data = data

    def scans(self) -> tuple[Scan, ...]:
        log = self.data.value
        version = log.get("version") if isinstance(log, dict) else None
        if not isinstance(version, str) or not version.startswith("2.1"):
            hint = "let the scanner write SARIF 2.1.0"
            raise self.wrong((), "it is no SARIF of version 2.1", hint)
        runs = self.list(log, "runs", ())
        return tuple(self.scan(run, ("runs", n)) for n, run in enumerate(runs))

    def scan(self, run: Any, at: KeyPath) -> Scan:
        driver = self.table(self.table(run, "tool", at), "driver", (*at, "tool"))
        name = driver.get("name")
        if not isinstance(name, str) or not name:
            raise self.wrong((*at, "tool", "driver"), "a run does not say which tool it is of")
        invocations = self.list(run, "invocations", at)
        if run.get("results") is None:
            fault = "it holds no results, not even an empty list: the scanner did not get so far"
        elif any(one.get("executionSuccessful") is False for one in _tables(invocations)):
            fault = "the scanner says that it failed"
        else:
            fault = ""
        ended = [_moment(one.get("endTimeUtc")) for one in _tables(invocations)]
        results = self.list(run, "results", at)
        rules = self.list(driver, "rules", (*at, "tool", "driver"))
        return Scan(
            self.data.path,
            name,
            str(driver.get("semanticVersion") or driver.get("version") or ""),
            max((moment for moment in ended if moment is not None), default=None),
            fault,
            tuple(
                found
                for n, one in enumerate(results)
                for found in self.result(one, rules, (*at, "results", n))
            ),
        )

    def result(self, one: Any, rules: list[Any], at: KeyPath) -> Iterator[ScanResult]:
        if not isinstance(one, dict):
            raise self.wrong(at, "a result is no table")
        if one.get("kind") in _NO_FINDING or one.get("baselineState") == "absent":
            return
        given = one.get("rule")
        named: dict[str, Any] = given if isinstance(given, dict) else {}
        index = one.get("ruleIndex", named.get("index", -1))
        rule: Any = {}
        if isinstance(index, int) and 0 <= index < len(rules) and isinstance(rules[index], dict):
            rule = rules[index]
        rule_id = one.get("ruleId") or named.get("id") or rule.get("id") or ""
        if not rule:
            rule = next((r for r in _tables(rules) if rule_id and r.get("id") == rule_id), {})
        default = rule.get("defaultConfiguration")
        default = default if isinstance(default, dict) else {}
        level = one.get("level") or default.get("level", "warning")
        if not isinstance(level, str) or level not in _LEVELS:
            raise self.wrong((*at, "level"), f"`{level}` is no level")
        message = self.table(one, "message", at)
        place = _place(one)
        prints = one.get("partialFingerprints") or one.get("fingerprints")
        yield ScanResult(
            rule=str(rule_id),
            level=_LEVELS[level],
            message=str(message.get("text") or message.get("id") or ""),
            path=place[0],
            line=place[1],
            column=place[2],
            fingerprint="/".join(map(str, prints.values())) if isinstance(prints, dict) else "",
            suppressed=any(
                s.get("status", "accepted") == "accepted"
                for s in _tables(self.list(one, "suppressions", at))
            ),
        )

    def table(self, value: Any, key: str, at: KeyPath) -> dict[str, Any]:
        found = value.get(key) if isinstance(value, dict) else None
        if not isinstance(found, dict):
            raise self.wrong((*at, key), f"`{key}` has to be a table")
        return found

    def list(self, value: Any, key: str, at: KeyPath) -> list[Any]:
        found = value.get(key) if isinstance(value, dict) else None
        if found is None and key != "runs":
            return []
        if not isinstance(found, list):
            raise self.wrong((*at, key), f"`{key}` has to be a list")
        return found

    def wrong(self, at: KeyPath, message: str, hint: str = "") -> ConfigError:
        place = self.data.locate(at)
        return ConfigError(
            Problem(
                "data-invalid",
                message,
                path=self.data.path,
                line=place.line,
                column=place.column,
                hint=hint,
            )
        )


def _tables(values: list[Any]) -> Iterator[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _place(result: dict[str, Any]) -> tuple[str, int, int]:
    """Path, line and column of a result's first location, as far as it has them."""
    locations = result.get("locations")
    first = locations[0] if isinstance(locations, list) and locations else {}
    physical = first.get("physicalLocation") if isinstance(first, dict) else {}
    physical = physical if isinstance(physical, dict) else {}
    artifact, region = physical.get("artifactLocation"), physical.get("region")
    uri = artifact.get("uri", "") if isinstance(artifact, dict) else ""
    path = unquote(str(uri)).removeprefix("./")
    if ":" in path or path.startswith("/"):  # of the machine that the scanner ran on
        path = "/".join(("...", *[part for part in path.split("/") if part][-2:]))
    numbers = [
        region.get(k, 0) if isinstance(region, dict) else 0 for k in ("startLine", "startColumn")
    ]
    line, column = (n if isinstance(n, int) and n > 0 else 0 for n in numbers)
    return path, line, column
