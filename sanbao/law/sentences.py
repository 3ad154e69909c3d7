"""How the law refuses at a command line: one line, short enough to read, on whatever terminal."""

import os
import sys
from io import TextIOWrapper

LONGEST_SENTENCE = 400
LONGEST_VALUE = 60


def one_line(fault: object) -> str:
    """A refusal as one line of readable length."""
    if isinstance(fault, OSError) and fault.filename:
        return shown(f"{fault.filename}: {fault.strerror}.", LONGEST_SENTENCE)
    return shown(fault, LONGEST_SENTENCE)


def shown(value: object, most: int = LONGEST_VALUE) -> str:
    """What somebody wrote, on one line and cut where it gets long."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def speak_everywhere() -> None:
    """Let a sign the terminal cannot show be printed as its number and not end in an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def nobody_listens() -> None:
    """Whoever read our answer has closed the line: say no more, also not at the end of the program."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
