"""Sessions of adhere. ``nox -l`` lists them; the README's two commands are the first two."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import nox

nox.options.sessions = ["compliance", "tests"]
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = True

ROOT = Path(__file__).parent
LOCKED = "requirements.txt"
LOCKED_TESTS = "tests/requirements.txt"
PACKED = ("tests/surfaces", "tests/golden", "tests/contract")
BROWSER = ("tests/surfaces/test_browser.py", "tests/surfaces/test_sphinx_browser.py")
REPORT = ROOT / ".adhere" / "report.json"


def install_project(session: nox.Session, locked: str) -> None:
    """Install exactly what is locked, then the project itself, as a user would have it."""
    extra = ["--compile-bytecode"] if session.virtualenv.venv_backend == "uv" else []
    session.install("--quiet", "--require-hashes", "-r", locked, *extra)
    session.install("--quiet", "--no-deps", ".", *extra)


def run_tests(session: nox.Session, *words: str) -> None:
    """Run tests on all processors; whoever has none left takes some of another's."""
    common = ("pytest", "-q", "-n", "auto", "--dist", "worksteal")
    session.run(*common, *words, *session.posargs)


class Ended(list[int]):
    """Exit codes that are fine, which remember the one that they were asked about.

    The report may be that of an earlier run, where a check could not even start.
    """

    code = 0

    def __contains__(self, code: object) -> bool:
        """What nox asks when a command has ended."""
        self.code = code if isinstance(code, int) else self.code
        return super().__contains__(code)


@nox.session
def compliance(session: nox.Session) -> None:
    """Judge our own dependencies by our own decisions, and publish the proof."""
    install_project(session, LOCKED)
    environment = os.path.relpath(session.virtualenv.location, ROOT)
    # Ahead of the check, whose rule reads what this writes; it says itself what is wrong.
    session.run(
        *("adhere", "cache", "compare", "--offline", LOCKED, environment),
        success_codes=(0, 1, 2),
    )
    ended = Ended((0, 1, 2, 3, 4))
    session.run("adhere", "check", LOCKED, environment, *session.posargs, success_codes=ended)
    build_site(session)
    session.log("the pages are in site/compliance: open site/compliance/index.html")
    if not REPORT.is_file():
        session.error("compliance: adhere check could not start, see above")
    session.run("adhere", "adr", "lint")
    if ended.code:
        gate = json.loads(REPORT.read_text("utf-8"))["gates"][0]
        why = "; ".join(gate["because"]) if gate["exit_code"] == ended.code else "see above"
        session.error(f"compliance: exit code {ended.code}: {why or gate['verdict']}")


def build_site(session: nox.Session) -> None:
    """Build the documentation; the theme's note about its own future is not about us."""
    session.run(
        *("mkdocs", "build", "--quiet", "--strict", "--site-dir", "site"),
        env={"NO_MKDOCS_2_WARNING": "1"},
    )


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test."""
    install_project(session, LOCKED_TESTS)
    run_tests(session)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare with the tools of the field, on the same packages, in one run; ``-- --short``."""
    if "--short" not in session.posargs:
        session.install("--quiet", *nox.project.dependency_groups(load_pyproject(), "peers"))
    install_project(session, LOCKED_TESTS)  # last, so that what is ours is as it was locked
    page = "docs/reference/benchmarks.md"
    if "--short" in session.posargs:
        page = f"{session.create_tmp()}/benchmarks.md"  # the one that is published is whole
    session.run("python", "tests/benchmarks/page.py", page, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types and layers."""
    install_project(session, LOCKED_TESTS)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports", env={"PYTHONPATH": "src"})


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation alone, from the report of the last check."""
    install_project(session, LOCKED)
    build_site(session)


@nox.session
def wheel(session: nox.Session) -> None:
    """Test the built wheel, from a copy of the tests that has no ``src`` beside it.

    What can depend on how it is packed: commands, entry points, templates, pages, kinds.
    """
    session.install("--quiet", "build")
    # Outside of the checkout, whose configuration every project below it would find.
    with tempfile.TemporaryDirectory(prefix="adhere-wheel-") as scratch:
        folder = Path(scratch).resolve()
        session.run("python", "-m", "build", "--outdir", str(folder / "dist"), silent=True)
        (built,) = (folder / "dist").glob("*.whl")
        compare_templates(session, built)
        session.install("--quiet", "--require-hashes", "-r", LOCKED_TESTS)
        session.install("--quiet", "--no-deps", "--force-reinstall", str(built))
        copy = folder / "copy"
        shutil.copytree(ROOT, copy, ignore=left_out)
        with session.chdir(copy):
            chosen = (*PACKED, *(f"--ignore={path}" for path in BROWSER))
            run_tests(session, "-m", "not checkout and not once", *chosen)


def left_out(folder: str, names: list[str]) -> set[str]:
    """What tests of a wheel do without; projects of tests keep their hidden folders."""
    top = Path(folder) == ROOT
    return {
        name
        for name in names
        if name == "__pycache__"
        or (top and name in ("src", "templates", "site"))
        or (top and name.startswith("."))
    }


def compare_templates(session: nox.Session, built: Path) -> None:
    """The wheel, which ``build`` makes from the sdist, has every template and no other."""
    folder = "adhere/_templates/"
    with zipfile.ZipFile(built) as wheel:
        packed = {name.removeprefix(folder) for name in wheel.namelist() if folder in name}
    ours = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    if packed != ours:
        session.error(f"templates of the wheel are other ones: {sorted(packed ^ ours)}")


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest versions that we say we support.

    What a browser shows, and what our documentation says, is the same with each of them.
    """
    session.install("--quiet", "uv")
    session.run(
        *("uv", "pip", "install", "--quiet", "--python", session.virtualenv.location),
        *("--resolution", "lowest-direct", "--compile-bytecode", ".[all]", "--group", "test"),
    )
    without = (f"--ignore={path}" for path in (*BROWSER, "tests/repo"))
    run_tests(session, "-m", "not once", *without)


@nox.session
def data(session: nox.Session) -> None:
    """Generate the tables of licenses anew from published data."""
    session.install("--quiet", *nox.project.dependency_groups(load_pyproject(), "data"))
    session.run("python", "tests/generators/spdx_tables.py", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Lock what the sessions install, with hashes and without the address of any index."""
    session.install("--quiet", "uv")
    common = ("uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes")
    common += ("--python-version", "3.11", "--no-header", "--no-emit-index-url", *session.posargs)
    for group, locked in (("docs", LOCKED), ("dev", LOCKED_TESTS)):
        session.run(
            *(*common, "pyproject.toml", "--all-extras", "--group", group, "--output-file", locked)
        )


def load_pyproject() -> dict[str, object]:
    """The project's metadata."""
    return nox.project.load_toml("pyproject.toml")


if __name__ == "__main__":
    sys.exit(nox.main())
