"""Every write: people, what they may do here, and the tokens they act with."""

from __future__ import annotations

from zonary.foundation.accounts.actions.leaving import LeavingError, close_account, erase_person
from zonary.foundation.accounts.actions.people import register_person
from zonary.foundation.accounts.actions.tokens import issue_token

__all__ = ["LeavingError", "close_account", "erase_person", "issue_token", "register_person"]
