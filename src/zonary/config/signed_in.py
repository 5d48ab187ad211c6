"""Whether a session is somebody's who signed in; asked before a large body is read."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connection


def is_signed_in(session: str) -> bool:
    """For a thread of its own, whose connection stays open between two questions.

    :raises django.db.DatabaseError: when the database cannot say; the next question connects anew.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        return SESSION_KEY in store(session)
    except DatabaseError:
        connection.close()
        raise
