"""The programme and the news in a form that any other system can read: JSON, one record a line."""

from __future__ import annotations

import json
from itertools import chain
from typing import TextIO

from django.core.serializers.json import DjangoJSONEncoder

from ilex.journal import actions as journal
from ilex.journal.models import Operation
from ilex.library import export as library
from ilex.programme import export as programme


def export_programme(file: TextIO, reason: str) -> int:
    """Write all records and one journal line; returns how many. The form stands in docs/wire/programme-export.md."""
    count = 0
    with journal.act("programme.exported", Operation.DISCLOSURE, by=None, reason=reason) as this:
        for record in chain(programme.records(), library.records()):
            file.write(json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
            count += 1
        this.detail |= {"count": count}
    return count
