"""Facts and package in, the unsigned PDF out, by typst with fonts that are installed beside it.

One compiler a process, used by one thread at a time: it holds the fonts (some 20 MB on disk, mapped) and takes some
tens of milliseconds a certificate. It reads nothing but a folder that is made for the occasion, and no network.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import qrcode
from cryptography import x509
from qrcode.image.svg import SvgPathImage

from zonary.proof.certificate.facts import FACTS_NAME, PACKAGE_NAME, CertificateFacts
from zonary.proof.certificate.steps import STEPS_NAME, script_of
from zonary.services.evidence.certificates.rendering.beside import beside
from zonary.services.evidence.certificates.rendering.page import page_of

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_one_at_a_time = threading.Lock()


def render(facts: CertificateFacts, package: bytes, signers: Sequence[x509.Certificate]) -> bytes:
    """The pages as PDF/A-3b with the package, the facts and the commands attached; not yet signed.

    The same facts, package and signer give the same bytes.

    :param signers: the certificate it will be signed by, its root last; the pages name both.
    """
    with tempfile.TemporaryDirectory(prefix="zonary-certificate-") as name:
        folder = Path(name)
        (folder / PACKAGE_NAME).write_bytes(package)
        (folder / FACTS_NAME).write_bytes(facts.encode())
        (folder / STEPS_NAME).write_bytes(script_of(facts.package))
        page = page_of(facts, beside(package, signers))
        (folder / "page.json").write_text(json.dumps(page, ensure_ascii=False), "utf-8")
        picture = qrcode.make(facts.address, image_factory=SvgPathImage, border=0)
        (folder / "qr.svg").write_bytes(picture.to_string())
        with _one_at_a_time:
            made = _compiler().compile(
                input=_TEMPLATE.read_bytes(), root=folder, format="pdf", pdf_standards="a-3b", sys_inputs=None
            )
    if not isinstance(made, bytes):  # several files are made of pictures, never of a PDF
        raise TypeError("typst made no PDF.")
    return made


@cache
def _compiler() -> typst.Compiler:
    import noto_cjk_sans_otc
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)],
    )
    return typst.Compiler(font_paths=fonts)
