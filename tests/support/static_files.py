"""Static files, looked up once a process.

Every test client builds all middleware, and WhiteNoise then reads every file's date and size and writes its headers: four
fifths of what a first request costs. Among servers there is one of it a process.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

_FOUND: dict[tuple[Any, ...], dict[str, Any]] = {}


class StaticFiles(WhiteNoiseMiddleware):
    def update_files_dictionary(self, root: str, prefix: str) -> None:
        key = (root, prefix, self.max_age, settings.STORAGES["staticfiles"]["BACKEND"])
        if key not in _FOUND:
            super().update_files_dictionary(root, prefix)
            _FOUND[key] = dict(self.files)
        self.files.update(_FOUND[key])
