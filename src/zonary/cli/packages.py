"""A package as a command is given one: by the name of a file."""

from __future__ import annotations

import os
from typing import IO

from zonary.proof.errors import MalformedError
from zonary.proof.package.container import Container
from zonary.proof.printable import printable


def package_in(file: IO[bytes], path: str) -> Container:
    """The package that ``file`` is, which was opened at ``path``.

    :raises MalformedError: when it is none; it says at which path, as one command may be given many.
    """
    try:
        return Container(file)
    except MalformedError as error:
        name = printable(os.fsencode(path))
        raise MalformedError("“{path}” cannot be opened as a package: {reason}", path=name, reason=error) from error
