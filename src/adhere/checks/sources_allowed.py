"""``sources.allowed``: every package comes from a place that was approved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from adhere.checks.confusion import CONFUSION, NEED, confused
from adhere.checks.wording import decision_note, path_note, place_in, plural, unreadable
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.inventory import Component
from adhere.model.need import Facts, InventoryNeed, Need
from adhere.model.package import Origin
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import judged


class Params(Struct, frozen=True):
    """Parameters of ``sources.allowed``.

    An address matches a listed one when it is the same or continues it after a ``/``;
    a listed name without a scheme is a host, and stands for everything on it.

    Attributes:
        indexes: indexes that packages may come from; empty for any.
        git: repositories, organizations or hosts of version control; empty for none.
        url: archives by address; empty for none.
        path: local folders and archives are fine.
        editable: editable installs are fine.
        not_on: indexes, as in ``indexes``, on which no name of yours may be: where anybody
            can publish, somebody else's package could come in its place. They have to be
            among the configured ones, so that they are asked.
    """

    indexes: tuple[str, ...] = ()
    git: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    path: bool = False
    editable: bool = False
    not_on: tuple[str, ...] = ()


_SCP = re.compile(r"[A-Za-z0-9._-]+@(?P<host>[A-Za-z0-9.-]+):(?!//)/?(?P<path>.+)")
_CLIMBS = re.compile(r"(?:^|[/\\])(?:\.|%2e){2}(?:[/\\]|$)|\\|%2f|%5c", re.IGNORECASE)

NOT_ALLOWED = Code("source-not-allowed", "A package from a place that was not approved")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Entries that stand for no place."""
    for name in ("indexes", "git", "url", "not_on"):
        for index, entry in enumerate(getattr(params, name)):
            if not _plain(entry).rpartition("://")[2].strip("/"):
                yield ((name, index), f"`{entry}` names no host", "")


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge every origin of every package that is not ours.

    A name of ours does not make it ours: what an index gives out under it is looked at too.
    """
    findings: list[Finding] = []
    unjudged: list[Unjudged] = list(unreadable(facts))
    count = refused = 0
    for component in judged(rule, facts.inventory, first_party=True):
        told, silent = _origins(component, params)
        if component.first_party:
            told = [(o, index) for o, index in told if o.kind == "index" and o.url]
            if not told:
                continue
            silent = False
        if silent or not told:
            reason = "no source says where it comes from; judge a lock file beside it"
            unjudged.append(Unjudged(component.name, reason, component.version))
        count += bool(told)
        bad = [
            (origin, index, key) for origin, index in told if (key := _refused_by(origin, params))
        ]
        refused += bool(bad)
        findings += [_finding(rule, facts, component, *found) for found in bad]
    if params.not_on:
        for answer in confused(rule, facts, lambda index: _listed(index, params.not_on)):
            if isinstance(answer, Unjudged):
                unjudged.append(answer)
                continue
            count += 1
            if answer is not None:
                findings.append(answer)
                refused += 1
    return Judgement(
        findings=tuple(findings),
        judged=count,
        unjudged=tuple(unjudged),
        observed=f"{count - refused} of {plural(count, 'package')} from approved places",
        expected="all from approved places",
    )


def _origins(component: Component, params: Params) -> tuple[list[tuple[Origin, int]], bool]:
    """Every place that a source names, and whether one leaves open which index it was.

    A lock file may say one thing and the environment another: each has to be approved.

    Returns:
        Origins with the index of the description that names each.
    """
    found: dict[tuple[str, str], tuple[Origin, int]] = {}
    silent = False
    for index, package in enumerate(component.packages):
        origin = package.origin
        if origin.kind == "index" and params.indexes and not origin.url:
            silent = True
        elif origin.kind != "unknown":
            found.setdefault((origin.kind, _plain(origin.url)), (origin, index))
    if any(origin.kind == "index" for origin, _ in found.values()):
        silent = False  # an environment does not record the index that the lock names
    return list(found.values()), silent


def _refused_by(origin: Origin, params: Params) -> str:
    """Name of the parameter that would have to admit an origin, ``""`` when it does."""
    if origin.kind == "index":
        return "indexes" if params.indexes and not _listed(origin.url, params.indexes) else ""
    if origin.kind == "vcs":
        return "" if _listed(origin.url, params.git) else "git"
    if origin.kind == "url":
        return "" if _listed(origin.url, params.url) else "url"
    if origin.kind == "editable":
        return "" if params.editable else "editable"
    return "" if params.path else "path"


def _listed(address: str, listed: tuple[str, ...]) -> bool:
    address = _plain(address)
    if _CLIMBS.search(address):
        return False  # it ends up elsewhere than it begins
    host = address.partition("://")[2].partition("/")[0]
    for entry in listed:
        wanted = _plain(entry)
        if wanted == address:
            return True
        if "://" not in wanted:
            if wanted == host or address.partition("://")[2].startswith(f"{wanted}/"):
                return True
        elif address.startswith(f"{wanted}/"):
            return True
    return False


def _plain(address: str) -> str:
    """Without what does not change the place: ``git+``, ``.git``, a trailing slash, case.

    So is the user of an ``ssh`` address, which every client of a host shares; the short
    form ``git@host:path`` of one is written out.
    """
    if scp := _SCP.fullmatch(address.strip()):
        address = f"ssh://{scp['host']}/{scp['path']}"
    scheme, separator, rest = address.strip().partition("://")
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2]
    if not separator:
        host, slash, path = scheme.partition("/")
        scheme = ""
    path = path.rstrip("/").removesuffix(".git")
    place = host.lower() + (slash + path if path else "")
    return f"{scheme.lower().removeprefix('git+')}{separator}{place}"


def _finding(
    rule: Rule, facts: Facts, component: Component, origin: Origin, index: int, key: str
) -> Finding:
    source = facts.inventory.sources[component.seen_in[index]]
    ours = ", though its name is one of yours" if component.first_party else ""
    address = origin.url or "an address that is not recorded"
    kinds = {
        "indexes": "the index",
        "git": "version control at",
        "url": "the address",
        "path": "the local path",
        "editable": "an editable install of",
    }
    flag = key in ("path", "editable")
    why = f"`{key}` is not true" if flag else f"not in `{key}`"
    approve = f"set `{key} = true`" if flag else f"have this one approved in `{key}`"
    return Finding(
        rule=rule.id,
        code=NOT_ALLOWED.id,
        message=f"{component.name} {component.version} comes from {kinds[key]} {address}{ours}",
        subject=component.name,
        version=component.version,
        detail=f"{origin.kind} {origin.url}",
        location=component.packages[index].location,
        place=place_in(source.kind),
        notes=(
            Note("origin", address, rule.place("with", key), address, why),
            path_note(component, facts.inventory),
            decision_note(rule),
        ),
        fix=f"take it from an approved place, or {approve}",
        groups=component.groups,
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The inventory; the index, where none of our names may be on one."""
    return (InventoryNeed(), *((NEED,) if params.not_on else ()))


KIND = Kind(
    name="sources.allowed",
    summary="every package comes from an approved place",
    params=Params,
    codes=(NOT_ALLOWED, CONFUSION),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={
        "indexes": "narrower",
        "git": "smaller",
        "url": "smaller",
        "path": "smaller",
        "editable": "smaller",
        "not_on": "larger",
    },
)
