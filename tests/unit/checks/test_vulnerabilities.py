from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from adhere.model.advisory import (
    Ledger,
    Rating,
    Seen,
    Severity,
    Vulnerabilities,
    Vulnerability,
)
from adhere.model.finding import Judgement, Missing
from adhere.model.names import PackageName
from adhere.model.need import (
    CannotJudge,
    InventoryNeed,
    LedgerNeed,
    ProjectsNeed,
    TodayNeed,
    VulnerabilitiesNeed,
)
from adhere.model.project import Listed, ProjectPage, Release
from corpus.inventories import component, inventory
from corpus.judging import judge, rule_of, told, wrong

TODAY = date(2026, 11, 25)
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)


def flaw(band: str = "HIGH", **about: object) -> Vulnerability:
    wanted = {
        "aliases": ("GHSA-1",),
        "severity": Severity(band),  # type: ignore[arg-type]  # a literal
        "published": PUBLISHED,
        "fixed_in": ("1.1",),
        **about,
    }
    return Vulnerability("CVE-1", **wanted)  # type: ignore[arg-type]  # fields of a vulnerability


def known(
    *flaws: Vulnerability, age: float | None = 0.0, missing: str = ""
) -> dict[object, object]:
    found = Missing(missing) if missing else tuple(flaws)
    data = Vulnerabilities({("p", "1.0"): found}, "a snapshot", age=age, max_age=172_800.0)
    return {VulnerabilitiesNeed(): data}


def said(
    kind: str, parameters: str, answers: dict[object, object], keys: Iterable[object] = ()
) -> Judgement:
    rule = rule_of(f"vulnerabilities.{kind}", parameters)
    given = {
        InventoryNeed(): inventory(component("p", "1.0")),
        TodayNeed(): TODAY,
        LedgerNeed(): Ledger("ledger.toml"),
        **answers,
    }
    return judge(rule, given)  # type: ignore[arg-type]  # needs and their answers


def level(judgement: Judgement) -> str:
    (finding,) = judgement.findings
    return finding.level


@pytest.mark.parametrize(
    ("parameters", "band", "found"),
    [
        ("", "CRITICAL", "error"),
        ("", "HIGH", "error"),
        ("", "MEDIUM", "warn"),
        ("", "LOW", "report"),
        ("", "NONE", "report"),
        ("", "UNKNOWN", "error"),
        ('unknown = "warn"', "UNKNOWN", "warn"),
        ('unknown = "report"', "UNKNOWN", "report"),
        ('fail_on = ["critical"]\nwarn_on = ["High"]', "HIGH", "warn"),
        ('fail_on = ["CRITICAL"]', "HIGH", "report"),
        ('fail_on = ["LOW"]', "CRITICAL", "report"),
        ("fail_on = []\nwarn_on = []", "MALICIOUS", "error"),
        ('unknown = "report"\nonly_fixable = true', "MALICIOUS", "error"),
    ],
)
def test_what_a_severity_means(parameters: str, band: str, found: str) -> None:
    assert level(said("gate", parameters, known(flaw(band)))) == found


def test_only_what_a_release_fixes() -> None:
    open_ = known(flaw(fixed_in=()))
    assert level(said("gate", "", open_)) == "error"
    assert level(said("gate", "only_fixable = true", open_)) == "report"


def test_a_rule_may_weigh_statements_in_its_own_way() -> None:
    ratings = (Rating("severity[0]", "LOW", "X-1"),)
    answers = known(flaw("CRITICAL", ratings=ratings))
    assert level(said("gate", "", answers)) == "error"
    assert level(said("gate", 'severity_source = "label-first"', answers)) == "report"


def test_a_finding_says_what_to_do() -> None:
    (finding,) = said("gate", "", known(flaw())).findings
    assert finding.message == "p 1.0 has CVE-1, HIGH"
    assert finding.fix == "update p to 1.1"
    assert finding.flaw is not None
    assert finding.flaw.ids == ("CVE-1", "GHSA-1")


@pytest.mark.parametrize("kind", ["gate", "slo"])
@pytest.mark.parametrize(
    ("age", "parameters", "judged"),
    [
        (172_799.0, "", True),
        (172_801.0, "", False),
        (172_801.0, 'max_age = "3d"', True),
        (90_000.0, 'max_age = "1d"', False),
        (None, "", False),
    ],
)
def test_data_that_is_too_old_cannot_judge(
    kind: str, age: float | None, parameters: str, judged: bool
) -> None:
    if judged:
        said(kind, parameters, known(age=age))
    else:
        with pytest.raises(CannotJudge, match="old"):
            said(kind, parameters, known(age=age))


@pytest.mark.parametrize("kind", ["gate", "slo"])
def test_a_package_that_could_not_be_looked_up_is_not_fine(kind: str) -> None:
    judgement = said(kind, "", known(missing="its version has no order"))
    assert [(one.subject, one.reason) for one in judgement.unjudged] == [
        ("p", "its version has no order")
    ]
    assert judgement.judged == 0
    absent = Vulnerabilities({}, "a snapshot", age=0.0, max_age=1.0)
    assert said(kind, "", {VulnerabilitiesNeed(): absent}).unjudged[0].subject == "p"


@pytest.mark.parametrize("kind", ["gate", "slo"])
def test_no_data_at_all(kind: str) -> None:
    with pytest.raises(CannotJudge, match="offline"):
        said(kind, "", {VulnerabilitiesNeed(): Missing("offline")})


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"fail_on": ["HIGHEST"]}, "fail_on.0: `HIGHEST` is no severity"),
        ({"fail_on": ["UNKNOWN"]}, "fail_on.0: `UNKNOWN` is no severity"),
        ({"fail_on": ["LOW"], "warn_on": ["low"]}, "warn_on.0: `low` already stands in `fail_on`"),
    ],
)
def test_parameters_of_the_gate_that_cannot_be(parameters: dict[str, object], message: str) -> None:
    assert wrong("vulnerabilities.gate", **parameters) == [message]


@pytest.mark.parametrize(
    ("parameters", "band", "found"),
    [
        ("", "CRITICAL", "vulnerability-overdue error 2026-11-08"),
        ("critical = 24", "CRITICAL", "vulnerability-open warn 2026-11-25"),
        ("critical = 23", "CRITICAL", "vulnerability-overdue error 2026-11-24"),
        ("", "HIGH", "vulnerability-open warn 2026-12-01"),
        ("announce = 5", "HIGH", "vulnerability-open report 2026-12-01"),
        ("", "MEDIUM", "vulnerability-open report 2027-01-30"),
        ("", "LOW", "vulnerability-open report None"),
        ("", "NONE", "vulnerability-open report None"),
        ("low = 1", "LOW", "vulnerability-overdue error 2026-11-02"),
        ("", "UNKNOWN", "vulnerability-open warn 2026-12-01"),
        ("", "MALICIOUS", "vulnerability-overdue error 2026-11-01"),
    ],
)
def test_deadlines(parameters: str, band: str, found: str) -> None:
    (finding,) = said("slo", parameters, known(flaw(band))).findings
    assert finding.flaw is not None
    assert f"{finding.code} {finding.level} {finding.flaw.due}" == found


def ledger(*rows: tuple[str, str, str]) -> dict[object, object]:
    seen = (Seen(package, id_, date.fromisoformat(day)) for package, id_, day in rows)
    return {LedgerNeed(): Ledger("ledger.toml", tuple(seen))}


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([], "2026-12-01"),
        ([("p", "CVE-1", "2026-11-20")], "2026-12-20"),
        ([("p", "GHSA-1", "2026-11-20")], "2026-12-20"),
        ([("p", "GHSA-1", "2026-11-20"), ("p", "CVE-1", "2026-11-10")], "2026-12-10"),
        ([("q", "CVE-1", "2026-11-20")], "2026-12-01"),
    ],
)
def test_the_ledger_is_the_clock(rows: list[tuple[str, str, str]], due: str) -> None:
    (finding,) = said("slo", "", {**known(flaw()), **ledger(*rows)}).findings
    assert finding.flaw is not None
    assert str(finding.flaw.due) == due
    (published,) = said("slo", 'clock = "published"', {**known(flaw()), **ledger(*rows)}).findings
    assert published.flaw is not None
    assert str(published.flaw.due) == "2026-12-01"


def test_a_flaw_that_nobody_dated_is_not_judged() -> None:
    answers = known(flaw(published=None))
    judgement = said("slo", "", answers)
    assert judgement.unjudged[0].reason == "no record says when CVE-1 was published"
    assert judgement.judged == 0
    seen = {**answers, **ledger(("p", "CVE-1", "2026-11-20"))}
    assert told(said("slo", "", seen)) == ["vulnerability-open p"]


def index(*releases: Release) -> dict[object, object]:
    page = ProjectPage("p", "index.example.org", releases)
    return {ProjectsNeed("all"): {"p": Listed((page,))}}


FIX = Release("1.1", datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("answers", "fixed_in", "due"),
    [
        (index(FIX), ("1.1",), "2026-12-20"),
        (index(Release("1.1")), ("1.1",), "2026-12-01"),
        ({ProjectsNeed("all"): Missing("offline")}, ("1.1",), "2026-12-01"),
        (index(FIX), (), "None"),
    ],
)
def test_a_clock_that_starts_with_the_fix(
    answers: dict[object, object], fixed_in: tuple[str, ...], due: str
) -> None:
    given = {**known(flaw(fixed_in=fixed_in)), **answers}
    (finding,) = said("slo", 'clock = "fix_available"', given).findings
    assert finding.flaw is not None
    assert str(finding.flaw.due) == due


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"high": -1}, "high: -1 is less than no day"),
        (
            dict.fromkeys(("critical", "high", "medium", "unknown", "malicious")),
            ": nothing has a deadline, so nothing would be checked",
        ),
    ],
)
def test_parameters_of_the_slo_that_cannot_be(parameters: dict[str, object], message: str) -> None:
    assert wrong("vulnerabilities.slo", **parameters) == [message]


@pytest.mark.parametrize("kind", ["gate", "slo"])
def test_a_doubt_takes_nothing_away_and_lets_nothing_pass(kind: str) -> None:
    key = (PackageName("p"), "1.0")
    data = Vulnerabilities(
        {key: (flaw("LOW"),)},
        "a snapshot",
        age=0.0,
        max_age=1.0,
        doubts={key: Missing("CVE-2: it names none")},
        remarks=("x.json: it is no record",),
    )
    found = said(kind, "", {VulnerabilitiesNeed(): data})
    assert [finding.detail for finding in found.findings] == ["CVE-1"]
    assert [(one.subject, one.reason) for one in found.unjudged] == [
        ("a snapshot", "x.json: it is no record"),
        ("p", "CVE-2: it names none"),
    ]
    assert found.judged == 0


@pytest.mark.parametrize("kind", ["gate", "slo"])
def test_data_of_the_future_cannot_judge(kind: str) -> None:
    assert said(kind, "", known(age=-86_000.0)).judged == 1
    with pytest.raises(CannotJudge, match="of the future"):
        said(kind, "", known(age=-87_000.0))
