"""The form field for attachments: what the officer chose, already sealed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ilex.gate.models import Attachment
from ilex.gate.uploads import SealedUpload


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Cleans to a list of unsaved Attachments; a file that could not be kept is an error of the field."""

    widget = FilesInput

    def __init__(self, *, most: int = 20, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Attachment]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > self.most:
            raise ValidationError(_("Choose at most %(most)s files."), params={"most": self.most})
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return [self._attachment(file) for file in files]

    def _attachment(self, file: SealedUpload) -> Attachment:
        if file.attachment is None:
            raise ValidationError(
                _("%(name)s: %(failure)s"), params={"name": file.name, "failure": file.failure}, code="not-kept"
            )
        if not file.attachment.size:
            raise ValidationError(_("The file %(name)s is empty."), params={"name": file.name}, code="empty")
        return file.attachment
