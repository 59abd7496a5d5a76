from __future__ import annotations

from pathlib import Path

import pytest

from adhere.model.inventory import Requirement
from adhere.model.location import Location
from adhere.model.package import Dependency, Origin
from adhere.sources.requirements import read, read_requirements
from readers.given import fault, package, reading, refusal, written

SHA = "a" * 64


def only(folder: Path, text: str, **more: str) -> Requirement:
    """The one requirement of a file."""
    files: dict[str, str | bytes] = {"requirements.txt": text}
    path = written(folder, files | {k.replace("__", "/"): v for k, v in more.items()})
    (found,) = read_requirements(path, "requirements.txt")
    return found


@pytest.mark.parametrize(
    ("line", "name", "specifier"),
    [
        ("Foo.Bar==1.0", "foo-bar", "==1.0"),
        ("foo == 1.0  # comment", "foo", "==1.0"),
        ("foo>=1,<2", "foo", "<2,>=1"),
        ("foo (>=1)", "foo", ">=1"),
        ("foo", "foo", ""),
        ("foo===1.0-odd", "foo", "===1.0-odd"),
        ("  foo==1.*", "foo", "==1.*"),
        ("foo==1.0 --hash=sha256:" + SHA, "foo", "==1.0"),
        ("foo==1.0 --hash sha256:" + SHA, "foo", "==1.0"),
        ('foo==1.0 --config-settings="--x=y z"', "foo", "==1.0"),
        ("foo==1.0 --global-option a --global-option=b", "foo", "==1.0"),
    ],
)
def test_names_and_specifiers(tmp_path: Path, line: str, name: str, specifier: str) -> None:
    found = only(tmp_path, line)
    assert (found.name, found.specifier, found.group) == (name, specifier, "runtime")
    assert found.by == "requirements.txt"


def test_extras_marker_and_hashes(tmp_path: Path) -> None:
    text = f"foo[B_b,a]==1.0 ; os_name == 'nt' \\\n  --hash=sha256:{SHA} \\\n --hash=sha512:{SHA}{SHA}\n"
    found = only(tmp_path, text)
    assert found.extras == ("a", "b-b")
    assert found.marker == 'os_name == "nt"'
    assert found.hashes == (f"sha256:{SHA}", f"sha512:{SHA}{SHA}")
    assert found.location == Location("requirements.txt", 1, 1)
    assert found.raw == "foo[B_b,a]==1.0 ; os_name == 'nt'"


@pytest.mark.parametrize(
    ("line", "origin", "name"),
    [
        ("foo @ https://h.example.org/foo-1.0.zip", Origin("url", "https://h.example.org/foo-1.0.zip"), "foo"),
        ("foo@git+https://git.example.org/foo@main", Origin("vcs", "https://git.example.org/foo", "main"), "foo"),
        ("https://h.example.org/foo_x-1.0-py3-none-any.whl", Origin("url", "https://h.example.org/foo_x-1.0-py3-none-any.whl"), "foo-x"),
        ("git+https://git.example.org/foo.git@v1#egg=Foo[x]&subdirectory=s", Origin("vcs", "https://git.example.org/foo.git", "v1", "", "s"), "foo"),
        ("-e git+ssh://git@git.example.org/foo.git#egg=foo", Origin("vcs", "ssh://git@git.example.org/foo.git"), "foo"),
        ("--editable=./here", Origin("editable", "./here"), "here"),
        ("-e ./here[cli]", Origin("editable", "./here"), "here"),
        ("./here ; python_version > '3'", Origin("path", "./here"), "here"),
        ("here/", Origin("path", "here/"), "here"),
        ("./wheels/foo-2.0-py3-none-any.whl", Origin("path", "./wheels/foo-2.0-py3-none-any.whl"), "foo"),
        ("foo-2.0.tar.gz", Origin("path", "foo-2.0.tar.gz"), "foo"),
        ("git+https://git.example.org/foo", Origin("vcs", "https://git.example.org/foo"), ""),
        ("./nowhere", Origin("path", "./nowhere"), ""),
    ],
)  # fmt: skip
def test_direct_references(tmp_path: Path, line: str, origin: Origin, name: str) -> None:
    found = only(tmp_path, line, here__pyproject_toml="")
    assert found.origin.kind == origin.kind
    written(tmp_path, {"here/pyproject.toml": "[project]\nname = 'here'\nversion = '3'\n"})
    found = only(tmp_path, line)
    assert (found.origin, found.name) == (origin, name)


def test_pinned_lines_are_packages_and_the_others_only_ask(tmp_path: Path) -> None:
    text = "a==1.0\nb>=2\nc==1.*\nd===3\ne @ https://h.example.org/e-4.0.zip\nf\n"
    found = reading(read, tmp_path, {"requirements.txt": text})
    assert [(p.name, p.version) for p in found.packages] == [("a", "1.0"), ("d", "3"), ("e", "4.0")]
    assert [root.name for root in found.roots] == list("abcdef")
    assert [(f.code, f.subject, f.location.line, f.kept) for f in found.faults] == [
        ("requirement-unresolved", "b", 2, False),
        ("requirement-unresolved", "c", 3, False),
        ("requirement-unresolved", "f", 6, False),
    ]
    assert package(found, "a").requested is True
    assert "why a line is there" in found.source.remarks[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings(tmp_path: Path, end: str, encoding: str) -> None:
    text = end.join(["# größe", "a==1.0 \\", "  --hash=sha256:" + SHA, "", "b==2.0"])
    found = reading(read, tmp_path, {"r.txt": text.encode(encoding)})
    assert [(p.name, p.version) for p in found.packages] == [("a", "1.0"), ("b", "2.0")]
    if end != "\r":  # an editor counts those as no line ends
        assert [p.location.line for p in found.packages] == [2, 5]
    assert package(found, "a").artifacts[0].hashes == (f"sha256:{SHA}",)


def test_a_comment_ends_a_continuation(tmp_path: Path) -> None:
    found = reading(
        read, tmp_path, {"r.txt": "a==1.0 \\\n# note\nb==2.0\n\\\nc==3.0\n# \\\nd==4\n"}
    )
    assert [(p.name, p.location.line) for p in found.packages] == [
        ("a", 1),
        ("b", 3),
        ("c", 4),
        ("d", 7),
    ]


def test_a_hash_sign_inside_an_address_is_no_comment(tmp_path: Path) -> None:
    assert only(tmp_path, "git+https://git.example.org/a#egg=a").name == "a"


def test_included_files_are_relative_to_the_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "sub/dev.txt": "-r ../base.txt\n-c limits.txt\nb==2.0\n",
        "base.txt": "a==1.0\n-r sub/more.txt\n",
        "sub/more.txt": "c==3.0\n",
        "sub/limits.txt": "d==4.0\ne<5\n",
    }
    found = reading(read, tmp_path, files)
    assert {(p.name, p.location.path, p.location.line) for p in found.packages} == {
        ("a", "base.txt", 1),
        ("c", "sub/more.txt", 1),
        ("b", "sub/dev.txt", 3),
    }
    assert [root.name for root in found.roots if root.constraint] == ["d", "e"]
    assert found.faults == ()
    lines = read_requirements(tmp_path / "sub/dev.txt", "sub/dev.txt")
    assert [(r.name, r.constraint) for r in lines] == [
        ("a", False),
        ("c", False),
        ("d", True),
        ("e", True),
        ("b", False),
    ]


def test_every_file_counts_in_the_digest(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"r.txt": "-r b.txt\n", "b.txt": "a==1\n"}
    first = reading(read, tmp_path, files).source.digest
    second = reading(read, tmp_path, {**files, "b.txt": "a==2\n"}).source.digest
    assert first.startswith("sha256:")
    assert first != second


def test_a_constraint_pins_what_is_asked_for_loosely(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"r.txt": "-c c.txt\na\nb>=1\n", "c.txt": "A==1.5\nb<3\n"}
    found = reading(read, tmp_path, files)
    assert package(found, "a").version == "1.5"
    assert "c.txt:1" in package(found, "a").remarks[0]
    assert fault(found).subject == "b"


def test_a_ring_is_named_at_its_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": "x==1\n-r b.txt\n",
        "b.txt": "-r sub/c.txt\n",
        "sub/c.txt": "\n-r ../a.txt\n",
    }
    (problem,) = refusal(read, tmp_path, files)
    assert problem.message == "files include one another: a.txt -> b.txt -> sub/c.txt -> a.txt"
    assert problem.place == "sub/c.txt:2:1"
    (same,) = refusal(read_requirements, tmp_path, files)
    assert same.message == problem.message


def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    (problem,) = refusal(read, tmp_path, {"a.txt": "-ra.txt\n"})
    assert "a.txt -> a.txt" in problem.message


def test_missing_files_are_told_at_their_lines_all_together(tmp_path: Path) -> None:
    text = "a==1\n-r none.txt\n--constraint=sub\n-r bad.txt\n"
    files: dict[str, str | bytes] = {"r.txt": text, "sub/x": "", "bad.txt": b"a\n\xff"}
    problems = refusal(read, tmp_path, files)
    assert [problem.place for problem in problems] == ["r.txt:2:1", "r.txt:3:1", "bad.txt:2"]
    assert "`none.txt` is included here" in problems[0].message
    assert problems[0].excerpt == "-r none.txt"


def test_files_that_include_one_another_many_times_are_read_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": f"-r {n + 1}.txt\n" * 30 for n in range(30)}
    files["30.txt"] = "a==1\n"
    assert len(reading(read, tmp_path, files).packages) == 1


def test_too_many_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"r.txt": "".join(f"-r {n}.txt\n" for n in range(1_100))}
    files |= {f"{n}.txt": "" for n in range(1_100)}
    assert "more than 1000 files" in refusal(read, tmp_path, files)[0].message


@pytest.mark.parametrize(
    "line",
    [
        "-r https://h.example.org/r.txt",
        "foo==",
        "foo bar",
        "foo==1.0 --hash",
        "foo==1.0 --unknown",
        "--requirment x.txt",
        "-x",
        "--pre=yes",
        "foo==1.0 --hash=sha256:" + SHA + " stray",
        "foo; nonsense == 'x'",
        "./x ; nonsense",
        "foo==1.0 --config-settings='a",
        "===",
        "foo @ ",
        "x" * 30_000,
        "foo==" + "9" * 6_000 + "!",
    ],
)
def test_a_line_that_cannot_be_read_is_a_fault_beside_the_others(tmp_path: Path, line: str) -> None:
    found = reading(read, tmp_path, {"r.txt": f"a==1.0\n{line}\nb==2.0\n"})
    assert [p.name for p in found.packages] == ["a", "b"]
    assert (fault(found).code, fault(found).location.line) == ("package-unreadable", 2)
    assert fault(found).reason
    (problem,) = refusal(read_requirements, tmp_path, {"r.txt": f"a==1.0\n{line}\n"})
    assert problem.place == "r.txt:2:1"


def test_an_address_that_tells_no_name_is_a_fault(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"r.txt": "git+https://u:hunter2@git.example.org/a\n"})
    assert found.packages == ()
    assert "does not tell" in fault(found).reason
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ("", ""),
        ("-i https://u:p@index.example.org/simple", "https://index.example.org/simple"),
        ("--index-url=https://index.example.org/simple", "https://index.example.org/simple"),
        ("--no-index\n--find-links ./wheels", "./wheels"),
        ("-i https://index.example.org/a\n--extra-index-url https://index.example.org/b", ""),
        ("--extra-index-url https://index.example.org/b", ""),
    ],
)
def test_the_index(tmp_path: Path, options: str, url: str) -> None:
    found = reading(read, tmp_path, {"r.txt": f"a==1.0\n{options}\n"})
    one = package(found, "a")
    assert one.origin == Origin("index", url)
    several = "extra" in options
    assert any("it may come from any of" in remark for remark in one.remarks) is several
    assert "u:p" not in str(found)


def test_options_that_matter_are_said(tmp_path: Path) -> None:
    text = "--pre\n--trusted-host h.example.org\n--no-binary :all:\na==1.0\n--no-index\n"
    remarks = " ".join(reading(read, tmp_path, {"r.txt": text}).source.remarks)
    assert "pre-releases" in remarks
    assert "`h.example.org`" in remarks
    assert "every index" in remarks


def test_variables_are_kept_and_said(tmp_path: Path) -> None:
    text = "-i https://${USER}:${TOKEN}@index.example.org/simple\na==1.0\n${PACKAGE}==2\n"
    found = reading(read, tmp_path, {"r.txt": text})
    assert "${TOKEN}" in package(found, "a").origin.url
    assert sum("is kept as it is written" in remark for remark in found.source.remarks) == 3
    assert "${PACKAGE}" in fault(found).subject


def test_why_a_package_is_there(tmp_path: Path) -> None:
    text = """\
#
#    pip-compile --output-file=r.txt r.in
#
a==1.0
    # via -r r.in
b==1.0
    # via
    #   a
    #   -c limits.txt
c==1.0            # via a, b
d==1.0
    # via shop (pyproject.toml)
e==1.0
    # via somebody-not-listed
"""
    found = reading(read, tmp_path, {"r.txt": text})
    assert package(found, "a").requires == (Dependency("b"), Dependency("c"))  # type: ignore[arg-type]
    assert package(found, "b").requires == (Dependency("c"),)  # type: ignore[arg-type]
    assert {p.name: p.requested for p in found.packages} == {
        "a": True,
        "b": False,
        "c": False,
        "d": True,
        "e": True,
    }
    assert [root.name for root in found.roots] == ["a", "d", "e"]


def test_what_the_project_itself_needs_is_direct(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "r.txt": "-e .\na==1.0\n    # via\n    #   b\n    #   shop\nb==1.0\n    # via shop\n",
        "pyproject.toml": "[project]\nname = 'Shop'\nversion = '7'\n",
    }
    found = reading(read, tmp_path, files)
    assert found.first_party == ("shop",)
    assert package(found, "shop").version == "7"
    assert [root.name for root in found.roots] == ["shop", "a", "b"]


def test_two_versions_for_two_platforms(tmp_path: Path) -> None:
    text = "a==1 ; os_name == 'nt'\na==2 ; os_name != 'nt'\nb==1\n    # via a\n"
    found = reading(read, tmp_path, {"r.txt": text})
    first, second = (p for p in found.packages if p.name == "a")
    assert (first.marker, second.marker) == ('os_name == "nt"', 'os_name != "nt"')
    assert first.requires == (Dependency("b", marker='os_name == "nt"'),)  # type: ignore[arg-type]


def test_odd_versions_are_kept_and_told(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"r.txt": "a===2024-custom-x\n"})
    assert package(found, "a").version == "2024-custom-x"
    assert (fault(found).code, fault(found).kept) == ("package-version", True)


def test_the_python_it_was_compiled_for(tmp_path: Path) -> None:
    text = "# This file is autogenerated by pip-compile with Python 3.12\na==1\n    # via -r r.in\n"
    assert reading(read, tmp_path, {"r.txt": text}).source.python == "3.12"


def test_an_absolute_path_is_said(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"r.txt": "a @ file:///home/alice/a-1.0.zip\n"})
    assert any("only one machine" in remark for remark in package(found, "a").remarks)


def test_nothing(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"r.txt": "# nothing\n\n"})
    assert (found.packages, found.roots, found.faults) == ((), (), ())
