"""The plugin: pages of the stored report, in a build of MkDocs.

A build never runs a check. It reads the report of the last one, adds pages that exist in
memory only, and says what is wrong on the logger that strict builds count.
"""

from __future__ import annotations

import os
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from adhere.app.docs import manifest_of
from adhere.app.ground import Wanted, report_path
from adhere.app.past_files import releases_folder
from adhere.app.publish import Published
from adhere.app.render import template_folders
from adhere.app.republish import Publisher
from adhere.app.snippets import keep_snippets
from adhere.app.stored import project_and_config
from adhere.errors import AdhereError
from adhere.report.layout import ASSETS, PAGES, Layout
from adhere.surfaces.mkdocs import navigation
from adhere.surfaces.mkdocs.insert import below_title
from adhere.surfaces.mkdocs.options import AdhereOptions
from adhere.surfaces.words import told

log = get_plugin_logger("adhere")

STYLE, SCRIPT = f"{ASSETS}/adhere.css", f"{ASSETS}/adhere.js"


class AdherePlugin(BasePlugin[AdhereOptions]):  # type: ignore[no-untyped-call]  # it is MkDocs that is not typed
    """Adds the pages, and panels to the decision records of the documentation."""

    def __init__(self) -> None:
        """Nothing is known before a build begins."""
        self._publisher = Publisher()
        self._server: Any = None  # MkDocs' or ProperDocs' live reload server
        self._ours: tuple[str, ...] = ()
        self._panels: dict[str, str] = {}

    def on_startup(self, **_about: object) -> None:
        """MkDocs keeps a plugin with this event from one rebuild to the next."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Look for the project, from the folder of the site's configuration."""
        self._ours, self._panels = (), {}
        named = config.config_file_path
        self._root = os.path.dirname(os.path.abspath(named)) if named else os.getcwd()
        if self.config.enabled:
            try:
                self._project, self._table = project_and_config(_said("config"), self._root)
                self._require_folders()
            except AdhereError as error:
                raise PluginError(told(error)) from None
            if self.config.search != "content" and "search" in config.plugins:
                log.warning(
                    "the search that comes with MkDocs finds everything: `search: %s` is heeded by"
                    " that of Material only",
                    self.config.search,
                )
        return config

    @event_priority(-50)  # behind plugins that make pages, in whose place ours may not come
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages, and their place in the navigation."""
        if not self.config.enabled:
            return files
        wanted = self._wanted(config)
        try:
            found = self._publisher.publish(self._project, self._table, wanted)
            if "pymdownx.snippets" in config.markdown_extensions:
                keep_snippets(self._project, self._table, wanted, found.snippets)
        except AdhereError as error:
            raise PluginError(told(error)) from None
        self._watch(wanted)
        if not found.digest:
            self._say_missing(wanted)
        for clause in found.stale:
            log.warning("the report is stale: %s", clause)
        if self.config.annotate_adrs:
            self._panels = found.panels
        self._ours = self._add(files, config, found, wanted.layout.path)
        return files

    @event_priority(-100)  # behind plugins that make another navigation
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, **_about: object) -> Navigation:
        """Put pages in their order, and say when nobody finds them."""
        if self._ours and self.config.nav != "off":
            ordered = any(name.startswith("awesome") for name in config.plugins)
            if config.nav is None and not ordered:
                navigation.arrange(nav, self._ours, self.config.nav, self.config.nav_title)
            if not navigation.holds(nav, self._ours):
                log.warning(
                    "another plugin made the navigation, and no page of adhere's is in it: name"
                    " `%s` where that plugin looks, or say `nav: off`",
                    self._ours[0],
                )
        return nav

    def on_page_markdown(self, markdown: str, *, page: Page, **_about: object) -> str:
        """Put a panel below the title of a decision record."""
        panel = self._panels.get(page.file.src_uri)
        return markdown if panel is None else below_title(markdown, panel)

    def on_serve(self, server: Any, *, config: MkDocsConfig, **_about: object) -> Any:
        """Look at the report and what else pages are made of."""
        if self.config.enabled:
            self._server = server
            self._watch(self._wanted(config))
        return server

    def _wanted(self, config: MkDocsConfig) -> Wanted:
        options = self.config
        written = manifest_of(config.docs_dir)  # their folder is not for the option to say
        layout = Layout(
            path=Layout().path if written else options.path,
            pages=options.pages,
            charts=options.charts == "svg",
            search=options.search,  # type: ignore[arg-type]  # validated as one of its words
        )
        return Wanted(
            layout=layout,
            docs=config.docs_dir,
            decisions=self._path(options.adr_dir),
            report=self._path(options.report) or _absolute(_said("report")),
            out=_said("out"),
            history=self._path(options.history),
            templates=self._path(options.templates) or _said("templates"),
            max_age=options.max_age,
            require_commit=options.require_commit_match,
            placeholder=options.on_missing in ("warn", "placeholder"),
        )

    def _path(self, named: str) -> str:
        return os.path.normpath(os.path.join(self._root, named)) if named else ""

    def _require_folders(self) -> None:
        for option in ("adr_dir", "templates"):
            named = self.config[option]
            if named and not os.path.isdir(self._path(named)):
                raise PluginError(f"adhere: `{option}` names the folder `{named}`: there is none")

    def _say_missing(self, wanted: Wanted) -> None:
        where = self._project.label(report_path(self._project, self._table, wanted))
        what = f"there is no report at {where}: run adhere check before the build"
        if self.config.on_missing == "error":
            raise PluginError(f"adhere: {what}")
        if self.config.on_missing == "warn":
            log.warning("%s; the page says that there is no data", what)
        else:
            log.info("%s", what)

    def _add(
        self, files: Files, config: MkDocsConfig, found: Published, path: str
    ) -> tuple[str, ...]:
        """Add pages, or take those that ``docs sync`` wrote; the ones that one navigates to."""
        main = [f"{path}/{name}" for name in PAGES.values()]
        manifest = manifest_of(config.docs_dir)
        if manifest:
            self._say_other(manifest, found)
            names = [name for name in manifest if files.get_file_from_path(name)]
        else:
            names = [name for name in found.files if name != SCRIPT or self.config.sort_js]
            self._refuse_collisions(files, config, names)
            for name in names:
                files.append(_generated(config, name, found.files[name]))
        if STYLE in names and STYLE not in config.extra_css:
            config.extra_css.append(STYLE)
        if SCRIPT in names and self.config.sort_js and SCRIPT not in config.extra_javascript:
            config.extra_javascript.append(SCRIPT)
        ours = tuple(name for name in main if name in names)
        placed = navigation.place(config, ours, self.config.nav, self.config.nav_title)
        for name in names:
            file = files.get_file_from_path(name)
            if file is not None and name.endswith(".md"):
                shown = placed and name in ours
                file.inclusion = InclusionLevel.INCLUDED if shown else InclusionLevel.NOT_IN_NAV
        return ours

    def _say_other(self, manifest: dict[str, str], found: Published) -> None:
        written = manifest.get(f"{ASSETS}/report.json", "")
        log.info("the pages are those that adhere docs sync wrote; none are added")
        if written != found.digest:
            log.warning(
                "the pages that adhere docs sync wrote are of another report: run it again, or"
                " remove them and their list, _adhere/manifest.json"
            )

    def _refuse_collisions(self, files: Files, config: MkDocsConfig, names: list[str]) -> None:
        there = {file.dest_uri: file for file in files}
        for name in names:
            new = File(name, None, config.site_dir, config.use_directory_urls)
            other = files.get_file_from_path(name) or there.get(new.dest_uri)
            if other is None:
                continue
            of_whom = other.generated_by
            owner = f"the plugin `{of_whom}` made it" if of_whom else "it is one of yours"
            raise PluginError(
                f"adhere: a page goes to `{name}`, and `{other.src_uri}` is there already ({owner});"
                " move it, or give the pages another `path`"
            )

    def _watch(self, wanted: Wanted) -> None:
        """In ``serve``, rebuild when what pages are made of changes.

        Folders and not files: a file that is removed and written anew is no longer looked at.
        """
        if self._server is None:
            return
        report = report_path(self._project, self._table, wanted)
        releases = releases_folder(self._project, self._table, wanted.out)
        for folder in {os.path.dirname(report), os.path.dirname(wanted.history), releases}:
            if folder and os.path.isdir(folder):
                self._server.watch(folder, recursive=False)
        for folder in template_folders(self._project, self._table, wanted.templates):
            self._server.watch(folder)


def _said(option: str) -> str:
    """What the environment says of an option that a check has, too."""
    return os.environ.get(f"ADHERE_{option.upper()}", "")


def _absolute(path: str) -> str:
    return os.path.abspath(path) if path else ""


def _generated(config: MkDocsConfig, name: str, content: bytes) -> File:
    if name.endswith(".md"):
        return File.generated(config, name, content=content.decode())
    return File.generated(config, name, content=content)
