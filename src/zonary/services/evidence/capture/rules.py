"""What may be asked for, how much of it, and what each step and outcome is called. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from zonary.common.reach import is_inside_by_name
from zonary.proof.errors import Error

MAX_ADDRESS = 2000
MAX_TITLE = 120
MAX_UNDER_WAY = 5
"""Captures of one holder that wait or run."""
MAX_A_DAY = 100
"""Of one holder within 24 hours."""
AT_ONCE = 1
"""On one server."""
MEMORY_BYTES = 3 * 1024**3
"""Of the browser and all it starts, together."""
GRACE = timedelta(minutes=4)
"""One that has run for so long runs nowhere any more: the server was stopped."""
DAY = timedelta(days=1)


class CaptureAddressError(Error):
    """Nothing is captured from this address."""


def wanted_address(address: str, hosts: Collection[str]) -> str:
    """``address`` if it may be asked for; what it leads to is looked at again when it is connected to.

    :param hosts: ``host:port`` of what the operator lets be reached though it is inside.
    :raises CaptureAddressError: otherwise.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise CaptureAddressError("An address to be captured has the form https://host/path.") from None
    if parts.scheme not in ("http", "https") or not host or port == 0 or len(address) > MAX_ADDRESS:
        raise CaptureAddressError("An address to be captured has the form https://host/path.")
    if not address.isprintable() or " " in address or "\\" in address:
        raise CaptureAddressError("An address to be captured has the form https://host/path.")
    if parts.username is not None or parts.password is not None:
        raise CaptureAddressError("An address with a name or password in it is not captured: they would be recorded.")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    if f"{host}:{port}" in hosts:
        return address
    if is_inside_by_name(host):
        raise CaptureAddressError("This address is inside, and nothing is captured from there.")
    if port not in (80, 443) and port < 1024:
        raise CaptureAddressError("Pages are captured from the ports 80, 443 and those above 1023.")
    return address


STEPS: dict[str, str] = {
    "browser": "A browser was started with a fresh profile: Chromium {version}.",
    "opens": "The address was opened: {address}",
    "resolved": "The name {host} was resolved to {addresses}.",
    "unresolved": "The name {host} could not be resolved.",
    "connected": "A connection to {host}, port {port}, was made at the address {address}.",
    "unconnected": "No connection to {host}, port {port}, came about.",
    "refused": "A connection to {host}, port {port}, was refused: {address} is not of the public network.",
    "redirected": "{address} led on to {target} (status {status}).",
    "answered": "{address} was answered with status {status}.",
    "navigated": "The browser shows {address}.",
    "loaded": "The page was loaded.",
    "not-loaded": "The page was not loaded within {seconds} seconds; what was there by then is captured.",
    "not-opened": "The address could not be opened: {reason}.",
    "distrusted": "The browser does not trust the certificate of this address: {reason}.",
    "in-spite": "The address was opened in spite of its certificate, as had been asked.",
    "trusted": "{host} showed a certificate for {subject}, issued by {issuer}; this machine trusts it.",
    "untrusted": "{host} showed a certificate for {subject}, issued by {issuer}; this machine does not trust it: "
    "{reason}.",
    "no-chain": "The certificate of {host} could not be looked at.",
    "dialog": "The page opened a dialog ({kind}), which was dismissed: {message}",
    "popup": "The page opened another window, which was closed: {address}",
    "download": "Instead of a page there was a file to be saved, {name}; it was refused: {address}",
    "scheme": "The page asked for an address that is not of the web, which was refused: {address}",
    "sign-in": "The page asks for a password; what lies behind it was not captured.",
    "denied": "The page was refused to whoever is not signed in (status {status}).",
    "too-many-bytes": "More than {limit} bytes came; all connections were ended.",
    "too-many-requests": "The page asked for more than {limit} things; the rest was refused.",
    "too-many-redirects": "The page went on more than {limit} times; it was stopped.",
    "left-out": "This did not come about in its time and is left out: {what}.",
    "screenshot": "A picture of {width} by {height} pixels was taken; the page is {whole} high.",
    "rendered": "The page as the browser had built it was kept ({bytes} bytes).",
    "printed": "The page was printed as PDF ({bytes} bytes).",
    "archived": "{count} answers were packed as a web archive (WACZ).",
    "killed": "The browser was stopped: it took more time or memory than it may.",
    "broke-down": "The browser ended by itself.",
}
"""Step -> the sentence that tells it; its places are the facts of the step."""

OUTCOMES: dict[str, str] = {
    "captured": "The page was captured.",
    "incomplete": "The page was never loaded whole; what was there when the time was over was captured.",
    "refused": "The address leads to a place that is not of the public network. Nothing was fetched from there.",
    "unreachable": "The address could not be reached, or did not answer.",
    "certificate": "The browser does not trust the certificate of this address, so the page was not opened.",
    "redirects": "The address leads on without end; it was stopped.",
    "download": "Behind the address is a file to be saved, not a page. It was not kept.",
    "too-much": "The page is larger than what is captured; what had come by then was captured.",
    "stopped": "The browser took more time or memory than it may and was stopped.",
}
"""Outcome -> what it means."""
TONES = {"captured": "good", "incomplete": "warn", "too-much": "warn"}
"""Outcome -> tone of its badge; of all others: bad."""

FAILURES: dict[str, str] = {
    "interrupted": "The server was stopped while it was captured. Ask for it again.",
    "not-allowed": "Whoever asked for it does not act for this holder any more.",
    "no-room": "There was no room for its files among the documents of the holder.",
    "no-browser": "The browser could not be started on this server. Whoever runs it finds the reason in its log.",
    "clock": "The clock of this server was in doubt.",
    "fault": "Something went wrong on this server. Whoever runs it finds the reason in its log.",
}
"""Why there is nothing to seal."""

UNPROVEN: tuple[str, ...] = (
    "The page may show other people something else: by their place, language, device, history, or at another time.",
    "The browser was signed in nowhere. What is shown only to whoever signed in, or paid, is not here.",
    "What the page would have shown after a click, after waiting longer or further down was not looked at.",
    "Who owns the address, and who wrote the page, does not follow from it.",
    "The addresses of hosts are what the name servers of this machine said, and certificates what this machine saw.",
    "The times are those of this server's clock, which is watched but not certified; the timestamp of the record is "
    "made by its own authority.",
    "Whoever runs this server controls the machine the browser ran on. The log keeps anyone from changing the record "
    "afterwards, not the operator from having shown the browser something else.",
    "Values of cookies are not kept, and bodies are kept as the browser unpacked them.",
)
"""What a capture cannot prove; shown on its page and sealed with its log."""
