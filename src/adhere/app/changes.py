"""Two reports on a disk, compared."""

from __future__ import annotations

import os

from msgspec import Struct

from adhere.app.past_files import releases_folder
from adhere.app.project import Project
from adhere.app.releases import frozen, parsed
from adhere.app.store import REPORT, report_bytes
from adhere.errors import Problem, ReportError
from adhere.policy.settings import ConfigTable
from adhere.report.diff import diff
from adhere.report.differences import Diff
from adhere.report.extract import Extract, extract
from adhere.report.json import decode_report
from adhere.report.release import Release, decode_release, is_release


class Side(Struct, frozen=True):
    """What is compared.

    Attributes:
        what: to call it in a sentence.
        extract: of it.
    """

    what: str
    extract: Extract


def compare(old: Side, new: Side) -> Diff:
    """What changed from one to the other."""
    return diff(old.extract, new.extract)


def last_run(project: Project, config: ConfigTable, out: str = "") -> Side:
    """The report of the last run.

    Args:
        project: whose.
        config: for the folder of reports.
        out: that folder, relative to the project; ``""`` for the configured one.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    path = os.path.join(project.root, out or config.report.out, REPORT)
    label = project.label(path)
    return Side(f"`{label}`", extract(decode_report(report_bytes(path, label), label)))


def last_release(project: Project, config: ConfigTable, out: str = "") -> Side:
    """The frozen release of the highest version; the arguments are as above.

    Raises:
        ReportError: none is frozen, or one cannot be read.
    """
    folder = releases_folder(project, config, out)
    found = frozen(folder, project)
    if not found:
        message = "no release is frozen yet"
        hint = "name a report to compare with, or freeze a release: adhere release VERSION"
        raise ReportError(Problem("report-missing", message, path=project.label(folder), hint=hint))
    return of_release(found[-1])


def of_release(release: Release) -> Side:
    """A frozen release."""
    return Side(f"release {release.version}", release.extract)


def named(name: str, project: Project, config: ConfigTable, out: str = "") -> Side:
    """A report or frozen release that somebody names; the other arguments are as above.

    Args:
        name: of its file, relative to the working directory; or the version of a release,
            where there is no such file.
        project: whose.
        config: for the folder of reports.
        out: that folder.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    path = os.path.abspath(name)
    if not os.path.lexists(path) and (version := parsed(name)):
        for release in frozen(releases_folder(project, config, out), project):
            if parsed(release.version) == version:
                return of_release(release)
    data = report_bytes(path, name, named=True)
    if is_release(data):
        return of_release(decode_release(data, name))
    return Side(f"`{name}`", extract(decode_report(data, name)))
