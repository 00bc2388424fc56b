from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ilex.config.keeping.backup import backup
from ilex.journal import actions as journal
from ilex.journal.models import Operation


class Command(BaseCommand):
    help = "Writes the whole node into one file: settings, secret, keys, database and attachments. Keep it safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, readable by you alone; it holds keys and secrets")
        parser.add_argument("--no-blobs", action="store_true", help="without the attachments")

    def handle(self, *args: Any, **options: Any) -> None:
        made = backup(settings.NODE, options["file"], blobs=not options["no_blobs"])
        with journal.act("node.backed-up", Operation.OPERATION, by=None, size=made.size):
            pass
        what = f"{made.size:,} bytes, {made.members} files, {made.tables} tables"
        self.stdout.write(f"{made.file}: {what}. It was read again from end to end.")
