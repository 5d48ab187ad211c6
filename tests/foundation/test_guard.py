"""A write outside an action is refused, on every connection, to every table but those that are named with a reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

import contextlib

from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.ledger.errors import UnrecordedChangeError

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
BY = NamedActor("somebody")


def _raw(statement: str, *, many: bool = False) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if many:
            cursor.executemany(statement, [()])
        else:
            cursor.execute(statement)


def _token() -> Any:
    from zonary.foundation.accounts.models import AccessToken

    return AccessToken(digest=b"x" * 32, owner="somebody", issued_at=AT)


def _tokens() -> Any:
    from zonary.foundation.accounts.models import AccessToken

    return AccessToken.objects


SLIPS: dict[str, Callable[[], object]] = {
    "save": lambda: _token().save(),
    "create": lambda: _tokens().create(digest=b"x" * 32, owner="somebody", issued_at=AT),
    "bulk_create": lambda: _tokens().bulk_create([_token()]),
    "get_or_create": lambda: _tokens().get_or_create(owner="b", defaults={"digest": b"x" * 32, "issued_at": AT}),
    "update": lambda: _tokens().update(owner="somebody else"),
    "delete": lambda: _tokens().all().delete(),
    "raw": lambda: _raw("  delete from accounts_accesstoken"),
    "raw in capitals": lambda: _raw('UPDATE "accounts_accesstoken" SET owner = owner'),
    "many": lambda: _raw("DELETE FROM accounts_accesstoken", many=True),
    "with": lambda: _raw("WITH x AS (SELECT 1) DELETE FROM accounts_accesstoken"),
    "a session's table": lambda: _raw("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', '2026')"),
    "an entry": lambda: _raw("DELETE FROM ledger_entry"),
    "what it cannot tell": lambda: _raw("TRUNCATE accounts_accesstoken"),
    "explained": lambda: _raw("EXPLAIN ANALYZE DELETE FROM accounts_accesstoken"),
    "behind a comment": lambda: _raw("/* SELECT */ DELETE FROM accounts_accesstoken"),
    "behind a reading": lambda: _raw("SELECT 1; DELETE FROM accounts_accesstoken"),
    "a copy": lambda: _raw("CREATE TABLE accounts_copy AS SELECT * FROM accounts_accesstoken"),
    "a net": lambda: _raw("DROP TRIGGER ledger_entry_no_delete"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_write_outside_an_action_is_refused(data: Any, slip: Callable[[], object]) -> None:
    from zonary.foundation.accounts.actions import issue_token

    issue_token("secret", by=BY, owner="somebody", at=AT)
    before = list(_tokens().values_list("owner", "digest"))
    with pytest.raises(UnrecordedChangeError, match="outside an action"):
        slip()
    assert list(_tokens().values_list("owner", "digest")) == before


def test_inside_an_action_the_same_is_allowed(data: Any) -> None:
    from zonary.foundation.accounts.actions import issue_token

    issue_token("secret", by=BY, owner="somebody", at=AT)
    issue_token("secret", by=BY, owner="somebody", at=AT)  # deletes the first, creates the second
    assert _tokens().count() == 1


def test_a_table_that_is_named_may_be_written(data: Any) -> None:
    from zonary.foundation.ledger.openlog import append_open

    assert append_open([b"leaf"]) == 0


def test_every_connection_is_watched(data: Any) -> None:
    """One of another thread too, whose first query has a wrapper of its own around it."""
    from django.db import connection

    refused: list[bool] = []

    def slip() -> None:
        try:
            with connection.execute_wrapper(lambda execute, *statement: execute(*statement)):
                _tokens().count()
            SLIPS["raw"]()
        except UnrecordedChangeError:
            refused.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=slip)
    thread.start()
    thread.join()
    assert refused == [True]


def test_an_action_that_has_ended_covers_nothing(data: Any) -> None:
    from zonary.foundation.ledger.recording import action

    @action
    def change_in_silence() -> None:
        _token().save()

    with pytest.raises(UnrecordedChangeError, match="recorded nothing"):
        change_in_silence()
    with pytest.raises(UnrecordedChangeError, match="outside an action"):
        _token().save()


def test_what_runs_after_the_commit_is_outside(data: Any) -> None:
    from django.db import transaction

    from zonary.foundation.accounts.events import TokenIssued
    from zonary.foundation.ledger.recording import action, record

    refused: list[str] = []

    def late() -> None:
        for slip in (SLIPS["update"], lambda: record(TokenIssued(owner="b"), by=BY, at=AT)):
            try:
                slip()
            except UnrecordedChangeError as error:
                refused.append(str(error))

    @action
    def act() -> None:
        record(TokenIssued(owner="a"), by=BY, at=AT)
        transaction.on_commit(late)

    act()
    assert len(refused) == 2
    assert _entries() == 1


def test_an_action_may_follow_the_commit_of_another(data: Any) -> None:
    """It is an outermost one of its own, and records for itself."""
    from django.db import transaction

    from zonary.foundation.accounts.actions import issue_token
    from zonary.foundation.accounts.events import TokenIssued
    from zonary.foundation.ledger.recording import action, record

    @action
    def act() -> None:
        record(TokenIssued(owner="a"), by=BY, at=AT)
        transaction.on_commit(lambda: issue_token("secret", by=BY, owner="somebody", at=AT))

    act()
    assert (_entries(), _tokens().count()) == (2, 1)


def test_a_task_that_outlives_its_action_is_outside(data: Any) -> None:
    import contextvars

    from django.db import transaction

    from zonary.foundation.accounts.events import TokenIssued
    from zonary.foundation.ledger.recording import action, record

    kept: list[contextvars.Context] = []

    @action
    def act() -> None:
        record(TokenIssued(owner="a"), by=BY, at=AT)
        kept.append(contextvars.copy_context())

    act()
    with transaction.atomic(), pytest.raises(UnrecordedChangeError):
        kept[0].run(SLIPS["update"])


def test_an_action_that_swallows_the_failure_of_another_is_told(data: Any) -> None:
    """All of it is lost then, and its caller must not hold a receipt."""
    from zonary.foundation.accounts.events import TokenIssued
    from zonary.foundation.ledger.recording import action, record

    @action
    def inner() -> None:
        raise ValueError

    @action
    def outer() -> str:
        public_id = record(TokenIssued(owner="a"), by=BY, at=AT).public_id
        with contextlib.suppress(ValueError):
            inner()
        return public_id

    with pytest.raises(UnrecordedChangeError, match="went on after an action inside it failed"):
        outer()
    assert _entries() == 0


def test_evidence_that_was_undone_is_none(data: Any) -> None:
    from django.db import transaction

    from zonary.foundation.accounts.events import TokenIssued
    from zonary.foundation.ledger.recording import action, record

    @action
    def act(*, fails: bool) -> None:
        try:
            with transaction.atomic():
                record(TokenIssued(owner="a"), by=BY, at=AT)
                if fails:
                    raise ValueError
        except ValueError:
            pass
        _tokens().create(digest=b"x" * 32, owner="somebody", issued_at=AT)

    with pytest.raises(UnrecordedChangeError, match="recorded nothing"):
        act(fails=True)
    assert not _tokens().exists()
    act(fails=False)
    assert (_entries(), _tokens().count()) == (1, 1)


def _entries() -> int:
    from zonary.foundation.ledger.models import Entry

    return Entry.objects.count()


def test_the_list_names_tables_that_are_there_each_with_its_reason(data: Any) -> None:
    from django.db import connection

    from zonary.config.unrecorded import UNRECORDED_TABLES

    assert set(UNRECORDED_TABLES) <= set(connection.introspection.table_names())
    assert all(len(reason) > 30 for reason in UNRECORDED_TABLES.values())
    # What holds who did what, and who may, is never on it.
    assert not UNRECORDED_TABLES.keys() & {"ledger_entry", "ledger_entrybody", "ledger_entrykey"}
    assert not any(name.startswith(("accounts_", "organizations_", "facts_")) for name in UNRECORDED_TABLES)
    documents = {name for name in UNRECORDED_TABLES if name.startswith("documents_")}
    assert documents == {"documents_upload", "documents_content"}  # what has not arrived, and where bytes lie


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("SELECT 1 FROM a FOR UPDATE", None),
        ("(SELECT 1) UNION (SELECT 2)", None),
        ("WITH a AS (SELECT 1) SELECT * FROM a", None),
        ("SAVEPOINT s", None),
        ("SELECT 1 ;", None),
        ("PRAGMA data_version", None),
        ("PRAGMA recursive_triggers=OFF", ""),
        ('CREATE TABLE "a" (b int)', ""),
        ("SET LOCAL lock_timeout = '5s'; DELETE FROM a", ""),
        ("DELETE FROM a WHERE false; DELETE FROM b", ""),
        (" " * 100_000 + "DELETE FROM a", "a"),
        ('INSERT INTO "a" (b) VALUES (1)', "a"),
        ("insert or replace into a values (1)", "a"),
        ("INSERT OR IGNORE INTO a VALUES (1)", "a"),
        ("REPLACE INTO a VALUES (1)", "a"),
        ('\n UPDATE ONLY "public"."a" SET b = 1', "a"),
        ("DELETE FROM public.a", "a"),
        ("MERGE INTO a USING b ON 1 = 1 WHEN MATCHED THEN DELETE", ""),
        ("COPY a FROM STDIN", ""),
        ("DO $$ BEGIN DELETE FROM a; END $$", ""),
        ("", ""),
        ("-- nothing", ""),
    ],
)
def test_what_a_statement_writes_to(statement: str, table: str | None) -> None:
    from zonary.foundation.ledger.guard import written_table

    assert written_table(statement) == table
