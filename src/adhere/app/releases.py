"""Releases that were frozen: in files beside the report, which are committed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date

import msgspec
from msgspec import Struct
from packaging.version import InvalidVersion, Version

from adhere.app.project import Project
from adhere.app.store import report_bytes, write_atomically
from adhere.app.stored import Stored
from adhere.app.verify import verify
from adhere.errors import AdhereError, Problem, ReportError, UsageError
from adhere.model.digest import bytes_digest
from adhere.report.checklist import checklist
from adhere.report.disclosure import publishable
from adhere.report.document import Report
from adhere.report.extract import extract
from adhere.report.json import canonical, encode_report
from adhere.report.release import SCHEMA, Release, decode_release, encode_release
from adhere.report.view import Checklist
from adhere.sources.git import Commit, find_commit


class FrozenError(AdhereError):
    """A release of that version is there, and is another one."""


def version_of(text: str) -> str:
    """A version as PEP 440 writes it.

    Raises:
        UsageError: it is none.
    """
    found = parsed(text)
    if found is None:
        message = f"`{text[:80]}` is no version as PEP 440 has them"
        hint = "1.4.0, 2.0rc1, 2026.11"
        raise UsageError(Problem("usage", message, hint=hint))
    return str(found)


def parsed(text: str) -> Version | None:
    """A version, ``None`` for what PEP 440 does not have."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def frozen(folder: str, project: Project) -> tuple[Release, ...]:
    """Every release of a folder, by version.

    Raises:
        ReportError: a file is no release, or not that of its name.
    """
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        words = (error.strerror or type(error).__name__).lower()
        problem = Problem("report-invalid", f"cannot read it: {words}", path=project.label(folder))
        raise ReportError(problem) from None
    found = [read_release(os.path.join(folder, name), project) for name in names]
    return tuple(sorted(found, key=lambda release: Version(release.version)))


def read_release(path: str, project: Project) -> Release:
    """One frozen release.

    Raises:
        ReportError: there is none, or its file is named otherwise than it says.
    """
    label = project.label(path)
    release = decode_release(report_bytes(path, label, named=True), label)
    version = parsed(release.version)
    if version is None or f"{version}.json" != os.path.basename(path):
        message = f"it says that it is release `{release.version[:80]}`"
        hint = "take the file as it was committed, by the name that it had"
        raise ReportError(Problem("report-invalid", message, path=label, hint=hint))
    return release


class Frozen(Struct, frozen=True):
    """What became of a wish to freeze a release.

    Attributes:
        checklist: of it; where it is not ready, nothing was written.
        version: as PEP 440 writes it.
        written: files that were written, as one would name them.
        same: files that were there with the same content.
    """

    checklist: Checklist
    version: str
    written: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def against(
    stored: Stored, commit: Commit, today: date, places: Sequence[str] = ()
) -> tuple[str, ...]:
    """What stands against a release besides the verdict, as clauses.

    Args:
        stored: the report.
        commit: that the project stands at now.
        today: a release is judged on its day.
        places: where sources lie that the report does not place, absolute.
    """
    subject, found = stored.report.subject, []
    again = "; to do: commit, and run adhere check again"
    if commit.id != subject.commit:
        then, now = subject.commit[:12] or "none", commit.id[:12] or "none"
        found.append(f"the report is of commit `{then}`, and this is `{now}`{again}")
    elif commit.dirty is not False:
        found.append(f"tracked files differ from the commit{again}")
    if subject.today != today:
        found.append(f"it was judged on {subject.today}, and not today; to do: run adhere check")
    verified = verify(stored, places, today=today)
    for entry in verified.inputs:
        if entry.verdict == "unplaced":
            found.append(f"`{entry.path}` lies outside of the project; name it with --source")
        elif entry.verdict != "same":
            word = "is gone" if entry.verdict == "missing" else "changed"
            found.append(f"`{entry.path}` {word} since it was judged; to do: run adhere check")
    if not verified.inputs:
        found.append("the report names no input, so that nobody can tell whether it is current")
    return (*found, *verified.ended)


def freeze(
    stored: Stored,
    version: str,
    folder: str,
    *,
    today: date,
    places: Sequence[str] = (),
    render: Callable[[Checklist, str], str],
) -> Frozen:
    """Freeze the checklist of a report for a version, if nothing stands in the way.

    Args:
        stored: the report.
        version: of the release, in any spelling.
        folder: that its files go to, absolute.
        today: a release is judged on its day.
        places: where sources lie that the report does not place, absolute.
        render: makes Markdown of a checklist and its version.

    Raises:
        UsageError: the version is none.
        FrozenError: that version is frozen, with another content.
        ReportError: a frozen release cannot be read.
        StoreError: a file cannot be written.
    """
    name, project = version_of(version), stored.project
    commit = find_commit(project.root)
    settings = stored.config.report
    # A checklist is for others to read; what it is made from stays complete, for comparisons.
    shown = publishable(encode_report(stored.report), name, settings)
    made = checklist(shown, against(stored, commit, today, places))
    if not made.ready:
        return Frozen(made, name)
    digest = body_digest(stored.report)
    release = Release(
        SCHEMA, name, digest, made, extract(stored.report), settings.publish_vulnerabilities
    )
    text = render(made, name).encode()
    if not _is_known(release, folder, project):
        _refuse_text(os.path.join(folder, f"{name}.md"), text, project)
    data = encode_release(release)
    written: list[str] = []
    same: list[str] = []
    _keep(os.path.join(folder, f"{name}.json"), data, project, written, same)
    _keep(os.path.join(folder, f"{name}.md"), text, project, written, same)
    return Frozen(made, name, tuple(written), tuple(same))


def _keep(path: str, data: bytes, project: Project, written: list[str], same: list[str]) -> None:
    """Write a file that is not there; what is there was looked at before."""
    label = project.label(path)
    if os.path.lexists(path):
        same.append(label)
        return
    write_atomically(path, data, label)
    written.append(label)


def _is_known(release: Release, folder: str, project: Project) -> bool:
    """Whether just this release is frozen already; a version is frozen once."""
    for known in frozen(folder, project):
        if Version(known.version) != Version(release.version):
            continue
        if known == msgspec.convert(msgspec.to_builtins(release), Release):
            return True
        path = project.label(os.path.join(folder, f"{known.version}.json"))
        commit, day = known.extract.standing.commit[:12], known.extract.standing.today
        message = f"release {known.version} is frozen, of commit `{commit}` on {day}"
        raise FrozenError(Problem("release-frozen", message, path=path, hint=_OTHER))
    return False


_OTHER = "give the release another version; or, if nobody has it yet, remove its files first"


def _refuse_text(path: str, text: bytes, project: Project) -> None:
    """Markdown of another release, whose JSON is gone, is not written over either."""
    try:
        with open(path, "rb") as file:
            same = file.read() == text
    except FileNotFoundError:
        same = not os.path.lexists(path)
    except OSError:
        same = False
    if not same:
        message = "a frozen checklist is there, and says something else"
        label = project.label(path)
        raise FrozenError(Problem("release-frozen", message, path=label, hint=_OTHER))


def body_digest(report: Report) -> str:
    """Digest of a report without its ``run``: the same for the same inputs on the same day."""
    body = msgspec.to_builtins(report)
    del body["run"]
    return bytes_digest(canonical(body))
