"""Whom TLS trusts: the authorities that the user's other tools trust."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from adhere.evidence.index import look
from adhere.evidence.index.said import Said, wrong

if TYPE_CHECKING:
    import ssl

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def authorities(environ: Mapping[str, str], pip: Mapping[str, Said]) -> Said | None:
    """A file or folder of certificates; ``None`` for those of the system.

    Args:
        environ: environment variables, which come first.
        pip: what pip is told; its ``cert`` comes next.
    """
    for name in VARIABLES:
        if environ.get(name):
            return Said(environ[name], name)
    return pip.get("cert")


def make_context(chosen: Said | None) -> ssl.SSLContext:
    """What every connection of a run shares.

    Raises:
        ConfigError: what was chosen is not there, or has no certificate.
    """
    import ssl

    if chosen is None:
        return _of_the_system()
    path = os.path.expanduser(chosen.value)
    hint = "name a file of certificates in PEM, or unset it"
    if not look.exists(path):
        raise wrong("there is no such file", chosen.where, hint)
    try:
        if look.is_folder(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError:  # an ssl.SSLError is one
        raise wrong("the file has no certificate that can be read", chosen.where, hint) from None


def _of_the_system() -> ssl.SSLContext:
    import ssl

    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if context.get_ca_certs() or paths.cafile or (paths.capath and os.listdir(paths.capath)):
        return context
    import certifi  # comes with httpx

    context.load_verify_locations(certifi.where())
    return context
