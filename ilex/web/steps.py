"""The other steps of a page, beside its one main next step: links, and small forms that are folded up."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm


@dataclass(frozen=True)
class StepLink:
    label: str
    url: str


@dataclass(frozen=True)
class StepForm:
    """Folded up under `label`; without a form of its own only the button stands there."""

    label: str
    url: str
    button: str
    form: BaseForm | None = None
    contrary: str = ""  # a second button, sent as `out`
    files: str = ""  # label of files that go along
