"""Files of subjects, in and out: FollowTheMoney, CSV and XLSX. Every fault is named with its row, column and reason."""

from __future__ import annotations

from pathlib import PurePath

FORMS = {".json": "ftm", ".jsonl": "ftm", ".ijson": "ftm", ".ftm": "ftm", ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx"}


def form_of(name: str) -> str:
    """Which reader a file of this name is for; empty when its name does not say it."""
    return FORMS.get(PurePath(name).suffix.lower(), "")
