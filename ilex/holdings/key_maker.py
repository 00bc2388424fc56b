"""A process that makes keys: `python -m ilex.holdings.key_maker`.

It reads pickled chunks of its parent, which is this same program, and answers each. It ends when the parent does,
however that ends, and knows no database and no settings.
"""

from __future__ import annotations

import pickle
import sys
from typing import BinaryIO

from ilex.holdings.making import Making, seldom_collected


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """The setting first, then chunks, until the parent closes."""
    making = Making(pickle.load(asked))  # noqa: S301  # of our own parent process, over a pipe that nobody else has
    with seldom_collected():
        while True:
            try:
                chunk = pickle.load(asked)  # noqa: S301  # as above
            except EOFError:
                return
            pickle.dump(making.made(chunk), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
