"""What may stand before ``.tsr`` in the name of a plain-data token: it is printed in commands that people type."""

from __future__ import annotations

from zonary.proof.package.container import STATEMENT

_MAX_BYTES = 120
_FORBIDDEN = frozenset("/\\:*?\"<>|$`'")


def token_stem(file_name: bytes | None) -> str:
    """The stem of the plain-data token: the sealed file's own name where it is fit for a zip member and a shell.

    ``None`` (a folder, or several files) gives ``statement.json``.
    """
    if file_name is None:
        return STATEMENT
    try:
        name = file_name.decode("utf-8")
    except UnicodeDecodeError:
        return "file"
    return name if name.isprintable() and is_safe_stem(name) else "file"


def is_safe_stem(stem: str) -> bool:
    """Whether nothing in ``stem`` means anything to a shell or a file system; what is printable depends on the reader's
    Unicode, so this asks for less than :func:`token_stem` gives."""
    is_plain = not any(each < " " or each == "\x7f" for each in stem)
    fits = 0 < len(stem.encode("utf-8", "surrogatepass")) <= _MAX_BYTES
    return is_plain and fits and not _FORBIDDEN & set(stem) and stem[0] not in "-."
