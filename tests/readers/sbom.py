"""Small bills of materials of our own, one for each format; all say the same.

An application that needs `flask`, which needs `Jinja2`; a package of another ecosystem.
"""

from __future__ import annotations

CYCLONEDX_JSON = """{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "version": 1,
  "metadata": {
    "component": {"type": "application", "bom-ref": "app", "name": "shop", "version": "1.0"}
  },
  "components": [
    {
      "type": "library",
      "bom-ref": "flask",
      "name": "flask",
      "version": "3.0.0",
      "purl": "pkg:pypi/flask@3.0.0",
      "licenses": [{"license": {"id": "BSD-3-Clause"}}],
      "hashes": [{"alg": "SHA-256", "content": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],
      "externalReferences": [
        {"type": "website", "url": "https://flask.example.org"},
        {"type": "distribution", "url": "https://index.example.org/flask-3.0.0-py3-none-any.whl"}
      ],
      "components": [
        {
          "type": "library",
          "bom-ref": "jinja",
          "name": "Jinja2",
          "version": "3.1.4",
          "purl": "pkg:pypi/Jinja2@3.1.4",
          "licenses": [
            {"expression": "BSD-3-Clause"},
            {"license": {"name": "BSD", "text": {"content": "Q29weXJpZ2h0", "encoding": "base64"}}}
          ]
        }
      ]
    },
    {"type": "library", "bom-ref": "left", "name": "left-pad", "purl": "pkg:npm/left-pad@1.3.0"}
  ],
  "dependencies": [
    {"ref": "app", "dependsOn": ["flask", "left"]},
    {"ref": "flask", "dependsOn": ["jinja"]}
  ]
}
"""

CYCLONEDX_XML = """<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
  <metadata>
    <component type="application" bom-ref="app"><name>shop</name><version>1.0</version></component>
  </metadata>
  <components>
    <component type="library" bom-ref="flask">
      <name>flask</name>
      <version>3.0.0</version>
      <hashes>
        <hash alg="SHA-256">aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</hash>
      </hashes>
      <licenses><license><id>BSD-3-Clause</id></license></licenses>
      <purl>pkg:pypi/flask@3.0.0</purl>
      <externalReferences>
        <reference type="distribution">
          <url>https://index.example.org/flask-3.0.0-py3-none-any.whl</url>
        </reference>
      </externalReferences>
      <components>
        <component type="library" bom-ref="jinja">
          <name>Jinja2</name>
          <version>3.1.4</version>
          <licenses>
            <expression>BSD-3-Clause</expression>
            <license><name>BSD</name><text encoding="base64">Q29weXJpZ2h0</text></license>
          </licenses>
          <purl>pkg:pypi/Jinja2@3.1.4</purl>
        </component>
      </components>
    </component>
    <component type="library" bom-ref="left">
      <name>left-pad</name>
      <purl>pkg:npm/left-pad@1.3.0</purl>
    </component>
  </components>
  <dependencies>
    <dependency ref="app"><dependency ref="flask"/><dependency ref="left"/></dependency>
    <dependency ref="flask"><dependency ref="jinja"/></dependency>
  </dependencies>
</bom>
"""

SPDX2_JSON = """{
  "spdxVersion": "SPDX-2.3",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "shop",
  "documentDescribes": ["SPDXRef-app"],
  "hasExtractedLicensingInfos": [
    {"licenseId": "LicenseRef-1", "extractedText": "Copyright", "name": "BSD"}
  ],
  "packages": [
    {"SPDXID": "SPDXRef-app", "name": "shop", "versionInfo": "1.0", "downloadLocation": "NOASSERTION"},
    {
      "SPDXID": "SPDXRef-flask",
      "name": "flask",
      "versionInfo": "3.0.0",
      "downloadLocation": "https://index.example.org/flask-3.0.0-py3-none-any.whl",
      "licenseDeclared": "BSD-3-Clause",
      "licenseConcluded": "NOASSERTION",
      "checksums": [{"algorithm": "SHA256", "checksumValue": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],
      "externalRefs": [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/flask@3.0.0"}
      ]
    },
    {
      "SPDXID": "SPDXRef-jinja",
      "name": "Jinja2",
      "versionInfo": "3.1.4",
      "downloadLocation": "NONE",
      "licenseDeclared": "LicenseRef-1",
      "licenseConcluded": "BSD-3-Clause",
      "externalRefs": [
        {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:pypi/Jinja2@3.1.4"}
      ]
    },
    {
      "SPDXID": "SPDXRef-left",
      "name": "left-pad",
      "downloadLocation": "NONE",
      "externalRefs": [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/left-pad@1.3.0"}
      ]
    }
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-app", "relatedSpdxElement": "SPDXRef-flask", "relationshipType": "DEPENDS_ON"},
    {"spdxElementId": "SPDXRef-jinja", "relatedSpdxElement": "SPDXRef-flask", "relationshipType": "DEPENDENCY_OF"}
  ]
}
"""

SPDX2_TAG_VALUE = """SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app

# The application
PackageName: shop
SPDXID: SPDXRef-app
PackageVersion: 1.0
PackageDownloadLocation: NOASSERTION

PackageName: flask
SPDXID: SPDXRef-flask
PackageVersion: 3.0.0
PackageDownloadLocation: https://index.example.org/flask-3.0.0-py3-none-any.whl
PackageLicenseDeclared: BSD-3-Clause
PackageLicenseConcluded: NOASSERTION
PackageChecksum: SHA256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
PackageComment: <text>Two
lines: of text</text>
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/flask@3.0.0

PackageName: Jinja2
SPDXID: SPDXRef-jinja
PackageVersion: 3.1.4
PackageDownloadLocation: NONE
PackageLicenseDeclared: LicenseRef-1
PackageLicenseConcluded: BSD-3-Clause
ExternalRef: PACKAGE_MANAGER purl pkg:pypi/Jinja2@3.1.4

FileName: ./jinja2/__init__.py
SPDXID: SPDXRef-file
LicenseConcluded: MIT

PackageName: left-pad
SPDXID: SPDXRef-left
PackageDownloadLocation: NONE
ExternalRef: PACKAGE-MANAGER purl pkg:npm/left-pad@1.3.0

Relationship: SPDXRef-app DEPENDS_ON SPDXRef-flask
Relationship: SPDXRef-jinja DEPENDENCY_OF SPDXRef-flask

LicenseID: LicenseRef-1
ExtractedText: <text>Copyright</text>
LicenseName: BSD
"""

SPDX3_JSON = """{
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"},
    {"type": "SpdxDocument", "spdxId": "urn:doc", "rootElement": ["urn:sbom"]},
    {"type": "software_Sbom", "spdxId": "urn:sbom", "rootElement": ["urn:app"]},
    {"type": "software_Package", "spdxId": "urn:app", "name": "shop", "software_packageVersion": "1.0"},
    {
      "type": "software_Package",
      "spdxId": "urn:flask",
      "name": "flask",
      "software_packageVersion": "3.0.0",
      "software_packageUrl": "pkg:pypi/flask@3.0.0",
      "software_downloadLocation": "https://index.example.org/flask-3.0.0-py3-none-any.whl",
      "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]
    },
    {
      "type": "software_Package",
      "spdxId": "urn:jinja",
      "name": "Jinja2",
      "software_packageVersion": "3.1.4",
      "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:pypi/Jinja2@3.1.4"}]
    },
    {"type": "software_Package", "spdxId": "urn:left", "name": "left-pad", "software_packageUrl": "pkg:npm/left-pad@1.3.0"},
    {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:bsd", "simplelicensing_licenseExpression": "BSD-3-Clause"},
    {"type": "Relationship", "spdxId": "urn:r1", "from": "urn:app", "to": ["urn:flask", "urn:left"], "relationshipType": "dependsOn"},
    {"type": "Relationship", "spdxId": "urn:r2", "from": "urn:flask", "to": ["urn:jinja"], "relationshipType": "dependsOn"},
    {"type": "Relationship", "spdxId": "urn:r3", "from": "urn:flask", "to": ["urn:bsd"], "relationshipType": "hasDeclaredLicense"},
    {"type": "Relationship", "spdxId": "urn:r4", "from": "urn:flask", "to": ["https://spdx.org/rdf/3.0.1/terms/Licensing/NoAssertion"], "relationshipType": "hasConcludedLicense"},
    {"type": "Relationship", "spdxId": "urn:r5", "from": "urn:jinja", "to": ["https://spdx.org/licenses/BSD-3-Clause"], "relationshipType": "hasConcludedLicense"}
  ]
}
"""
