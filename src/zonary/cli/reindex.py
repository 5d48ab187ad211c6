"""``zonary reindex``: make the index of the search anew, beside a server at work or without one."""

from __future__ import annotations

import argparse
from pathlib import Path

from zonary.cli.data_directory import open_django
from zonary.common.language import _
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory of the server"))


def run(options: argparse.Namespace) -> int:
    data = DataDirectory(Path(options.data).absolute())
    if not data.path.is_dir():
        raise Error("There is no directory {path}.", path=str(data.path))
    open_django(data)
    from zonary.foundation.search.indexing import advance, forget_index
    from zonary.foundation.search.models import SearchEntry

    forget_index()
    while advance():
        pass
    print(_("The index of the search was made anew; {count} things are found.", count=SearchEntry.objects.count()))
    return 0
