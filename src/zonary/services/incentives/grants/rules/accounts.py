"""Accounts that money is paid to, as an enterprise gives them: checked for how they are written, masked where shown."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Final

from zonary.proof import canonical
from zonary.proof.errors import Error

MAX_PAYEE: Final = 120
MAX_BANK: Final = 120
_NUMBER: Final = re.compile(r"[0-9]{8,32}")
_SHOWN: Final = 4
_BRACKETS: Final = str.maketrans("〔【[〈《", "(((((") | str.maketrans("〕】]〉》", ")))))")


class WrongAccountError(Error):
    """This cannot be the account of a payee."""


@dataclass(frozen=True, slots=True)
class Account:
    """Payee and bank as they stand in the bank's books, and the number without blanks."""

    payee: str
    bank: str
    number: str

    def masked(self) -> str:
        """Its number with all but the last four digits hidden."""
        return f"**** {self.number[-_SHOWN:]}"

    def text(self) -> str:
        """What is kept, enciphered."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def digest(self, salt: bytes) -> str:
        """SHA-256 over ``salt`` and the canonical account, hexadecimal: what the ledger names. Without the salt it
        could be guessed: account numbers are few."""
        return hashlib.sha256(salt + canonical.encode({**asdict(self)})).hexdigest()


def read_account(payee: str, bank: str, number: str) -> Account:
    """An account as somebody typed it; blanks and hyphens in the number do not matter.

    What a spreadsheet would take for a formula cannot begin a name here, so a payment file needs no quoting marks that
    a bank's program would take for part of it.

    :raises WrongAccountError: for what it cannot be.
    """
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number))
    if not _NUMBER.fullmatch(digits):
        raise WrongAccountError("An account number has 8 to 32 digits. Type it as it stands on the bank's paper.")
    return Account(_name(payee, MAX_PAYEE), _name(bank, MAX_BANK), digits)


def require_own(account: Account, registered: str) -> None:
    """Money goes to whom the decision is about: nobody pays a person, or another company, by an account's name.

    Width of characters, kind of brackets, blanks and case do not matter: banks write them otherwise than registers.

    :param registered: the name the enterprise is registered by.
    :raises WrongAccountError: when the holder of the account is somebody else.
    """
    if not is_called(account.payee, registered):
        raise WrongAccountError(
            "The account has to be your enterprise's own: its holder is given as “{payee}”, and your enterprise is "
            "registered as “{registered}”. Give an account that the bank keeps under that name.",
            payee=account.payee,
            registered=registered,
        )


def is_called(payee: str, registered: str) -> bool:
    """Whether both are one name, as :func:`require_own` compares them."""
    return _compared(payee) == _compared(registered)


def _compared(name: str) -> str:
    written = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return "".join(written.split()).casefold()


def account_of(text: str) -> Account:
    """The account that :meth:`Account.text` kept."""
    kept = json.loads(text)
    return Account(kept["payee"], kept["bank"], kept["number"])


def _name(text: str, most: int) -> str:
    name = " ".join(text.split())
    is_name = 2 <= len(name) <= most and name.isprintable() and name[0].isalnum()
    if not is_name:
        raise WrongAccountError(
            "The names of payee and bank have 2 to {most} characters and begin with a letter or a digit.", most=most
        )
    return name
