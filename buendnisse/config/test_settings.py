"""What tests change: speed only. The database is a file, since an in-memory SQLite has other locking."""

import tempfile
from pathlib import Path

from buendnisse.config import env
from buendnisse.config.settings import *  # noqa: F403 -- the settings module itself, with overrides below

_FOLDER = Path(tempfile.mkdtemp(prefix="buendnisse-test-"))
VAR_DIR = _FOLDER
MEDIA_ROOT = _FOLDER / "papers"
DATABASES = {"default": env.database(env.text("DATABASE_URL"), _FOLDER)}
DATABASES["default"]["CONN_MAX_AGE"] = 0
SECRET_KEY = "only-for-tests"  # noqa: S105 -- guards nothing
LINK_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
