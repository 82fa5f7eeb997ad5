"""All settings, read from the environment with safe defaults; each is explained where it is read."""

from datetime import time, timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.contrib.messages import constants as levels
from django.utils.translation import gettext_lazy as _
from environs import Env
from kombu import Queue

from config.private import keep_private

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# Where this installation keeps what it writes: the embedded database, private files, demo mail, secrets.
DATA_DIR = Path(env.str("KAOHE_DATA_DIR", str(BASE_DIR / "var")))
# Personal data lies there: whatever this process writes anywhere is for its own user alone (0600 in folders of 0700).
keep_private(DATA_DIR)

# Developer's error pages; never on by default.
DEBUG = env.bool("DEBUG", False)
# A world to try out: demo accounts, a clock that the office may move, mail and texts to files only. A database is a
# demo's or a real one for ever (audit/installation.py): nothing runs on one of the other kind.
DEMO = env.bool("DEMO", False)
# The password of every demo account; the sign-in page of a demo shows it.
DEMO_PASSWORD = "kaohe-demo"  # noqa: S105  # made to be read by everyone who tries the demo
# Signs sessions and links. `bin/start` makes one and keeps it in the data directory.
SECRET_KEY = env.str("SECRET_KEY", "not-secret-only-for-tests-and-build-steps" if DEBUG or DEMO else "")
# Comma-separated keys (newest first) that encrypt personal data at rest (R17); else one is derived from SECRET_KEY.
FIELD_KEYS: list[str] = env.list("KAOHE_FIELD_KEYS", [])
# Days for which names and phones of rosters and of objectors are kept once their cycle is closed (and an objection
# decided); then the sweep deletes them. Told where they are entered. Half a year: as long as a result may be contested.
PERSONAL_DATA_DAYS = env.int("KAOHE_PERSONAL_DATA_DAYS", 180)
# The names by which browsers reach this installation.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
# The address written into mails and ballots, without a slash at the end.
BASE_URL = env.str("KAOHE_BASE_URL", "http://localhost:8000")
# Behind a proxy that speaks TLS: cookies only over TLS, the proxy's header is believed.
BEHIND_TLS = env.bool("BEHIND_TLS", False)
# How many proxies of ours write X-Forwarded-For; without one that header could come from anybody and is not read.
PROXIES = env.int("KAOHE_PROXIES", 0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "viewflow",
    "viewflow.workflow",
    "audit",
    "outbox",
    "accounts",
    "scoring",
    "documents",
    "workflow",
    # The made-up world, its clock and its mail page: what belongs to it alone is named only where it is installed.
    *(["demo"] if DEMO else []),
]

MIDDLEWARE = [
    # What every answer carries, a refusal too: outermost, so that whatever answers further in passes them.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    *(["demo.middleware.ClockMiddleware"] if DEMO else []),
    "common.arrival.ArrivalMiddleware",
    "common.arrival.PlainTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Who may, then how much, and only then is a body read: the token of a form stands in it.
    "accounts.middleware.AccessMiddleware",
    "common.bodies.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.middleware.NoBlankPageMiddleware",
    "audit.middleware.OwnDatabaseMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "common.ui.tags",
                "scoring.tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflow.navigation.frame",
                *(["demo.frame.frame"] if DEMO else []),
            ],
        },
    }
]
# The parts of the navigation, in this order: paths of places (workflow/navigation.py).
NAVIGATION = ["workflow.navigation.PLACES", *(["demo.navigation.PLACES"] if DEMO else [])]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# A message looks like the hint of that kind (common/ui/tags.py).
MESSAGE_TAGS = {levels.SUCCESS: "ok", levels.WARNING: "warn", levels.ERROR: "bad"}

# PostgreSQL in production (`postgres://…`); the default is one SQLite file for trying out and small offices.
# Behind a pool that lends connections for one transaction each (pgbouncer): cursors may not outlive a transaction.
POOLED = env.bool("KAOHE_DATABASE_POOLED", False)
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'kaohe.sqlite3'}",
        conn_max_age=60,
        disable_server_side_cursors=POOLED,
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # The write lock is taken at the start and waited for: without this, concurrent writers lose updates.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: the broker of the queue, and nothing else: sessions and limits are in the database, pages are not cached.
# Without it nothing is queued.
REDIS_URL = env.str("REDIS_URL", "")

# Files. The default storage is private: nothing in it has a public address. An S3 server if a bucket is named.
PRIVATE_ROOT = DATA_DIR / "private"
S3_BUCKET = env.str("S3_BUCKET", "")
if S3_BUCKET:
    _default_storage = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", None),
            "access_key": env.str("S3_ACCESS_KEY", None),
            "secret_key": env.str("S3_SECRET_KEY", None),
            "region_name": env.str("S3_REGION", None),
            "querystring_auth": True,
            "querystring_expire": 300,
            "file_overwrite": False,
            "default_acl": None,
        },
    }
else:
    _default_storage = {
        "BACKEND": "common.storage.WholeFileStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    }
STORAGES = {
    "default": _default_storage,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
# Django sets the modes of uploads itself, whatever the umask is.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# The largest single upload, in bytes.
MAX_UPLOAD_BYTES = env.int("KAOHE_MAX_UPLOAD_BYTES", 20 * 1024 * 1024)
# The longest form without files, in bytes: a whole self-evaluation with every text at its limit is shorter.
MAX_FORM_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("KAOHE_MAX_FORM_BYTES", 4 * 1024 * 1024)
# A review grid without scripts posts every cell at once: units × parts of a track.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000

# Mail. A demo never reaches a real mailbox: its mail goes to files, whatever EMAIL_URL says.
MAIL_DIR = DATA_DIR / "mail"
if DEMO:
    EMAIL_BACKEND = "demo.mail_folder.EmailBackend"
else:
    _email = env.dj_email_url("EMAIL_URL", "console:")
    vars().update({name: value for name, value in _email.items() if name.startswith("EMAIL_") and name.isupper()})
# Seconds that a mail server has for each answer; and those that a round of sending has for each channel: a server that
# accepts and stays silent holds up its own queue only, and that not for long.
EMAIL_TIMEOUT = 10
SEND_SECONDS = 20
# Beijing time of a lottery's day from which no hash and no secret of a drawing counts: before it draws, at 21:15.
LOTTERY_CLOSES = time.fromisoformat(env.str("KAOHE_LOTTERY_CLOSES", "20:00"))
# Who carries a text message: the path of a function that takes (address, text) and raises OSError when it fails.
# There is no gateway of ours yet: texts wait, unsent, until this names one.
# A demo never reaches a real phone: its texts go to files, whatever is named.
TEXT_GATEWAY = "demo.mail_folder.carry_text" if DEMO else env.str("KAOHE_TEXT_GATEWAY", "outbox.texts.no_gateway")
DEFAULT_FROM_EMAIL = env.str("KAOHE_FROM_EMAIL", "kaohe@example.org")

# Seconds that a sweep may take before it leaves the rest to the next, and after which nobody counts on it any more:
# /health/ answers 503 and the office's page of the cycle warns.
SWEEP_SECONDS = 40
SWEEP_LATE_SECONDS = 120
# Seconds that a worker spends on what was asked of many before it lets others in; the next minute it goes on.
BULK_SECONDS = 50
# Seconds that the sweep waits after a deadline: longer than a request may take, shorter than a minute. What was on its
# way for longer counts as having come when it was whole.
DEADLINE_GRACE_SECONDS = 45
CELERY_BROKER_URL = REDIS_URL or "memory://"
# Seconds after which a queue that does not answer counts as away; only the messenger of hints, workers and beat wait.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "socket_keepalive": True}
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", not REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A queue for each urgency: a worker of its own keeps the deadlines, whatever a mail server does to the rest.
CELERY_TASK_ROUTES = {
    "workflow.sweep": {"queue": "deadlines"},
    "outbox.send": {"queue": "mail"},
    "workflow.bulk": {"queue": "bulk"},
}
CELERY_TASK_QUEUES = [Queue("deadlines"), Queue("mail"), Queue("bulk")]
CELERY_TASK_DEFAULT_QUEUE = "mail"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds after which a task that hangs is ended, with the process that it hangs in.
CELERY_TASK_TIME_LIMIT = 170
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Ten seconds before the minute ends: a deadline at its start is then past its grace, and still in the same minute.
    "sweep": {"task": "workflow.sweep", "schedule": crontab(), "options": {"countdown": 50, "expires": 110}},
    "bulk": {"task": "workflow.bulk", "schedule": crontab(), "options": {"expires": 55}},
    "send-messages": {"task": "outbox.send", "schedule": crontab(), "options": {"expires": 55}},
    "forget-uploads": {"task": "scoring.forget_uploads", "schedule": crontab(hour="4", minute="30")},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.NoDemoPassword",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "accounts.passwords.NotTheDemosValidator",
    )
]
# Seconds for which a mailed link to set a password can be used.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
LOGIN_URL = "sign-in"
# The view that signs people in: a demo's lists an account of each role.
SIGN_IN_VIEW = "demo.views.sign_in.sign_in" if DEMO else "accounts.views.session.sign_in"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "sign-in"
# Five failures lock a name from an address for fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_HANDLER = "accounts.slowing.SlowingHandler"
AXES_USERNAME_CALLABLE = "accounts.known.counted_as"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "old_password", "new_password1", "new_password2"]
# So many failures from one address, or for one name, in those fifteen minutes are free; then this long has to pass
# between two tries from one address.
SIGN_IN_FREE_FAILURES = 20
SIGN_IN_PAUSE = timedelta(seconds=30)
# The same for codes that open no ballot: so many from one network, or from all together, are free; then a network that
# has tried one itself waits that long between two.
BALLOT_FREE_TRIES, BALLOT_FREE_TRIES_OF_ALL = 20, 1000
AXES_CLIENT_IP_CALLABLE = "common.arrival.network_of"
AXES_LOCKOUT_CALLABLE = "accounts.views.session.locked_out"

SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "common.ui.errors.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
