"""Where results go, and the words of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from surfaces.world import World

GOLDEN = Path(__file__).parent / "golden"
Compare = Callable[[Path, str], None]
SUMMARY = "FAIL: 3 packages; 1 rule: 1 failed; 2 errors (exit 1: a rule is violated)"


class TestSummary:
    """The line that says which exit code it was is never missing."""

    def test_ends_a_text(self, bad: World) -> None:
        ran = bad.check()
        assert ran.out.splitlines()[-1] == SUMMARY
        assert ran.err == "adhere: found .venv\n"

    @pytest.mark.parametrize("format_", ["json", "markdown"])
    def test_stands_beside_another_format(self, bad: World, format_: str) -> None:
        assert bad.check("--format", format_).err.splitlines()[-1] == f"adhere: {SUMMARY}"

    @pytest.mark.parametrize("format_", ["text", "json", "markdown", "html"])
    def test_stands_beside_a_file(self, bad: World, format_: str) -> None:
        ran = bad.check("--format", format_, "--output", "there")
        assert ran.out == ""
        assert ran.err.splitlines()[-1] == f"adhere: {SUMMARY}"
        assert (bad / "there").exists()

    def test_is_all_that_quiet_leaves(self, bad: World) -> None:
        ran = bad.check("--quiet")
        assert (ran.out, ran.err) == (f"{SUMMARY}\n", "")

    def test_quiet_takes_nothing_from_a_file(self, bad: World) -> None:
        bad.check("--output", "loud.txt")
        bad.check("--quiet", "--output", "quiet.txt")
        assert (bad / "quiet.txt").read_bytes() == (bad / "loud.txt").read_bytes()

    def test_quiet_takes_nothing_from_another_format(self, bad: World) -> None:
        assert bad.check("--quiet", "--format", "json").value["schema"] == "adhere.report/1"


class TestWords:
    @pytest.mark.parametrize("verbose", [0, 1, 2])
    def test_check(self, bad: World, golden: Compare, verbose: int) -> None:
        ran = bad.check(*["-v"] * verbose)
        golden(GOLDEN / f"check-{verbose}.txt", ran.out)

    def test_why(self, bad: World, golden: Compare) -> None:
        golden(GOLDEN / "why.txt", bad.adhere("why", "copyleft").out)

    def test_waive(self, bad: World, golden: Compare) -> None:
        bad.check()
        golden(GOLDEN / "waive.txt", bad.adhere("waive", "licenses", "copyleft").out)

    def test_help(self, world: World, golden: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "100")
        golden(GOLDEN / "help.txt", world.adhere("--help").out)


class TestReport:
    """``adhere report`` renders what ``adhere check`` stored."""

    @pytest.mark.parametrize("format_", ["text", "json", "markdown"])
    def test_says_the_same(self, bad: World, format_: str) -> None:
        said = bad.check("--format", format_).out
        ran = bad.adhere("report", "--format", format_)
        assert ran.code == 0, "to render is no verdict"
        assert ran.out == said

    def test_into_a_folder(self, bad: World) -> None:
        bad.check("--format", "html", "--output", "first")
        bad.adhere("report", "--format", "html", "--output", "second")
        files = sorted(path.name for path in (bad / "first").iterdir())
        assert "index.html" in files
        for name in files:
            assert (bad / "second" / name).read_bytes() == (bad / "first" / name).read_bytes()

    def test_quiet(self, bad: World) -> None:
        bad.check()
        assert bad.adhere("report", "-q").out == f"{SUMMARY}\n"

    def test_of_a_file_elsewhere(self, bad: World) -> None:
        bad.check("--format", "json", "--output", "kept/r.json")
        assert bad.adhere("report", "-q", "--report", "kept/r.json").out == f"{SUMMARY}\n"
        assert bad.adhere("report", "-q", env={"ADHERE_REPORT": "kept/r.json"}).code == 0

    @pytest.mark.parametrize(
        ("words", "code", "remedy"),
        [
            ((), "report-missing", "run adhere check first"),
            (("--report", "no.json"), "report-missing", "check the path"),
            (("--report", "adhere.toml"), "report-invalid", ""),
            (("--report", ".venv"), "report-invalid", ""),
        ],
    )
    def test_that_cannot_be_had(
        self, bad: World, words: tuple[str, ...], code: str, remedy: str
    ) -> None:
        ran = bad.adhere("report", *words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.codes == [code]
        assert remedy in ran.err


class TestUnwritable:
    """A place that cannot be written to is an error of the place, with its name."""

    @pytest.mark.parametrize(
        "words",
        [
            ("--out", "file/folder"),
            ("--output", "file/there.txt"),
            ("--format", "html", "--output", "file"),
            ("--format", "json", "--output", "folder"),
        ],
    )
    def test_check(self, bad: World, words: tuple[str, ...]) -> None:
        bad.write("file", "not a folder")
        bad.write("folder/inside", "")
        ran = bad.check(*words)
        assert ran.code == 2
        assert ran.codes == ["unwritable"]
        assert words[-1] in ran.err
        assert (bad / "file").read_text("utf-8") == "not a folder"
        assert not list(bad.folder.rglob("*.tmp")), "nothing half written is left"

    def test_a_cache_that_cannot_be_written_costs_no_verdict(self, bad: World) -> None:
        bad.write("file", "not a folder")
        ran = bad.check("--cache-dir", "file")
        assert ran.code == 1
        assert "the file cache is not used" in ran.err

    def test_docs(self, bad: World) -> None:
        bad.write("file", "not a folder")
        bad.check()
        ran = bad.adhere("docs", "sync", "file")
        assert ran.code == 2
        assert (bad / "file").read_text("utf-8") == "not a folder"
