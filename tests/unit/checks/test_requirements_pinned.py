from __future__ import annotations

from typing import Any

import pytest

from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.names import canonical_name
from adhere.model.need import FilesNeed, RequirementsNeed
from adhere.model.package import Origin
from corpus.judging import judge, rule_of, told, wrong

FILE = "requirements.txt"
COMMIT = "a" * 40


def line(specifier: str = "", name: str = "web", number: int = 1, **fields: Any) -> Requirement:
    fields.setdefault("raw", f"{name}{specifier}")
    return Requirement(
        canonical_name(name), location=Location(FILE, number), specifier=specifier, **fields
    )


def said(
    parameters: str, *lines: Requirement, keys: str = "", others: dict[Any, Any] | None = None
) -> Judgement:
    answers = {RequirementsNeed(FILE): lines, FilesNeed(FILE): (FILE,), **(others or {})}
    return judge(rule_of("requirements.pinned", parameters, keys), answers)


NOT_PINNED, NOT_BOUNDED = "requirement-not-pinned", "requirement-not-bounded"
WILDCARD, CAPPED = "requirement-wildcard", "requirement-capped"


@pytest.mark.parametrize(
    ("demand", "specifier", "code"),
    [
        ("exact", "==1.2", ""),
        ("exact", "===1.2", ""),
        ("exact", "===weird", ""),
        ("exact", "==1.2,!=1.3", ""),
        ("exact", "==1.2+local", ""),
        ("exact", "==1.*", NOT_PINNED),
        ("exact", "", NOT_PINNED),
        ("exact", ">=1.2", NOT_PINNED),
        ("exact", "~=1.2", NOT_PINNED),
        ("exact", ">=1.2,<=1.2", NOT_PINNED),
        ("bounded", ">=1,<2", ""),
        ("bounded", ">1,<=2", ""),
        ("bounded", "~=1.2", ""),
        ("bounded", "==1.2", ""),
        ("bounded", "==1.*", ""),
        ("bounded", ">=1", NOT_BOUNDED),
        ("bounded", "<2", NOT_BOUNDED),
        ("bounded", "!=2", NOT_BOUNDED),
        ("bounded", "", NOT_BOUNDED),
        ("lower", ">=1", ""),
        ("lower", ">1", ""),
        ("lower", "~=1.2", ""),
        ("lower", "==1", ""),
        ("lower", "<2", NOT_BOUNDED),
        ("lower", "!=1", NOT_BOUNDED),
        ("lower", "", NOT_BOUNDED),
        ("no_wildcard", "==1.*", WILDCARD),
        ("no_wildcard", "!=1.*", ""),
        ("no_wildcard", "==1.2", ""),
        ("no_wildcard", "", ""),
        ("no_upper_cap", "<2", CAPPED),
        ("no_upper_cap", "<=2", CAPPED),
        ("no_upper_cap", "==2", CAPPED),
        ("no_upper_cap", "==2.*", CAPPED),
        ("no_upper_cap", "===2", CAPPED),
        ("no_upper_cap", "~=2.1", CAPPED),
        ("no_upper_cap", ">=2,!=2.5", ""),
        ("no_upper_cap", "", ""),
    ],
)
def test_demands(demand: str, specifier: str, code: str) -> None:
    judgement = said(f'{demand} = ["{FILE}"]', line(specifier))
    assert told(judgement) == ([f"{code} web"] if code else [])
    assert judgement.judged == 1


@pytest.mark.parametrize(
    ("specifier", "words"),
    [
        ("", "has neither a lower nor an upper bound"),
        (">=1", "has no upper bound"),
        ("<1", "has no lower bound"),
    ],
)
def test_which_bound_is_missing_is_told(specifier: str, words: str) -> None:
    (finding,) = said(f'bounded = ["{FILE}"]', line(specifier)).findings
    assert finding.message == f"`web{specifier}` {words}"


@pytest.mark.parametrize("demand", ["exact", "bounded", "lower"])
@pytest.mark.parametrize(
    ("origin", "hashes", "fixed"),
    [
        (Origin("vcs", "https://git.example.org/a", COMMIT, COMMIT), (), True),
        (Origin("vcs", "https://git.example.org/a", COMMIT.upper()), (), True),
        (Origin("vcs", "https://git.example.org/a", "a" * 64), (), True),
        (Origin("vcs", "https://git.example.org/a", "main"), (), False),
        (Origin("vcs", "https://git.example.org/a", "a" * 12), (), False),
        (Origin("vcs", "https://git.example.org/a", "g" * 40), (), False),
        (Origin("vcs", "https://git.example.org/a"), (), False),
        (Origin("url", "https://files.example.org/a.whl"), ("sha256:aa",), True),
        (Origin("url", "https://files.example.org/a.whl"), (), False),
        (Origin("path", "wheels/a.whl"), (), True),
        (Origin("editable", "."), (), True),
    ],
)
def test_an_address_is_as_good_as_what_it_is_bound_to(
    demand: str, origin: Origin, hashes: tuple[str, ...], fixed: bool
) -> None:
    given = line(raw="web @ address", origin=origin, hashes=hashes)
    assert (told(said(f'{demand} = ["{FILE}"]', given)) == []) is fixed


@pytest.mark.parametrize("demand", ["exact", "bounded", "lower", "no_wildcard", "no_upper_cap"])
def test_bounds_that_cannot_be_read_are_not_judged(demand: str) -> None:
    judgement = said(f'{demand} = ["{FILE}"]', line("^1.2"), line("==1", "b", 2))
    assert [entry.subject for entry in judgement.unjudged] == ["web"]
    assert "`^1.2` is no version specifier" in judgement.unjudged[0].reason


def test_a_constraint_asks_for_nothing_and_is_not_counted() -> None:
    judgement = said(f'exact = ["{FILE}"]', line(">=1", constraint=True))
    assert (judgement.judged, told(judgement)) == (0, [])


def test_names_are_ignored_in_any_spelling() -> None:
    judgement = said(f'exact = ["{FILE}"]\nignore = ["We_b"]', line(name="we.b"), line(name="a"))
    assert (judgement.judged, told(judgement)) == (1, [f"{NOT_PINNED} a"])


def test_groups_narrow_the_choice() -> None:
    lines = (line(), line(name="tool", group="dev"), line(name="fast", group="extra:speed"))
    judgement = said(f'exact = ["{FILE}"]', *lines, keys='groups = ["runtime", "extra:*"]\n')
    assert told(judgement) == [f"{NOT_PINNED} web", f"{NOT_PINNED} fast"]
    assert [finding.groups for finding in judgement.findings] == [("runtime",), ("extra:speed",)]


def test_a_line_is_counted_once_and_may_break_two_demands() -> None:
    demands = f'lower = ["{FILE}"]\nno_wildcard = ["{FILE}"]\nno_upper_cap = ["{FILE}"]'
    judgement = said(demands, line("==1.*"), line("<2", "b", 2))
    assert told(judgement) == [
        f"{NOT_BOUNDED} b",
        f"{WILDCARD} web",
        f"{CAPPED} web",
        f"{CAPPED} b",
    ]
    assert (judgement.judged, judgement.observed) == (2, "0 of 2 lines as decided")
    assert len({finding.fingerprint for finding in judgement.findings}) == 4


def test_two_requirements_in_one_line_are_two() -> None:
    assert said(f'exact = ["{FILE}"]', line("==1"), line("==1", "b")).judged == 2


GONE = {RequirementsNeed("prod.txt"): (), FilesNeed("prod.txt"): ()}


@pytest.mark.parametrize(
    ("lines", "keys", "unjudged"),
    [
        ([line("==1")], "", ["prod.txt"]),
        ([line("==1")], "allow_empty = true\n", []),
        ([], "", []),
    ],
)
def test_a_file_that_is_gone_does_not_hide_behind_another(
    lines: list[Requirement], keys: str, unjudged: list[str]
) -> None:
    """With nothing at all the rule is vacuous, which is no pass either."""
    judgement = said(f'exact = ["{FILE}", "prod.txt"]', *lines, keys=keys, others=GONE)
    assert [entry.subject for entry in judgement.unjudged] == unjudged
    assert judgement.judged == len(lines)


def test_a_file_without_requirements_is_there_all_the_same() -> None:
    others = {RequirementsNeed("none.txt"): (), FilesNeed("none.txt"): ("none.txt",)}
    judgement = said(f'exact = ["{FILE}", "none.txt"]', line("==1"), others=others)
    assert judgement.unjudged == ()


def test_a_file_that_cannot_be_read_is_not_judged() -> None:
    others = {RequirementsNeed("bad.txt"): Missing("it is malformed")}
    judgement = said(f'exact = ["{FILE}", "bad.txt"]', line("==1"), others=others)
    assert [(entry.subject, entry.reason) for entry in judgement.unjudged] == [
        ("bad.txt", "it is malformed")
    ]


def test_a_rule_that_demands_nothing() -> None:
    assert wrong("requirements.pinned", ignore=["a"])[0].startswith(": it demands nothing")


@pytest.mark.parametrize("demand", ["exact", "bounded"])
def test_demands_that_no_line_can_meet(demand: str) -> None:
    (problem,) = wrong("requirements.pinned", **{demand: ["a", FILE], "no_upper_cap": [FILE]})
    assert problem.startswith(f"{demand}.1: `{FILE}` also stands in `no_upper_cap`")
    assert wrong("requirements.pinned", lower=[FILE], no_upper_cap=[FILE]) == []
