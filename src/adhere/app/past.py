"""What came before a report, from files beside it: the run before, releases that were frozen."""

from __future__ import annotations

import os

from adhere.app.past_files import releases_folder
from adhere.app.project import Project
from adhere.app.releases import frozen
from adhere.app.store import PREVIOUS
from adhere.errors import ReportError
from adhere.policy.settings import ConfigTable
from adhere.report.extract import extract
from adhere.report.json import decode_report
from adhere.report.past import Past
from adhere.report.withhold import withheld_extract, withheld_release


def read_past(project: Project, config: ConfigTable, report: str, out: str = "") -> Past:
    """What came before; the arguments are those of `past_files`.

    Raises:
        ReportError: a frozen release cannot be read. An earlier run that cannot is only told of.
    """
    how, redact = config.report.publish_vulnerabilities, config.report.redact
    kept = frozen(releases_folder(project, config, out), project)
    releases = tuple(withheld_release(release, how, redact) for release in kept)
    path = os.path.join(os.path.dirname(report), PREVIOUS)
    label = project.label(path)
    try:
        with open(path, "rb") as file:
            before = extract(decode_report(file.read(), label))
        return Past(withheld_extract(before, how, redact), "", releases, how)
    except FileNotFoundError:
        return Past(releases=releases, how=how)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
    except ReportError as error:
        why = error.problems[0].message
    return Past(None, f"the run before, {label}, cannot be read: {why}", releases, how)
