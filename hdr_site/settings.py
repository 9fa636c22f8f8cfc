"""All settings, from the environment; embedded defaults serve one machine out of the box.

``HDR_MODE=production`` demands a secret key, host names, a database and a Redis server, and says
at the start which of them is missing. ``HDR_DEMO`` (on by default in embedded mode) makes demo
accounts possible and second factors optional.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("HDR_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"HDR_MODE is “{MODE}”; it must be embedded or production.")
PRODUCTION = MODE == "production"
if PRODUCTION:
    needed = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL")
    if missing := [name for name in needed if not env.str(name, default="")]:
        raise ImproperlyConfigured(f"In production set also: {', '.join(missing)}.")

DEMO = env.bool("HDR_DEMO", default=not PRODUCTION)
DEBUG = False

# What the running site writes: database, uploads, mail, the generated key. Never in the web root.
VAR_DIR = Path(env.str("HDR_VAR_DIR", default=str(BASE_DIR / "var")))


def _embedded_secret_key() -> str:
    path = VAR_DIR / "secret_key"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
        return path.read_text(encoding="utf-8")


SECRET_KEY = env.str("SECRET_KEY", default="") or _embedded_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "accounts.admin_config.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "accounts",
    "accounts.audit",
    "recognition",
    "recognition.layouts",
    "recognition.desk",
    "recognition.batches",
    "recognition.notifications",
    "recognition.webhooks",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.WholePageLoginMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "hdr_site.urls"
WSGI_APPLICATION = "hdr_site.wsgi.application"

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
            ],
        },
    },
]

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'hdr.sqlite3'}"),
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Web and worker write at once: readers never block (WAL), a writer takes its lock at the start
    # of the transaction instead of failing in the middle, and waits for the other one.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that throttles and login limits hold while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hdr_cache",
    },
}

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that submits must not hang while Redis is away: the sweeper sends what was not sent.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
# A person who draws waits for the answer, and must not stand behind a batch of cheques; nor must
# the sweeper. A worker takes from its queues in turn.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"reading": {}, "drawing": {}, "upkeep": {}}
CELERY_TASK_DEFAULT_QUEUE = "reading"
CELERY_TASK_ROUTES = {
    "recognition.tasks.score": {"queue": "drawing"},
    "recognition.tasks.sweep": {"queue": "upkeep"},
    "recognition.tasks.purge_deleted": {"queue": "upkeep"},
    "recognition.batches.tasks.*": {"queue": "upkeep"},
    "recognition.notifications.tasks.*": {"queue": "upkeep"},
    "recognition.webhooks.tasks.*": {"queue": "upkeep"},
    "accounts.tasks.clear_sessions": {"queue": "upkeep"},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A run that takes longer than any permitted reading has lost its worker.
RUN_LOST_SECONDS = env.int("RUN_LOST_SECONDS", default=CELERY_TASK_TIME_LIMIT + 30)
RUN_MAX_ATTEMPTS = 3
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "recognition.tasks.sweep", "schedule": 15.0},
    "sweep-batches": {"task": "recognition.batches.tasks.sweep", "schedule": 15.0},
    "purge-deleted": {"task": "recognition.tasks.purge_deleted", "schedule": 3600.0},
    "clear-sessions": {"task": "accounts.tasks.clear_sessions", "schedule": 3600.0},
    "tell": {"task": "recognition.notifications.tasks.tell", "schedule": 60.0},
    "send-webhooks": {
        "task": "recognition.webhooks.tasks.send_due",
        "schedule": 5.0,
        "options": {"expires": 5.0},  # a slow receiver must not heap up rounds
    },
    "send-digests": {
        "task": "recognition.notifications.tasks.send_digests",
        "schedule": crontab(hour=env.int("DIGEST_HOUR", default=2), minute=30),
    },
}

# For tests alone: webhooks over plain http, and to this machine.
WEBHOOKS_ALLOW_LOCAL = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.login.LoginBackend",
    "accounts.permissions.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# Log in by e-mail; there are no user names.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# A demonstration has no mail server: what it sends lies in a folder, so nobody is held up by it.
ACCOUNT_EMAIL_VERIFICATION = "optional" if DEMO else "mandatory"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
}
ACCOUNT_CHANGE_EMAIL = True  # one address each; the new one counts once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[hdr] "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Rate limits count by client address: behind proxies they must see through just these, or one
# client locks out all, or each one writes an address of its choice into the header.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
USERSESSIONS_TRACK_ACTIVITY = False  # a write a request, for a time stamp nobody needs

MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "hdr"
MFA_TOTP_TOLERANCE = 1  # RFC 6238, 5.2: one step for clocks that disagree and slow typing
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # embedded mode is http://localhost

# NIST SP 800-63B-4, by what a session can reach: bank staff see customers' cheques (its AAL3
# limits, and those of OWASP ASVS 4.0.3, 3.3.2), individuals their own digits (its AAL2 limits).
SESSION_IDLE_SECONDS = {"bank_staff": 15 * 60, "individual": 60 * 60}
SESSION_ABSOLUTE_SECONDS = {"bank_staff": 12 * 60 * 60, "individual": 24 * 60 * 60}
SESSION_COOKIE_AGE = max(SESSION_ABSOLUTE_SECONDS.values())

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "hdr_site.formats"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "hdr_site" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hdr_site.storage.ModuleManifestStaticFilesStorage"},
}
if bucket := env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }

if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold a page
# What mail that no page asked for puts before its links.
SITE_URL = env.str(
    "SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="hdr@localhost")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take these names from this very host alone, never from a neighbour below its domain.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
    # The token first: RFC 6750 wants 401 for a bad one, and DRF answers in the first one's way.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.TokenAuthentication",
        "accounts.api_auth.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "recognition.api.pagination.Pages",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "60/min",
        "user": "600/min",
        "submit": env.str("SUBMIT_RATE", default="120/min"),
        "score": env.str("SCORE_RATE", default="60/min"),
    },
    "EXCEPTION_HANDLER": "recognition.api.errors.error_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "hdr",
    "DESCRIPTION": "Reads handwritten digits, numbers, cheques and demand drafts.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "BatchKind": "recognition.batches.models.KIND_CHOICES",
        "BatchState": "recognition.batches.models.Stage",
        "Kind": "recognition.models.Kind",
        "RunState": "recognition.models.RunState",
        "ItemState": "recognition.desk.models.State",
        "KeyVerdict": "recognition.desk.models.Verdict",
        "RuleVerdict": ("passed", "failed", "unknown"),
    },
}

# What is accepted, before anything is decoded.
FILE_UPLOAD_HANDLERS = ["recognition.upload_handlers.CappedFileUploadHandler"]
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=50_000_000)
UPLOAD_MAX_FILES = env.int("UPLOAD_MAX_FILES", default=100)
# Each page is made into an image while the sender waits: some 0.3 s of a core for one of a PDF.
UPLOAD_MAX_PAGES = env.int("UPLOAD_MAX_PAGES", default=40)
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
# A batch's ZIP as it is sent, its TIFF or PDF, and all that is in its ZIP.
BATCH_MAX_BYTES = env.int("BATCH_MAX_BYTES", default=500 * 1024 * 1024)
BATCH_MAX_DOCUMENT_BYTES = env.int("BATCH_MAX_DOCUMENT_BYTES", default=100 * 1024 * 1024)
BATCH_MAX_UNPACKED_BYTES = env.int("BATCH_MAX_UNPACKED_BYTES", default=2 * 1024**3)
# What the stored files of one person may take: individuals, and bank staff; 0: no limit.
STORAGE_QUOTA_BYTES = env.int("STORAGE_QUOTA_BYTES", default=2 * 1024**3)
STORAGE_QUOTA_STAFF_BYTES = env.int("STORAGE_QUOTA_STAFF_BYTES", default=0)
DELETED_RETENTION_DAYS = env.int("DELETED_RETENTION_DAYS", default=30)
# Days after which images and readings are purged, unless there is a legal hold; 0: never.
RETENTION_DAYS = env.int("RETENTION_DAYS", default=0)

# The first seals new events of the audit log, all open old seals. Keep them out of the database.
AUDIT_KEYS = env.list("AUDIT_KEYS", default=[])

MODELS_DIR = BASE_DIR / "models"

# The amount in words: always, never, or doubtful (where the figures alone would go to a person,
# and from this amount on). Never costs nothing: neither its network nor its runtime is loaded.
READ_WORDS = env.str("READ_WORDS", default="always")
if READ_WORDS not in {"always", "doubtful", "never"}:
    raise ImproperlyConfigured(f"READ_WORDS is “{READ_WORDS}”; always, doubtful or never is known.")
READ_WORDS_FROM = env.int("READ_WORDS_FROM", default=None)

# How the digits of an amount are parted on pages, from the right: 1,25,000; (3, 0) gives 125,000.
NUMBER_GROUPING = env.tuple("NUMBER_GROUPING", cast=int, default=(3, 2, 0))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}},  # thirty lines for each report in PDF
}

REDIS_HOST = urlsplit(REDIS_URL).hostname or REDIS_URL  # what a banner may name: no password
