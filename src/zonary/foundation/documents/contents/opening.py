"""The place this server keeps contents in."""

from __future__ import annotations

import functools
from pathlib import Path

from django.conf import settings

from zonary.foundation.documents.contents.directory import DirectoryContents
from zonary.foundation.documents.contents.protocol import ContentStore
from zonary.foundation.ledger.storage.opening import StoreAddressError, open_bucket


def contents() -> ContentStore:
    """The store of the settings: ``ZONARY_DOCUMENT_STORE``, else the folder ``documents`` of the data directory.

    Never the store of the published logs, from which everybody may read.

    :raises StoreAddressError: when its address cannot be used, or lies where logs are published.
    """
    address: str = settings.ZONARY_DOCUMENT_STORE or str(settings.ZONARY_DATA.path / "documents")
    return _opened(address, settings.ZONARY_STORE)


@functools.cache
def _opened(address: str, published: str) -> ContentStore:
    if published and f"{address}/".startswith(f"{published.rstrip('/')}/"):
        raise StoreAddressError(
            "ZONARY_DOCUMENT_STORE lies in {published}, where everybody may read the logs. Give documents a bucket or "
            "prefix of their own that nobody else can read.",
            published=published,
        )
    if "://" not in address:
        return DirectoryContents(Path(address))
    from zonary.foundation.documents.contents.objects import ObjectContents

    client, name = open_bucket(address)
    return ObjectContents(client, name)
