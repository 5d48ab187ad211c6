"""What the files of a capture are called."""

from __future__ import annotations

LOG = "log.json"
ARCHIVE = "page.wacz"
SCREENSHOT = "screenshot.png"
PRINTED = "page.pdf"
RENDERED = "page.html"
CHAIN = "certificates.pem"
TAKEN = (ARCHIVE, SCREENSHOT, PRINTED, RENDERED, CHAIN)
"""What the browsing process may leave; beside the log, which the server writes."""

MEDIA_TYPES = {
    LOG: "application/json",
    ARCHIVE: "application/wacz",
    SCREENSHOT: "image/png",
    PRINTED: "application/pdf",
    RENDERED: "text/plain; charset=utf-8",
    CHAIN: "application/x-pem-file",
}
