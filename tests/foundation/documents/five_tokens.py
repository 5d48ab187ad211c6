"""Started beside a running server, on its data: makes the five accounts, each with a token for documents.

Prints ``{name: [token, public id of the holder]}``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

NAMES = ("owner", "colleague", "rival", "officer", "outsider")


def tokens_beside(data: Path) -> dict[str, tuple[str, str]]:
    """Name -> token and holder, in the database of the server on ``data``."""
    environment = {**os.environ, "ZONARY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "zonary.config.settings"}
    command = [sys.executable, "-m", "tests.foundation.documents.five_tokens"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: (token, holder) for name, (token, holder) in json.loads(done.stdout).items()}


def _tokens() -> dict[str, Any]:
    import django

    django.setup()
    from tests.five_accounts import make_five

    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token

    five, at, made = make_five(), now(), {}
    for name in NAMES:
        by = getattr(five, name)
        _, token = issue_personal_token(
            name="t", scopes=["documents:read", "documents:write"], expires_at=at + timedelta(days=1), by=by, at=at
        )
        made[name] = (token, by.holder)
    return made


if __name__ == "__main__":
    print(json.dumps(_tokens()))
