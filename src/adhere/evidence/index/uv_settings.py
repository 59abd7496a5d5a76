"""What uv is told: its environment variables, ``uv.toml`` and ``[tool.uv]``."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from adhere.evidence.index import look
from adhere.evidence.index.said import Said, unreadable


class UvIndex(Struct, frozen=True):
    """One index.

    Attributes:
        said: its address.
        name: by which credentials and packages refer to it, ``""`` for none.
        explicit: only packages that name it come from it.
    """

    said: Said
    name: str = ""
    explicit: bool = False


class UvSettings(Struct, frozen=True):
    """What uv would go by.

    Attributes:
        default: in place of its own default; ``None`` for that.
        extra: asked before the default, in this order.
        links: ``find-links``.
        no_index: nothing but ``links`` is asked.
    """

    default: UvIndex | None = None
    extra: tuple[UvIndex, ...] = ()
    links: tuple[Said, ...] = ()
    no_index: bool = False

    @property
    def says_something(self) -> bool:
        """Whether anybody told uv where packages come from."""
        return bool(self.default or self.extra or self.links or self.no_index)


def read_uv(environ: Mapping[str, str], root: str, home: str) -> UvSettings:
    """What uv would go by.

    Args:
        environ: environment variables.
        root: folder of the project.
        home: the user's folder.

    Raises:
        ConfigError: a file cannot be read; uv would stop there as well.
    """
    layers = [_from_environment(environ)]
    layers += [_from_table(table, where) for table, where in _tables(environ, root, home)]
    return UvSettings(
        default=next((layer.default for layer in layers if layer.default), None),
        extra=tuple(index for layer in layers for index in layer.extra),
        links=tuple(said for layer in layers for said in layer.links),
        no_index=any(layer.no_index for layer in layers),
    )


def _from_environment(environ: Mapping[str, str]) -> UvSettings:
    default = None
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if environ.get(name) and default is None:
            default = _named(Said(environ[name], name))
    extra: list[UvIndex] = []
    for name in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        extra += [_named(part) for part in Said(environ.get(name, ""), name).parts()]
    links = Said(environ.get("UV_FIND_LINKS", "").replace(",", " "), "UV_FIND_LINKS").parts()
    off = environ.get("UV_NO_INDEX", "").lower() in ("1", "true", "yes", "on", "y", "t")
    return UvSettings(default, tuple(extra), links, off)


def _named(said: Said) -> UvIndex:
    """``name=https://...`` or just the address."""
    name, equals, rest = said.value.partition("=")
    if equals and not any(mark in name for mark in ":/?"):
        return UvIndex(Said(rest, said.where), name)
    return UvIndex(said)


def _tables(
    environ: Mapping[str, str], root: str, home: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """Tables of settings, the strongest first, each with what to call it."""
    if environ.get("UV_NO_CONFIG"):
        return
    if environ.get("UV_CONFIG_FILE"):
        path = environ["UV_CONFIG_FILE"]
        yield _load(path), path
        return
    own = os.path.join(root, "uv.toml")
    if look.is_file(own):
        yield _load(own), "uv.toml"
    else:
        yield _tool_table(os.path.join(root, "pyproject.toml")), "pyproject.toml [tool.uv]"
    for folder in _folders(environ, home):
        path = os.path.join(folder, "uv", "uv.toml")
        yield _load(path), path


def _folders(environ: Mapping[str, str], home: str) -> Iterator[str]:
    if sys.platform == "win32":
        yield environ.get("APPDATA", os.path.join(home, "AppData", "Roaming"))
        yield environ.get("PROGRAMDATA", "C:\\ProgramData")
        return
    yield environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    yield from (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
    yield "/etc"


def _tool_table(path: str) -> dict[str, Any]:
    tool = _load(path).get("tool", {})
    found = tool.get("uv", {}) if isinstance(tool, dict) else {}
    return found if isinstance(found, dict) else {}


def _load(path: str) -> dict[str, Any]:
    if not look.is_file(path):
        return {}
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError, RecursionError):
        raise unreadable(path, "mend the file; it is not TOML") from None


def _from_table(table: dict[str, Any], where: str) -> UvSettings:
    """One file's settings; those of ``[pip]`` hold for ``uv pip`` and stand behind."""
    default: UvIndex | None = None
    extra: list[UvIndex] = []
    links: list[Said] = []
    off = False
    pip = table.get("pip", {})
    for part in (table, pip if isinstance(pip, dict) else {}):
        for entry in _dicts(part.get("index")):
            said = Said(str(entry.get("url", "")), f"index in {where}")
            index = UvIndex(said, str(entry.get("name", "")), entry.get("explicit") is True)
            if entry.get("default") is True:
                default = default or index
            elif said.value:
                extra.append(index)
        if part.get("index-url"):
            default = default or UvIndex(Said(str(part["index-url"]), f"index-url in {where}"))
        key = "extra-index-url"
        extra += [UvIndex(Said(url, f"{key} in {where}")) for url in _texts(part.get(key))]
        links += [Said(url, f"find-links in {where}") for url in _texts(part.get("find-links"))]
        off = off or part.get("no-index") is True
    return UvSettings(default, tuple(extra), tuple(links), off)


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _texts(found: Any) -> list[str]:
    return [part for part in found if isinstance(part, str)] if isinstance(found, list) else []
