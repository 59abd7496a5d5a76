"""Distributions that are new or changed: read, and their licenses concluded.

Reading is quick; identifying license texts is not. Equal texts are identified once, and a
large number of them is shared among processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from adhere.app.entry import Entry, entry_of, legacy_fault
from adhere.app.workers import in_processes
from adhere.licenses.choose import conclude
from adhere.licenses.texts import TextFacts, identify
from adhere.ports import Progress
from adhere.sources.distribution import Distribution, read_distribution
from adhere.sources.markers import environment
from adhere.sources.site_packages import running_machine
from adhere.sources.stamp import stamps_of

_WORTH_A_PROCESS = 2_000_000
"""Characters of distinct texts from which a second process pays for its start."""


def read_distributions(
    folder: str,
    label: str,
    names: Sequence[str],
    python: str,
    implementation: str,
    now_ns: int,
    jobs: int,
    progress: Progress,
    *,
    licenses: bool = True,
) -> dict[str, Entry]:
    """Read metadata folders by name.

    Args:
        folder: the site-packages folder.
        label: what to call it.
        names: of metadata folders and files in it.
        python: version for which markers are evaluated.
        implementation: of that Python.
        now_ns: time of day before anything is read, in nanoseconds.
        jobs: processes that identify license texts, 0 for one per processor.
        progress: is told how many texts are identified.
        licenses: ``False`` concludes none, for whoever only asks whether files changed.
    """
    import sys

    where = environment(python, sys.platform, running_machine(), implementation)
    entries: dict[str, Entry] = {}
    read: list[tuple[str, Distribution]] = []
    for name in names:
        if name.endswith((".egg-link", ".egg")):
            entries[name] = entry_of(None, (legacy_fault(label, name),), None, b"")
        else:
            read.append((name, read_distribution(folder, name, label, where)))
    facts = _identified(read, jobs, progress) if licenses else None
    for name, distribution in read:
        entries[name] = _entry(folder, distribution, facts, now_ns)
    return entries


def _entry(
    folder: str, distribution: Distribution, facts: Mapping[str, TextFacts] | None, now_ns: int
) -> Entry:
    package = distribution.package
    conclusion = None
    if package is not None and facts is not None:
        conclusion = conclude(
            package.name,
            package.version,
            package.declared,
            [(file, facts[file.digest]) for file, _ in distribution.texts],
        )
    # Stamped after it was read, with a moment from before: a file that was written in
    # between is younger than that moment and gets no stamp.
    stamps = stamps_of(distribution.read, folder, now_ns)
    return entry_of(package, distribution.faults, conclusion, stamps)


def _identified(
    read: Iterable[tuple[str, Distribution]], jobs: int, progress: Progress
) -> dict[str, TextFacts]:
    """What each distinct text is, by its digest."""
    texts: dict[str, str] = {}
    for _, distribution in read:
        for file, text in distribution.texts:
            texts.setdefault(file.digest, text)
    found = _in_turn(texts, jobs or os.cpu_count() or 1)
    facts: dict[str, TextFacts] = {}
    for digest, fact in zip(texts, found, strict=True):
        facts[digest] = fact
        progress("license texts", len(facts), len(texts))
    return facts


def _in_turn(texts: Mapping[str, str], processes: int) -> Iterator[TextFacts]:
    if processes == 1 or sum(map(len, texts.values())) < _WORTH_A_PROCESS:
        yield from map(identify, texts.values())
        return
    yield from in_processes(identify, tuple(texts.values()), processes)
