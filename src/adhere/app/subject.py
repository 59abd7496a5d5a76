"""What a report says about the run itself: inputs, commit, times, decisions."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from adhere.app.policy import LoadedPolicy
from adhere.app.project import PYPROJECT, Project, called
from adhere.metrics.environment import environment_class
from adhere.metrics.meter import RunMeter
from adhere.metrics.system import peak_memory, processor_seconds
from adhere.model.digest import sha256, text_digest
from adhere.model.inventory import Reading
from adhere.report.document import ChosenIndex, Input, ReportAdr, Run, Subject
from adhere.sources.git import Commit
from adhere.sources.site_packages import running_python

ADVISORIES = "advisories"
"""Kind of an input that is a snapshot of advisories: its digest is that of its bytes."""


PROJECT = "project"
"""Kind of an input that only says what the project is called; its digest is of that."""

SELECTION = "files"
"""Kind of an input that is many files: its path is their patterns."""


def subject_of(
    project: Project,
    loaded: LoadedPolicy,
    readings: Sequence[Reading],
    data: Mapping[str, str],
    digests: Mapping[str, str],
    selections: Mapping[str, str],
    today: date,
    scope: tuple[str, ...],
    commit: Commit,
) -> Subject:
    """What was judged, with the digest of everything that the verdict depends on.

    Args:
        project: whose name and version these are.
        loaded: the policy and the text of its files.
        readings: of every source.
        data: text by path of files that rules asked for.
        digests: digest by path of snapshots of advisories.
        selections: digest by patterns of files that rules look into.
        today: the day of the verdict.
        scope: dependency groups that were looked at.
        commit: that the project stands at.
    """
    inputs = [_of_source(reading) for reading in readings]
    kinds = {path: _kind_of(path, loaded) for path in loaded.inputs}
    for path in data:
        kinds.setdefault(path, "data")
    texts = {**data, **loaded.inputs}
    inputs += [Input(path, kinds[path], text_digest(texts[path])) for path in sorted(kinds)]
    inputs += [Input(path, ADVISORIES, digests[path]) for path in sorted(digests)]
    inputs += [Input(name, SELECTION, selections[name]) for name in sorted(selections)]
    name, version = called(project.root)
    if PYPROJECT not in kinds and (version or name != os.path.basename(project.root)):
        inputs.append(Input(PYPROJECT, PROJECT, called_digest(name, version)))
    return Subject(
        name=name,
        today=today,
        inputs=tuple(inputs),
        version=version,
        commit=commit.id,
        dirty=commit.dirty,
        scope=scope,
    )


def called_digest(name: str, version: str) -> str:
    """Of what a project is called."""
    return text_digest(f"{name} {version}")


def _of_source(reading: Reading) -> Input:
    source = reading.source
    return Input(
        source.path,
        source.kind,
        source.digest,
        source.python,
        source.platform,
        source.remarks,
    )


def _kind_of(path: str, loaded: LoadedPolicy) -> str:
    if path == loaded.policy.config.waivers.file:
        return "waivers"
    if path.endswith(".rules.toml"):
        return "rules"
    return "decision" if path.endswith(".md") else "config"


def run_of(
    meter: RunMeter,
    moment: datetime,
    trouble: Sequence[str],
    indexes: Sequence[tuple[str, str]],
    hit_rate: float | None,
    *,
    offline: bool,
    environment: str,
    sampled: Mapping[str, int],
) -> Run:
    """The one part of a report in which two runs over the same inputs differ.

    Args:
        meter: of the run.
        moment: when it began.
        trouble: what went wrong, as clauses.
        indexes: that were asked, and who names them.
        hit_rate: of the caches; ``None`` where nothing was looked up.
        offline: nothing could be asked.
        environment: name of the class of machines, ``""`` for what is known of this one.
        sampled: the most memory that was seen, by phase; empty where nobody looked.
    """
    started = moment.isoformat(timespec="milliseconds")
    return Run(
        id=sha256(f"{started} {os.getpid()}".encode()).hexdigest()[:16],
        started=started,
        # In the order in which the stored report has them: both are rendered alike.
        seconds={name: round(spent, 6) for name, spent in sorted(meter.phases())},
        peak_memory=peak_memory(),
        counts=dict(sorted(meter.counts())),
        python=running_python(),
        platform=sys.platform,
        offline=offline,
        trouble=tuple(trouble),
        cpu_seconds=round(processor_seconds(), 6),
        hit_rate=hit_rate,
        environment=environment_class(environment),
        sampled_memory=dict(sorted(sampled.items())),
        indexes=tuple(ChosenIndex(*chosen) for chosen in indexes),
    )


def decisions_of(loaded: LoadedPolicy) -> tuple[ReportAdr, ...]:
    """Every decision record, with the rules it owns."""
    if not loaded.adrs:
        return ()
    from adhere.adr.register import Register
    from adhere.adr.status import ENFORCED

    register = Register(loaded.adrs)
    rules: dict[str, list[str]] = {}
    for rule in loaded.policy.rules:
        if rule.decision is not None:
            rules.setdefault(rule.decision.id, []).append(rule.id)
    return tuple(
        ReportAdr(
            id=adr.id,
            title=adr.title,
            status=adr.status,
            path=adr.path,
            enforcement=ENFORCED[adr.status] or "skipped",
            rules=tuple(rules.get(adr.id, ())),
            date=adr.date,
            prose_only=adr.status == "accepted" and adr.id not in rules,
            deciders=adr.deciders,
            supersedes=tuple(register.name(one) for one in adr.supersedes),
            superseded_by=tuple(register.name(one) for one in adr.superseded_by),
            review_by=adr.review_by.isoformat() if adr.review_by is not None else "",
            form=adr.form,
        )
        for adr in loaded.adrs
    )
