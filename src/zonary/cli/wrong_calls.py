"""What argparse says of a wrong call, as one clause in the reader's language.

Its own words are English and hold lists nobody asked for; a form of them that is not known here is passed on as it is.
"""

from __future__ import annotations

import re

from zonary.common.language import _

_QUOTED = r"(?P<given>'.*'|\".*\")"
_OPTION = r"argument (?P<option>[^\s:]+): "


def wrong_call(message: str) -> str:
    """``message`` of argparse, said as a person would."""
    for pattern, sentence in (
        (rf"argument (?:COMMAND|ACTION): invalid choice: {_QUOTED} \(.*\)", "there is no command “{given}”"),
        (rf"{_OPTION}invalid choice: {_QUOTED} \(choose from (?P<known>.*)\)", "{option} is one of {known}"),
        (rf"{_OPTION}invalid int value: {_QUOTED}", "{option} needs a whole number, not “{given}”"),
        (rf"{_OPTION}expected .*argument.*", "{option} needs a value"),
        (rf"{_OPTION}not allowed with argument (?P<other>\S+)", "{option} and {other} cannot be given together"),
        (r"one of the arguments (?P<options>.*) is required", "one of these is needed: {options}"),
        (r"ambiguous option: (?P<option>\S+) could match (?P<known>.*)", "{option} can mean any of {known}"),
        (r"the following arguments are required: (?P<options>.*)", "these arguments are missing: {options}"),
        (r"unrecognized arguments: (?P<options>.*)", "these arguments are not known: {options}"),
    ):
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _(sentence, **{name: _plain(name, text) for name, text in found.groupdict().items()})
    return message


def _plain(name: str, text: str) -> str:
    if name == "given":
        return text[1:-1]
    return text.replace("'", "") if name == "known" else text
