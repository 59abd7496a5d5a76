"""``requirements.hashed``: what an installer downloads is bound to its content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.assemble import assemble
from adhere.model.finding import Finding, Judgement, Note, Unjudged
from adhere.model.inventory import LOCK_KINDS, Inventory
from adhere.model.need import Facts, InventoryNeed, Need, ReadingNeed
from adhere.model.package import Artifact, Package, is_commit
from adhere.policy.rule import Code, Kind, ParamProblem, Rule
from adhere.policy.scope import Scope


class Params(Struct, frozen=True):
    """Parameters of ``requirements.hashed``.

    Attributes:
        files: lock files; empty for every lock file of the run.
        algorithms: hashes that count.
        complete: every artifact needs a hash, not only one of a package.
    """

    files: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ("sha256", "sha384", "sha512")
    complete: bool = True


MISSING = Code("hash-missing", "A locked package without a hash")
WEAK = Code("hash-weak", "A locked package whose hashes are of a weak algorithm")
INCOMPLETE = Code("hash-incomplete", "A locked package with artifacts that have no hash")

_KNOWN = ("sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256", "sha3_512")


def validate(params: Params) -> Iterator[ParamProblem]:
    """Algorithms that no installer knows, or that are broken; none at all."""
    if not params.algorithms:
        yield (("algorithms",), "no hash is accepted, so every package would be rejected", "")
    for index, algorithm in enumerate(params.algorithms):
        if algorithm not in _KNOWN:
            hint = f"known are {', '.join(_KNOWN)}"
            yield (("algorithms", index), f"`{algorithm}` is no secure hash", hint)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge every locked package that is downloaded; a commit is its own hash."""
    findings: list[Finding] = []
    unjudged: dict[tuple[str, str], Unjudged] = {}
    count = 0
    scope = Scope(rule.table.groups)
    for inventory in _inventories(params, facts):
        for fault in inventory.faults:
            if not fault.kept:
                entry = Unjudged(fault.subject, fault.reason)
                unjudged.setdefault((fault.subject, fault.location.path), entry)
        for package, groups in _packages(inventory):
            if _is_bound(package) or not scope.admits(groups):
                continue
            count += 1
            found = _violation(package, params)
            if found is not None:
                findings.append(_finding(rule, params, package, groups, *found))
    return Judgement(
        findings=tuple(findings),
        judged=count,
        unjudged=tuple(unjudged.values()),
        observed=f"{count - len(findings)} of {plural(count, 'locked package')} hashed",
        expected=f"all hashed with {', '.join(params.algorithms)}",
    )


def _inventories(params: Params, facts: Facts) -> Iterator[Inventory]:
    """What is looked at: the run as a whole, or every named file on its own."""
    if not params.files:
        yield facts.inventory
    for file in params.files:
        yield assemble((facts.require(ReadingNeed(file)),))


def _packages(inventory: Inventory) -> Iterator[tuple[Package, tuple[str, ...]]]:
    """What lock files say, each with the groups that the package belongs to."""
    for component in inventory.components:
        for package, index in zip(component.packages, component.seen_in, strict=True):
            if not component.first_party and inventory.sources[index].kind in LOCK_KINDS:
                yield package, component.groups


def _is_bound(package: Package) -> bool:
    """A commit stays what it is, and so does what lies in a folder; a branch moves on."""
    origin = package.origin
    if origin.kind == "vcs":
        return is_commit(origin.commit or origin.reference)
    return origin.kind in ("path", "editable")


def _violation(package: Package, params: Params) -> tuple[Code, str, str] | None:
    if package.origin.kind == "vcs":
        return MISSING, "comes from a branch or tag, which can be moved", "no commit"
    hashed = [artifact for artifact in package.artifacts if artifact.hashes]
    if not hashed:
        return MISSING, "has no hash", "none"
    strong = [artifact for artifact in hashed if _strong(artifact, params.algorithms)]
    if not strong:
        used = sorted({digest.partition(":")[0] for a in hashed for digest in a.hashes})
        return WEAK, f"has only {', '.join(used)} hashes", ", ".join(used)
    if params.complete and len(strong) < len(package.artifacts):
        bare = [a.name for a in package.artifacts if not _strong(a, params.algorithms)]
        what = f"has {plural(len(bare), 'artifact')} without an accepted hash"
        return INCOMPLETE, what, ", ".join(bare[:5])
    return None


def _strong(artifact: Artifact, algorithms: Sequence[str]) -> bool:
    return any(digest.partition(":")[0] in algorithms for digest in artifact.hashes)


def _finding(
    rule: Rule,
    params: Params,
    package: Package,
    groups: tuple[str, ...],
    code: Code,
    what: str,
    seen: str,
) -> Finding:
    accepted = ", ".join(params.algorithms)
    return Finding(
        rule=rule.id,
        code=code.id,
        message=f"{f'{package.name} {package.version}'.strip()} {what}",
        subject=package.name,
        version=package.version,
        detail=package.location.path,
        location=package.location,
        place="locked here",
        notes=(
            Note("without" if code is INCOMPLETE else "hashes", seen),
            Note("accepted", accepted, location=rule.place("with", "algorithms")),
            decision_note(rule),
        ),
        fix="lock a commit, by its full id"
        if package.origin.kind == "vcs"
        else f"lock again with hashes that are accepted: {accepted}",
        groups=groups,
    )


def needs(params: Params) -> tuple[Need, ...]:
    """The named lock files, or the inventory."""
    if params.files:
        return tuple(ReadingNeed(file) for file in params.files)
    return (InventoryNeed(),)


KIND = Kind(
    name="requirements.hashed",
    summary="what an installer downloads is bound to its content",
    params=Params,
    codes=(MISSING, WEAK, INCOMPLETE),
    needs=needs,
    judge=judge,
    validate=validate,
    stricter={"files": "wider", "algorithms": "smaller", "complete": "larger"},
)
