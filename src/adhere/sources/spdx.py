"""SPDX documents: 2.2 and 2.3 in JSON, YAML and tag-value, 3.0 in JSON-LD."""

from __future__ import annotations

import re
from pathlib import Path

from adhere.errors import Problem, SourceError
from adhere.model.inventory import Reading
from adhere.sources.files import decode_text, digest, read_bytes
from adhere.sources.json_file import JsonFile
from adhere.sources.sbom import reading_of
from adhere.sources.spdx2 import UNSUPPORTED, read_json

_YAML = re.compile(r"^[\"']?spdxVersion[\"']?\s*:", re.MULTILINE)


def read(path: Path, label: str) -> Reading:
    """Read a document; its shape tells which format it is in.

    Raises:
        SourceError: it cannot be read, is no such document, or of a version or in a
            format that is not known.
    """
    data = read_bytes(path, label)
    text = decode_text(data, label)
    start = text.lstrip()[:1]
    if start == "<":
        message = "SPDX in XML or RDF is not read"
        raise SourceError(Problem("source-unsupported", message, path=label, hint=UNSUPPORTED))
    if start not in ("{", "[") and _YAML.search(text):
        from adhere.sources.spdx_yaml import YamlFile

        written = YamlFile(label, data)
        if not isinstance(written.value, dict) or "spdxVersion" not in written.value:
            raise written.refuse("it has no `spdxVersion`", (), hint="is it an SPDX document?")
        document = read_json(written)
        return reading_of(document, "spdx", label, digest(data))
    if start not in ("{", "["):
        from adhere.sources.spdx_tag_value import read_tag_value

        return reading_of(read_tag_value(text, label), "spdx", label, digest(data))
    file = JsonFile(label, data)
    if isinstance(file.value, dict) and "spdxVersion" in file.value:
        document = read_json(file)
    else:
        from adhere.sources.spdx3 import read_graph

        document = read_graph(file)
    return reading_of(document, "spdx", label, file.digest)
