"""Terms, markings and commitments of trade secrets; no database, no clock.

What makes information a trade secret in China: it is not known to the public, has commercial value, and its holder has
taken fitting measures to keep it (反不正当竞争法, art. 9 of the 2019 text; look up the number in the text in force).
Which measures count: 法释〔2020〕7号 art. 5 and 6, among them agreements (1), marking, encryption and a limited circle
of people (4), and what is asked of those who leave (6).
"""

from __future__ import annotations

from datetime import date, timedelta

from zonary.proof import canonical
from zonary.proof.digests import Digests, digests_of

MAX_TITLE = 120
MAX_POINT = 2000
MAX_NAME = 120
MAX_AGREEMENT = 20_000
"""Characters; a contract of some twenty pages."""
MAX_REASON = 200
MAX_TERM_DAYS = 366
"""From today to the last day of a grant: whoever is to see a secret for longer is looked at again each year."""
ONE_OPENING = timedelta(minutes=10)
"""Opening the same again within so long is the same opening: one download is made of many requests."""
POINT_VERSION = "zonary-secrecy-point/1"
PAGE, PACKAGE, CONTENT = "page", "package", "content"
RECORD, DOCUMENT = "record", "document"
MARKINGS = {"core": "Core trade secret", "ordinary": "Ordinary trade secret"}
"""核心商密 and 普通商密, the two levels state-owned enterprises mark with (国资发〔2010〕41号); others may as well."""
RETURNS = {
    "returned": "Everything was returned",
    "deleted": "Everything was returned or deleted",
    "nothing-held": "They held nothing",
    "refused": "They do not confirm it",
}
"""What is said of what a leaver had: 法释〔2020〕7号 art. 6 (6) asks for 登记、返还、清除、销毁."""


def is_term(until: date, today: date) -> bool:
    """Whether ``until`` can be the last day of a grant that begins today."""
    return today <= until <= today + timedelta(days=MAX_TERM_DAYS)


def point_statement(point: str, salt: bytes) -> bytes:
    """The bytes whose digests commit to a secrecy point: canonical JSON (RFC 8785); salted, so that none is guessed."""
    return canonical.encode({"point": point, "salt": salt.hex(), "version": POINT_VERSION})


def commit_point(point: str, salt: bytes) -> Digests:
    return digests_of(point_statement(point, salt))
