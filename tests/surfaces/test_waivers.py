"""Exceptions from the first finding to their end, through the command line alone."""

from __future__ import annotations

import re

import pytest

from corpus.advisories import osv, snapshot_of, spans
from corpus.environments import MIT
from surfaces.world import LICENSES, World

GATE = """\
schema = 1
[advisories]
source = "snapshot"
[[rule]]
id = "gate"
check = "vulnerabilities.gate"
"""

WAIVER = """\
[[waiver]]
id = "W-1"
rule = "licenses"
subject = "{subject}"
reason = "accepted-risk"
owner = "@alice"
created = {created}
expires = {expires}
"""


def grant(
    world: World,
    *,
    subject: str = "copyleft",
    created: str = "2026-10-01",
    expires: str = "2027-02-01",
    more: str = "",
) -> None:
    text = WAIVER.format(subject=subject, created=created, expires=expires)
    world.write("adhere.waivers.toml", text + more)


@pytest.fixture
def violated(good: World) -> World:
    """One violation, of a license that is not allowed."""
    good.install("copyleft", license="GPL-3.0-only")
    return good


class TestPaste:
    """``adhere waive`` prints what only has to be filled in."""

    def test_from_finding_to_pass(self, violated: World) -> None:
        assert violated.check().code == 1
        ran = violated.adhere("waive", "licenses", "copyleft", "--owner", "@alice")
        assert ran.code == 0
        assert "paste it into adhere.waivers.toml" in ran.err
        violated.write("adhere.waivers.toml", ran.out)
        ran = violated.check()
        assert ran.code == 0, ran.err
        assert "1 waived finding" in ran.out
        assert "waived  licenses" in ran.out

    def test_what_is_left_to_a_person_is_refused_until_it_is_filled_in(
        self, violated: World
    ) -> None:
        violated.install("reviewed", license="MPL-2.0")
        violated.check()
        ran = violated.adhere("waive", "licenses", "reviewed")
        violated.write("adhere.waivers.toml", ran.out)
        ran = violated.check()
        assert ran.code == 2
        assert "`owner` names nobody" in ran.err
        assert "`approved_by` names nobody" in ran.err

    def test_a_finding_that_needs_an_approver_says_who_may(self, violated: World) -> None:
        violated.write("adhere.toml", LICENSES + '[waivers]\napprovers = ["@lead", "@legal"]\n')
        violated.install("reviewed", license="MPL-2.0")
        violated.check()
        ran = violated.adhere("waive", "licenses", "reviewed", "--owner", "@alice")
        assert 'approved_by = "@"  # one of @lead, @legal\n' in ran.out
        violated.write("adhere.waivers.toml", ran.out.replace('"@"', '"@legal"'))
        assert violated.check().out.count("error[") == 1

    def test_who_may_approve_is_asked_for_where_somebody_has_to(self, violated: World) -> None:
        violated.write("adhere.toml", LICENSES + "[waivers]\nrequire_approver = true\n")
        violated.check()
        ran = violated.adhere("waive", "licenses", "copyleft", "--owner", "@alice")
        assert '\napproved_by = "@"\n' in ran.out
        violated.write("adhere.waivers.toml", ran.out.replace('"@"', '"@lead"'))
        assert violated.check().code == 0

    def test_lasts_as_long_as_the_severity_allows(self, violated: World) -> None:
        critical = {"database_specific": {"severity": "CRITICAL"}}
        record = osv("PYSEC-1", affected=[spans("alpha", ("0", "2"))], **critical)
        snapshot_of(violated / ".adhere/osv-pypi.zip", record)
        violated.write("adhere.toml", GATE + '[waivers]\ncaps = { critical = "7d" }\n')
        assert violated.check().code == 1
        ran = violated.adhere("waive", "gate", "alpha", "--owner", "@alice", "--days", "30")
        assert "created = 2026-11-23\nexpires = 2026-11-30\n" in ran.out
        assert "it lasts 7 days: the policy allows no more than 7d for what is critical" in ran.err
        violated.write("adhere.waivers.toml", ran.out)
        ran = violated.check()
        assert ran.code == 0, ran.out
        later = (violated / "adhere.waivers.toml").read_text("utf-8").replace("11-30", "12-01")
        violated.write("adhere.waivers.toml", later)
        ran = violated.check()
        assert ran.code == 1
        assert "error[waiver-too-long]: waiver" in ran.out

    def test_lasts_as_long_as_the_policy_allows(self, violated: World) -> None:
        violated.write("adhere.toml", LICENSES + '[waivers]\nmax = "10d"\n')
        violated.check()
        ran = violated.adhere("waive", "licenses", "copyleft", "--days", "99", "--owner", "@a")
        assert "created = 2026-11-23\nexpires = 2026-12-03\n" in ran.out
        assert "the policy allows no more than 10d" in ran.err
        violated.write("adhere.waivers.toml", ran.out)
        assert violated.check().code == 0

    @pytest.mark.parametrize(
        ("rule", "subject", "words"),
        [
            ("license", "copyleft", "did you mean `licenses`?"),
            ("licenses", "copylef", "did you mean `copyleft`?"),
            ("licenses", "alpha", "it found copyleft"),
            ("licenses", "copyleft@=>1", "is no version and no version specifier"),
        ],
    )
    def test_what_was_not_found_cannot_be_waived(
        self, violated: World, rule: str, subject: str, words: str
    ) -> None:
        violated.check()
        ran = violated.adhere("waive", rule, subject)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err

    def test_without_a_report(self, violated: World) -> None:
        ran = violated.adhere("waive", "licenses", "copyleft")
        assert ran.code == 2
        assert ran.codes == ["report-missing"]
        assert "run adhere check first" in ran.err


class TestLife:
    def test_in_force(self, violated: World) -> None:
        grant(violated)
        assert violated.check().code == 0

    def test_a_waived_finding_stays_visible(self, violated: World) -> None:
        grant(violated)
        ran = violated.check("-v")
        assert "waived[license-denied]: copyleft 1.0 is not allowed" in ran.out
        (finding,) = violated.report()["findings"]
        assert (finding["disposition"], finding["waiver"]) == ("waived", "W-1")

    def test_expired_fails_and_names_its_owner(self, violated: World) -> None:
        grant(violated, expires="2026-11-22")
        ran = violated.check()
        assert ran.code == 1
        assert "error[waiver-expired]: waiver W-1 for copyleft has expired" in ran.out
        assert "= owner  @alice" in ran.out
        assert "error[license-denied]: copyleft" in ran.out, "what it excused is open again"

    def test_expired_fails_also_when_it_excuses_nothing(self, good: World) -> None:
        grant(good, subject="alpha", expires="2026-11-22")
        ran = good.check()
        assert ran.code == 1
        assert "adhere/waivers failed" in ran.out.splitlines()[-1]

    def test_holds_on_its_last_day(self, violated: World) -> None:
        grant(violated, expires="2026-11-23")
        assert violated.check().code == 0

    @pytest.mark.parametrize(("expires", "warned"), [("2026-12-23", True), ("2026-12-24", False)])
    def test_expiring_within_thirty_days_warns(
        self, violated: World, expires: str, warned: bool
    ) -> None:
        grant(violated, expires=expires)
        ran = violated.check()
        assert ran.code == 0
        assert ("warning[waiver-expiring]" in ran.out) is warned

    def test_unused_warns(self, good: World) -> None:
        grant(good, subject="alpha")
        ran = good.check()
        assert ran.code == 0
        assert "warning[waiver-unused]: waiver W-1 for alpha is unused" in ran.out

    def test_a_part_of_the_groups_says_nothing_about_use(self, good: World) -> None:
        grant(good, subject="alpha")
        assert "waiver-unused" not in good.check("--group", "runtime").out

    def test_malformed_covers_nothing(self, violated: World) -> None:
        grant(violated, more="surprise = 1\n")
        ran = violated.check()
        assert ran.code == 2
        assert "error[license-denied]: copyleft" in ran.out

    def test_another_version_is_not_meant(self, violated: World) -> None:
        grant(violated, subject="copyleft@<1.0")
        ran = violated.check()
        assert ran.code == 1
        assert "warning[waiver-lapsed]: waiver W-1 for copyleft@<1.0 has lapsed" in ran.out

    def test_another_license_text_is_not_meant(self, violated: World) -> None:
        about = violated.install("texted", license="GPL-3.0-only", files={"LICENSE": MIT})
        violated.check()
        ran = violated.adhere("waive", "licenses", "texted", "--owner", "@alice")
        digest = re.search(r'^digest = "(sha256:[0-9a-f]{64})"', ran.out, re.MULTILINE)
        assert digest is not None
        violated.write("adhere.waivers.toml", ran.out)
        assert "]: texted" not in violated.check("--no-cache").out
        (about / "LICENSE").write_text(MIT + "and more\n", "utf-8")
        ran = violated.check("--no-cache")
        assert ran.code == 1
        assert "]: texted 1.0" in ran.out
        assert "has lapsed" in ran.out

    def test_another_rule_is_not_what_was_looked_at(self, violated: World) -> None:
        violated.check()
        ran = violated.adhere("waive", "licenses", "copyleft", "--owner", "@alice")
        assert re.search(r'^rule_digest = "sha256:[0-9a-f]{64}"', ran.out, re.MULTILINE)
        violated.write("adhere.waivers.toml", ran.out)
        assert violated.check().code == 0
        violated.write("adhere.toml", LICENSES.replace("schema = 1\n", "schema = 1 # why\n"))
        assert violated.check().code == 0, "what it demands is the same"
        violated.write("adhere.toml", LICENSES.replace('["MIT"]', '["MIT", "ISC"]'))
        ran = violated.check()
        assert ran.code == 1
        assert "copyleft 1.0 is not allowed" in ran.out
        why = "the parameters of licenses changed since it was granted"
        (finding,) = (f for f in violated.report()["findings"] if f["rule"] == "licenses")
        (note,) = (note for note in finding["notes"] if note["label"] == "waiver")
        assert note["text"].endswith(f" does not cover it: {why}")
        assert note["location"]["path"] == "adhere.waivers.toml"
        assert note["text"] in ran.out
        assert f"has lapsed: {why}" in ran.out

    def test_broad_warns_and_may_be_denied(self, violated: World) -> None:
        grant(violated)
        violated.write("adhere.toml", LICENSES + "[waivers]\nbroad = 0\n")
        ran = violated.check()
        assert ran.code == 0
        assert "warning[waiver-broad]: waiver W-1 for copyleft is broad: it covers 1 f" in ran.out
        ran = violated.check("-D", "waiver-broad")
        assert ran.code == 1
        assert "adhere/waivers failed" in ran.out.splitlines()[-1]

    def test_approved_by_its_owner_warns_where_nobody_has_to_approve(self, violated: World) -> None:
        grant(violated, more='approved_by = "Alice"\n')
        ran = violated.check()
        assert ran.code == 0
        assert "warning[waiver-self-approved]: waiver W-1 for copyleft is approved by" in ran.out

    def test_approved_by_its_owner_is_refused_where_somebody_has_to(self, violated: World) -> None:
        violated.write("adhere.toml", LICENSES + "[waivers]\nrequire_approver = true\n")
        grant(violated, more='approved_by = "Alice"\n')
        ran = violated.check()
        assert ran.code == 2
        assert "error[waiver-invalid]: `Alice` owns it, and cannot approve it as well" in ran.err
        assert "--> adhere.waivers.toml:9:15" in ran.err
        assert "= help: have somebody else approve it" in ran.err
        assert "error[license-denied]: copyleft" in ran.out, "it covers nothing"

    def test_a_review_needs_somebody_else(self, violated: World) -> None:
        violated.install("reviewed", license="MPL-2.0")
        grant(violated, subject="reviewed", more='approved_by = "@alice"\n')
        ran = violated.check()
        assert "error[license-review]: reviewed" in ran.out
        assert "has lapsed: this needs an approver, and @alice is its owner" in ran.out

    def test_all_that_is_to_be_said_is_shown(self, violated: World) -> None:
        violated.write("adhere.toml", LICENSES + "[waivers]\nbroad = 0\n")
        grant(violated, expires="2026-12-01", more='approved_by = "@alice"\n')
        violated.check()
        (waiver,) = violated.report()["waivers"]
        assert (waiver["state"], waiver["also"]) == ("expiring", ["broad", "self-approved"])
        words = "expiring, broad, self approved"
        assert f"{words}, 8 days left" in violated.adhere("adr", "waivers").out
        violated.adhere("report", "--format", "html", "--output", "pages")
        assert words in (violated / "pages" / "waivers.html").read_text("utf-8")

    def test_one_that_ends_with_a_fix_shows_it_and_ends_with_it(self, good: World) -> None:
        good.write("adhere.toml", GATE)
        snapshot = good / ".adhere/osv-pypi.zip"
        snapshot_of(snapshot, osv("PYSEC-1", "CVE-2026-1", affected=[spans("alpha", ("0", None))]))
        good.check()
        ran = good.adhere("waive", "gate", "alpha", "--owner", "@alice")
        assert "until_fixed = true" in ran.out
        good.write("adhere.waivers.toml", ran.out)
        assert good.check().code == 0
        assert "active, 90 days left, or until a fix" in good.adhere("adr", "waivers").out
        good.adhere("report", "--format", "html", "--output", "pages")
        page = (good / "pages" / "waivers.html").read_text("utf-8")
        assert "<small>90 days left, or until a fix</small>" in page
        assert "<small>CVE-2026-1</small>" in page
        snapshot_of(snapshot, osv("PYSEC-1", "CVE-2026-1", affected=[spans("alpha", ("0", "2"))]))
        ran = good.check()
        assert ran.code == 1
        assert "has lapsed: a fix is out, 2, and it was granted until then" in ran.out

    def test_a_purl_is_a_subject(self, violated: World) -> None:
        grant(violated, subject="pkg:pypi/copyleft@1.0")
        assert violated.check().code == 0

    def test_too_long_for_the_policy(self, violated: World) -> None:
        grant(violated, created="2026-11-01", expires="2028-11-01")
        ran = violated.check()
        assert ran.code == 2
        assert "it lasts 731 days; the policy allows 180d" in ran.err


class TestClarification:
    @pytest.fixture
    def unclear(self, good: World) -> World:
        good.install("unclear", license=None, files={"LICENSE": "Do as you like.\n"})
        return good

    def test_from_unknown_to_pass_and_back(self, unclear: World) -> None:
        ran = unclear.check()
        assert ran.code == 1
        ran = unclear.adhere("waive", "licenses", "unclear", "--owner", "@alice")
        assert "a clarification says which license it is, and is the better answer" in ran.err
        comment = ran.out.partition("in its place:\n")[2]
        clarification = "".join(
            line.removeprefix("# ") for line in comment.splitlines(keepends=True)
        )
        unclear.write(
            "adhere.waivers.toml", clarification.replace('expression = ""', 'expression = "MIT"')
        )
        ran = unclear.check()
        assert ran.code == 0, ran.out + ran.err
        package = next(p for p in unclear.report()["packages"] if p["name"] == "unclear")
        assert (package["license"]["state"], package["license"]["expression"]) == (
            "clarified",
            "MIT",
        )
        folder = ".venv/lib/python3.12/site-packages/unclear-1.0.dist-info"
        unclear.write(f"{folder}/LICENSE", "Do as we like.\n")
        ran = unclear.check("--no-cache")
        assert ran.code == 1
        assert "[clarification-lapsed]" in ran.out

    def test_what_is_printed_is_a_waiver_until_somebody_has_read_the_files(
        self, unclear: World
    ) -> None:
        unclear.check()
        ran = unclear.adhere("waive", "licenses", "unclear", "--owner", "@alice")
        unclear.write("adhere.waivers.toml", ran.out)
        ran = unclear.check()
        assert ran.code == 0, ran.err
        assert "1 waived finding" in ran.out
