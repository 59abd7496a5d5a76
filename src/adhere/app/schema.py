"""JSON Schemas of what people write, and of what adhere writes for other programs."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec
from msgspec import Struct

from adhere.policy.quantity import ByteSize, Duration

SCHEMAS = ("config", "waivers", "report", "diff", "release", "review")

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> dict[str, Any]:
    """A JSON Schema, dialect 2020-12.

    Args:
        name: one of `SCHEMAS`.
    """
    if name == "report":
        from adhere.report.document import Report

        return _of(Report, "The canonical report of adhere")
    if name == "diff":
        from adhere.report.differences import Diff

        return _of(Diff, "What changed from one report of adhere to another")
    if name == "review":
        from adhere.report.review import Review

        return _of(Review, "What a change of decisions does, as adhere reviewed it")
    if name == "release":
        from adhere.report.release import Release

        return _of(Release, "A release that adhere froze")
    return _config() if name == "config" else _waivers()


def _of(kind: type[Struct], title: str) -> dict[str, Any]:
    found = msgspec.json.schema(kind)
    for definition in found["$defs"].values():
        _document(definition)
    return _titled(found, title)


def _waivers() -> dict[str, Any]:
    from adhere.policy.waiver import ClarificationTable, WaiverTable

    (waiver, clarification), definitions = _components(WaiverTable, ClarificationTable)
    found = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "schema": {"const": 1},
            "waiver": {"type": "array", "items": waiver},
            "clarification": {"type": "array", "items": clarification},
        },
        "$defs": definitions,
    }
    return _titled(found, "Waivers and clarifications of adhere")


def _config() -> dict[str, Any]:
    """The file, with the parameters of every built-in kind tied to its ``check``."""
    from adhere.checks import BUILT_IN, KINDS
    from adhere.policy.rule import RuleTable
    from adhere.policy.settings import ConfigTable

    kinds = [KINDS[name] for name in BUILT_IN]
    (config, rule, *params), definitions = _components(
        ConfigTable, RuleTable, *(kind.params for kind in kinds)
    )
    rule_definition = definitions[rule["$ref"].rpartition("/")[2]]
    rule_definition["properties"]["with"] = {"type": "object"}
    rule_definition["allOf"] = [
        {
            "if": {"properties": {"check": {"const": kind.name}}},
            "then": {"properties": {"with": reference}},
        }
        for kind, reference in zip(kinds, params, strict=True)
    ]
    top = definitions[config["$ref"].rpartition("/")[2]]
    top["properties"]["rule"] = {"type": "array", "items": rule}
    return _titled({**config, "$defs": definitions}, "Configuration of adhere, adhere.toml")


def _components(*types: type[Struct]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    references, definitions = msgspec.json.schema_components(
        types, schema_hook=_quantity, ref_template="#/$defs/{name}"
    )
    for definition in definitions.values():
        _document(definition)
        if definition.get("type") == "object" and "properties" in definition:
            definition["additionalProperties"] = False  # an unknown key is an error
    return list(references), dict(definitions)


_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def _document(definition: dict[str, Any]) -> None:
    """Take what a docstring says of each attribute to the property of that name."""
    text = inspect.cleandoc(definition.get("description", ""))
    about, _, attributes = text.partition("\n\nAttributes:\n")
    if about:
        definition["description"] = _one_line(about)
    for name, words in _ATTRIBUTE.findall(attributes):
        if name in definition.get("properties", {}):
            definition["properties"][name]["description"] = _one_line(words)


def _one_line(words: str) -> str:
    return " ".join(words.replace("``", "`").split())


def _quantity(kind: type) -> dict[str, Any]:
    if kind is Duration:
        return {"type": "string", "description": 'a duration: "48h", "7d" or "P7D"'}
    if kind is ByteSize:
        return {"type": ["string", "integer"], "description": 'a size: "8MiB" or bytes'}
    raise NotImplementedError(kind)


def _titled(found: dict[str, Any], title: str) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **found}
