"""The extension: pages and parts of the stored report, in a build of Sphinx.

A build never runs a check. It reads the report of the last one, writes documents that hardly
ever change, and says what is wrong where ``-W`` counts it.
"""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

import adhere
from adhere.app.docs import manifest_of
from adhere.app.project import Project
from adhere.app.shown import Shown, show
from adhere.app.stored import project_and_config
from adhere.errors import AdhereError
from adhere.policy.settings import ConfigTable
from adhere.report.layout import ASSETS
from adhere.surfaces.sphinx.directives import DIRECTIVES
from adhere.surfaces.sphinx.documents import page_names, remove_documents, write_documents
from adhere.surfaces.sphinx.domain import AdhereDomain, domain_of
from adhere.surfaces.sphinx.elements import add_elements, has_files
from adhere.surfaces.sphinx.navigation import Placing, outdated_root
from adhere.surfaces.sphinx.options import add_options, check_options, wanted
from adhere.surfaces.sphinx.page import Panel, WholePage
from adhere.surfaces.sphinx.roles import Reference
from adhere.surfaces.words import told

log = logging.getLogger(__name__)

STYLE, SCRIPT = "adhere.css", "adhere.js"


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""
    add_options(app)
    add_elements(app)
    for name, directive in {**DIRECTIVES, "adhere-page": WholePage}.items():
        app.add_directive(name, directive)
    app.add_transform(Panel)
    app.add_transform(Placing)
    app.add_domain(AdhereDomain)
    app.add_role("adr", Reference("adr"))
    app.add_role("adhere-rule", Reference("rule"))
    for name in ("status", "metric"):
        app.add_role(f"adhere-{name}", AdhereDomain.roles[name])
    app.connect("config-inited", check_options)
    app.connect("builder-inited", begin)
    app.connect("env-get-outdated", outdated)
    app.connect("env-get-outdated", outdated_root)
    app.connect("warn-missing-reference", say_missing)
    app.connect("build-finished", add_files)
    return {
        "version": adhere.__version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def begin(app: Sphinx) -> None:
    """Read the report, and write the documents."""
    if not app.config.adhere_enabled:
        end(app)
        return
    try:
        project, table = find(app)
        shown = show(project, table, wanted(app))
        say_state(app, project, shown)
        placeholder = app.config.adhere_on_missing in ("warn", "placeholder")
        ours = write_documents(app, project, shown, placeholder=placeholder)
    except AdhereError as error:
        raise ExtensionError(told(error)) from None
    domain = domain_of(app.env)
    domain.shown = shown
    if ours and page_names(shown, placeholder=placeholder):
        domain.start = f"{shown.layout.path}/index"
    if not ours:
        say_other(app, shown)
    if app.builder.format == "html":
        add_static(app, shown)


def end(app: Sphinx) -> None:
    """Leave nothing of an earlier build, without a look at the project."""
    try:
        remove_documents(app)
    except AdhereError as error:
        raise ExtensionError(told(error)) from None
    log.info("adhere: it is switched off; nothing of it is shown")


def find(app: Sphinx) -> tuple[Project, ConfigTable]:
    """The project that the documentation belongs to.

    One without a configuration and without version control is where its report is.
    """
    folder = str(app.confdir)
    project, table = project_and_config(os.environ.get("ADHERE_CONFIG", ""), folder)
    above = [folder, os.path.dirname(folder), os.path.dirname(os.path.dirname(folder))]
    if not project.config and project.root == folder:
        root = next((one for one in above if os.path.isdir(os.path.join(one, ".adhere"))), folder)
        return Project(root), table
    return project, table


def say_state(app: Sphinx, project: Project, shown: Shown) -> None:
    """That there is no report, or that it is stale."""
    for clause in shown.stale:
        log.warning("the report of adhere is stale: %s", clause, type="adhere", subtype="stale")
    if shown.content is not None:
        return
    where = project.label(shown.path)
    what = f"there is no report of adhere at {where}: run adhere check before the build"
    if app.config.adhere_on_missing == "error":
        raise ExtensionError(what)
    if app.config.adhere_on_missing == "warn":
        log.warning("%s; pages say that there is no data", what, type="adhere", subtype="missing")
    else:
        log.info("%s", what)


def say_other(app: Sphinx, shown: Shown) -> None:
    """That other pages are there, and whether they are of this report."""
    log.info("adhere: the pages are those that adhere docs sync wrote; none are added")
    written = manifest_of(str(app.srcdir)).get(f"{ASSETS}/report.json", "")
    digest = shown.content.view.digest if shown.content is not None else ""
    if written != digest:
        log.warning(
            "the pages that adhere docs sync wrote are of another report: run it again, or remove"
            " them and their list, _adhere/manifest.json",
            type="adhere",
            subtype="stale",
        )


def add_static(app: Sphinx, shown: Shown) -> None:
    """The style, and the script by which tables are sorted, as every page loads them.

    Not by the folders of the configuration, which would be another one then.
    """
    for name in (STYLE, SCRIPT) if app.config.adhere_sort_js else (STYLE,):
        data = shown.files.get(f"{ASSETS}/{name}")
        if data is None:
            continue
        keep(os.path.join(app.outdir, "_static", name), data)
        if name == STYLE:
            app.add_css_file(name)
        else:
            app.add_js_file(name)


def keep(path: str, data: bytes) -> None:
    """Write a file of the build where it is another one."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.isfile(path):
        with open(path, "rb") as file:
            if file.read() == data:
                return
    with open(path, "wb") as file:
        file.write(data)


def outdated(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _gone: set[str]
) -> list[str]:
    """Documents that show a report that is another one by now."""
    return [name for name in domain_of(env).outdated() if name in env.found_docs]


def say_missing(_app: Sphinx, domain: Any, node: nodes.Element) -> bool | None:
    """Say which decision or rule there is none of, and the nearest."""
    if not isinstance(domain, AdhereDomain):
        return None
    message = domain.hint(node["reftype"], node["reftarget"])
    log.warning(message, location=node, type="adhere", subtype="unknown")
    return True


def add_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the report, its tables and the badge beside the pages, under addresses that stay."""
    if exception is not None or not has_files(app.builder):
        return
    for name, data in domain_of(app.env).shown.files.items():
        if not name.endswith((STYLE, SCRIPT)):
            keep(os.path.join(app.outdir, *name.split("/")), data)
