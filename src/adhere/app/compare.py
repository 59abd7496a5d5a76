"""The same inputs judged without a cache and with one: the verdict never rests on which."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

import adhere
from adhere.app.check import check
from adhere.app.request import Request
from adhere.app.subject import ADVISORIES, PROJECT
from adhere.errors import Problem
from adhere.model.caching import CacheState, ComparedRun, Comparison
from adhere.model.digest import bytes_digest
from adhere.ports import Clock, Progress
from adhere.report.json import canonical
from adhere.sources.comparison import NAME

SHOWN = 20
"""Differences that are written down; the first tell enough."""

_STATES: tuple[CacheState, ...] = ("none", "empty", "filled")


class Made(Struct, frozen=True):
    """A comparison that was just made.

    Attributes:
        comparison: to be stored; ``None`` where inputs are wrong.
        problems: what is wrong with them.
        path: absolute, of the file that will hold it.
        label: what to call that.
    """

    comparison: Comparison | None
    problems: tuple[Problem, ...]
    path: str
    label: str


def compare(
    request: Request,
    named: str = "",
    out: str = "",
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> Made:
    """Judge three times: without a cache, with an empty one, and with the one that this filled.

    The cache is a folder of its own, so that nothing that was known before takes part. The
    first run asks no shared cache either.

    Args:
        request: what to judge; what it says about caches is not used.
        named: file that will hold the comparison, absolute; ``""`` for that of its folder.
        out: folder of reports, relative to the project; ``""`` for the configured one.
        clock: for tests.
        progress: is told what is done.
    """
    bodies: list[Any] = []
    runs: list[ComparedRun] = []
    with tempfile.TemporaryDirectory(prefix="adhere-compare-") as folder:
        for state in _STATES:
            wanted = msgspec.structs.replace(request, cache=state != "none", cache_dir=folder)
            checked = check(wanted, clock=clock, progress=progress)
            if checked.problems:
                return Made(None, checked.problems, "", "")
            body = msgspec.to_builtins(checked.report)
            del body["run"]
            bodies.append(body)
            digest = bytes_digest(canonical(body))
            runs.append(ComparedRun(state, digest, checked.report.run.hit_rate))
    out = out or checked.loaded.policy.config.report.out
    path = named or os.path.normpath(os.path.join(checked.project.root, out, NAME))
    label = checked.project.label(path)
    subject = checked.report.subject
    inputs = {
        entry.path: entry.digest
        for entry in subject.inputs
        if entry.path != label and entry.kind not in (ADVISORIES, PROJECT)
    }
    differences = dict.fromkeys(
        place for body in bodies[1:] for place in _differences(bodies[0], body, "")
    )
    made = Comparison(
        version=adhere.__version__,
        made=subject.today,
        commit=subject.commit,
        inputs=inputs,
        runs=tuple(runs),
        differences=tuple(differences)[:SHOWN],
    )
    return Made(made, (), path, label)


def _differences(one: Any, other: Any, place: str) -> Iterator[str]:
    """Places at which two values differ, ``packages[3].license.state``."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            here = f"{place}.{key}" if place else key
            if key in one and key in other:
                yield from _differences(one[key], other[key], here)
            else:
                yield here
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        for index, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from _differences(left, right, f"{place}[{index}]")
        if len(one) != len(other):
            yield f"{place}[{min(len(one), len(other))}]"
    elif one != other:
        yield place
