"""A stored report and the project it is about."""

from __future__ import annotations

import os

from msgspec import Struct

from adhere.app.project import Project, find_project
from adhere.app.store import REPORT, report_bytes
from adhere.errors import ConfigError
from adhere.model.digest import bytes_digest
from adhere.policy.config import decode_config
from adhere.policy.layers import load_layers
from adhere.policy.settings import ConfigTable
from adhere.report.document import Report
from adhere.report.json import decode_report
from adhere.sources.tree import DiskTree


class Stored(Struct, frozen=True):
    """A stored report.

    Attributes:
        report: the report.
        project: the project that a command was run in.
        config: of that project, defaults where it is wrong: rendering does not judge.
        path: absolute path of the report.
        digest: of the bytes of that file.
    """

    report: Report
    project: Project
    config: ConfigTable
    path: str
    digest: str = ""


def project_and_config(named: str, start: str = "") -> tuple[Project, ConfigTable]:
    """The project of a folder and the sections of its configuration.

    Args:
        named: configuration file, ``""`` to look for one.
        start: folder, absolute; ``""`` for the working directory.
    """
    project = find_project(start or os.getcwd(), named or None)
    if not project.config:
        return project, ConfigTable()
    tree = DiskTree(project.root)
    try:
        config, _ = decode_config(load_layers(project.config, tree.text))
    except ConfigError:
        return project, ConfigTable()
    return project, config


def configured(named: str) -> tuple[Project, ConfigTable]:
    """The same, for whoever cannot do with a configuration that is only nearly right.

    Args:
        named: configuration file, ``""`` to look for one.

    Raises:
        ConfigError: every mistake of its sections.
    """
    project = find_project(os.getcwd(), named or None)
    if not project.config:
        return project, ConfigTable()
    config, problems = decode_config(load_layers(project.config, DiskTree(project.root).text))
    if problems:
        raise ConfigError(problems)
    return project, config


def open_stored(config: str, report: str, out: str) -> Stored:
    """The report that was named, or that of the last run.

    Args:
        config: configuration file, ``""`` to look for one.
        report: file of the report, relative to the working directory; ``""`` for the last.
        out: folder of reports, relative to the project; ``""`` for the configured one.

    Raises:
        ReportError: there is none, or it cannot be read.
    """
    project, table = project_and_config(config)
    folder = out or table.report.out
    path = os.path.abspath(report) if report else os.path.join(project.root, folder, REPORT)
    label = project.label(path)
    data = report_bytes(path, label, named=bool(report))
    return Stored(decode_report(data, label), project, table, path, bytes_digest(data))
