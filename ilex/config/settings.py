"""One readable page of settings. A node's own facts come from its folder and the environment: see node.py."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from ilex.config.node import here

NODE = here()
HOUSE = Path(__file__).resolve().parent.parent

SECRET_KEY = NODE.secret
DEBUG = False
ALLOWED_HOSTS = NODE.hosts
CSRF_TRUSTED_ORIGINS = NODE.origins
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [
    "ilex.config",
    "ilex.desk",
    "ilex.library",
    "ilex.programme",
    "ilex.crosscheck",
    "ilex.cases",
    "ilex.sharing",
    "ilex.exchange",
    "ilex.subjects",
    "ilex.documents",
    "ilex.approvals",
    "ilex.duty",
    "ilex.holdings",
    "ilex.gate",
    "ilex.web",
    "ilex.journal",
    "ilex.units",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ilex.web.middleware.OfficersLanguage",
]

ROOT_URLCONF = "ilex.config.urls"
WSGI_APPLICATION = "ilex.config.wsgi.pages"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ilex.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "ilex.web.forms.Renderer"

DATABASES = {"default": NODE.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "units.Officer"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign-in"
CSRF_FAILURE_VIEW = "ilex.web.errors.csrf_failed"
SESSION_COOKIE_NAME = NODE.cookie("session")  # several nodes share one host in the demonstration
CSRF_COOKIE_NAME = NODE.cookie("csrf")
LANGUAGE_COOKIE_NAME = NODE.cookie("language")
SESSION_COOKIE_AGE = 12 * 60 * 60  # one shift
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NODE.pages_over_tls
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Tags and attributes: BCP 47 in the page, Django's names here.
LANGUAGES = [
    ("en", "English"),
    ("sr", "Српски"),
    ("sr-latn", "Srpski"),
    ("mk", "Македонски"),
    ("ro", "Română"),
    ("uk", "Українська"),
    ("ka", "ქართული"),
    ("hy", "Հայերեն"),
    ("hu", "Magyar"),
    ("sq", "Shqip"),
]
LANGUAGE_CODE = NODE.language
LOCALE_PATHS = [HOUSE / "locale"]
USE_TZ = True
TIME_ZONE = NODE.zone

STATIC_URL = "static/"
STATIC_ROOT = NODE.folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = NODE.testing
WHITENOISE_AUTOREFRESH = NODE.testing
if NODE.testing:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in thousands of times

# Attachments are streamed to the sealed store by the gate; nothing plain is spooled to disk below this size.
FILE_UPLOAD_HANDLERS = ["ilex.gate.uploads.SealingUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400

ILEX_UNIT = NODE.unit  # the organisation id of the unit whose node this is
ILEX_FOLDER = NODE.folder
ILEX_ENDPOINT = NODE.endpoint  # where peers reach the door
ILEX_CERTIFICATE_HEADER = NODE.certificate_header
ILEX_PRACTICE = NODE.practice
ILEX_SCANNER = NODE.scanner
ILEX_SCANNER_AT = "" if NODE.testing else NODE.scanner_at  # a test says itself when it wants one

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "ilex.config.process.Plain"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"ilex": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS is the proxy's in production: docs/operate.md
    "security.W008",  # so is the redirect to HTTPS
]
