"""Years of a zone in a minute: every key changes, the log ends and goes on, and every package ever made verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from zonary.proof.tlog.keys import SigningKey
from zonary.proof.trust import TrustedLog, parse_trust

VERIFIED, NOT_VERIFIED, UNCHECKED = 0, 1, 2


class Zone:
    """A server that can be stopped to change its keys, and the company that seals with it."""

    def __init__(self, server, owner, folder: Path) -> None:
        self.server = server
        self.owner = owner
        self.folder = folder
        self.packages: list[tuple[Path, Path]] = []

    def seal(self, name: str) -> str:
        """Seal one file with the server as it is; what the command said."""
        file, package = self.folder / name, self.folder / f"{name}.zonary"
        file.write_text(f"what {name} holds\n")
        done = self.owner.zonary("seal", file, "--server", self.server.url, "-o", package)
        assert done.returncode == 0, done.stderr
        self.packages.append((package, file))
        return done.stdout + done.stderr

    def keys(self, *arguments: str) -> None:
        """Stop the server, type a command, start it again."""
        assert self.server.stop() == 0
        self.owner.ok("keys", *arguments, "--data", self.server.data, XDG_STATE_HOME=str(self.server.config / "state"))
        self.server.start()


def verdicts(person, zone: Zone, *options: str | Path) -> list[int]:
    return [person.report(package, file, *options)["exit_code"] for package, file in zone.packages]


@pytest.fixture
def zone(new_server, people, tmp_path) -> Zone:
    from tests.journeys.conftest import Person

    server = new_server()
    server.start()
    return Zone(server, Person(people("owner").home, server.config), tmp_path)


def test_every_package_verifies_through_all_changes_of_keys(zone, people, tmp_path):
    early, late, offline = people("early"), people("late"), people("offline")
    early.ok("trust", "add", zone.server.url)
    first_trust = tmp_path / "first.trust"
    first_trust.write_bytes((zone.server.data / "trust.txt").read_bytes())

    zone.seal("first")
    zone.keys("rotate-log")
    assert "a key you trust endorses" in zone.seal("overlap")
    # While both keys sign, whoever has only the first trust file needs nothing new.
    assert verdicts(offline, zone, "--trust", first_trust) == [VERIFIED] * 2
    zone.keys("retire-log")
    zone.seal("retired")
    zone.keys("succeed")
    assert "a key you trust endorses" in zone.seal("successor")
    zone.keys("rotate-timestamp")
    zone.seal("timestamp")

    # The one who sealed all along learned every key on the way; so does the early user, in one step.
    assert verdicts(zone.owner, zone) == [VERIFIED] * 5
    assert "a key you trust endorses" in early.ok("trust", "add", zone.server.url)
    assert verdicts(early, zone) == [VERIFIED] * 5
    final = tmp_path / "final.trust"
    final.write_bytes((zone.server.data / "trust.txt").read_bytes())
    assert verdicts(late, zone, "--trust", final) == [VERIFIED] * 5
    # Without the endorsements nothing new is believed: another key for a known log, an unknown log.
    assert verdicts(offline, zone, "--trust", first_trust) == [VERIFIED, VERIFIED, NOT_VERIFIED, UNCHECKED, UNCHECKED]
    # The final file may be added by those who trust the first key, since it brings the endorsements along.
    early.ok("trust", "add", final, "--name", "final")
    assert verdicts(early, zone) == [VERIFIED] * 5

    trust = tmp_path / "t.trust"
    trust.write_bytes(final.read_bytes())
    for log in ("log", "log-2"):
        assert "Result: VERIFIED" in late.ok("fsck", "--url", f"{zone.server.url}/{log}", "--trust", trust)
    receipts = [late.zonary("show", package).stdout for package, _file in zone.packages]
    assert all(receipts)


def test_a_key_nobody_endorsed_is_refused(zone, people, tmp_path):
    user = people("user")
    user.ok("trust", "add", zone.server.url)
    pinned = user.ok("trust", "list")
    trust = parse_trust((zone.server.data / "trust.txt").read_bytes())
    origin = trust.log_keys[0].name
    stranger = SigningKey.generate(origin).verifier

    # The server, or somebody between, shows a further key for the same log.
    import dataclasses

    shown = dataclasses.replace(trust, logs=(*trust.logs, TrustedLog(stranger)))
    (zone.server.data / "trust.txt").write_bytes(shown.encode())
    user.ok("trust", "add", zone.server.url)
    assert user.ok("trust", "list") == pinned
    # Or another log alone, signed for by itself.
    successor = SigningKey.generate("elsewhere.example/log")
    from zonary.proof.tlog.endorsement import Endorsement, endorse

    itself = Endorsement.parse(endorse(successor.verifier, [successor]))
    shown = dataclasses.replace(trust, logs=(TrustedLog(successor.verifier), *trust.logs), endorsements=(itself,))
    (zone.server.data / "trust.txt").write_bytes(shown.encode())
    done = user.zonary("trust", "add", zone.server.url)
    assert done.returncode == 2
    assert "other log keys" in done.stderr
    assert user.ok("trust", "list") == pinned
    # Or a file handed over.
    handed = tmp_path / "handed.trust"
    handed.write_bytes(dataclasses.replace(trust, logs=(*trust.logs, TrustedLog(stranger))).encode())
    assert user.zonary("trust", "add", handed).returncode == 2
