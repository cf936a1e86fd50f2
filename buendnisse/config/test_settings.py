"""What tests change: speed only. The database is a file, since an in-memory SQLite has other locking."""

import os
import sys
import tempfile
from urllib.parse import urlsplit

# Compiled modules are kept, whatever the machine's environment says: both processes, every process that tests start and
# the next run read the same ones, and pytest's work on 5,000 asserts is in them.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Before the settings read them: every process of a parallel run has a folder and a Redis database of its own. Of the
# SQL database pytest-django makes one a process.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="buendnisse-test-")
if os.environ.get("REDIS_URL") and (worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")):
    _redis = urlsplit(os.environ["REDIS_URL"])
    _number = int(_redis.path.strip("/") or 0) + int(worker)
    os.environ["REDIS_URL"] = _redis._replace(path=f"/{_number}").geturl()

from buendnisse.config.settings import *  # noqa: E402, F403 -- the settings module itself, with overrides below
from buendnisse.config.settings import DATABASES, MIDDLEWARE  # noqa: E402 -- see above

DATABASES["default"]["CONN_MAX_AGE"] = 0
if "init_command" in DATABASES["default"]["OPTIONS"]:  # SQLite: nothing here must survive a power cut
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
SECRET_KEY = "only-for-tests"  # noqa: S105 -- guards nothing
LINK_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE[MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware")] = "tests.support.static_files.StaticFiles"
