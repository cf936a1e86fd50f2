"""The first floor for other programs: read-only, but for proposing an agenda item."""

from meetings.api.routes import router as router
