"""Two reports on a disk, compared."""

from __future__ import annotations

import os

from msgspec import Struct

from adhere.app.project import Project
from adhere.app.store import REPORT, report_bytes
from adhere.policy.settings import ConfigTable
from adhere.report.diff import diff
from adhere.report.differences import Diff
from adhere.report.extract import Extract, extract
from adhere.report.json import decode_report


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
    return Side(label, extract(decode_report(report_bytes(path, label), label)))


def named(name: str) -> Side:
    """A report that somebody names.

    Args:
        name: of its file, relative to the working directory.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    data = report_bytes(os.path.abspath(name), name, named=True)
    return Side(name, extract(decode_report(data, name)))
