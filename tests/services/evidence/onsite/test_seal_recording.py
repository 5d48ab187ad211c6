"""A code is given, a recording is made under it and sealed once, while it is good; and who sees what came of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="captures on the spot need the [web] extra")

from tests.api.calls import Caller, token_for
from tests.five_accounts import AT, browser
from tests.foundation import zone_at_work
from tests.foundation.documents.arriving import bring

FILM = b"a film in which somebody says a code"
WHO = ("owner", "colleague", "rival", "officer", "outsider")


def digests(data: bytes = FILM) -> Any:
    from zonary.proof.digests import digests_of

    return digests_of(data)


def give(by: Any, *, at: Any = AT, language: str = "zh", **more: str) -> Any:
    from zonary.services.evidence.onsite.actions import give_code
    from zonary.services.evidence.onsite.rules import Plan

    plan = Plan(**({"medium": "video", "title": "仿冒轴承（展会）"} | more))
    return give_code(plan, language=language, by=by, at=at)


def seal(capture: Any, by: Any, data: bytes = FILM, *, at: Any = AT + timedelta(minutes=2), **told: str) -> Any:
    from zonary.services.evidence.onsite.actions import seal_recording
    from zonary.services.evidence.onsite.rules import Told

    return seal_recording(str(capture.public_id), digests(data), Told(**told), by=by, at=at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_code_has_four_digits_and_two_words_nobody_can_guess(language: str) -> None:
    import secrets

    from zonary.services.evidence.onsite.codes import DIGITS, WORDS, draw_code

    drawn = {draw_code(language, secrets.randbelow) for _number in range(300)}
    assert len(drawn) > 295
    words = WORDS[language].split()
    for code in drawn:
        number, first, second = code.split()
        assert len(number) == 4
        assert set(number) <= set(DIGITS[language])
        assert first != second
        assert {first, second} <= set(words)
    assert len(words) == len(set(words)) >= 64


def test_what_is_declared_and_what_is_observed_is_sealed_apart(five: Any, data: Any, tmp_path: Path) -> None:
    """The package proves, to anybody and without us, when the code was given and when the digest came."""
    from django.conf import settings

    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick
    from zonary.services.evidence import queries
    from zonary.services.evidence.tasks import stamp_evidence

    log, at = zone_at_work.start(data), zone_at_work.AT
    later = at + timedelta(seconds=90)
    capture = give(five.owner, at=at, place="3 号馆 A12", shows="轴承外包装")
    told = {"user_agent": "Phone/1\x07", "way": "chosen", "camera": "back", "clock": "2026"}
    sealed = seal(capture, five.owner, at=later, **told)
    stamp_evidence(str(sealed.evidence), clock=lambda: later)
    while tick(log, at=later):
        publish(log)
    publish(log)
    (receipt,) = queries.find_by_digest(five.colleague, "sha256", digests().sha256)
    assert (receipt.public_id, receipt.is_one_file) == (str(sealed.evidence), True)
    package, film = tmp_path / "x.zonary", tmp_path / "renamed.webm"
    package.write_bytes(queries.package_of(receipt) or b"")
    film.write_bytes(FILM)

    def zonary(*arguments: object) -> Any:
        command = [sys.executable, "-m", "zonary.cli.main", "--lang", "en", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    trust = settings.ZONARY_DATA.trust
    done = zonary("verify", package, film, "--trust", trust)
    assert done.returncode == 0, done.stdout + done.stderr
    film.write_bytes(FILM + b".")
    assert zonary("verify", package, film, "--trust", trust).returncode == 1
    from zipfile import ZipFile

    with ZipFile(package) as archive:
        statement = json.loads(archive.read("statement.json"))
    reported = {"by": "browser"} | told | {"user_agent": "Phone/1"}
    origin = {"version": "zonary-origin/1", "reported": reported}
    assert statement["declared"] == {"place": "3 号馆 A12", "shows": "轴承外包装", "origin": origin}
    assert statement["observed"] == {
        "capture": str(capture.public_id),
        "code": capture.code,
        "code_given": "2026-11-22T03:04:05.000000Z",
        "digest_received": "2026-11-22T03:05:35.000000Z",
        "medium": "video",
    }


def test_a_code_is_good_for_minutes_and_one_recording(five: Any) -> None:
    from zonary.services.evidence.models import EvidenceRecord
    from zonary.services.evidence.onsite.actions import CodeOverError, OnsiteError
    from zonary.services.evidence.onsite.rules import GOOD_FOR

    used, late = give(five.owner), give(five.owner)
    with pytest.raises(CodeOverError, match="good no more"):
        seal(late, five.owner, at=AT + GOOD_FOR + timedelta(microseconds=1))
    first = seal(used, five.owner, at=AT + GOOD_FOR)
    again = seal(used, five.owner, at=AT + timedelta(days=1))  # the answer was lost, and it is sent again
    assert again.evidence == first.evidence
    with pytest.raises(OnsiteError, match="used already"):
        seal(used, five.owner, b"another")
    assert EvidenceRecord.objects.count() == 1
    assert (first.title, first.place, first.shows) == ("", "", "")


def test_nobody_else_uses_it_and_rivals_see_nothing(five: Any, demo: None, data: Any) -> None:
    from zonary.services.evidence import queries
    from zonary.services.evidence.onsite.actions import UnknownOnsiteError
    from zonary.services.evidence.onsite.queries import find_onsite_capture

    zone_at_work.start(data)
    capture = give(five.owner)
    for name in WHO[1:]:
        with pytest.raises(UnknownOnsiteError):
            seal(capture, getattr(five, name))
    seal(capture, five.owner)
    for name in WHO:
        who = getattr(five, name)
        is_own = name in ("owner", "colleague")
        assert (find_onsite_capture(who, str(capture.public_id)) is not None) == is_own, name
        assert browser(who).get(f"/onsite/{capture.public_id}").status_code == (200 if is_own else 404), name
        assert Caller(who)("GET", f"/onsite/{capture.public_id}").status_code == (200 if is_own else 404), name
        assert len(Caller(who)("GET", "/onsite").json()["items"]) == int(is_own), name
        assert len(queries.find_by_digest(who, "sm3", digests().sm3)) == int(is_own), name


def test_a_program_and_a_reader_get_no_code_and_there_are_only_so_many(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.standing import Standing
    from zonary.services.evidence.onsite.actions import OnsiteError
    from zonary.services.evidence.onsite.rules import GOOD_FOR, MAX_OPEN

    with pytest.raises(NotAllowedError):
        give(Standing(person="operator"))
    reading = Caller(five.owner, token_for(five.owner, "evidence:read"))
    assert reading("POST", "/onsite", {"medium": "photo", "title": "x"}).status_code == 403
    for _number in range(MAX_OPEN):
        give(five.owner)
    with pytest.raises(OnsiteError, match="still good"):
        give(five.owner)
    give(five.colleague)
    give(five.owner, at=AT + GOOD_FOR + timedelta(seconds=1))


def test_the_code_is_on_record_when_it_is_given(five: Any) -> None:
    from zonary.foundation.ledger.queries import items_of
    from zonary.foundation.ledger.watching import when_recorded

    told: list[Any] = []
    when_recorded("test", told.extend)
    try:
        capture = give(five.owner, language="en")
        seal(capture, five.owner)
    finally:
        when_recorded("test", lambda _happenings: None)
    kinds = [each.kind for each in told]
    assert kinds[0] == "onsite.code.given"
    assert kinds[-1] == "onsite.recording.sealed"
    (given,) = items_of([told[0].entry])
    assert json.loads(given.body)["code"] == capture.code
    assert (given.recorded_at, given.actor) == (AT, five.owner.person)


def test_an_erased_record_is_found_by_no_digest(five: Any, demo: None) -> None:
    from zonary.services.evidence import queries
    from zonary.services.evidence.sharing.actions import erase_record

    sealed = seal(give(five.owner, place="某处"), five.owner)
    erase_record(str(sealed.evidence), reason="x", by=five.owner, at=AT)
    sealed.refresh_from_db()
    assert (bytes(sealed.sha256), bytes(sealed.sm3)) == (b"", b"")
    assert queries.find_by_digest(five.owner, "sha256", digests().sha256) == []
    page = browser(five.owner).get(f"/onsite/{sealed.public_id}?lang=en").content.decode()
    assert "was erased" in page
    assert digests().sha256.hex() not in page


def test_the_interface_seals_as_the_page_does(five: Any, demo: None, data: Any) -> None:
    zone_at_work.start(data)
    call = Caller(five.owner)
    given = call("POST", "/onsite", {"medium": "photo", "title": "x", "place": "y"})
    assert given.status_code == 201, given.content
    place = f"/onsite/{given.json()['id']}/recording"
    body = {"sha256": digests().sha256.hex(), "sm3": digests().sm3.hex(), "way": "recorded"}
    sealed = call("POST", place, body)
    assert sealed.status_code == 201, sealed.content
    assert call("POST", place, body).json()["evidence"] == sealed.json()["evidence"]
    other = body | {"sha256": hashlib.sha256(b"other").hexdigest()}
    assert (call("POST", place, other).status_code, call("POST", place, other).json()["code"]) == (409, "onsite")
    for wrong in ({"sha256": "A" * 64}, {"way": "x"}, {"camera": "x" * 301}, {"more": 1}):
        assert call("POST", place, body | wrong).status_code == 422, wrong
    for wrong in ({"medium": "dream"}, {"title": ""}, {"title": "\u202e"}, {"subject": "x"}):
        assert call("POST", "/onsite", {"medium": "photo", "title": "x"} | wrong).status_code == 422, wrong
    kept, wrong_file = (str(bring(five.owner, each, at=AT).document.public_id) for each in (FILM, b"another"))
    copies = f"/evidence/{sealed.json()['evidence']}/copies"
    assert call("POST", copies, {"document": kept, "version": 1}).json()["compared"] is True
    assert call("POST", copies, {"document": wrong_file, "version": 1}).status_code == 409
    page = browser(five.owner).get(f"/onsite/{given.json()['id']}").content.decode()
    assert "/documents/" in page


def test_only_the_page_that_records_may_ask_for_a_camera(five: Any, demo: None) -> None:
    from zonary.common.clock import now
    from zonary.config.http import encode_headers

    client = browser(five.owner)
    capture = give(five.owner, at=now.last_trusted())
    page = client.get(f"/onsite/{capture.public_id}")
    assert page["Permissions-Policy"] == "camera=(self), microphone=(self), geolocation=()"
    assert "onsite-" in page.content.decode()
    for path in ("/onsite/", "/onsite/begin", "/captures/", "/evidence/register"):
        assert "Permissions-Policy" not in client.get(path), path
    over = give(five.owner)
    assert "Permissions-Policy" not in client.get(f"/onsite/{over.public_id}")
    # What brings no policy of its own gets that of all others, and there is only ever one.
    for pairs, policy in (([], b"camera=(), microphone=()"), (page.items(), b"camera=(self), microphone=(self)")):
        sent = encode_headers(pairs).lower()
        assert sent.count(b"permissions-policy:") == 1
        assert policy in sent


def test_a_form_gives_the_code_and_says_what_it_cannot_prove(five: Any, demo: None) -> None:
    client = browser(five.owner)
    page = client.get("/onsite/begin?lang=en").content.decode()
    assert "a screen can be filmed" in page
    refused = client.post("/onsite/begin", {"medium": "video", "title": " "})
    assert refused.status_code == 422
    given = client.post("/onsite/begin", {"medium": "audio", "title": "谈话", "shows": "甲\r\n乙"})
    assert given.status_code == 302
    from zonary.services.evidence.onsite.models import OnsiteCapture

    capture = OnsiteCapture.objects.get()
    assert (capture.medium, capture.shows) == ("audio", "甲\n乙")
    assert capture.code in client.get(given["Location"]).content.decode()
    rival = browser(five.colleague).get(given["Location"]).content.decode()
    assert "data-onsite" not in rival


def test_statements_of_before_are_read_as_they_were_written() -> None:
    """What the browser told stood among what was observed; the bytes of such statements stay as they are."""
    from zonary.services.evidence.onsite.rules import told_in

    told = {"way": "chosen", "user_agent": "Phone/1"}
    assert told_in({}, {"capture": "x", "told_by_browser": told}) == told
    assert told_in({"origin": {"reported": told}}, {"told_by_browser": {"way": "program"}}) == told
    assert told_in({"origin": "odd"}, {"told_by_browser": 5}) == {}
