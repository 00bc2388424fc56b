"""Before the node starts: the rules that ask for a second person can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from ilex.words import approval
from ilex.words.entries import LawError


def rules_can_be_read(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        approval.book()
    except LawError as error:
        return [Error(str(error), id="approvals.E001")]
    return []
