"""Further authorities sign in the background: the record stays at its stage until enough have, whatever they do."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.foundation.timestamps.authority_server import Outside, openssl_authority, outside_authority

from zonary.proof.digests import digests_of
from zonary.proof.package.container import Container
from zonary.proof.package.further import read_further
from zonary.proof.package.report import Layer, Outcome, Status
from zonary.proof.package.verify import examine

OWN = '[[authority]]\nname = "own"\nlocal = "own"\n'
STATEMENT = b'{"a statement":"of somebody else"}'


class Clock:
    """The real time, and whatever a test has let pass."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Outside, Outside]]:
    with outside_authority("Notary") as notary, outside_authority("Institute") as institute:
        yield notary, institute


@pytest.fixture
def notary(both: tuple[Outside, Outside]) -> Outside:
    return _fresh(both[0])


@pytest.fixture
def institute(both: tuple[Outside, Outside]) -> Outside:
    return _fresh(both[1])


def _fresh(outside: Outside) -> Outside:
    outside.mode, outside.respond = "honest", None
    outside.asked.clear()
    return outside


@pytest.fixture
def configure(tmp_path: Path) -> Iterator[Callable[..., None]]:
    from django.conf import settings

    from zonary.foundation.timestamps.authorities import read_authorities

    before = settings.ZONARY_TIMESTAMPS

    def configure(*tables: str, required: int = 1) -> None:
        path = tmp_path / "authorities.toml"
        path.write_text("\n".join(tables))
        environment = {"ZONARY_TIMESTAMPS_FILE": str(path), "ZONARY_TIMESTAMPS_REQUIRED": str(required)}
        settings.ZONARY_TIMESTAMPS = read_authorities(environment)

    yield configure
    settings.ZONARY_TIMESTAMPS = before


@pytest.fixture
def clock(both: tuple[Outside, Outside]) -> Clock:
    made = Clock()
    for outside in both:
        outside.clock = made
    return made


@pytest.fixture
def asking(clock: Clock) -> Iterator[Any]:
    """What ``zonary serve`` does in the background."""
    from zonary.services.evidence.tasks.further import Asking

    with ThreadPoolExecutor(4) as pool:
        yield Asking(clock, pool)


@pytest.fixture
def work(asking: Any) -> Callable[[], int]:
    """One go of each authority, to its end."""

    def work() -> int:
        asking.begin()
        count = 0
        while asking.is_under_way:
            count += asking.settle(20)
        return count

    return work


@pytest.fixture
def zone(demo: None, data: Any, five: Any) -> Any:
    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of

    ensure_authority(data, now.last_trusted())
    issuer_of.cache_clear()
    return data


def _register(five: Any, data: Any, content: bytes = b"drawing") -> str:
    answer = Caller(five.owner)("POST", "/evidence", {"digest": digests_of(content).hex()})
    assert answer.status_code == 201, answer.content
    zone_at_work.start(data)
    return str(answer.json()["id"])


def _receipt(five: Any, record: str) -> Any:
    return Caller(five.owner)("GET", f"/evidence/{record}").json()["timestamps"]


def _package(five: Any, record: str) -> Any:
    return Caller(five.owner)("GET", f"/evidence/{record}/package")


def _examined(data: Any, package: bytes) -> Any:
    return examine(Container(io.BytesIO(package)), trusts=[zone_at_work.trust_of(data)])


def test_records_wait_until_enough_have_signed_and_their_package_has_all_of_them(
    zone: Any, five: Any, notary: Outside, institute: Outside, configure: Any, work: Any, tmp_path: Path
) -> None:
    openssl_authority(institute, tmp_path / "openssl")
    configure(OWN, notary.table(tmp_path, "notary"), institute.table(tmp_path, "institute"), required=2)
    record = _register(five, zone)
    assert notary.asked == []  # never in the request
    assert _receipt(five, record) == {"there": 1, "needed": 2, "complete": False}
    page = browser(five.owner).get(f"/evidence/{record}").content.decode()
    assert "1 of 2 operators have signed" in page or "要求 2 家运营方，已有 1 家" in page
    assert work() == 2
    assert _receipt(five, record) == {"there": 3, "needed": 2, "complete": True}
    assert work() == 0
    package = _package(five, record).content
    container = Container(io.BytesIO(package))
    assert [each.name for each in read_further(container)] == ["institute", "notary"]
    report = _examined(zone, package)  # the zone's trust file names the roots of all three
    assert report.outcome is Outcome.VERIFIED
    assert [token.trusted for token in report.facts.tokens] == [True] * 4
    digest = sha256(container.read("statement.json")).digest()
    assert [request.digest for request in notary.asked] == [digest]  # the statement's, and never the file's


def test_what_was_there_before_an_authority_was_named_waits_for_none_until_its_package_is_asked_for(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, tmp_path: Path
) -> None:
    record = _register(five, zone)
    before = _package(five, record).content
    configure(OWN, notary.table(tmp_path, "notary"), required=2)
    assert _receipt(five, record) is None
    page = browser(five.owner).get(f"/evidence/{record}").content.decode()
    assert "要求 2 家" not in page
    assert "由本片区的时间戳机构签发" in page
    assert work() == 0
    assert _package(five, record).content == before
    assert _receipt(five, record) == {"there": 1, "needed": 2, "complete": False}
    page = browser(five.owner).get(f"/evidence/{record}").content.decode()
    assert "要求 2 家运营方，已有 1 家" in page
    assert "已请求，尚未签发： <code>notary</code>" in page
    assert work() == 1
    assert _receipt(five, record) == {"there": 2, "needed": 2, "complete": True}
    page = browser(five.owner).get(f"/evidence/{record}").content.decode()
    assert "已签发： <code>notary</code> · <code>own</code>" in page
    # A zone that later names another one only does not wait for the notary any more.
    newer = _register(five, zone, b"newer")
    configure(OWN, notary.table(tmp_path, "another"), required=2)
    assert _receipt(five, newer) is None


def test_without_the_configuration_nothing_is_asked_told_or_queued(
    zone: Any, five: Any, notary: Outside, work: Any
) -> None:
    from zonary.services.evidence.models import FurtherTimestamp
    from zonary.services.evidence.tasks.checkup import check_timestamps

    record = _register(five, zone)
    assert _receipt(five, record) is None
    assert (work(), list(check_timestamps()), FurtherTimestamp.objects.count()) == (0, [], 0)
    assert _package(five, record).status_code == 200


def test_what_fails_is_left_alone_longer_each_time_said_and_resumed(
    zone: Any, five: Any, notary: Outside, institute: Outside, configure: Any, work: Any, clock: Clock, tmp_path: Path
) -> None:
    from zonary.services.evidence.models import AuthorityState
    from zonary.services.evidence.tasks.checkup import check_timestamps

    configure(OWN, notary.table(tmp_path, "notary"), institute.table(tmp_path, "institute"), required=3)
    notary.mode = "wrong_nonce"
    record = _register(five, zone)
    assert work() == 2  # the next authority is asked all the same
    assert _receipt(five, record) == {"there": 2, "needed": 3, "complete": False}
    waits = []
    for _ in range(3):
        state = AuthorityState.objects.get(name="notary")
        assert work() == 0  # too early
        waits.append(state.next_at - clock())
        clock.passed += waits[-1] + timedelta(seconds=1)
        assert work() == 1
    assert waits == sorted(waits)
    assert waits[2] > waits[0]
    _summary, told, other = check_timestamps()
    assert (str(told.severity), str(other.severity)) == ("warning", "ok")
    assert "“notary” failed 4 times in a row" in str(told.found)
    assert "does not repeat the nonce" in str(told.found)
    assert "wait for its timestamp: 1." in str(told.found)
    assert "wait for its timestamp: 0." in str(other.found)
    assert _package(five, record).status_code == 200  # what is there can be had
    # It is mended; whoever leads now goes on where the last one stopped, from the database alone.
    notary.mode = "honest"
    clock.passed += timedelta(hours=2)
    assert work() == 1
    assert _receipt(five, record)["complete"]
    assert {str(each.severity) for each in check_timestamps()} == {"ok"}
    assert _examined(zone, _package(five, record).content).outcome is Outcome.VERIFIED


def test_a_server_that_died_while_it_asked_is_followed_by_another(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, clock: Clock, tmp_path: Path
) -> None:
    from zonary.services.evidence.tasks import further

    configure(OWN, notary.table(tmp_path, "notary"))
    _register(five, zone)
    assert list(further._claimed("notary", clock()))  # and then it is killed
    assert work() == 0  # the other may still be at it
    clock.passed += timedelta(minutes=5)
    notary.mode = "honest"
    assert work() == 1


def test_instead_of_the_built_in_one_the_first_that_answers_makes_both_tokens(
    zone: Any, five: Any, notary: Outside, institute: Outside, configure: Any, work: Any, clock: Clock, tmp_path: Path
) -> None:
    configure(notary.table(tmp_path, "notary"), institute.table(tmp_path, "institute"), required=2)
    notary.mode = "refusing"
    record = _register(five, zone)
    waiting = _package(five, record)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not-yet-timestamped")
    assert browser(five.owner).get(f"/evidence/{record}/package").status_code == 409
    work()
    assert _receipt(five, record) == {"there": 1, "needed": 2, "complete": False}
    report = _examined(zone, _package(five, record).content)
    assert report.outcome is Outcome.VERIFIED
    assert {"CN=Institute" in token.authority for token in report.facts.tokens} == {True}
    clock.passed += timedelta(hours=1)
    notary.mode = "honest"
    while work():
        pass
    assert _receipt(five, record) == {"there": 2, "needed": 2, "complete": True}
    package = _package(five, record).content
    assert [each.name for each in read_further(Container(io.BytesIO(package)))] == ["notary"]
    assert _examined(zone, package).outcome is Outcome.VERIFIED


def test_erased_records_lose_their_tokens_and_are_asked_for_no_more(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, clock: Clock, tmp_path: Path
) -> None:
    from zonary.services.evidence.actions import erase_evidence
    from zonary.services.evidence.models import FurtherTimestamp

    configure(OWN, notary.table(tmp_path, "notary"))
    first, second = _register(five, zone), _register(five, zone, b"another")
    work()
    assert FurtherTimestamp.objects.exclude(token=b"").count() == 2
    erase_evidence(first, by=five.owner, reason="test", at=clock())
    assert {str(each.public_id) for each in FurtherTimestamp.objects.all()} == {second}


def test_where_the_log_is_published_in_batches_nobody_outside_is_asked_before(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    configure(OWN, notary.table(tmp_path, "notary"))
    zone_at_work.start(zone)
    monkeypatch.setattr(settings, "ZONARY_BATCH", (15, 4))
    answer = Caller(five.owner)("POST", "/evidence", {"digest": digests_of(b"secret").hex()})
    assert (answer.status_code, work(), notary.asked) == (201, 0, [])
    zone_at_work.start(zone)
    assert work() == 1
    asked = Caller(None, "nobody")("GET", f"/evidence/timestamps/{'0' * 64}")
    assert (asked.status_code, asked.json()["code"]) == (403, "not-told")


def test_whoever_has_a_package_gets_what_came_since_by_the_digest_of_its_statement(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, tmp_path: Path
) -> None:
    configure(OWN, notary.table(tmp_path, "notary"))
    answer = Caller(five.owner)("POST", "/evidence", {"statement": digests_of(STATEMENT).hex()})
    assert answer.status_code == 201
    anybody = Caller(None, "nobody")
    address = f"/evidence/timestamps/{digests_of(STATEMENT).sha256.hex()}"
    assert anybody("GET", address).json() == {"items": [], "waiting": 1}
    record = answer.json()["id"]
    assert _receipt(five, record) == {"there": 0, "needed": 1, "complete": False}
    work()
    # This server's own signed it, too; whoever sealed it has that already.
    assert _receipt(five, record) == {"there": 2, "needed": 1, "complete": True}
    [item] = anybody("GET", address).json()["items"]
    assert (item["name"], anybody("GET", address).json()["waiting"]) == ("notary", 0)
    assert item["chain"].startswith("-----BEGIN CERTIFICATE-----")
    assert anybody("GET", f"/evidence/timestamps/{'0' * 64}").status_code == 404
    assert anybody("GET", "/evidence/timestamps/xyz").status_code == 422


def test_what_nobody_foresaw_of_one_authority_holds_up_no_other(
    zone: Any, five: Any, notary: Outside, institute: Outside, configure: Any, work: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from zonary.services.evidence.tasks import further

    honest = further.ask

    def ask(authority: Any, digest: bytes, *, clock: Any) -> Any:
        if authority.name == "notary":
            raise RecursionError
        return honest(authority, digest, clock=clock)

    monkeypatch.setattr(further, "ask", ask)
    configure(OWN, notary.table(tmp_path, "notary"), institute.table(tmp_path, "institute"), required=2)
    record = _register(five, zone)
    work()
    assert _receipt(five, record) == {"there": 2, "needed": 2, "complete": True}


def test_a_slow_authority_holds_up_no_other(
    zone: Any, five: Any, notary: Outside, institute: Outside, configure: Any, asking: Any, tmp_path: Path
) -> None:
    """One sends an answer byte by byte, for minutes; the other goes on meanwhile, go after go."""
    from zonary.services.evidence.models import AuthorityState, FurtherTimestamp

    configure(OWN, notary.table(tmp_path, "notary"), institute.table(tmp_path, "institute"), required=2)
    notary.mode = "dripping"
    records = [_register(five, zone, b"%d" % n) for n in range(6)]
    began, came = time.monotonic(), 0
    while came < len(records):
        asking.begin()
        came += asking.settle(1.0)
        assert time.monotonic() - began < 10, "the slow one was waited for"
    assert [_receipt(five, record)["complete"] for record in records] == [True] * len(records)
    assert asking.is_under_way
    assert len(notary.asked) == 1  # and it is not asked a second time while it is being asked
    assert FurtherTimestamp.objects.filter(authority="notary", there_at=None).count() == len(records)
    # When its time is over it has failed, which is its own affair.
    while asking.is_under_way:
        asking.settle(20)
    assert 14 <= time.monotonic() - began <= 30
    states = {each.name: each.failures for each in AuthorityState.objects.all()}
    assert states == {"notary": 1, "institute": 0}


def test_a_problem_is_kept_as_a_sentence_that_can_be_said_in_both_languages() -> None:
    from zonary.common.language import translate
    from zonary.foundation.timestamps.asking import AskingError
    from zonary.proof.errors import VerificationError
    from zonary.services.evidence.tasks.further import read_back, written

    reason = VerificationError("The authority's answer does not repeat the nonce of the request.")
    problem = read_back(written(AskingError("Its token is for something else: {reason}", reason=reason)))
    assert problem is not None
    assert str(problem) == f"Its token is for something else: {reason}"
    assert "其时间戳令牌不对应所请求的内容" in translate(problem.msgid, "zh", problem.params)
    assert json.loads(written(reason))["params"] == {}


def test_a_trust_file_that_asks_for_two_is_satisfied_once_the_second_is_there(
    zone: Any, five: Any, notary: Outside, configure: Any, work: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    configure(OWN, notary.table(tmp_path, "notary"))
    record = _register(five, zone)
    asked = replace(zone_at_work.trust_of(zone), timestamps_required=2)
    for status in (Status.ORIGIN_NOT_ESTABLISHED, Status.VERIFIED):
        package = Container(io.BytesIO(_package(five, record).content))
        assert examine(package, trusts=[asked]).verdict(Layer.TIMESTAMP).status is status
        work()
