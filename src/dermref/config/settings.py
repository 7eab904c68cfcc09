"""Django settings, all of them derived from the checked environment."""

from pathlib import Path

import dj_database_url

from dermref.config.env import read_environment
from dermref.model.deployment import Deployment

ENV = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent

DERMREF = Deployment(
    operator=ENV.operator,
    dev_images=ENV.dev_images,
    contact=ENV.contact,
    data_dir=ENV.data_dir,
    originals=ENV.originals,
    ahead=ENV.ahead,
    datacite=ENV.datacite,
)

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
ROOT_URLCONF = "dermref.config.urls"
WSGI_APPLICATION = "dermref.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "dermref.catalog",
    "dermref.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dermref.web.headers.policy_headers",
    "django.middleware.common.CommonMiddleware",
    "dermref.web.reading.one_reading_a_request",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["dermref.web.tags"],
        },
    }
]

_DATABASE = dj_database_url.parse(ENV.database_url, conn_max_age=60)
if _DATABASE["ENGINE"].endswith("sqlite3"):
    # Measured in docs/performance.md: DEFERRED transactions fail with "database is locked" under four writers.
    _DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
DATABASES = {"default": _DATABASE}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "images": {"BACKEND": "dermref.media.s3.S3Shelf", "OPTIONS": ENV.store}
    if ENV.store
    else {"BACKEND": "dermref.media.storage.LocalShelf", "OPTIONS": {"location": DERMREF.store_dir}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Who signs in stays signed in for a working day; over https the cookies travel over https alone.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "dermref.web.errors.stale_form"
# What ends the encryption before us speaks http to us; a form sent over https still comes from one of our own names.
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if ENV.https]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a 404 is an answer, not a warning
}
