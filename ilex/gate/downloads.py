"""An attachment on its way to an officer's screen: streamed, and never run by the browser."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from ilex.gate.models import Attachment
from ilex.gate.store import open_stream


def download(attachment: Attachment) -> StreamingHttpResponse:
    """Always a file to save, whatever it is. The caller writes the consultation into the journal first.

    Raises Missing while the attachment is still on its way. A file found damaged half way breaks off.
    """
    response = StreamingHttpResponse(open_stream(attachment), content_type=attachment.media)
    response["Content-Length"] = str(attachment.size)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
