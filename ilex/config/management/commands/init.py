from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ilex.config import first, foundation


class Command(BaseCommand):
    help = "Makes a node in the folder ILEX_HOME: settings, secret, database, directory and keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        first.arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """The settings were written before Django read them: ilex.config.first."""
        node = settings.NODE
        foundation.prepare(node, say=self.stdout.write)
        self.stdout.write(f"The node of {node.unit} is ready in {node.folder}. Start it with: ilex up")
