"""``requirements.hashed``: what an installer downloads is bound to its content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from adhere.checks.wording import decision_note, plural
from adhere.model.finding import Finding, Judgement, Note
from adhere.model.inventory import LOCK_KINDS, Reading
from adhere.model.need import Facts, InventoryNeed, Need, ReadingNeed
from adhere.model.package import Artifact, Package
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
    """Algorithms that no installer knows, or that are broken."""
    for index, algorithm in enumerate(params.algorithms):
        if algorithm not in _KNOWN:
            hint = f"known are {', '.join(_KNOWN)}"
            yield (("algorithms", index), f"`{algorithm}` is no secure hash", hint)


def judge(rule: Rule, params: Params, facts: Facts) -> Judgement:
    """Judge every locked package that is downloaded; a commit is its own hash."""
    findings: list[Finding] = []
    count = 0
    scope = Scope(rule.table.groups)
    for package, ours in _packages(params, facts):
        if ours or package.origin.kind in ("path", "editable", "vcs"):
            continue
        if package.groups and not scope.admits(package.groups):
            continue
        count += 1
        found = _violation(package, params)
        if found is not None:
            findings.append(_finding(rule, params, package, *found))
    return Judgement(
        findings=tuple(findings),
        judged=count,
        observed=f"{count - len(findings)} of {plural(count, 'locked package')} hashed",
        expected=f"all hashed with {', '.join(params.algorithms)}",
    )


def _packages(params: Params, facts: Facts) -> Iterator[tuple[Package, bool]]:
    if params.files:
        for file in params.files:
            reading: Reading = facts.require(ReadingNeed(file))
            for package in reading.packages:
                yield package, package.name in reading.first_party
        return
    inventory = facts.inventory
    for component in inventory.components:
        for package, index in zip(component.packages, component.seen_in, strict=True):
            if inventory.sources[index].kind in LOCK_KINDS:
                yield package, component.first_party


def _violation(package: Package, params: Params) -> tuple[Code, str, str] | None:
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
    rule: Rule, params: Params, package: Package, code: Code, what: str, seen: str
) -> Finding:
    accepted = ", ".join(params.algorithms)
    return Finding(
        rule=rule.id,
        code=code.id,
        message=f"{package.name} {package.version} {what}",
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
        fix=f"lock again with hashes that are accepted: {accepted}",
        groups=package.groups,
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
)
