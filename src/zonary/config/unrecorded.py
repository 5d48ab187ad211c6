"""The tables that may be written outside an action, and why none of it is an act that would need evidence."""

from __future__ import annotations

UNRECORDED_TABLES: dict[str, str] = {
    "django_session": "who is signed in where; that somebody signed in or out is recorded by itself",
    "usersessions_usersession": "the list of a person's sessions, derived from those",
    "cache": "counters of failed attempts, forgotten after minutes; that somebody was locked out is recorded",
    "documents_upload": "files that have not arrived whole; what came of one is recorded with the version it became",
    "documents_content": "which bytes lie in the store; the versions that refer to them are recorded",
    "ledger_idempotentrequest": "answers kept for a day beside what was done, so that a repeated request gets the same",
    "notifications_delivery": "a queue derived from the ledger; that an owner had something posted again is recorded",
    "notifications_follower": "how far the ledger was looked through for that queue",
    "ledger_opengroup": "the open log: what strangers add is a leaf itself, and nobody acts for the zone",
    "ledger_pending": "the outbox: the sequencer forgets what has its place, and a trigger refuses to forget more",
    "ledger_sequenced": "the places the sequencer gives; the log shows them",
    "ledger_logstate": "how far each log has come, which the signed checkpoints show, and which server leads it",
    "services_evidence_digestindex": "with its runs and pages derived from the ledger: all three deleted are made anew",
    "services_evidence_digestrun": "with index and pages derived from the ledger: all three deleted are made anew",
    "services_evidence_digestpage": "with index and runs derived from the ledger: all three deleted are made anew",
    "services_evidence_evidencetimestamps": "tokens over what is recorded: each proves itself, and a lost one can only "
    "be replaced by a later one",
}
"""Table -> reason. A table that holds anything people decided does not belong here."""
