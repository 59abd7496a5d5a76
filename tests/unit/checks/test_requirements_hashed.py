from __future__ import annotations

from typing import Any

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Fault, Inventory, Reading
from adhere.model.location import Location
from adhere.model.need import CannotJudge, InventoryNeed, ReadingNeed
from adhere.model.package import Artifact, Origin, Package
from corpus.inventories import inventory, package, reading, root
from corpus.judging import judge, rule_of, told, wrong

SHA256, MD5 = f"sha256:{'a' * 64}", f"md5:{'a' * 32}"
COMMIT = "a" * 40


def locked(name: str, *hashes: tuple[str, ...], **fields: Any) -> Package:
    """A package of an index, with an artifact for each tuple of hashes."""
    fields.setdefault("origin", Origin("index", "https://index.example.org/simple"))
    artifacts = tuple(Artifact(f"{name}-{i}.whl", found) for i, found in enumerate(hashes))
    return package(name, artifacts=artifacts, **fields)


def said(given: Inventory | Reading, parameters: str = "", keys: str = "") -> Judgement:
    whole = assemble((given,)) if isinstance(given, Reading) else given
    return judge(rule_of("requirements.hashed", parameters, keys), {InventoryNeed(): whole})


@pytest.mark.parametrize(
    ("hashes", "parameters", "code"),
    [
        ([(SHA256,)], "", ""),
        ([(MD5, SHA256)], "", ""),
        ([(SHA256,), (SHA256,)], "", ""),
        ([], "", "hash-missing"),
        ([()], "", "hash-missing"),
        ([(MD5,)], "", "hash-weak"),
        ([(SHA256,)], 'algorithms = ["sha512"]', "hash-weak"),
        ([(SHA256,), ()], "", "hash-incomplete"),
        ([(SHA256,), (MD5,)], "", "hash-incomplete"),
        ([(SHA256,), ()], "complete = false", ""),
        ([(MD5,), ()], "complete = false", "hash-weak"),
        ([(f"blake2b:{'a' * 128}",)], 'algorithms = ["blake2b"]', ""),
    ],
)
def test_hashes(hashes: list[tuple[str, ...]], parameters: str, code: str) -> None:
    judgement = said(reading(locked("web", *hashes)), parameters)
    assert told(judgement) == ([f"{code} web"] if code else [])
    assert judgement.judged == 1


@pytest.mark.parametrize(
    ("origin", "judged", "codes"),
    [
        (Origin("path", "wheels"), 0, []),
        (Origin("editable", "."), 0, []),
        (Origin("vcs", "https://git.example.org/a", "main", COMMIT), 0, []),
        (Origin("vcs", "https://git.example.org/a", COMMIT), 0, []),
        (Origin("vcs", "https://git.example.org/a", "main"), 1, ["hash-missing web"]),
        (Origin("vcs", "https://git.example.org/a", "v1.0", "a" * 12), 1, ["hash-missing web"]),
        (Origin("vcs", "https://git.example.org/a"), 1, ["hash-missing web"]),
        (Origin("url", "https://files.example.org/a.whl"), 1, ["hash-missing web"]),
        (Origin("unknown"), 1, ["hash-missing web"]),
    ],
)
def test_what_is_downloaded_needs_a_hash_and_a_commit_is_one(
    origin: Origin, judged: int, codes: list[str]
) -> None:
    judgement = said(reading(locked("web", origin=origin)))
    assert (judgement.judged, told(judgement)) == (judged, codes)


def test_only_lock_files_are_looked_at() -> None:
    whole = assemble(
        (
            reading(locked("web"), kind="environment"),
            reading(locked("web", (SHA256,)), kind="uv.lock"),
            reading(locked("web"), kind="cyclonedx"),
        )
    )
    judgement = said(whole)
    assert (judgement.judged, told(judgement)) == (1, [])


def test_what_is_ours_is_not_judged() -> None:
    assert said(reading(locked("ours"), first_party=("ours",))).judged == 0


GROUPED = reading(
    locked("web"),
    locked("tool"),
    roots=(root("web"), root("tool", group="dev")),
    kind="uv.lock",
    path="uv.lock",
)


@pytest.mark.parametrize("parameters", ["", 'files = ["uv.lock"]'])
@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ("", {"web": ("runtime",), "tool": ("dev",)}),
        ('groups = ["dev"]\n', {"tool": ("dev",)}),
        ('groups = ["runtime"]\n', {"web": ("runtime",)}),
        ('groups = ["docs"]\n', {}),
    ],
)
def test_groups_are_those_of_the_graph(
    parameters: str, groups: str, found: dict[str, tuple[str, ...]]
) -> None:
    rule = rule_of("requirements.hashed", parameters, groups)
    answers = {InventoryNeed(): assemble((GROUPED,)), ReadingNeed("uv.lock"): GROUPED}
    judgement = judge(rule, answers)  # type: ignore[arg-type]  # needs of two sorts
    assert {f.subject: f.groups for f in judgement.findings} == found
    assert judgement.judged == len(found)


def test_a_package_that_belongs_to_a_strict_group_through_somebody_else_has_both() -> None:
    """The source says `dev`; the graph says that the application needs it too."""
    given = reading(
        locked("web", (SHA256,)),
        locked("both", groups=("dev",)),
        roots=(root("both"),),
    )
    (finding,) = said(given).findings
    assert finding.groups == ("dev", "runtime")


def test_a_line_that_could_not_be_locked_is_not_judged() -> None:
    fault = Fault("requirement-unresolved", "loose", "it names no version", Location("r.txt", 3))
    kept = Fault("package-duplicate", "twice", "why", Location("r.txt", 4), kept=True)
    run = inventory(faults=(fault, kept))
    assert [entry.subject for entry in said(run).unjudged] == ["loose"]
    named = Reading(GROUPED.source, (locked("web", (SHA256,)),), faults=(fault,))
    judgement = judge(
        rule_of("requirements.hashed", 'files = ["r.txt"]'), {ReadingNeed("r.txt"): named}
    )
    assert (judgement.judged, [entry.subject for entry in judgement.unjudged]) == (1, ["loose"])


def test_a_named_file_has_to_be_there() -> None:
    rule = rule_of("requirements.hashed", 'files = ["gone.lock"]')
    with pytest.raises(CannotJudge):
        judge(rule, {ReadingNeed("gone.lock"): Missing("there is no such file")})


def test_two_files_that_lack_one_hash_are_two_findings() -> None:
    rule = rule_of("requirements.hashed", 'files = ["a.lock", "b.lock"]')
    given = {
        ReadingNeed(path): reading(locked("web", location=Location(path, 1)), path=path)
        for path in ("a.lock", "b.lock")
    }
    found = judge(rule, given).findings  # type: ignore[arg-type]  # needs of one sort
    assert len({finding.fingerprint for finding in found}) == 2


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "SHA256", "crc32", ""])
def test_an_algorithm_that_binds_nothing(algorithm: str) -> None:
    (problem,) = wrong("requirements.hashed", algorithms=["sha256", algorithm])
    assert problem == f"algorithms.1: `{algorithm}` is no secure hash"


def test_no_algorithm_at_all() -> None:
    assert wrong("requirements.hashed", algorithms=[])[0].startswith("algorithms: no hash")
