"""The pages in the navigation: where the user put them, or where the option says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from adhere.policy.decode import nearest, quoted
from adhere.surfaces.mkdocs.options import AFTER


def place(config: MkDocsConfig, pages: Sequence[str], where: str, title: str) -> bool:
    """Put pages into the navigation that is configured, unless they are in it.

    Args:
        config: of the site; its ``nav`` is changed.
        pages: in their order.
        where: ``auto``, ``off``, or ``after:`` and a title.
        title: of the section.

    Returns:
        Whether MkDocs shall miss a page that is in no navigation.

    Raises:
        PluginError: there is no entry of that title.
    """
    if where == "off" or not pages:
        return False
    if config.nav is None:
        return True
    if {*pages} & {*_paths(config.nav)}:
        return False  # the user chose, also what to leave out
    entry = {title: list(pages)}
    at = len(config.nav)
    if where.startswith(AFTER):
        at = _after([_title(item) for item in config.nav], where)
    config.nav = [*config.nav[:at], entry, *config.nav[at:]]
    return True


def arrange(nav: Navigation, pages: Sequence[str], where: str, title: str) -> None:
    """Name and order the section that MkDocs made of a folder.

    Args:
        nav: of the site; it is changed.
        pages: in their order.
        where: ``auto``, or ``after:`` and a title.
        title: of the section.
    """
    section = _section(nav.items, dirname(pages[0]))
    if section is None:
        return
    by_path = {page.file.src_uri: page for page in _pages(section.children)}
    ours = [by_path.pop(path) for path in pages if path in by_path]
    section.title = title
    section.children = [*ours, *by_path.values()]
    for page in section.children:
        page.parent = section
    if where.startswith(AFTER):
        nav.items = _without(nav.items, section)
        section.parent = None
        at = _after([item.title for item in nav.items], where)
        nav.items.insert(at, section)
    nav.pages = list(_pages(nav.items))
    around = [None, *nav.pages, None]
    for before, page, after in zip(around, nav.pages, around[2:], strict=False):
        page.previous_page, page.next_page = before, after


def _without(items: Sequence[StructureItem], section: Section) -> list[StructureItem]:
    """Entries without a section, and without those that held nothing else."""
    kept = []
    for item in items:
        if item is section:
            continue
        if isinstance(item, Section):
            before = len(item.children)
            item.children = _without(item.children, section)
            if before and not item.children:
                continue
        kept.append(item)
    return kept


def holds(nav: Navigation, pages: Iterable[str]) -> bool:
    """Whether any page is in the navigation that is built."""
    wanted = {*pages}
    return any(page.file.src_uri in wanted for page in _pages(nav.items))


def _after(titles: Sequence[str | None], where: str) -> int:
    wanted = where.removeprefix(AFTER)
    if wanted in titles:
        return titles.index(wanted) + 1
    known = [name for name in titles if name]
    hint = nearest(wanted, known) or f"there is {quoted(known)}"
    raise PluginError(f"adhere: `nav: {where}` names no entry of the navigation; {hint}")


def _title(item: Any) -> str | None:
    return next(iter(item)) if isinstance(item, dict) and item else None


def _paths(items: Any) -> Iterator[str]:
    if isinstance(items, str):
        yield items
    elif isinstance(items, dict):
        yield from _paths(list(items.values()))
    elif isinstance(items, list):
        for item in items:
            yield from _paths(item)


def _pages(items: Iterable[StructureItem]) -> Iterator[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)


def _section(items: Iterable[StructureItem], folder: str) -> Section | None:
    """The section of a folder, the innermost that has all of its pages."""
    for item in items:
        if not isinstance(item, Section):
            continue
        inner = _section(item.children, folder)
        if inner is not None and dirname(folder):
            return inner
        if any(
            isinstance(child, Page) and dirname(child.file.src_uri) == folder
            for child in item.children
        ):
            return item
    return None
