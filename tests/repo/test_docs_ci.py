"""The jobs of the documentation that tell a pull request what it changes: run, and looked at.

Their scripts run as they stand, in a repository with a change, with programs in place of those
that would ask GitHub or GitLab. What they may do is read from the files.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from adhere.report.document import Report
from adhere.report.json import encode_report
from corpus.reports import with_words
from repo.handbook import DOCS, ROOT, read_page

PAGE = read_page(DOCS / "how-to" / "pull-requests.md")
COMPARE, COMMENT = "compliance-diff.yml", "compliance-comment.yml"
MOST = 65_536
"""Characters of a comment on GitHub."""

CONFIG = """\
schema = 1
[[rule]]
id = "denied"
check = "packages.denied"
with = { deny = [{ package = "leftpad" }] }
"""
LOCK = """\
lock-version = "1.0"
created-by = "test"
"""
ENTRY = '[[packages]]\nname = "{}"\nversion = "1.0"\n'
FAKES = {
    "gh": """\
import json, os, shutil, sys
words = sys.argv[1:]
with open(os.environ["SAID"], "a") as file:
    file.write(json.dumps(words) + "\\n")
if words[:2] == ["run", "download"]:
    shutil.copytree(os.environ["ARTIFACT"], words[words.index("--dir") + 1])
elif words[:1] == ["api"] and "GET" in words:
    wanted = 'select(.head.sha == "' + os.environ["OPEN_SHA"] + '")'
    print("7" if wanted in words[words.index("--jq") + 1] else "")
elif words[:1] == ["api"] and "--paginate" in words:
    print(os.environ.get("COMMENTS", ""))
""",
    "curl": """\
import json, os, sys
with open(os.environ["SAID"], "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
""",
    "adhere": "import sys\nfrom adhere.__main__ import main\nsys.exit(main())\n",
}
PYTHON = '#!/bin/sh\ncase "$*" in "-P -m pip "*) exit 0;; esac\nexec "{}" "$@"\n'


def workflow(name: str) -> dict[str, Any]:
    (block,) = (b for b in PAGE.blocks if b.file.endswith(name))
    found: dict[str, Any] = yaml.safe_load(block.text)
    return found


def jobs() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for name in (COMPARE, COMMENT):
        file = workflow(name)
        for job in file["jobs"].values():
            yield name, file, job


class Runner:
    """A machine that runs scripts of jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.said = folder / "said"
        self.summary = folder / "summary.md"
        self.repository = folder / "repository"
        tools = folder / "tools"
        tools.mkdir()
        for name, text in FAKES.items():
            self._program(tools / name, f"#!{sys.executable}\n{text}")
        self._program(tools / "python", PYTHON.format(sys.executable))
        self.environment = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "SAID": str(self.said),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "ADHERE_CACHE_DIR": str(folder / "cache"),
        }

    @staticmethod
    def _program(path: Path, text: str) -> None:
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
        command = ["git", *who, *words]
        done = subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def change(self) -> None:
        """A main branch, and the merge of a change that brings a package which is denied."""
        self.repository.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self._files("requests")
        self._commit("base")
        self.git("checkout", "--quiet", "-b", "change")
        self._files("requests", "leftpad")
        self._commit("change")
        self.git("checkout", "--quiet", "main")
        (self.repository / "README.md").write_text("elsewhere\n", "utf-8")
        self._commit("meanwhile")
        self.git("merge", "--quiet", "--no-ff", "change", "-m", "merge")

    def _files(self, *packages: str) -> None:
        (self.repository / "adhere.toml").write_text(CONFIG, "utf-8")
        text = LOCK + "packages = []\n" if not packages else LOCK
        text += "".join(map(ENTRY.format, packages))
        (self.repository / "pylock.toml").write_text(text, "utf-8")

    def _commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def run(
        self, script: str, folder: Path, env: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=folder,
            env={**self.environment, **env},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def run_job(self, job: Mapping[str, Any], folder: Path, **env: str) -> str:
        """All of its scripts, as far as they go; what the last one said."""
        said = ""
        for step in job["steps"]:
            if "run" not in step:
                continue
            given = {key: env.get(key, "") for key in step.get("env", ())}
            hidden = {key: value for key, value in env.items() if key not in given}
            done = self.run(step["run"], folder, {**hidden, **given})
            said = done.stdout + done.stderr
            if done.returncode:
                return f"failed: {said}"
        return said

    def calls(self) -> list[list[str]]:
        """What GitHub or GitLab was asked."""
        if not self.said.is_file():
            return []
        return [json.loads(line) for line in self.said.read_text("utf-8").splitlines()]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    found = Runner(tmp_path)
    found.change()
    return found


@pytest.fixture
def judged(runner: Runner) -> Runner:
    """After the first workflow."""
    said = runner.run_job(workflow(COMPARE)["jobs"]["compare"], runner.repository)
    assert not said.startswith("failed"), said
    return runner


def comment(runner: Runner, sha: str = "abc", **env: str) -> str:
    """What the second workflow says, in a checkout of the main branch without the change."""
    folder = runner.folder / "main"
    folder.mkdir(exist_ok=True)
    (folder / "adhere.toml").write_text(CONFIG, "utf-8")
    (runner.repository / "reports").rename(runner.folder / "artifact")
    given = {
        "ARTIFACT": str(runner.folder / "artifact"),
        "OPEN_SHA": "abc",
        "HEAD_SHA": sha,
        "GH_REPO": "acme/shop",
        "BRANCH": 'ana:$(touch "$SAID.run")',
        "RUN": "41",
        **env,
    }
    return runner.run_job(workflow(COMMENT)["jobs"]["comment"], folder, **given)


def test_the_summary_says_what_the_change_brings(judged: Runner) -> None:
    text = judged.summary.read_text("utf-8")
    assert "for the worse" in text.partition("\n")[0]
    assert "leftpad" in text
    assert "README" not in text
    assert "another project" not in text
    assert sorted(path.name for path in (judged.repository / "reports").iterdir()) == [
        *("after.json", "before.json")
    ]


def test_a_comment_is_posted_on_the_pull_request_that_github_names(judged: Runner) -> None:
    assert not comment(judged).startswith("failed")
    download, look_up, look_for, post = judged.calls()
    assert download[:3] == ["run", "download", "41"]
    assert 'head=ana:$(touch "$SAID.run")' in look_up
    assert not Path(f"{judged.said}.run").exists()
    assert look_for[2] == "repos/acme/shop/issues/7/comments"
    assert post[2:5] == ["--method", "POST", "repos/acme/shop/issues/7/comments"]
    text = (judged.temp / "comment.md").read_text("utf-8")
    assert post[-1] == f"body=@{judged.temp / 'comment.md'}"
    assert text.startswith("<!-- adhere diff -->\n##")
    assert "leftpad" in text


def test_after_a_push_the_comment_is_written_anew(judged: Runner) -> None:
    comment(judged, COMMENTS="123\n456")
    assert judged.calls()[-1][2:5] == ["--method", "PATCH", "repos/acme/shop/issues/comments/123"]


def test_a_commit_that_is_no_longer_the_last_one_is_not_commented_on(judged: Runner) -> None:
    assert "nothing to comment on" in comment(judged, sha="older")
    assert len(judged.calls()) == 2


def test_a_report_that_is_none_posts_nothing(judged: Runner) -> None:
    (judged.repository / "reports" / "after.json").write_text('{"schema": 1', "utf-8")
    assert "report-invalid" in comment(judged)
    assert len(judged.calls()) == 1


def test_words_of_a_forged_report_are_words_and_have_an_end(judged: Runner) -> None:
    path = judged.repository / "reports" / "after.json"
    count = iter(range(1_000_000))
    word = (
        "\n# forged\n/approve @everyone acme/shop#12 GH-3 <img src=x> [a](https://evil.example) "
        + "x" * 20_000
    )
    found = msgspec.json.decode(path.read_bytes(), type=Report)
    found = with_words(
        found,
        lambda text: f"{next(count)}{word}" if re.fullmatch(r"[A-Za-z][\w .:]{6,}", text) else text,
    )
    path.write_bytes(encode_report(found))
    said = comment(judged)
    assert judged.calls()[-1][3] == "POST", said
    text = (judged.temp / "comment.md").read_text("utf-8")
    assert "forged" in text
    assert not re.search(r"^\s*(# forged|/approve)", text, re.MULTILINE)
    assert "<img" not in text
    outside_of_code = re.sub(r"<code>.*?</code>", "", text)
    assert not re.search(r"@everyone|#12|GH-3", html.unescape(outside_of_code))
    assert outside_of_code.count("forged")
    assert "](https://evil" not in text
    assert len(text) <= MOST


def test_jobs_may_do_no_more_than_they_have_to() -> None:
    permissions = {name: job["permissions"] for name, _, job in jobs()}
    assert permissions == {
        COMPARE: {"contents": "read"},
        COMMENT: {"actions": "read", "contents": "read", "pull-requests": "write"},
    }
    assert [file["permissions"] for _, file, _ in jobs()] == [{}, {}]
    assert "pull_request_target" not in "".join(b.text for b in PAGE.blocks)


def test_what_a_stranger_wrote_never_meets_the_token() -> None:
    for name, file, job in jobs():
        for step in job["steps"]:
            script = step.get("run", "")
            assert "${{" not in script, "an expression is put into the script before it runs"
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
                assert "ref" not in step["with"]
            if "GH_TOKEN" in step.get("env", {}):
                assert not re.search(r"^ *(adhere|python|git)\b", script, re.MULTILINE)
        writes = "write" in job["permissions"].values()
        assert writes == ("workflow_run" in file[True]), "YAML reads `on` as true"
        assert writes == (name == COMMENT)
        assert "timeout-minutes" in job
    assert workflow(COMMENT)[True]["workflow_run"]["workflows"] == [workflow(COMPARE)["name"]]


def test_actions_are_pinned_to_a_commit() -> None:
    used = re.findall(r"uses: (\S+)(.*)", "".join(block.text for block in PAGE.blocks))
    assert used
    for action, comment_ in used:
        assert re.fullmatch(r"[\w/-]+@COMMIT", action), action
        assert re.fullmatch(r"  # v\d+", comment_)


# GitLab


def test_gitlab_links_the_change_and_comments_on_it(runner: Runner) -> None:
    (block,) = (b for b in PAGE.blocks if b.file == ".gitlab-ci.yml")
    jobs = yaml.safe_load(block.text)
    base = runner.git("rev-parse", "HEAD^1")
    given = {
        "CI_PROJECT_NAME": "repository",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_MERGE_REQUEST_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "COMMENT_TOKEN": "secret",
    }
    for name in ("compliance-diff", "compliance-comment"):
        done = runner.run("\n".join(jobs[name]["script"]), runner.repository, given)
        assert done.returncode == 0, done.stdout + done.stderr
    for path in jobs["compliance-diff"]["artifacts"]["paths"]:
        assert (runner.repository / path).exists()
    assert "leftpad" in (runner.repository / "changes.md").read_text("utf-8")
    ((*_, body, address),) = runner.calls()
    assert body == "body@comment.md"
    assert address == "https://gitlab.example/api/v4/projects/12/merge_requests/7/notes"


def test_only_one_job_of_gitlab_knows_the_token_and_none_of_a_fork() -> None:
    (block,) = (b for b in PAGE.blocks if b.file == ".gitlab-ci.yml")
    jobs = yaml.safe_load(block.text)
    assert [n for n, job in jobs.items() if "COMMENT_TOKEN" in str(job)] == ["compliance-comment"]
    assert [n for n, job in jobs.items() if "environment" in job] == ["compliance-comment"]
    (rule,) = jobs["compliance-comment"]["rules"]
    same = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"
    assert rule["if"].endswith(f"&& {same}")
