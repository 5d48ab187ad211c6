"""The ASiCManifest: what the package's own timestamp token covers (ETSI EN 319 162-1, annex A.4).

It lists the statement only, so it never changes while a package grows, and every disclosure keeps it. For a given
statement its bytes are fixed; a verifier makes them anew and compares, and no XML is ever parsed.
"""

from __future__ import annotations

import base64
import hashlib

from zonary.proof.package.container import PACKAGE_TOKEN, STATEMENT

_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
  <asic:SigReference URI="{token}" MimeType="application/vnd.etsi.timestamp-token"/>
  <asic:DataObjectReference URI="{statement}" MimeType="application/json">
    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
    <ds:DigestValue>{digest}</ds:DigestValue>
  </asic:DataObjectReference>
</asic:ASiCManifest>
"""


def asic_manifest(statement: bytes) -> bytes:
    """The one ASiCManifest for these statement bytes."""
    return asic_manifest_of(hashlib.sha256(statement).digest())


def asic_manifest_of(sha256: bytes) -> bytes:
    """The one ASiCManifest for the statement with this SHA-256, which need not be at hand."""
    digest = base64.b64encode(sha256).decode("ascii")
    return _TEMPLATE.format(token=PACKAGE_TOKEN, statement=STATEMENT, digest=digest).encode("utf-8")
