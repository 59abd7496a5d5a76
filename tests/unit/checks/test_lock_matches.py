from __future__ import annotations

import pytest

from adhere.model.assemble import assemble
from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Fault, Reading
from adhere.model.location import Location
from adhere.model.need import CannotJudge, InventoryNeed, ReadingNeed
from corpus.inventories import inventory, package, reading, root
from corpus.judging import judge, rule_of, told


def lock(*packages: object, **fields: object) -> Reading:
    return reading(*packages, kind="uv.lock", **{"path": "uv.lock", **fields})  # type: ignore[arg-type]  # packages


def installed(*packages: object, **fields: object) -> Reading:
    values = {"path": ".venv", "python": "3.12.1", "platform": "linux", **fields}
    return reading(*packages, kind="environment", **values)  # type: ignore[arg-type]  # packages


def said(parameters: str, *readings: Reading, keys: str = "") -> Judgement:
    rule = rule_of("lock.matches", parameters, keys)
    return judge(rule, {InventoryNeed(): assemble(readings)})


def test_the_same_is_right() -> None:
    judgement = said("", lock(package("web")), installed(package("web")))
    assert (judgement.judged, judgement.findings, judgement.unjudged) == (1, (), ())


def test_the_three_kinds_of_drift() -> None:
    judgement = said(
        "",
        lock(package("web", "1.0"), package("gone", "1.0")),
        installed(package("web", "1.1"), package("more", "1.0")),
    )
    assert told(judgement) == ["lock-extra more", "lock-version web", "lock-missing gone"]
    assert judgement.judged == 3
    assert judgement.observed == "3 differences in 3 packages"
    assert {finding.level for finding in judgement.findings} == {"error"}


@pytest.mark.parametrize(
    ("locked", "present", "same"),
    [
        ("1.0", "1.0.0", True),
        ("1.0rc1", "1.0.RC.1", True),
        ("1.0", "1.0+cpu", False),
        ("1.0", "1.0.post1", False),
        ("1.0", "1!1.0", False),
        ("weird", "weird", True),
        ("weird", "weirder", False),
    ],
)
def test_versions_are_compared_and_not_their_spelling(
    locked: str, present: str, same: bool
) -> None:
    judgement = said("", lock(package("web", locked)), installed(package("web", present)))
    assert (told(judgement) == []) is same


def test_any_of_several_locked_versions_may_be_installed() -> None:
    both = lock(package("web", "1.0"), package("web", "2.0"))
    assert told(said("", both, installed(package("web", "2.0")))) == []
    (finding,) = said("", both, installed(package("web", "3.0"))).findings
    assert "1.0, 2.0 is locked" in finding.message


@pytest.mark.parametrize(
    ("marker", "missing"),
    [
        ("", True),
        ("sys_platform == 'linux'", True),
        ("python_version >= '3.12'", True),
        ("sys_platform == 'win32'", False),
        ("python_version < '3.12'", False),
    ],
)
@pytest.mark.parametrize("where", ["package", "root", "edge"])
def test_markers_are_those_of_the_environment(where: str, marker: str, missing: bool) -> None:
    on = {name: f"; {marker}" if marker and name == where else "" for name in ("root", "edge")}
    given = lock(
        package("web", "1.0", f"dep{on['edge']}"),
        package("dep", marker=marker if where == "package" else ""),
        roots=(root("web"), root(f"dep{on['root']}") if where == "root" else root("web")),
    )
    if where == "root":
        given = lock(package("dep"), package("web"), roots=(root("web"), root(f"dep{on['root']}")))
    judgement = said("", given, installed(package("web")))
    assert (told(judgement) == ["lock-missing dep"]) is missing
    assert judgement.unjudged == ()


@pytest.mark.parametrize("unknown", [{"python": ""}, {"platform": ""}])
def test_a_marker_is_not_guessed_where_the_environment_does_not_tell(
    unknown: dict[str, str],
) -> None:
    given = lock(
        package("web"),
        package("here"),
        package("maybe", marker="sys_platform == 'linux'"),
        package("there", marker="sys_platform == 'linux'"),
    )
    judgement = said("", given, installed(package("web"), package("there"), **unknown))
    assert told(judgement) == ["lock-missing here"]
    assert [entry.subject for entry in judgement.unjudged] == ["maybe"]


def test_extras_bring_in_what_they_bring() -> None:
    packages = (package("web", "1.0", "fast (speed)"), package("fast"))
    for asked, found in (("web", []), ("web[speed]", ["lock-missing fast"])):
        given = lock(*packages, roots=(root(asked),))
        assert told(said("", given, installed(package("web")))) == found


GROUPED = lock(
    package("web"),
    package("tool"),
    package("docs"),
    roots=(root("web"), root("tool", group="dev"), root("docs", group="extra:docs")),
)
OWN_GROUPS = lock(
    package("web", groups=("runtime",)),
    package("tool", groups=("dev",)),
    package("docs", groups=("extra:docs",)),
)


@pytest.mark.parametrize("given", [GROUPED, OWN_GROUPS], ids=["of roots", "of packages"])
@pytest.mark.parametrize(
    ("parameters", "keys", "missing"),
    [
        ("", "", ["web"]),
        ('groups = ["runtime", "dev"]', "", ["tool", "web"]),
        ('groups = ["dev"]', "", ["tool"]),
        ('groups = ["extra:*"]', "", ["docs"]),
        ("", 'groups = ["dev"]\n', ["tool"]),
        ('groups = ["runtime"]', 'groups = ["dev"]\n', ["tool"]),
    ],
)
def test_groups_say_what_has_to_be_there(
    given: Reading, parameters: str, keys: str, missing: list[str]
) -> None:
    judgement = said(parameters, given, installed(package("x")), keys=keys)
    assert told(judgement) == ["lock-extra x", *(f"lock-missing {name}" for name in missing)]


def test_a_group_that_the_lock_does_not_have_is_not_judged() -> None:
    judgement = said('groups = ["runtime", "dve"]', GROUPED, installed(package("web")))
    assert told(judgement) == []
    assert [(e.subject, e.reason) for e in judgement.unjudged] == [
        ("dve", "uv.lock has no such group")
    ]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ("", []),
        ("ignore = []", ["lock-extra pip"]),
        ('ignore = ["PIP"]', []),
        ('ignore = ["other"]', ["lock-extra pip"]),
    ],
)
def test_what_an_environment_is_made_with_need_not_be_locked(
    parameters: str, found: list[str]
) -> None:
    judgement = said(parameters, lock(package("web")), installed(package("web"), package("pip")))
    assert told(judgement) == found


def test_but_where_it_is_locked_it_is_compared() -> None:
    given = lock(package("setuptools", "80"), package("wheel", "1"))
    assert told(said("", given, installed(package("setuptools", "70")))) == [
        "lock-version setuptools",
        "lock-missing wheel",
    ]


@pytest.mark.parametrize("side", [lock, installed])
def test_the_project_itself_is_not_compared(side: object) -> None:
    ours = {"first_party": ("ours",)}
    given = lock(package("web"), package("ours", "1"), **(ours if side is lock else {}))
    there = installed(package("web"), package("ours", "2"), **(ours if side is installed else {}))
    judgement = said("", given, there)
    assert (told(judgement), judgement.judged) == ([], 1)


@pytest.mark.parametrize("level", ["error", "warn", "report"])
def test_the_level_of_something_more(level: str) -> None:
    given = said(f'extra = "{level}"', lock(package("a")), installed(package("a"), package("b")))
    assert [finding.level for finding in given.findings] == [level]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lock(package("web")), "the run has no environment"),
        (installed(package("web")), "the run has no lock file"),
    ],
)
def test_without_both_nothing_is_judged(given: Reading, words: str) -> None:
    with pytest.raises(CannotJudge, match=words):
        said("", given)


def test_named_sources_need_not_be_of_the_run() -> None:
    rule = rule_of("lock.matches", 'lock = "a.lock"\nenvironment = "env"')
    answers = {
        InventoryNeed(): inventory(),
        ReadingNeed("a.lock"): lock(package("web")),
        ReadingNeed("env"): installed(),
    }
    assert told(judge(rule, answers)) == ["lock-missing web"]  # type: ignore[arg-type]  # needs of two sorts
    with pytest.raises(CannotJudge):
        judge(rule, {**answers, ReadingNeed("env"): Missing("no such folder")})  # type: ignore[dict-item]  # as above


def test_what_could_not_be_read_is_not_judged() -> None:
    lost = Fault("package-unreadable", "lost", "why", Location(".venv/lib/lost/METADATA"))
    kept = Fault("package-duplicate", "twice", "why", Location(".venv/x"), kept=True)
    other = Fault("package-unreadable", "elsewhere", "why", Location(".venv-next/x"))
    there = installed(package("web"))
    there = Reading(there.source, there.packages, faults=(lost, kept))
    another = Reading(reading(kind="cyclonedx").source, faults=(other,))
    judgement = said("", lock(package("web")), there, another)
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]


def test_an_empty_lock_and_an_empty_environment_are_nothing() -> None:
    assert said("", lock(), installed()).judged == 0
