"""The same small document in every format; see ``tests/readers/sbom.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from adhere.model.assemble import assemble
from adhere.model.inventory import Reading
from adhere.model.package import Dependency, Origin
from adhere.sources import cyclonedx, spdx
from readers.given import fault, package, reading, refusal
from readers.sbom import CYCLONEDX_JSON, CYCLONEDX_XML, SPDX2_JSON, SPDX2_TAG_VALUE, SPDX3_JSON

FORMATS: dict[str, tuple[Callable[[Path, str], Reading], str]] = {
    "bom.json": (cyclonedx.read, CYCLONEDX_JSON),
    "bom.xml": (cyclonedx.read, CYCLONEDX_XML),
    "two.spdx.json": (spdx.read, SPDX2_JSON),
    "two.spdx.yaml": (spdx.read, yaml.safe_dump(json.loads(SPDX2_JSON), sort_keys=False)),
    "two.spdx": (spdx.read, SPDX2_TAG_VALUE),
    "three.spdx.json": (spdx.read, SPDX3_JSON),
}


@pytest.mark.parametrize("name", FORMATS)
def test_all_formats_say_the_same(tmp_path: Path, name: str) -> None:
    read, text = FORMATS[name]
    found = reading(read, tmp_path, {name: text})
    assert found.faults == ()
    assert {(p.name, p.version) for p in found.packages} == {
        ("flask", "3.0.0"),
        ("jinja2", "3.1.4"),
    }
    flask, jinja = package(found, "flask"), package(found, "jinja2")
    assert flask.requires == (Dependency("jinja2"),)  # type: ignore[arg-type]
    assert flask.declared is not None
    assert flask.declared.stated == ("BSD-3-Clause",)
    assert flask.declared.document == name
    assert flask.declared.digest == found.source.digest
    assert flask.artifacts[0].name == "flask-3.0.0-py3-none-any.whl"
    assert flask.artifacts[0].hashes == ("sha256:" + "a" * 64,)
    assert jinja.spelled == "Jinja2"
    assert jinja.declared is not None
    assert "BSD-3-Clause" in jinja.declared.stated
    assert [(r.name, r.specifier, r.by) for r in found.roots] == [("flask", "==3.0.0", "shop")]
    assert found.first_party == ("shop",)
    assert any("1 `npm`" in remark for remark in found.source.remarks)
    direct = {c.name: c.direct for c in assemble([found]).components}
    assert direct == {"flask": True, "jinja2": False}


@pytest.mark.parametrize(
    "name", ["bom.json", "bom.xml", "two.spdx.json", "two.spdx.yaml", "two.spdx"]
)
def test_a_license_text_is_kept(tmp_path: Path, name: str) -> None:
    read, text = FORMATS[name]
    declared = package(reading(read, tmp_path, {name: text}), "jinja2").declared
    assert declared is not None
    assert declared.text == "Copyright"


@pytest.mark.parametrize("name", FORMATS)
def test_lines(tmp_path: Path, name: str) -> None:
    read, text = FORMATS[name]
    lines = text.splitlines()
    for found in reading(read, tmp_path, {name: text}).packages:
        near = "\n".join(lines[found.location.line - 1 : found.location.line + 4])
        assert found.name in near.lower()


def edited(text: str, change: Callable[[Any], object]) -> str:
    value = json.loads(text)
    change(value)
    return json.dumps(value)


@pytest.mark.parametrize("version", ["1.2", "1.4", "1.7"])
def test_versions_of_cyclonedx(tmp_path: Path, version: str) -> None:
    text = CYCLONEDX_JSON.replace('"1.6"', f'"{version}"')
    assert reading(cyclonedx.read, tmp_path, {"b.json": text}).packages
    xml = CYCLONEDX_XML.replace("bom/1.5", f"bom/{version}")
    assert reading(cyclonedx.read, tmp_path, {"b.xml": xml}).packages


def test_a_newer_minor_version_is_read_and_said(tmp_path: Path) -> None:
    found = reading(cyclonedx.read, tmp_path, {"b.json": CYCLONEDX_JSON.replace("1.6", "1.9")})
    assert "1.9 is newer" in found.source.remarks[0]
    found = reading(spdx.read, tmp_path, {"s": SPDX2_JSON.replace("SPDX-2.3", "SPDX-2.9")})
    assert "`SPDX-2.9`" in found.source.remarks[0]
    found = reading(spdx.read, tmp_path, {"s": SPDX3_JSON.replace('"3.0.1"', '"3.5"')})
    assert "3.5 is newer" in found.source.remarks[0]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("b.json", CYCLONEDX_JSON.replace("1.6", "2.0"), "source-unsupported"),
        ("b.json", CYCLONEDX_JSON.replace('"1.6"', "1.6"), ""),
        ("b.json", CYCLONEDX_JSON.replace("CycloneDX", "Cyclone"), "source-invalid"),
        ("b.json", "[]", "source-invalid"),
        ("b.json", '{"bomFormat": "CycloneDX", "specVersion": "1.5", "dependencies": 1}', "source-invalid"),
        ("b.xml", CYCLONEDX_XML.replace("bom/1.5", "bom/1.1"), "source-unsupported"),
        ("b.xml", CYCLONEDX_XML.replace("<bom ", "<bim ").replace("</bom>", "</bim>"), "source-invalid"),
        ("b.xml", "<bom>", "source-invalid"),
        ("b.xml", '<?xml version="1.0" encoding="klingon"?><bom/>', "source-invalid"),
        ("b.xml", "<a>" * 1_000, "source-invalid"),
        ("s", SPDX2_JSON.replace("SPDX-2.3", "SPDX-1.2"), "source-unsupported"),
        ("s", SPDX2_TAG_VALUE.replace("SPDX-2.2", "SPDX-3.0"), "source-unsupported"),
        ("s", SPDX3_JSON.replace('"3.0.1"', '"4.0"'), "source-unsupported"),
        ("s", "<rdf:RDF/>", "source-unsupported"),
        ("s", "{}", "source-invalid"),
        ("s", '{"@context": "x"}', "source-invalid"),
        ("s", '{"@context": "https://spdx.org/rdf/3.0.0/x", "@graph": 1}', "source-invalid"),
        ("s", '{"@context": "https://spdx.org/rdf/3.0.0/x", "@graph": [1]}', "source-invalid"),
        ("s", '{"spdxVersion": "SPDX-2.3", "packages": 1}', "source-invalid"),
        ("s", '{"spdxVersion": "SPDX-2.3", "relationships": [1]}', "source-invalid"),
        ("s", "PackageName: a\n", "source-invalid"),
        ("s", "SPDXVersion: SPDX-2.3\nnonsense\n", "source-invalid"),
        ("s", "SPDXVersion: SPDX-2.3\nX: <text>\n", "source-invalid"),
        ("s", "", "source-invalid"),
    ],
)  # fmt: skip
def test_refusals(tmp_path: Path, name: str, text: str, code: str) -> None:
    read = spdx.read if name == "s" else cyclonedx.read
    if not code:  # a number that reads like the version is as good
        assert reading(read, tmp_path, {name: text}).packages
        return
    (problem,) = refusal(read, tmp_path, {name: text})
    assert problem.code == code


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE bom [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE bom SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE bom>",
    ],
)
def test_no_document_type_is_ever_read(tmp_path: Path, doctype: str) -> None:
    text = CYCLONEDX_XML.replace("<bom ", f"{doctype}\n<bom ")
    (problem,) = refusal(cyclonedx.read, tmp_path, {"b.xml": text})
    assert "document type" in problem.message
    assert problem.line == 2


def test_xml_in_utf_16(tmp_path: Path) -> None:
    data = CYCLONEDX_XML.replace("UTF-8", "UTF-16").encode("utf-16")
    assert len(reading(cyclonedx.read, tmp_path, {"b.xml": data}).packages) == 2


def test_silence_is_no_license(tmp_path: Path) -> None:
    def silence(value: Any) -> None:
        for entry in value["packages"]:
            entry["licenseDeclared"] = "NOASSERTION"
            entry["licenseConcluded"] = "NONE"

    found = reading(spdx.read, tmp_path, {"s": edited(SPDX2_JSON, silence)})
    declared = package(found, "flask").declared
    assert declared is not None
    assert declared.stated == ()


def test_silence_is_no_license_in_cyclonedx_either(tmp_path: Path) -> None:
    def silence(value: Any) -> None:
        value["components"][0]["licenses"] = [{"license": {"name": " NOASSERTION "}}]

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, silence)})
    declared = package(found, "flask").declared
    assert declared is not None
    assert declared.stated == ()


def test_without_a_graph_nobody_knows_what_was_asked_for(tmp_path: Path) -> None:
    def cut(value: Any) -> None:
        del value["dependencies"], value["metadata"]

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, cut)})
    assert found.roots == found.first_party == ()
    assert len(found.packages) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": 5},
        {"version": None},
        {"purl": "pkg:pypi/..%2Fx@1"},
        {"purl": "pkg:pypi/flask", "version": ""},
        {"licenses": [1]},
        {"hashes": [{"alg": "x"}]},
    ],
)
def test_a_wrong_component_is_a_fault_with_its_line(tmp_path: Path, change: dict[str, Any]) -> None:
    def apply(value: Any) -> None:
        value["components"][0] |= change

    text = json.dumps(json.loads(edited(CYCLONEDX_JSON, apply)), indent=1)
    found = reading(cyclonedx.read, tmp_path, {"b": text})
    assert "jinja2" in {p.name for p in found.packages}
    assert fault(found).code == "package-unreadable"
    assert fault(found).location.line > 1


def test_components_that_are_no_objects_are_told(tmp_path: Path) -> None:
    text = edited(CYCLONEDX_JSON, lambda value: value["components"].append(7))
    assert "a number, not an object" in fault(reading(cyclonedx.read, tmp_path, {"b": text})).reason
    text = edited(CYCLONEDX_JSON, lambda value: value.update(components="x"))
    assert "a string, not an object" in fault(reading(cyclonedx.read, tmp_path, {"b": text})).reason


def test_scopes_versions_and_licenses_that_need_a_word(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        value["components"][0] |= {
            "scope": "optional",
            "version": "3.0",
            "licenses": [{"license": {"text": {"content": "!", "encoding": "base64"}}}],
            "hashes": [{"alg": "SHA-256", "content": "zz"}],
        }
        value["components"][0]["components"][0]["scope"] = "excluded"
        value["metadata"]["component"]["version"] = 5

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    said = " ".join(package(found, "flask").remarks)
    assert "optional" in said
    assert "`3.0`" in said
    assert "hash" in said
    assert "left out" in package(found, "jinja2").remarks[0]
    assert "cannot be read" in " ".join(found.source.remarks)


def _without_url(value: Any, kind: str = "library") -> None:
    value["components"][0] |= {"type": kind, "version": "3.0"}
    value["components"][0].pop("purl")


def test_a_part_without_a_package_url_is_what_all_others_are(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        _without_url(value)
        value["components"] = [c for c in value["components"] if "npm" not in c.get("purl", "")]

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    assert found.faults == ()
    assert "no package URL" in package(found, "flask").remarks[-1]


def test_a_part_without_a_package_url_among_others_is_not_judged_and_said(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        _without_url(value)
        value["components"][1] |= {"purl": "pkg:npm/left-pad@1"}

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    assert "is not known" in fault(found).reason
    assert not fault(found).kept


def test_a_package_url_that_is_none_is_said(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        value["components"][0]["purl"] = "flask@3"

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    assert fault(found).reason == "its package URL `flask@3` cannot be read"


def test_files_and_systems_are_counted_and_no_packages(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        _without_url(value, "operating-system")

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    assert found.faults == ()
    assert "1 of its parts are files, devices" in " ".join(found.source.remarks)


def test_an_operating_system_in_spdx_is_no_package_either_way_it_is_spelled(
    tmp_path: Path,
) -> None:
    for purpose in ("OPERATING_SYSTEM", "OPERATING-SYSTEM"):

        def change(value: Any, purpose: str = purpose) -> None:
            value["packages"].append(
                {"name": "os", "SPDXID": "SPDXRef-os", "primaryPackagePurpose": purpose}
            )

        found = reading(spdx.read, tmp_path, {"s": edited(SPDX2_JSON, change)})
        assert found.faults == ()
        assert "os" not in {package.name for package in found.packages}


def test_a_part_that_was_installed_from_a_repository_or_a_folder(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        value["components"] = [
            {
                "name": "a",
                "version": "1",
                "externalReferences": [
                    {
                        "type": "vcs",
                        "comment": "PackageSource: VCS 'git'",
                        "url": f"https://git.example.org/a#{'0' * 40}",
                    }
                ],
            },
            {
                "name": "b",
                "externalReferences": [{"type": "distribution", "url": "file:///x/b"}],
            },
            {"name": "c", "version": "1", "purl": "pkg:pypi/c@1"},
        ]

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    a, b = package(found, "a"), package(found, "b")
    assert a.origin == Origin("vcs", "https://git.example.org/a", commit="0" * 40)
    assert b.origin == Origin("path", "file:///x/b")
    assert b.version == ""
    assert "does not tell its version" in b.remarks[-1]


def test_where_a_part_comes_from(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        value["components"][0]["purl"] += "?vcs_url=git%2Bhttps://git.example.org/f%40v1"

    found = reading(cyclonedx.read, tmp_path, {"b": edited(CYCLONEDX_JSON, change)})
    assert package(found, "flask").origin == Origin("vcs", "https://git.example.org/f", "v1")
    plain = package(reading(cyclonedx.read, tmp_path, {"b": CYCLONEDX_JSON}), "flask").origin
    assert plain == Origin("unknown", "https://index.example.org/flask-3.0.0-py3-none-any.whl")


@pytest.mark.parametrize(
    ("element", "expression"),
    [
        ({"type": "expandedlicensing_DisjunctiveLicenseSet", "expandedlicensing_member": ["https://spdx.org/licenses/MIT", "urn:bsd"]}, "MIT OR BSD-3-Clause"),
        ({"type": "expandedlicensing_ConjunctiveLicenseSet", "expandedlicensing_member": ["https://spdx.org/licenses/MIT", {"type": "expandedlicensing_OrLaterOperator", "expandedlicensing_subjectLicense": "https://spdx.org/licenses/GPL-2.0"}]}, "MIT AND GPL-2.0+"),
        ({"type": "expandedlicensing_WithAdditionOperator", "expandedlicensing_subjectExtendableLicense": "https://spdx.org/licenses/Apache-2.0", "expandedlicensing_subjectAddition": "https://spdx.org/licenses/LLVM-exception"}, "Apache-2.0 WITH LLVM-exception"),
        ({"type": "expandedlicensing_ListedLicense", "spdxId": "https://spdx.org/licenses/0BSD", "name": "x"}, ""),
        ({"type": "simplelicensing_AnyLicenseInfo", "name": "Ours"}, "Ours"),
        ({"type": "expandedlicensing_ConjunctiveLicenseSet", "expandedlicensing_member": ["urn:l", "urn:l"]}, ""),
    ],
)  # fmt: skip
def test_licenses_of_spdx_3(tmp_path: Path, element: dict[str, Any], expression: str) -> None:
    def change(value: Any) -> None:
        value["@graph"].append({"spdxId": "urn:l"} | element)
        for item in value["@graph"]:
            if item.get("spdxId") == "urn:r3":
                item["to"] = ["urn:l"]

    found = package(reading(spdx.read, tmp_path, {"s": edited(SPDX3_JSON, change)}), "flask")
    assert found.declared is not None
    assert found.declared.stated == ((expression,) if expression else ())


def test_sets_of_sets_do_not_grow_without_bound(tmp_path: Path) -> None:
    def change(value: Any) -> None:
        for n in range(16):
            member = [f"urn:s{n + 1}", f"urn:s{n + 1}"]
            value["@graph"].append(
                {
                    "type": "expandedlicensing_ConjunctiveLicenseSet",
                    "spdxId": f"urn:s{n}",
                    "member": member,
                }
            )
        value["@graph"].append(
            {"type": "x_LicenseExpression", "spdxId": "urn:s16", "licenseExpression": "MIT"}
        )
        value["@graph"].append(
            {
                "type": "Relationship",
                "from": "urn:flask",
                "to": ["urn:s0"],
                "relationshipType": "hasDeclaredLicense",
            }
        )

    found = package(reading(spdx.read, tmp_path, {"s": edited(SPDX3_JSON, change)}), "flask")
    assert found.declared is not None
    assert all(len(text) <= 10_000 for text in found.declared.stated)


SPDX_YAML = """\
spdxVersion: SPDX-2.3
packages:
- name: flask
  SPDXID: SPDXRef-flask
  versionInfo: 3.10
  externalRefs:
  - referenceType: purl
    referenceLocator: pkg:pypi/flask
- name: 5
  SPDXID: [SPDXRef-x]
"""


def test_a_version_in_yaml_is_no_number_and_its_entries_have_lines(tmp_path: Path) -> None:
    found = reading(spdx.read, tmp_path, {"s.yaml": SPDX_YAML})
    flask = package(found, "flask")
    assert (flask.version, flask.location.line) == ("3.10", 3)
    assert (fault(found).code, fault(found).location.line) == ("package-unreadable", 9)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("spdxVersion: SPDX-2.3\npackages: [\n", 3, "not valid YAML"),
        ("spdxVersion: SPDX-2.3\npackages: x\n", 2, "`packages` is a string"),
        ("packages: []\nspdxVersion: SPDX-1.0\n", 2, "is not known"),
        ("spdxVersion: SPDX-2.3\nrelationships:\n- spdxElementId: a\n", 3, "missing"),
        ("a: &a [x, x]\n" * 2 + "spdxVersion: SPDX-2.3\n\x01", 4, "may not hold"),
        ('"a\nspdxVersion: y"\n', 1, "it has no `spdxVersion`"),
    ],
)
def test_yaml_that_is_wrong_is_refused_where_it_is(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    (problem,) = refusal(spdx.read, tmp_path, {"s.yaml": text})
    assert words in problem.message
    assert problem.line == line


def test_yaml_whose_aliases_unfold_without_end_is_refused(tmp_path: Path) -> None:
    rings = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    text = f"spdxVersion: SPDX-2.3\nl0: &l0 [x]\n{rings}"
    (problem,) = refusal(spdx.read, tmp_path, {"s.yaml": text})
    assert "aliases" in problem.message
