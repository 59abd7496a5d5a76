"""Elements that docutils lacks, and how each builder writes them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

NO_FILES = {"applehelp", "devhelp", "epub", "htmlhelp", "json", "pickle", "qthelp"}
"""Builders of HTML that make no site, to which files could be added."""


class Region(nodes.General, nodes.Element):
    """A table in a region of its own, which scrolls where it is wide."""


class Icon(nodes.Inline, nodes.TextElement):
    """The sign of a state; the word is beside it."""


class Chart(nodes.Inline, nodes.Element):
    """A drawing, in ``svg``, for those who look."""


class Name(nodes.literal):
    """A name, a path or a digest. On paper it may be too long for its line."""


class AssetLink(nodes.Inline, nodes.TextElement):
    """A link to a file beside the pages, by its ``name``."""


def has_files(builder: Any) -> bool:
    """Whether files can be put beside the pages of a builder."""
    return builder.format == "html" and builder.name not in NO_FILES


def _nothing(_writer: Any, _node: nodes.Element) -> None:
    pass


def _skip(_writer: Any, _node: nodes.Element) -> None:
    raise nodes.SkipNode


def _open_region(writer: Any, node: Region) -> None:
    about = {"role": "region", "aria-label": node["label"], "tabindex": "0"}
    writer.body.append(writer.starttag(node, "div", CLASS=node["kind"], **about))


def _close_region(writer: Any, _node: Region) -> None:
    writer.body.append("</div>\n")


def _widths(_writer: Any, node: Region) -> None:
    """Columns of paper have a width, or they lead out of it."""
    for table in node.findall(nodes.table):
        table["classes"] = ["colwidths-given"]


def _caption_above(_writer: Any, node: Region) -> None:
    """A manual page takes the first title that is not of a section for its own."""
    for caption in list(node.findall(nodes.title)):
        caption.parent.remove(caption)
        node.insert(0, nodes.paragraph("", "", nodes.strong("", caption.astext())))


def _open_icon(writer: Any, _node: Icon) -> None:
    writer.body.append('<span aria-hidden="true">')


def _close_icon(writer: Any, _node: Icon) -> None:
    writer.body.append("</span>")


def _breakable(writer: Any, node: Name) -> None:
    text = node.astext()
    parts = (writer.encode(text[at : at + 8]) for at in range(0, len(text), 8))
    broken = r"\allowbreak{}".join(parts)
    writer.body.append(rf"\sphinxcode{{\sphinxupquote{{{broken}}}}}")
    raise nodes.SkipNode


def _draw(writer: Any, node: Chart) -> None:
    if writer.builder.name != "epub":
        writer.body.append(node["svg"])
    raise nodes.SkipNode


def _open_link(writer: Any, node: AssetLink) -> None:
    builder = writer.builder
    if has_files(builder):
        here = "" if builder.name == "singlehtml" else builder.get_target_uri(writer.docnames[0])
        link = relative_uri(here, node["name"])
        writer.body.append(writer.starttag(node, "a", "", href=link, CLASS="reference download"))


def _close_link(writer: Any, _node: AssetLink) -> None:
    if has_files(writer.builder):
        writer.body.append("</a>")


def add_elements(app: Sphinx) -> None:
    """Tell every writer how to write them."""
    there: Any = dict.fromkeys(("text", "man", "texinfo"), (_nothing, _nothing))
    app.add_node(
        Region,
        html=(_open_region, _close_region),
        latex=(_widths, _nothing),
        **(there | {"man": (_caption_above, _nothing)}),
    )
    app.add_node(Name, latex=(_breakable, None))  # others write it as they write a literal
    # Fonts of LaTeX do not have these signs.
    app.add_node(Icon, html=(_open_icon, _close_icon), latex=(_skip, None), **there)
    nowhere: Any = dict.fromkeys(("latex", "text", "man", "texinfo"), (_skip, None))
    app.add_node(Chart, html=(_draw, None), **nowhere)
    app.add_node(AssetLink, html=(_open_link, _close_link), latex=(_nothing, _nothing), **there)
