"""The tables that may be written outside an action, and why none of it is an act that would need evidence."""

from __future__ import annotations

UNRECORDED_TABLES: dict[str, str] = {
    "django_session": "who is signed in where; that somebody signed in or out is recorded by itself",
    "usersessions_usersession": "the list of a person's sessions, derived from those",
    "cache": "counters of failed attempts, the steps of a running capture, and for a day which trials of rules "
    "somebody was told; that somebody was locked out or tries rules out, and what was captured, is recorded",
    "documents_upload": "files that have not arrived whole; what came of one is recorded with the version it became",
    "documents_content": "which bytes lie in the store; the versions that refer to them are recorded",
    "ledger_idempotentrequest": "answers kept for a day beside what was done, so that a repeated request gets the same",
    "notifications_delivery": "a queue derived from the ledger; that an owner had something posted again is recorded",
    "notifications_follower": "how far the ledger was looked through for that queue",
    "inbox_message": "made with the act that tells of itself; that somebody looked at one decides nothing",
    "inbox_posting": "the queue of what is to be mailed, made with those messages",
    "inbox_spoken": "in which language somebody last signed in, which their mails follow",
    "ledger_opengroup": "the open log: what strangers add is a leaf itself, and nobody acts for the zone",
    "ledger_pending": "the outbox: the sequencer forgets what has its place, and a trigger refuses to forget more",
    "ledger_sequenced": "the places the sequencer gives; the log shows them",
    "ledger_logstate": "how far each log has come, which the signed checkpoints show, and which server leads it",
    "incentives_matching_reached": "how many each measure reached at the last look; lost, the next look finds it again",
    "search_searchentry": "what things are found by, kept as they are: all of it deleted is made anew",
    "search_searchbuild": "how far making those anew has come, so that it goes on where it was stopped",
    "search_grams": "the pairs of characters in those texts",
    "services_evidence_digestindex": "with its runs and pages derived from the ledger: all three deleted are made anew",
    "services_evidence_digestrun": "with index and pages derived from the ledger: all three deleted are made anew",
    "services_evidence_digestpage": "with index and runs derived from the ledger: all three deleted are made anew",
    "services_evidence_evidencetimestamps": "tokens over what is recorded: each proves itself, and a lost one can only "
    "be replaced by a later one",
    "services_evidence_furthertimestamp": "the same of other authorities, and what they are still to be asked for",
    "services_evidence_authoritystate": "how it went with other authorities of late; forgotten, they are asked at once",
}
"""Table -> reason. A table that holds anything people decided does not belong here."""
