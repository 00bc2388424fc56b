"""`ilex reindex` writes the index of the node's own subjects and letters anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from ilex.crosscheck.actions.indexing import index_everything


class Command(BaseCommand):
    help = "Makes the keys of the node's own subjects and letters anew, as an update of the rules of names may ask for."

    def handle(self, *args: Any, **options: Any) -> None:
        count = index_everything()
        told = ngettext("%(count)d record can be found.", "%(count)d records can be found.", count)
        self.stdout.write(told % {"count": count})
