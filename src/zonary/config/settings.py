"""Django's settings. Everything that differs between installations comes from the environment.

``zonary serve`` sets it: ``ZONARY_DATA`` (the data directory), ``ZONARY_URL`` (where this server is reached),
``ZONARY_OPEN_LOG=1`` (the open log exists). An operator sets ``ZONARY_DATABASE_URL`` (PostgreSQL instead of the file
in the data directory), ``ZONARY_STORE`` (an object store for the published logs), ``ZONARY_KEPT`` (where the last
checkpoints are kept, outside the data directory), ``ZONARY_RETENTION_DAYS`` (how long what is known of a person is
kept after they closed their account) and ``ZONARY_DEMO=1`` (a demonstration, which says so on every page). Importing
this module creates nothing. Those of documents: zonary.config.document_settings; of the log: zonary.config.server_log.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from zonary.common.client_address import trusted_proxies
from zonary.common.rate_limit import rate_of
from zonary.config.account_settings import account_settings
from zonary.config.clock_sources import clock_watching
from zonary.config.configuration import load_configuration
from zonary.config.database import database
from zonary.config.document_settings import document_quota, escrow_recipient
from zonary.config.embedding import frames
from zonary.config.messenger import messenger
from zonary.config.operator_facts import certificates_per_day, operator_facts
from zonary.config.places import allowed_hosts, batch_of, capture_hosts, kept_directory, retention, session_secret
from zonary.config.promises import promise_check
from zonary.config.server_log import logging_settings
from zonary.config.unrecorded import UNRECORDED_TABLES
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.timestamps.authorities import read_authorities

load_configuration(os.environ)  # what the file that ZONARY_CONFIG names says, where the environment says nothing

ZONARY_DATA = DataDirectory(Path(os.environ.get("ZONARY_DATA", "var")).absolute())
ZONARY_URL = os.environ.get("ZONARY_URL", "http://127.0.0.1:8000").rstrip("/")
ZONARY_STORE = os.environ.get("ZONARY_STORE", "").rstrip("/")
ZONARY_DOCUMENT_STORE = os.environ.get("ZONARY_DOCUMENT_STORE", "").rstrip("/")
ZONARY_DOCUMENT_QUOTA = document_quota(os.environ.get("ZONARY_DOCUMENT_QUOTA", ""))
ZONARY_ESCROW_RECIPIENT = escrow_recipient(os.environ.get("ZONARY_ESCROW_RECIPIENT", ""))
ZONARY_DEMO = os.environ.get("ZONARY_DEMO") == "1"  # waives the second factor, and says so on every page
ZONARY_KEPT = Path(os.environ.get("ZONARY_KEPT") or kept_directory(os.environ))
ZONARY_UNRECORDED = UNRECORDED_TABLES
# The log is published every so many minutes, so many leaves of each class at a time; None: at once.
ZONARY_BATCH = batch_of(os.environ.get("ZONARY_BATCH", ""))
# Requests to the API of one person, and from one client address: so many a second, so many at once; 0: no limit.
ZONARY_RATE_PERSON = rate_of(os.environ.get("ZONARY_RATE_PERSON", "20/200"))
ZONARY_RATE_ADDRESS = rate_of(os.environ.get("ZONARY_RATE_ADDRESS", "50/500"))
# Forms sent to sign in, register or set a new password, from one address.
ZONARY_RATE_TRIES = rate_of(os.environ.get("ZONARY_RATE_TRIES", "1/60"))
# Networks of proxies whose X-Forwarded-For is believed, separated by commas.
ZONARY_TRUSTED_PROXIES = trusted_proxies(os.environ.get("ZONARY_TRUSTED_PROXIES", ""))
ZONARY_WORKERS = int(os.environ.get("ZONARY_WORKERS", "1"))
# host:port of what webhooks may be posted to though it is inside; certificates they trust beside the system's.
ZONARY_WEBHOOK_HOSTS = frozenset(filter(None, os.environ.get("ZONARY_WEBHOOK_HOSTS", "").split(",")))
ZONARY_WEBHOOK_CA = os.environ.get("ZONARY_WEBHOOK_CA", "")
ZONARY_FRAMES = frames(os.environ.get("ZONARY_FRAMES", ""))
ZONARY_MESSENGER = messenger(os.environ)
# Whether web pages are opened and captured here; host:port of what may be though it is inside; the browser's program,
# where it is not found by itself; and 0 where the machine has no sandbox to give it.
ZONARY_CAPTURE = os.environ.get("ZONARY_CAPTURE") == "1"
ZONARY_CAPTURE_HOSTS = capture_hosts(os.environ.get("ZONARY_CAPTURE_HOSTS", ""), ZONARY_URL, is_demo=ZONARY_DEMO)
ZONARY_CAPTURE_CHROMIUM = os.environ.get("ZONARY_CAPTURE_CHROMIUM", "")
ZONARY_CAPTURE_SANDBOX = os.environ.get("ZONARY_CAPTURE_SANDBOX") != "0"
ZONARY_RETENTION = retention(os.environ.get("ZONARY_RETENTION_DAYS", ""))
# What the operator states of itself in evidence certificates.
ZONARY_OPERATOR = operator_facts(os.environ)
# Within how many working days a promise is looked at, and by which rule.
ZONARY_PROMISE_CHECK = promise_check(os.environ)
ZONARY_CERTIFICATES_PER_DAY = certificates_per_day(os.environ.get("ZONARY_CERTIFICATES_PER_DAY", ""))
ZONARY_OPEN_LOG = os.environ.get("ZONARY_OPEN_LOG") == "1"
# Timestamp authorities in their order, and how many have to have signed.
ZONARY_TIMESTAMPS = read_authorities(os.environ)
# Time sources the clock is compared with, how often, and by how much it may be off.
ZONARY_CLOCK = clock_watching(os.environ)
ZONARY_SECOND_TREE = os.environ.get("ZONARY_SECOND_TREE") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "zonary.foundation.accounts.apps.AccountsConfig",  # its templates come before the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "zonary.foundation.ledger.apps.LedgerConfig",
    "zonary.foundation.organizations.apps.OrganizationsConfig",
    "zonary.foundation.facts.apps.FactsConfig",
    "zonary.foundation.deadlines.apps.DeadlinesConfig",
    "zonary.foundation.rules.apps.RulesConfig",
    "zonary.foundation.documents.apps.DocumentsConfig",
    "zonary.foundation.documents.reviews.apps.ReviewsConfig",
    "zonary.foundation.notifications.apps.NotificationsConfig",
    "zonary.foundation.notifications.inbox.apps.InboxConfig",
    "zonary.foundation.search.apps.SearchConfig",
    "zonary.services.evidence.apps.EvidenceConfig",
    "zonary.services.evidence.copies.apps.CopiesConfig",
    "zonary.services.evidence.declarations.apps.DeclarationsConfig",
    "zonary.services.evidence.certificates.apps.CertificatesConfig",
    "zonary.services.evidence.exporting.apps.ExportingConfig",
    "zonary.services.evidence.sharing.apps.SharingConfig",
    "zonary.services.evidence.capture.apps.CaptureConfig",
    "zonary.services.evidence.dossiers.apps.DossiersConfig",
    "zonary.services.evidence.onsite.apps.OnsiteConfig",
    "zonary.services.evidence.secrets.apps.SecretsConfig",
    "zonary.services.incentives.library.apps.LibraryConfig",
    "zonary.services.incentives.measures.apps.MeasuresConfig",
    "zonary.services.incentives.editing.apps.EditingConfig",
    "zonary.services.incentives.matching.apps.MatchingConfig",
    "zonary.services.incentives.grants.apps.GrantsConfig",
    "zonary.services.incentives.coverage.apps.CoverageConfig",
    "zonary.services.incentives.simulating.apps.SimulatingConfig",
    "zonary.portal.apps.PortalConfig",
]

DATABASES = {"default": database(os.environ.get("ZONARY_DATABASE_URL", ""), ZONARY_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond it entries are dropped that have not expired: who fills it up must not forget others' failures.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ROOT_URLCONF = "zonary.config.urls"
# Body limits and security headers are set in zonary.config.dispatch and zonary.config.http, for Django's responses as
# for all others.
MIDDLEWARE = [
    "zonary.config.counted_pages.ClientAddressMiddleware",
    "zonary.config.readable_text.ReadableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zonary.config.page_language.PageLanguageMiddleware",
    "zonary.config.problem_pages.ProblemPagesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "zonary.config.standing.StandingMiddleware",
    "zonary.config.second_factor.SecondFactorMiddleware",
    "zonary.config.counted_pages.CountedPagesMiddleware",
    "zonary.config.provider_doors.ProviderDoorsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zonary.portal.shell.shell",
            ],
            "builtins": ["zonary.portal.templatetags.words", "zonary.portal.templatetags.components"],
        },
    }
]
CSRF_FAILURE_VIEW = "zonary.config.problem_pages.form_expired"
FORM_RENDERER = "zonary.portal.forms.PageForms"

# Signs sessions and links that were mailed; made at first start (zonary.config.zone). Before that, and for commands
# that sign nothing, one that is forgotten with the process.
SECRET_KEY = session_secret(ZONARY_DATA) or secrets.token_urlsafe(32)
DEBUG = False
# Links in mails are made from it; what answers without making one (the API, /healthz) does not ask.
ALLOWED_HOSTS = allowed_hosts(ZONARY_URL)
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # zonary.config.dispatch counts the bytes, address by address

_IS_HTTPS = ZONARY_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if _IS_HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [ZONARY_URL]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True  # for what libraries say themselves; our own sentences: zonary.common.language

ZONARY_SENDS_MAIL = bool(os.environ.get("ZONARY_EMAIL_URL"))
globals().update(account_settings(os.environ, ZONARY_DATA, ZONARY_URL))

LOGGING = logging_settings(
    ZONARY_DATA.server_log, days=os.environ.get("ZONARY_LOG_DAYS", ""), form=os.environ.get("ZONARY_LOG_FORMAT", "")
)
LOGGING_CONFIG = "logging.config.dictConfig"
