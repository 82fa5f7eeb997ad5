"""The settings of the tests: a data directory of their own, the demo's clock and mail, quick passwords."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="kaohe-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["KAOHE_DATA_DIR"] = _data_dir
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from config.settings import *  # noqa: E402, F403  the environment above must be in place first
from config.settings import DATABASES, STORAGES  # noqa: E402  the same

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live server's threads and the concurrent tests open connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_data_dir, "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # each test client looks for the files of pages only when they are asked for
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ALLOWED_HOSTS = ["*"]
