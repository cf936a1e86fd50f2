"""Settings, all from the environment; the names are listed in docs/operation.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from buendnisse.config import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
BUILD_DIR = BASE_DIR / "build"
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Who and where --------------------------------------------------------------------------------
DEMO = env.flag("DEMO")
PORT = env.number("PORT", 8000)
BASE_URL = env.text("BASE_URL", env.address(VAR_DIR, PORT)).rstrip("/")
ORGANIZER_EMAIL = env.text("ORGANIZER_EMAIL", "buendnisse@fachstelle.example")
ORGANIZER_NAME = env.text("ORGANIZER_NAME", "Fachstelle Integration")
HOLIDAY_SUBDIVISION = env.text("HOLIDAY_SUBDIVISION", "NI")

# --- Secrets --------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", VAR_DIR)
LINK_KEY = env.secret("LINK_KEY", VAR_DIR)  # signs personal links; a new one makes every link in old mails invalid

# --- Web ------------------------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
ROOT_URLCONF = "buendnisse.config.urls"
WSGI_APPLICATION = "buendnisse.config.wsgi.application"
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "buendnisse.views.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Personal links never leak to a linked page. Not "no-referrer": browsers then send "Origin: null" with every form,
# which the CSRF check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are data: URIs inside its stylesheet
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # its widget templates, for our renderer
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "template_partials",
    "django_htmx",
    "allauth",
    "allauth.account",
    "csp",
    "ninja",
    "buendnisse",
    "meetings",
    "notifications",
    "buendnisse.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "buendnisse.views.uploads.refuse_too_large",  # knows who asks, and nobody before it reads what was sent
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "buendnisse.http.page_frame",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "buendnisse.templatetags.german",
            ],
        },
    },
    {
        "NAME": "text",  # plain-text mail: the same templates folder, nothing escaped
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "autoescape": False,
            "builtins": ["buendnisse.templatetags.german", "notifications.templatetags.plain"],
        },
    },
]

FORM_RENDERER = "buendnisse.forms.renderer.Renderer"

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "buendnisse.Person"
AUTHENTICATION_BACKENDS = ["notifications.adapters.SignInBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "notifications.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_FORMS = {
    "request_login_code": "notifications.forms.sign_in.RequestCodeForm",
    "confirm_login_code": "notifications.forms.sign_in.ConfirmCodeForm",
}
#: By visitor (ip) and by address (key). Six digits: 30 entries a day leave a guesser 30 chances in a million for one
#: address, and 100 for all of them from one place. A code itself ends after five wrong entries.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,200/d/ip,5/15m/key,30/d/key",
    "confirm_login_code": "30/m/ip,100/d/ip,10/15m/key,30/d/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)  # else every visitor seems to come from the proxy
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses of people who may sign in are confirmed by the Fachstelle
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"), VAR_DIR)}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "papers"  # random names, served by permission only; there is no MEDIA_URL

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = None

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FONT_DIR = BUILD_DIR / "fonts"  # KERN's Fira Sans as TTF, for documents

# --- Mail -----------------------------------------------------------------------------------------
#: The name under which our own mail server writes what it found out about a sender (RFC 8601). Empty: nobody is proven.
AUTHSERV_ID = env.text("AUTHSERV_ID")
SMTP = env.mail(env.text("EMAIL_URL"))  # read by notifications.transport.smtp only
BOUNCE_EMAIL = env.returns(env.text("BOUNCE_EMAIL"), ORGANIZER_EMAIL)
IMAP = env.mailbox(env.text("IMAP_URL"), env.text("IMAP_TOKEN_COMMAND"))  # read by notifications.transport.imap only
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nothing may send past the outbox

# --- Jobs -----------------------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL or "memory://"  # manage.py run starts an embedded broker and sets REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "buendnisse.config.cache.ForgivingCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://", 1),  # redis-py's spelling of the same
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # a killed worker's tasks return after this many seconds
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 180
CELERY_TASK_PUBLISH_RETRY = False  # a wake-up that cannot be sent is lost on purpose: the next ring does the work
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "ring": {
        "task": "notifications.tasks.ring",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
}

# --- Log ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "buendnisse.config.logs.WithoutTokens",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Below an error it would write the address of every expired personal link.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "flufl.bounce": {"level": "CRITICAL"},  # it tells each of its readers it asks
    },
}
