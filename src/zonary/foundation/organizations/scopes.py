"""How far an access token reaches: few words, each said by the endpoints that ask for it."""

from __future__ import annotations

from datetime import timedelta

SCOPES: dict[str, str] = {
    "evidence:read": "Read receipts, proofs and packages of evidence",
    "evidence:write": "Register evidence",
    "documents:read": "Read documents",
    "documents:write": "Upload and change documents",
    "facts:read": "Read facts",
    "facts:write": "State and dispute facts",
    "incentives:read": "Read measures, decisions and promises",
    "incentives:write": "Record policy documents, measures and promises, and claim",
    "organization:read": "Read the organisation and its members",
    "organization:write": "Change the organisation, and who acts for it",
    "receipts:read": "Read the receipts of acts",
    "inbox:read": "Read what you are told",
    "inbox:write": "Mark what you are told as read",
    "registry:import": "Import registries of enterprises, as an officer",
    "rules:read": "Read drafts of rule packs, as an officer",
    "rules:write": "Propose, review and release rule packs, as an officer",
    "secrets:read": "Read the register of trade secrets, and who may see them",
    "secrets:write": "Register trade secrets, and say who may see them",
    "search:read": "Search in what the other scopes read",
    "webhooks:manage": "Set up and stop webhooks",
}
"""Scope -> what it lets somebody do; each a sentence that is shown."""

SIGNED_IN = "signed-in"
"""No scope at all: asked for by what only a person who signed in may do, such as making another token."""

MAX_TOKEN_TERM = timedelta(days=366)
"""A token that nobody looks at any more must not open anything for ever."""
