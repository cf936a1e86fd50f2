"""Handing out stored files. Who may have one is asked before: here nobody is asked any longer."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from buendnisse.models import PaperVersion


def as_download(version: PaperVersion) -> FileResponse:
    """The file under the name people know, never shown inside the browser, never kept on the way."""
    try:
        file = default_storage.open(version.stored_as)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, as_attachment=True, filename=version.file_name, content_type=version.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def as_picture(stored_as: str) -> FileResponse:
    """A picture that we made ourselves, to be shown on a page."""
    try:
        file = default_storage.open(stored_as)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
