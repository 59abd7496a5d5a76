"""Makes ``tests/fixtures/locks``: one project, locked and installed by every tool.

Run it with Python 3.12 and uv on the path; it needs an index, git, and some minutes::

    python tests/generators/locks.py [--work FOLDER] [TOOL ...]

The project has runtime dependencies (one with an extra, one with a dotted name, two with
markers), two extras, three dependency groups of which one includes another, a dependency
in a folder and one in a git repository. Each tool locks it, installs everything from the
lock into one fresh environment and the runtime dependencies alone into another, and what
pip says of these environments is recorded beside the lock: ``inspect.json`` (reduced to
the fields that are read) and ``list.json`` of the first, ``list-runtime.json`` of the
second.

A second project, ``shop``, has what is rarer: an extra made of its other extras, a package in two
versions for two Pythons, a folder whose version its build works out, a wheel with a local version, and
bills of materials by two tools. It is locked by uv, and any Python from 3.11 on may make it.

Afterwards every address of an index becomes ``index.example.org``, the repository's
``git.example.org``, and every path of the machine is cut to what lies in the project.
Everything else is as the tools wrote it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "fixtures" / "locks"
PORT = 9418
SERVED = "git://127.0.0.1/plugin.git"
ON_DISK = "file://{work}/repos/plugin.git"
TOOLS = {
    # Newer releases of these two fail to start or write broken locks with what the index
    # had on the day; the format of their locks has not changed since.
    "pdm": ["--exclude-newer", "2026-03-01"],
    "pipenv": ["--exclude-newer", "2026-03-01"],
    "poetry": [],
    "pip-tools": [],
    "cyclonedx-bom": [],
}

BACKEND = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
PLUGIN = """
[project]
name = "acme-plugin"
version = "1.2.0"
requires-python = ">=3.10"
dependencies = ["python-dateutil>=2.8"]
"""
LOCAL = """
[project]
name = "acme-local"
version = "0.3.0"
requires-python = ">=3.10"
dependencies = ["packaging>=23"]
"""
PROJECT = """
[project]
name = "Acme.Demo"
version = "1.0.0"
requires-python = ">=3.10"
dependencies = [
    "Pygments>=2.17",
    "ruamel.yaml>=0.18",
    "httpx[http2]>=0.27",
    "tomli>=2; python_version < '3.11'",
    "colorama>=0.4; sys_platform == 'win32'",
    "acme-local",
    "acme-plugin",
]

[project.optional-dependencies]
cli = ["click>=8", "rich>=13"]
web = ["WebOb>=1.8", "Jinja2>=3.1"]

[dependency-groups]
test = ["pytest>=8"]
docs = ["Markdown>=3.5"]
dev = [{ include-group = "test" }, "build>=1"]

[tool.hatch]
metadata.allow-direct-references = true
build.targets.wheel.packages = ["src/acme_demo"]
"""
UV_SOURCES = """
[tool.uv.sources]
acme-local = { path = "libs/acme-local" }
acme-plugin = { git = "file://{work}/repos/plugin.git", tag = "v1.2.0" }
"""
POETRY_SOURCE = """
[[tool.poetry.source]]
name = "acme-index"
url = "{index}/"
priority = "primary"
"""
PIPFILE = f"""
[[source]]
name = "acme-index"
url = "{{index}}"
verify_ssl = true

[packages]
Pygments = ">=2.17"
"ruamel.yaml" = ">=0.18"
httpx = {{{{version = ">=0.27", extras = ["http2"]}}}}
tomli = {{{{version = "*", markers = "python_version < '3.11'"}}}}
colorama = {{{{version = "*", markers = "sys_platform == 'win32'"}}}}
acme-local = {{{{path = "./libs/acme-local"}}}}
acme-plugin = {{{{git = "{SERVED}", ref = "v1.2.0"}}}}

[dev-packages]
pytest = ">=8"
build = ">=1"

[docs]
Markdown = ">=3.5"

[requires]
python_version = "3.12"
"""
SCRIPT = """# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "Pygments>=2.17",
#     "httpx[http2]>=0.27",
#     "tomli>=2; python_version < '3.11'",
# ]
# ///
print("hello")
"""


SHOP = """
[project]
name = "Acme.Shop"
version = "2.0.0.dev1"
requires-python = ">=3.11"
dependencies = [
    "zope.interface>=7",
    "networkx<3.5; python_version < '3.12'",
    "networkx>=3.5; python_version >= '3.12'",
    "colorama; sys_platform == 'win32'",
    "acme-dynamic",
    "acme-wheel",
]

[project.optional-dependencies]
cache = ["redis[hiredis]>=5"]
Data_Base = ["psycopg[binary]>=3"]
all = ["acme.shop[cache,data-base]"]

[dependency-groups]
test = ["pytest>=8"]
dev = [{ include-group = "test" }, "six"]

[tool.hatch.build.targets.wheel]
packages = ["src/acme_shop"]

[tool.uv.sources]
acme-dynamic = { path = "libs/acme-dynamic", editable = true }
acme-wheel = { path = "vendor/acme_wheel-1.0+acme.1-py2.py3-none-any.whl" }
"""
DYNAMIC = """
[project]
name = "acme.dynamic"
dynamic = ["version"]
dependencies = ["MarkupSafe>=2"]

[tool.hatch.version]
path = "src/acme_dynamic/__init__.py"
"""
WHEEL = """
[project]
name = "Acme_Wheel"
version = "1.0+acme.1"
dependencies = ["idna>=3"]
"""


class Bench:
    """A working folder with the tools in it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.env = {**os.environ, "UV_NO_CONFIG": "1", "PIPENV_VENV_IN_PROJECT": "1"}
        # Nobody's own index: an empty configuration.
        (work / "pip.conf").touch()
        self.env |= {"PIP_CONFIG_FILE": str(work / "pip.conf"), "PIP_FIND_LINKS": ""}
        self.env |= {"PDM_CHECK_UPDATE": "false", "PIPENV_NOSPIN": "1", "PYTHONUTF8": "1"}
        ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
        self.index = self.run([sys.executable, "-c", ask]).strip()

    def run(self, command: list[str], cwd: Path | None = None, **env: str) -> str:
        """Run a command, with its errors shown, and return what it prints."""
        print("+", *command, flush=True)
        done = subprocess.run(
            command, cwd=cwd, env={**self.env, **env}, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def tool(self, name: str, program: str = "") -> str:
        """The path of a tool, installed when it is not there yet."""
        home = self.work / f"tool-{name}"
        if not home.exists():
            self.run(["uv", "venv", "-q", "-p", sys.executable, str(home)])
            self.run(["uv", "pip", "install", "-q", "-p", str(home), name, "pip", *TOOLS[name]])
        return str(home / "bin" / (program or name))

    def venv(self, path: Path) -> str:
        """A fresh environment; returns its Python."""
        shutil.rmtree(path, ignore_errors=True)
        self.run(["uv", "venv", "-q", "-p", sys.executable, str(path)])
        return str(path / "bin" / "python")

    def repository(self) -> None:
        """The git repository of the plugin, served on this machine."""
        source, bare = self.work / "plugin", self.work / "repos" / "plugin.git"
        if not bare.exists():
            write_package(source, PLUGIN, "acme_plugin")
            who = ["-c", "user.name=acme", "-c", "user.email=acme@example.org"]
            for command in (
                ["init", "-q", "-b", "main"],
                ["add", "-A"],
                [*who, "commit", "-q", "-m", "The plugin"],
                ["tag", "v1.2.0"],
            ):
                self.run(["git", *command], source)
            self.run(["git", "clone", "-q", "--bare", str(source), str(bare)])

    def project(self, name: str, text: str) -> Path:
        """A fresh copy of the project for one tool."""
        here = self.work / name
        shutil.rmtree(here, ignore_errors=True)
        text = text.replace("{here}", str(here)).replace("{work}", str(self.work))
        write_package(here, text, "acme_demo")
        write_package(here / "libs" / "acme-local", LOCAL, "acme_local")
        return here

    def install(self, here: Path, python: str, file: str) -> None:
        """Install from a lock of pip's own."""
        pip = [self.tool("pip-tools", "python"), "-m", "pip", "--python", python]
        self.run([*pip, "install", "-q", "--no-deps", "-r", file], here)

    def record(self, here: Path, python: str, runtime: str) -> None:
        """What pip says of the two environments."""
        pip = [self.tool("pip-tools", "python"), "-m", "pip", "--python"]
        found = json.loads(self.run([*pip, python, "inspect"]))
        save(here / "inspect.json", reduced(found))
        for name, where in (("list.json", python), ("list-runtime.json", runtime)):
            save(here / name, json.loads(self.run([*pip, where, "list", "--format=json"])))


def write_package(folder: Path, text: str, module: str) -> None:
    """A package that can be built."""
    (folder / "src" / module).mkdir(parents=True)
    (folder / "src" / module / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(BACKEND.lstrip() + text)


def save(path: Path, value: object) -> None:
    """Write JSON as a person would."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


KEPT = {
    "metadata_version", "name", "version", "requires_dist", "provides_extra", "license",
    "license_expression", "license_file", "classifier", "summary",
}  # fmt: skip


def reduced(found: dict) -> dict:
    """A ``pip inspect`` report without descriptions and other fields nobody reads."""
    for item in found["installed"]:
        metadata = item["metadata"]
        item["metadata"] = {key: value for key, value in metadata.items() if key in KEPT}
        kept = [c for c in metadata.get("classifier", []) if c.startswith("License")]
        item["metadata"]["classifier"] = kept
    found["environment"] |= {"platform_release": "6.1.0", "platform_version": "#1 SMP"}
    return found


def direct(text: str, repository: str = ON_DISK) -> str:
    """The project with direct references, for tools without sources of their own."""
    local = "acme-local @ file://{here}/libs/acme-local"
    text = text.replace('"acme-local"', f'"{local}"')
    return text.replace('"acme-plugin"', f'"acme-plugin @ git+{repository}@v1.2.0"')


def make_uv(bench: Bench) -> list[str]:
    here = bench.project("uv", PROJECT + UV_SOURCES)
    bench.run(["uv", "lock", "-q"], here)
    every = ["--all-extras", "--all-groups"]
    export = ["uv", "export", "-q", "--frozen"]
    bench.run([*export, *every, "--format", "pylock.toml", "-o", "pylock.toml"], here)
    bench.run([*export, *every, "-o", "requirements.txt"], here)
    environments = []
    for name, options in (("all", every), ("runtime", ["--no-default-groups"])):
        venv = bench.work / f"venv-uv-{name}"
        environments.append(bench.venv(venv))
        command = ["uv", "sync", "-q", "--frozen", *options]
        bench.run(command, here, UV_PROJECT_ENVIRONMENT=str(venv))
    bench.record(here, *environments)
    names = ["uv.lock", "pylock.toml", "requirements.txt", "pyproject.toml"]
    return [*names, "libs/acme-local/pyproject.toml"]


def make_poetry(bench: Bench) -> list[str]:
    here = bench.project(
        "poetry", direct(PROJECT, SERVED) + POETRY_SOURCE.format(index=bench.index)
    )
    poetry = [bench.tool("poetry"), "-q", "--no-interaction"]
    environments = []
    for name, options in (
        ("all", ["--all-extras", "--all-groups"]),
        ("runtime", ["--only", "main"]),
    ):
        venv = bench.work / f"venv-poetry-{name}"
        environments.append(bench.venv(venv))
        inside = {"VIRTUAL_ENV": str(venv)}
        if name == "all":
            bench.run([*poetry, "lock"], here, **inside)
        bench.run([*poetry, "install", *options], here, **inside)
    bench.record(here, *environments)
    return ["poetry.lock", "pyproject.toml"]


def make_pdm(bench: Bench) -> list[str]:
    here = bench.project("pdm", direct(PROJECT, SERVED))
    pdm = bench.tool("pdm")
    environments = []
    for name, options in (("all", ["-G", ":all"]), ("runtime", ["--prod"])):
        venv = bench.work / f"venv-pdm-{name}"
        environments.append(bench.venv(venv))
        bench.run([pdm, "use", "-q", "-f", environments[-1]], here)
        if name == "all":
            bench.run([pdm, "lock", "-q", "-G", ":all"], here)
        bench.run([pdm, "sync", "-q", *options], here)
    bench.record(here, *environments)
    return ["pdm.lock", "pyproject.toml"]


def make_pipenv(bench: Bench) -> list[str]:
    here = bench.project("pipenv", PROJECT)
    (here / "Pipfile").write_text(PIPFILE.lstrip().format(index=bench.index))
    pipenv = bench.tool("pipenv")
    bench.run([pipenv, "lock", "--categories", "packages dev-packages docs"], here)
    environments = []
    for name, categories in (("all", "packages dev-packages docs"), ("runtime", "packages")):
        venv = bench.work / f"venv-pipenv-{name}"
        shutil.rmtree(here / ".venv", ignore_errors=True)
        bench.run([pipenv, "sync", "--categories", categories], here)
        shutil.rmtree(venv, ignore_errors=True)
        (here / ".venv").rename(venv)
        environments.append(str(venv / "bin" / "python"))
    bench.record(here, *environments)
    return ["Pipfile", "Pipfile.lock", "libs/acme-local/pyproject.toml"]


def make_pip(bench: Bench) -> list[str]:
    here = bench.project("pip", direct(PROJECT))
    pip = [bench.tool("pip-tools", "python"), "-m", "pip", "lock", "-q"]
    groups = ["--group", "dev", "--group", "docs", "--group", "test"]
    environments = []
    for name, options in (("runtime", ["-e", "."]), ("all", ["-e", ".[cli,web]", *groups])):
        bench.run([*pip, *options, "-o", "pylock.toml"], here)
        environments.insert(0, bench.venv(bench.work / f"venv-pip-{name}"))
        # pip itself refuses to install its own lock when it names a folder.
        install = ["uv", "pip", "sync", "-q", "--preview", "-p", environments[0], "pylock.toml"]
        bench.run(install, here)
    bench.record(here, *environments)
    return ["pylock.toml", "pyproject.toml", "libs/acme-local/pyproject.toml"]


def make_pip_tools(bench: Bench) -> list[str]:
    here = bench.project("pip-tools", direct(PROJECT))
    (here / "dev.in").write_text("-r requirements.in\n-c constraints.txt\npytest>=8\nbuild>=1\n")
    (here / "constraints.txt").write_text("pytest<100\n")
    wanted = ["Pygments>=2.17", "ruamel.yaml>=0.18", "httpx[http2]>=0.27", "Jinja2>=3.1"]
    plugin = ON_DISK.replace("{work}", str(bench.work))
    wanted += ["./libs/acme-local", f"acme-plugin @ git+{plugin}@v1.2.0"]
    (here / "requirements.in").write_text("\n".join(wanted) + "\n")
    compile_ = [bench.tool("pip-tools", "pip-compile"), "-q", "--strip-extras"]
    environments = []
    for name, options in (("requirements", []), ("dev", ["--annotation-style", "line"])):
        bench.run([*compile_, *options, "-o", f"{name}.txt", f"{name}.in"], here)
        environments.insert(0, bench.venv(bench.work / f"venv-pip-tools-{name}"))
        bench.install(here, environments[0], f"{name}.txt")
    bench.record(here, *environments)
    names = ["requirements.in", "dev.in", "constraints.txt", "requirements.txt", "dev.txt"]
    return [*names, "libs/acme-local/pyproject.toml"]


def make_script(bench: Bench) -> list[str]:
    here = bench.project("script", PROJECT)
    (here / "tool.py").write_text(SCRIPT)
    bench.run(["uv", "lock", "-q", "--script", "tool.py"], here)
    python = bench.venv(bench.work / "venv-script")
    bench.run(["uv", "export", "-q", "--script", "tool.py", "-o", "exported.txt"], here)
    bench.run(["uv", "pip", "sync", "-q", "-p", python, "exported.txt"], here)
    bench.record(here, python, python)
    return ["tool.py", "tool.py.lock"]


def make_shop(bench: Bench) -> list[str]:
    here = bench.work / "shop"
    shutil.rmtree(here, ignore_errors=True)
    write_package(here, SHOP, "acme_shop")
    write_package(here / "libs" / "acme-dynamic", DYNAMIC, "acme_dynamic")
    (here / "libs/acme-dynamic/src/acme_dynamic/__init__.py").write_text(
        '__version__ = "0.9.dev3"\n'
    )
    wheel = bench.work / "shop-wheel"
    shutil.rmtree(wheel, ignore_errors=True)
    write_package(wheel, WHEEL, "acme_wheel")
    bench.run(["uv", "build", "-q", "--wheel", "-o", str(here / "vendor"), str(wheel)])
    bench.run(["uv", "lock", "-q"], here)
    every = ["--all-extras", "--all-groups"]
    export = ["uv", "export", "-q", "--frozen", *every, "--format", "cyclonedx1.5"]
    bench.run([*export, "-o", "locked.cdx.json"], here)
    environments = []
    for name, options in (("all", every), ("runtime", ["--no-default-groups"])):
        venv = bench.work / f"venv-shop-{name}"
        environments.append(bench.venv(venv))
        command = ["uv", "sync", "-q", "--frozen", *options]
        bench.run(command, here, UV_PROJECT_ENVIRONMENT=str(venv))
    cyclonedx = [bench.tool("cyclonedx-bom", "cyclonedx-py"), "environment", environments[0]]
    bench.run([*cyclonedx, "-o", "installed.cdx.json"], here)
    bench.record(here, *environments)
    return ["uv.lock", "pyproject.toml", "locked.cdx.json", "installed.cdx.json"]


MAKERS: dict[str, Callable[[Bench], list[str]]] = {
    "uv": make_uv,
    "poetry": make_poetry,
    "pdm": make_pdm,
    "pipenv": make_pipenv,
    "pip": make_pip,
    "pip-tools": make_pip_tools,
    "script": make_script,
    "shop": make_shop,
}


def publish(bench: Bench, name: str, files: list[str]) -> None:
    """Copy a tool's files to the fixtures, without anything of this machine."""
    target = TARGET / name
    shutil.rmtree(target, ignore_errors=True)
    recorded = ["inspect.json", "list.json", "list-runtime.json"]
    for file in [*files, *recorded]:
        text = cleaned((bench.work / name / file).read_text(), bench.work)
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text)


def cleaned(text: str, work: Path) -> str:
    """A text with example addresses only."""
    repository = f"git://127\\.0\\.0\\.1|file:/+{re.escape(str(work))[1:]}/repos"
    text = re.sub(repository, "https://git.example.org/acme", text)
    text = re.sub(re.escape(str(work)) + r"/[a-z-]+", "/project", text)
    return re.sub(r"https?://(?!git\.example)[^/\s\"'\\<>]+", "https://index.example.org", text)


def main() -> None:
    """Make the fixtures of the tools that are named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/locks"))
    parser.add_argument("tools", nargs="*", choices=[*MAKERS, []])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.work.resolve())
    bench.repository()
    base = bench.work / "repos"
    serve = ["git", "daemon", f"--base-path={base}", "--export-all", "--reuseaddr"]
    daemon = subprocess.Popen([*serve, "--listen=127.0.0.1", f"--port={PORT}"])
    try:
        for name in options.tools or MAKERS:
            publish(bench, name, MAKERS[name](bench))
    finally:
        daemon.terminate()
        daemon.wait()


if __name__ == "__main__":
    main()
