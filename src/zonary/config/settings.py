"""Django's settings. Everything that differs between installations comes from the environment.

``zonary serve`` sets it: ``ZONARY_DATA`` (the data directory), ``ZONARY_URL`` (where this server is reached),
``ZONARY_OPEN_LOG=1`` (the open log exists). An operator sets ``ZONARY_DATABASE_URL`` (PostgreSQL instead of the file
in the data directory), ``ZONARY_STORE`` (an object store for the published logs) and ``ZONARY_KEPT`` (where the last
checkpoints are kept, outside the data directory). Importing this module creates nothing.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from zonary.config.database import database
from zonary.config.places import kept_directory
from zonary.config.unrecorded import UNRECORDED_TABLES
from zonary.foundation.ledger.layout import DataDirectory

ZONARY_DATA = DataDirectory(Path(os.environ.get("ZONARY_DATA", "var")).absolute())
ZONARY_URL = os.environ.get("ZONARY_URL", "http://127.0.0.1:8000").rstrip("/")
ZONARY_STORE = os.environ.get("ZONARY_STORE", "").rstrip("/")
ZONARY_KEPT = Path(os.environ.get("ZONARY_KEPT") or kept_directory(os.environ))
ZONARY_UNRECORDED = UNRECORDED_TABLES
ZONARY_OPEN_LOG = os.environ.get("ZONARY_OPEN_LOG") == "1"

INSTALLED_APPS = [
    "zonary.foundation.ledger.apps.LedgerConfig",
    "zonary.foundation.accounts.apps.AccountsConfig",
    "zonary.services.evidence.apps.EvidenceConfig",
    "zonary.portal.apps.PortalConfig",
]

DATABASES = {"default": database(os.environ.get("ZONARY_DATABASE_URL", ""), ZONARY_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "zonary.config.urls"
# No sessions, cookies or forms yet: every request is judged by its own bearer token. Body limits and security headers
# are set in zonary.config.dispatch, for Django's responses as for all others.
MIDDLEWARE = ["zonary.config.problem_pages.problems_only"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# Nothing is signed with it that outlives the process.
SECRET_KEY = secrets.token_urlsafe(32)
DEBUG = False
# No address is ever made from the Host header, so any may be sent.
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # zonary.config.dispatch counts the bytes, address by address

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django tells of every 404, 401 and 503 as of something wrong. The first are the client's, and counted in /metrics;
    # what is the server's has been told by whoever answered (zonary.config.api).
    "loggers": {"django.request": {"level": "CRITICAL"}},
}
LOGGING_CONFIG = "logging.config.dictConfig"
