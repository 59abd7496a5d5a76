"""Whether a documentation that was built holds the pages of the report, and of this one.

A builder may leave a plugin out without a word, and a site may be older than its report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, structs

from adhere.app.builders import MKDOCS, PROPERDOCS, SPHINX, ZENSICAL, Builder, find_builders
from adhere.app.docs import manifest_of
from adhere.app.ground import Wanted
from adhere.app.project import Project
from adhere.app.publish import Published, publish
from adhere.policy.settings import ConfigTable

_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
_GENERATOR = re.compile(rb"""<meta name="?generator"? content="([A-Za-z]+)""")
_MADE_BY = re.compile(rb"Made by adhere[^<]*from a report with the digest")
_MOST = 8 << 20
"""Bytes of a page that are looked at."""


class Part(Struct, frozen=True):
    """One thing that was looked at; `hint` says what to do where it is broken."""

    name: str
    state: Literal["ok", "broken"]
    detail: str
    hint: str = ""


class Diagnosis(Struct, frozen=True):
    """All of it."""

    parts: tuple[Part, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is broken."""
        return all(part.state == "ok" for part in self.parts)


def diagnose(project: Project, config: ConfigTable, wanted: Wanted, site: str = "") -> Diagnosis:
    """Look at the configuration of every builder, and at what it built.

    Args:
        project: whose.
        config: of it.
        wanted: names the report.
        site: folder that was built, absolute; ``""`` for where the builder builds to.

    Raises:
        ReportError: there is no report, or it cannot be read.
        BuilderError: the configuration of a builder cannot be read.
    """
    builders = find_builders(project)
    if not builders:
        what = "no configuration of MkDocs, ProperDocs, Zensical, Sphinx or Docusaurus is here"
        hint = "run this in the folder of the project, or build a folder of HTML: adhere report"
        return Diagnosis((Part("builder", "broken", what, hint),))
    parts: list[Part] = []
    for builder in builders:
        parts += _looked_at(project, config, wanted, builder, site)
    return Diagnosis(tuple(parts))


def _looked_at(
    project: Project, config: ConfigTable, wanted: Wanted, builder: Builder, site: str
) -> Iterator[Part]:
    where = site or next((s for s in builder.sites if os.path.isdir(s)), builder.sites[0])
    builder = structs.replace(builder, name=_really(builder, where))
    yield Part("builder", "ok", f"{builder.name}, by {builder.config}")
    report = wanted.report or builder.report
    asked = structs.replace(wanted, layout=builder.layout, report=report)
    found = publish(project, config, asked)
    manifest = manifest_of(builder.docs)
    yield _source(project, builder, manifest)
    files = manifest or (found.files if builder.layout.pages else ())
    names = [name for name in files if name.endswith((".md", ".rst"))]
    digests = {name: _digest_of(found, name) for name in names}
    yield from _built(project, where, digests)


def _digest_of(found: Published, name: str) -> bytes:
    """By what a page says of what it was made: the report, or for a frozen release its own."""
    text, digest = found.files.get(name, b""), found.digest.encode()
    own = _DIGEST.findall(text)
    return own[-1] if own and digest not in text else digest


def _really(builder: Builder, site: str) -> str:
    """Who built it: Zensical reads the configuration of MkDocs, too."""
    if builder.name not in (MKDOCS, PROPERDOCS):
        return builder.name
    match = _GENERATOR.search(_read(os.path.join(site, "index.html")))
    return ZENSICAL if match and match[1].lower() == b"zensical" else builder.name


def _source(project: Project, builder: Builder, manifest: dict[str, str]) -> Part:
    """Where the builder has pages from."""
    docs = project.label(builder.docs)
    if manifest:
        return Part("pages", "ok", f"adhere docs sync wrote them into {docs}")
    sync = f"adhere docs sync {docs}"
    if builder.name == ZENSICAL and builder.plugin:
        what = f"{builder.config} names the plugin, and Zensical leaves it out without a word"
        return Part("pages", "broken", what, f"run {sync} before the build")
    if builder.off:
        what = f"{builder.config} switches them off, by `{builder.off}`"
        return Part("pages", "broken", what, f"take that out, or run {sync} before the build")
    if not builder.plugin:
        what = f"{builder.config} names nothing of adhere's, and no pages are in {docs}"
        return Part("pages", "broken", what, _remedy(builder, sync))
    return Part("pages", "ok", f"by the {builder.plugin}")


def _remedy(builder: Builder, sync: str) -> str:
    if builder.name in (MKDOCS, PROPERDOCS):
        return f"add `- adhere` below `plugins:`, or run {sync} before the build"
    if builder.name == SPHINX:
        return f'add "adhere.sphinx" to `extensions`, or run {sync} before the build'
    return f"run {sync} before the build"


def _built(project: Project, site: str, digests: Mapping[str, bytes]) -> Iterator[Part]:
    """Whether each page is in the site, and of this report."""
    label = project.label(site)
    if not os.path.isdir(site):
        what = f"there is no site at {label}"
        yield Part("site", "broken", what, "build it, or name its folder with --site")
        return
    pages = tuple(_html(site))
    good = 0
    for name in sorted(digests):
        there = [page for page in pages if _is_of(page, name)]
        texts = [_read(os.path.join(site, page)) for page in there]
        if not there:
            hint = "build the site again, with the pages in place"
            yield Part("site", "broken", f"{name} is in no page of {label}", hint)
        elif not any(digests[name] in text for text in texts):
            yield _of_another(name, there[0], texts[0])
        else:
            good += 1
    if good:
        yield Part("site", "ok", f"{good} pages of {label} are of this report")


def _of_another(name: str, page: str, text: bytes) -> Part:
    if _MADE_BY.search(text):
        what = f"{page} is of another report"
        return Part("site", "broken", what, "make the pages and build the site again")
    what = f"{page} does not say which report it is of"
    hint = (
        f"whoever wrote {name} is not adhere, or a template of yours leaves out the block `footer`"
    )
    return Part("site", "broken", what, hint)


def _html(site: str) -> Iterator[str]:
    for base, _, names in os.walk(site):
        for name in names:
            if name.endswith(".html"):
                path = os.path.relpath(os.path.join(base, name), site)
                yield path.replace(os.sep, "/")


def _is_of(page: str, name: str) -> bool:
    """Whether a page was made from a document, in whatever folder of the site it is."""
    stem = name.rpartition(".")[0]
    made = {f"{stem}.html", f"{stem}/index.html"}
    return any(page == one or page.endswith(f"/{one}") for one in made)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_MOST)
    except OSError:
        return b""
