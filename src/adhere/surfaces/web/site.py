"""The latest report and what is made of it, read anew when its file changes."""

from __future__ import annotations

import os
from threading import Lock

from msgspec import Struct

from adhere.app.past import read_past
from adhere.app.project import Project
from adhere.app.render import committed_runs, template_folders
from adhere.app.store import load_report
from adhere.app.stored import Stored
from adhere.app.verify import stale_inputs
from adhere.model.digest import bytes_digest
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.report.json import encode_report
from adhere.report.pages import html_pages
from adhere.report.render import Renderer


class Loaded(Struct, frozen=True):
    """A report, and what is served of it.

    Attributes:
        report: itself.
        files: by name, ``index.html``, ``report.json``, ...
        etags: of the same.
    """

    report: Report
    files: dict[str, bytes]
    etags: dict[str, str]


class Site:
    """Serves the report of one project."""

    def __init__(self, project: Project, config: ConfigTable, path: str, templates: str) -> None:
        """Nothing is rendered yet, and there may be no report yet.

        Args:
            project: whose report it is.
            config: of it.
            path: of the report.
            templates: folder of the command line, ``""`` for none.
        """
        self._project = project
        self._config = config
        self._path = path
        self._folders = template_folders(project, config, templates)
        self._lock = Lock()
        self._seen: tuple[int, ...] = ()
        self._loaded: Loaded | None = None

    def current(self) -> Loaded:
        """What is there now.

        Raises:
            ReportError: there is none, or it cannot be read. What was there before is not
                served in its place.
            TemplateError: a template of the user's is wrong.
        """
        with self._lock:
            seen = self._stamp()
            if self._loaded is None or not seen or seen != self._seen:
                self._loaded = None
                self._loaded = self._read()
                self._seen = seen
            return self._loaded

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = os.stat(self._path)
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> Loaded:
        report = load_report(self._path, self._project.label(self._path))
        stale = stale_inputs(Stored(report, self._project, self._config, self._path))
        ledger = committed_runs(self._project)
        past = read_past(self._project, self._config, self._path)
        renderer = Renderer(self._folders)
        files = dict(html_pages(report, renderer, stale=stale, ledger=ledger, past=past))
        files["report.json"] = encode_report(report)
        etags = {name: f'"{bytes_digest(data)[7:39]}"' for name, data in files.items()}
        return Loaded(report, files, etags)
