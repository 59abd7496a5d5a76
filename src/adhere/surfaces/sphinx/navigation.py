"""The pages in the toctree of the root document, unless a toctree of the user's has them."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from adhere.policy.decode import nearest, quoted
from adhere.surfaces.sphinx.domain import domain_of
from adhere.surfaces.sphinx.options import AFTER

log = logging.getLogger(__name__)


class Placing(SphinxTransform):
    """The first of our pages, which leads to the others, in a toctree of the root document."""

    default_priority = 200
    """After everything was read; what Sphinx notes of toctrees it notes later."""

    def apply(self, **_kwargs: Any) -> None:
        """Put it there, unless the user did."""
        domain, where = domain_of(self.env), self.config.adhere_nav
        start = domain.start
        if where == "off" or not start or self.env.docname != self.config.root_doc:
            return
        if domain.named:
            return
        trees = [*self.document.findall(addnodes.toctree)]
        if any(start in tree["includefiles"] for tree in trees):
            return
        entry = (self.config.adhere_nav_title, start)
        before = where.removeprefix(AFTER).strip().strip("/") if where.startswith(AFTER) else ""
        if before and _behind(trees, before, entry):
            return
        if before:
            self._say_unknown(trees, before)
        tree = trees[-1] if trees else self._hidden()
        tree["entries"].append(entry)
        tree["includefiles"].append(start)

    def _say_unknown(self, trees: list[addnodes.toctree], name: str) -> None:
        known = [ref for tree in trees for ref in tree["includefiles"]]
        hint = nearest(name, known) or (f"there is {quoted(known[:12])}" if known else "")
        said = f"`adhere_nav`: no toctree of the root document names `{name}`"
        message = f"{said}; {hint}" if hint else said
        log.warning(message, location=self.env.docname, type="adhere", subtype="unknown")

    def _hidden(self) -> addnodes.toctree:
        """A toctree that is seen at the side only, for a document that has none."""
        tree = addnodes.toctree(
            "",
            parent=self.env.docname,
            entries=[],
            includefiles=[],
            maxdepth=-1,
            caption=None,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=False,
        )
        tree.source, tree.line = str(self.env.doc2path(self.env.docname)), 1
        section = next(self.document.findall(nodes.section), self.document)
        inner = section.first_child_matching_class(nodes.section)
        at = len(section) if inner is None else inner
        section.insert(at, nodes.compound("", tree, classes=["toctree-wrapper"]))
        return tree


def _behind(trees: list[addnodes.toctree], before: str, entry: tuple[str, str]) -> bool:
    """Whether there is an entry of that name, behind which another one stands by now."""
    for tree in trees:
        refs = [ref for _, ref in tree["entries"]]
        if before in tree["includefiles"]:
            tree["entries"].insert(refs.index(before) + 1, entry)
            tree["includefiles"].insert(tree["includefiles"].index(before) + 1, entry[1])
            return True
    return False


def outdated_root(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], _gone: set[str]
) -> list[str]:
    """The root document, where the page that it shall lead to came or went."""
    root, domain = app.config.root_doc, domain_of(env)
    start = domain.start
    if app.config.adhere_nav == "off":
        return []
    domain.named = bool(start) and any(_names(env, name, start) for name in _of_the_user(env, root))
    if root in {*added, *changed} or root not in env.all_docs:
        return []
    led = {*env.toctree_includes.get(root, ())}
    ours = f"{app.config.adhere_path.strip('/')}/index"
    came = start and not domain.named and start not in led
    went = not start and ours in led and ours not in env.found_docs
    moved = domain.named and start in led and not _names(env, root, start)
    return [root] if came or went or moved else []


def _of_the_user(env: BuildEnvironment, root: str) -> list[str]:
    """Documents that may lead to ours, but for the root: that is looked at when it is read."""
    ours = domain_of(env).start.rpartition("/")[0]
    return [name for name in env.found_docs if name != root and not name.startswith(f"{ours}/")]


def _names(env: BuildEnvironment, docname: str, start: str) -> bool:
    """Whether a document has a line that is an entry of a toctree for ours."""
    try:
        with open(env.doc2path(docname), encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:  # Sphinx says so when it reads it
        return False
    if start not in text:
        return False
    entry = rf"[ \t]*(?:[^<\n]*<)?/?(?:\.\./)*{re.escape(start)}(?:\.\w+)?>?[ \t]*"
    return re.search(f"^{entry}$", text, re.MULTILINE) is not None
