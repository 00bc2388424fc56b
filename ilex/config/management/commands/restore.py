from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ilex.config.keeping.restore import restore


class Command(BaseCommand):
    help = "Makes a node from a backup, in a new folder; at its next `ilex up` it tells its peers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `ilex backup` wrote")
        parser.add_argument("--into", type=Path, required=True, help="a folder that is empty or not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = restore(options["file"], options["into"])
        folder = options["into"].resolve()
        self.stdout.write(f"The node of {facts['unit']} as it was at {facts['at']} is in {folder}.")
        if not facts["blobs"]:
            self.stdout.write("The backup holds no attachments: copy the folder blobs of the old node beside it.")
        self.stdout.write(f"Make sure that the old node stands still, then: ILEX_HOME={folder} ilex up")
