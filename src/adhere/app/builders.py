"""What builds a project's documentation, as its own configuration says. Nothing of it is run."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct

from adhere.app.project import Project
from adhere.errors import AdhereError, Problem
from adhere.report.layout import PAGES, Layout
from adhere.sources.tree import read_text
from adhere.sources.yaml_nodes import YamlError, compose

MKDOCS, PROPERDOCS, ZENSICAL = "MkDocs", "ProperDocs", "Zensical"
SPHINX, DOCUSAURUS = "Sphinx", "Docusaurus"

_YAML = {
    "properdocs.yml": PROPERDOCS,
    "properdocs.yaml": PROPERDOCS,
    "mkdocs.yml": MKDOCS,
    "mkdocs.yaml": MKDOCS,
}
_SPHINX_FOLDERS = ("docs", "docs/source", "doc", "doc/source", "source", "")
_SPHINX_SITES = (
    *("_build/html", "_build/dirhtml", "../build/html", "../_build/html"),
    *("../site", "../../site"),  # where the session of `adhere.nox` builds it
)
_DOCUSAURUS = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs"))
_INHERITS = 8
"""Configurations that name another one, at most."""


class BuilderError(AdhereError):
    """The configuration of a builder cannot be read."""


class Builder(Struct, frozen=True):
    """A builder of documentation.

    Attributes:
        name: of the program.
        config: its configuration, as one would name it.
        docs: folder of the documentation, absolute.
        sites: folders that it builds to, absolute; the first that is there counts.
        plugin: what of ours its configuration names, ``""`` for nothing.
        layout: of the pages, as that is told.
        report: that the plugin is told to show, absolute; ``""`` for that of the last run.
        names_plugins: whether the configuration names any plugin.
        off: the option by which ours is switched off there, ``""`` where it is not.
    """

    name: str
    config: str
    docs: str
    sites: tuple[str, ...]
    plugin: str = ""
    layout: Layout = Layout()
    report: str = ""
    names_plugins: bool = False
    off: str = ""


def find_builders(project: Project) -> tuple[Builder, ...]:
    """Every builder that the project has a configuration for.

    Raises:
        BuilderError: a configuration cannot be read.
    """
    return (*_by_yaml(project), *_zensical(project), *_sphinx(project), *_docusaurus(project))


def _by_yaml(project: Project) -> Iterator[Builder]:
    for file, name in _YAML.items():
        if not os.path.isfile(project.path(file)):
            continue
        values = _inherited(project, file)
        options = _options(values.get("plugins"))
        named, options = options is not None, options or {}
        off = "enabled" if str(options.get("enabled", "true")).lower() == "false" else ""
        yield Builder(
            name,
            file,
            project.path(_word(values.get("docs_dir"), "docs")),
            (project.path(_word(values.get("site_dir"), "site")),),
            "plugin" if named and not off else "",
            Layout(_word(options.get("path"), Layout().path).strip("/"), _pages(options)),
            project.path(_word(options.get("report"), "")) if options.get("report") else "",
            bool(values.get("plugins")),
            off,
        )
        return  # what the first of them says is what is built


def _inherited(project: Project, file: str) -> dict[str, Any]:
    """Top-level values of a configuration and of those that it inherits from."""
    found: dict[str, Any] = {}
    for _ in range(_INHERITS):
        values = _yaml(project, file)
        found = {**values, **found}
        base = values.get("INHERIT")
        if not isinstance(base, str):
            break
        file = os.path.normpath(os.path.join(os.path.dirname(file), base))
    return found


def _yaml(project: Project, file: str) -> dict[str, Any]:
    try:
        _, value = compose(read_text(project.path(file), file), typed=False)
    except YamlError as error:
        place = {"path": file, "line": error.line, "column": error.column}
        raise BuilderError(Problem("docs-builder", str(error), **place)) from None  # type: ignore[arg-type]  # a place
    return value if isinstance(value, dict) else {}


def _options(plugins: Any) -> Mapping[str, Any] | None:
    """What is told to our plugin, ``None`` where it is not named."""
    entries = plugins if isinstance(plugins, list) else [plugins]
    for entry in entries:
        if entry == "adhere":
            return {}
        if isinstance(entry, dict) and "adhere" in entry:
            told = entry["adhere"]
            return told if isinstance(told, dict) else {}
    return None


def _pages(options: Mapping[str, Any]) -> tuple[str, ...]:
    named = options.get("pages")
    return tuple(str(name) for name in named) if isinstance(named, list) else tuple(PAGES)


def _word(value: Any, default: str) -> str:
    return value if isinstance(value, str) and value else default


def _zensical(project: Project) -> Iterator[Builder]:
    file = "zensical.toml"
    if not os.path.isfile(project.path(file)):
        return
    try:
        table = tomllib.loads(read_text(project.path(file), file)).get("project")
    except tomllib.TOMLDecodeError as error:
        raise BuilderError(Problem("docs-builder", f"not valid TOML: {error}", path=file)) from None
    values = table if isinstance(table, dict) else {}
    docs, site = _word(values.get("docs_dir"), "docs"), _word(values.get("site_dir"), "site")
    yield Builder(ZENSICAL, file, project.path(docs), (project.path(site),))


def _sphinx(project: Project) -> Iterator[Builder]:
    for folder in _SPHINX_FOLDERS:
        file = f"{folder}/conf.py".lstrip("/")
        if not os.path.isfile(project.path(file)):
            continue
        try:
            tree = ast.parse(read_text(project.path(file), file))
        except (SyntaxError, ValueError) as error:
            raise BuilderError(Problem("docs-builder", f"no Python: {error}", path=file)) from None
        words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        names = _names(tree)
        if folder == "" and "extensions" not in names:
            continue  # any program may have a conf.py in its root
        docs = project.path(folder)
        sites = (os.path.normpath(os.path.join(docs, site)) for site in _SPHINX_SITES)
        off = "adhere_enabled" if _assigned(tree, "adhere_enabled") is False else ""
        used = "extension" if "adhere.sphinx" in words and not off else ""
        path = _assigned(tree, "adhere_path")
        pages = _assigned(tree, "adhere_pages")
        report = _assigned(tree, "adhere_report")
        yield Builder(
            SPHINX,
            file,
            docs,
            tuple(sites),
            used,
            Layout(_word(path, Layout().path).strip("/"), _pages({"pages": pages})),
            os.path.normpath(os.path.join(docs, report)) if _word(report, "") else "",
            "extensions" in names,
            off,
        )
        return


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _assigned(tree: ast.AST, name: str) -> Any:
    """The value that is assigned to a name, ``None`` for one that only Python could tell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            with suppress(ValueError):
                return ast.literal_eval(node.value)
    return None


def _docusaurus(project: Project) -> Iterator[Builder]:
    for folder in ("", "website"):
        for name in _DOCUSAURUS:
            file = f"{folder}/{name}".lstrip("/")
            if os.path.isfile(project.path(file)):
                base = project.path(folder)
                docs = os.path.join(base, "docs")
                sites = (os.path.join(base, "build"),)
                yield Builder(DOCUSAURUS, file, docs, sites)
                return
