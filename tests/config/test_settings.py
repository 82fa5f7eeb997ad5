"""The settings read from the environment: database, queue, files, mail, and what is safe when nothing is said."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.config.reading import manage, settings


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def migrated(data: Path, tables: Path) -> Path:
    """A data directory with a database that has its tables and nothing in them."""
    data.mkdir()
    shutil.copy(tables, data / "kaohe.sqlite3")
    return data


# ---- nothing is said ----


def test_what_is_not_said_is_safe(data: Path) -> None:
    wanted = {"DEBUG": False, "DEMO": False, "SECRET_KEY": "", "PROXIES": 0, "SECURE_PROXY_SSL_HEADER": None}
    assert settings(data, *wanted) == wanted


def test_everything_that_is_written_lies_in_the_data_directory(data: Path) -> None:
    names = ("PRIVATE_ROOT", "STATIC_ROOT", "MAIL_DIR", "CELERY_BEAT_SCHEDULE_FILENAME", "DATABASES")
    values = settings(data, *names)
    paths = [*(values[name] for name in names[:-1]), values["DATABASES"]["default"]["NAME"]]
    assert [path for path in paths if not path.startswith(f"{data}/")] == []
    assert data.is_dir(), "and the directory is made"


def test_the_default_is_one_file_whose_writers_wait_for_each_other(data: Path) -> None:
    database = settings(data, "DATABASES")["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] >= 10


def test_without_a_key_of_its_own_a_real_system_signs_nothing(data: Path) -> None:
    sign = ("shell", "--no-imports", "-c", "from django.core import signing; signing.dumps(1)")
    refused = manage(data, *sign)
    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr
    assert manage(data, *sign, SECRET_KEY="x" * 50).returncode == 0


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_only_a_demo_or_a_developer_may_go_without_a_key(data: Path, switch: str) -> None:
    assert settings(data, "SECRET_KEY", **{switch: "1"})["SECRET_KEY"]
    assert settings(data, "SECRET_KEY", SECRET_KEY="own", **{switch: "1"})["SECRET_KEY"] == "own"


# ---- the database ----


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgres://kaohe:p%40ss%2Fword@db.example.org:6432/kaohe_2026",
            {"NAME": "kaohe_2026", "USER": "kaohe", "PASSWORD": "p@ss/word", "HOST": "db.example.org", "PORT": 6432},
        ),
        ("postgresql://kaohe@localhost/kaohe", {"NAME": "kaohe", "USER": "kaohe", "HOST": "localhost"}),
        ("postgres://postgres@%2Frun%2Fpostgresql/kaohe", {"HOST": "/run/postgresql", "NAME": "kaohe"}),
    ],
    ids=["with a password", "short", "a socket"],
)
def test_a_postgresql_of_one_s_own(data: Path, url: str, told: dict[str, Any]) -> None:
    database = settings(data, "DATABASES", DATABASE_URL=url)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert {name: database[name] for name in told} == told
    assert database["CONN_MAX_AGE"] == 60
    assert "transaction_mode" not in database.get("OPTIONS", {}), "SQLite's options are SQLite's"


@pytest.mark.parametrize("pooled", ["0", "1"])
def test_cursors_end_with_their_transaction_behind_a_pool(data: Path, pooled: str) -> None:
    said = {"DATABASE_URL": "postgres://kaohe@pool/kaohe", "KAOHE_DATABASE_POOLED": pooled}
    database = settings(data, "DATABASES", **said)["DATABASES"]["default"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is (pooled == "1")


def test_another_file_of_sqlite_is_opened_as_carefully(data: Path) -> None:
    database = settings(data, "DATABASES", DATABASE_URL=f"sqlite:///{data}/other.sqlite3")["DATABASES"]["default"]
    assert database["NAME"] == f"{data}/other.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


# ---- the queue ----

QUEUE = ("CACHES", "CELERY_BROKER_URL", "CELERY_TASK_ALWAYS_EAGER")


def test_without_redis_tasks_run_at_once_and_nothing_is_shared(data: Path) -> None:
    values = settings(data, *QUEUE)
    assert (values["CELERY_BROKER_URL"], values["CELERY_TASK_ALWAYS_EAGER"]) == ("memory://", True)


def test_redis_is_the_broker_and_nothing_else(data: Path) -> None:
    url = "redis://:secret@127.0.0.1:6390/1"
    values = settings(data, *QUEUE, REDIS_URL=url)
    assert url not in str(values["CACHES"])
    assert (values["CELERY_BROKER_URL"], values["CELERY_TASK_ALWAYS_EAGER"]) == (url, False)
    assert settings(data, *QUEUE, REDIS_URL=url, CELERY_TASK_ALWAYS_EAGER="yes")["CELERY_TASK_ALWAYS_EAGER"] is True


def test_a_task_is_given_back_when_its_worker_dies(data: Path) -> None:
    values = settings(data, "CELERY_TASK_ACKS_LATE", "CELERY_TASK_REJECT_ON_WORKER_LOST")
    assert values == {"CELERY_TASK_ACKS_LATE": True, "CELERY_TASK_REJECT_ON_WORKER_LOST": True}


def test_the_sweep_comes_within_the_minute_after_a_deadline_and_after_its_grace(data: Path) -> None:
    values = settings(data, "CELERY_BEAT_SCHEDULE", "DEADLINE_GRACE_SECONDS")
    countdown = values["CELERY_BEAT_SCHEDULE"]["sweep"]["options"]["countdown"]
    assert values["DEADLINE_GRACE_SECONDS"] < countdown < 60


# ---- files ----

S3 = {
    "S3_BUCKET": "kaohe",
    "S3_ENDPOINT_URL": "http://127.0.0.1:9000",
    "S3_ACCESS_KEY": "access",
    "S3_SECRET_KEY": "secret",
    "S3_REGION": "cn-north-1",
}


def test_files_lie_in_a_folder_without_a_public_address(data: Path) -> None:
    storage = settings(data, "STORAGES")["STORAGES"]["default"]
    assert storage["BACKEND"].endswith("WholeFileStorage")
    assert storage["OPTIONS"] == {"location": f"{data}/private", "base_url": None}


def test_a_bucket_takes_the_files_signed_and_for_a_short_time(data: Path) -> None:
    storage = settings(data, "STORAGES", **S3)["STORAGES"]["default"]
    options = storage["OPTIONS"]
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    told = {name: options[name] for name in ("bucket_name", "endpoint_url", "access_key", "secret_key", "region_name")}
    assert list(told.values()) == list(S3.values())
    assert options["querystring_auth"] is True
    assert options["querystring_expire"] <= 600
    assert options["default_acl"] is None, "nothing is public"
    assert options["file_overwrite"] is False, "nothing sealed is written over"


def test_keys_without_a_bucket_change_nothing(data: Path) -> None:
    without = {name: value for name, value in S3.items() if name != "S3_BUCKET"}
    assert settings(data, "STORAGES", **without) == settings(data, "STORAGES")


def test_a_bucket_alone_leaves_the_keys_to_the_machine(data: Path) -> None:
    options = settings(data, "STORAGES", S3_BUCKET="kaohe")["STORAGES"]["default"]["OPTIONS"]
    assert [options[name] for name in ("endpoint_url", "access_key", "secret_key", "region_name")] == [None] * 4


# ---- mail and texts ----

MAIL = (
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
    "MAIL_DIR",
    "TEXT_GATEWAY",
)
SMTP = "submission://kaohe%40example.org:p%40ss@mail.example.org:587"


def test_a_real_system_sends_by_the_server_that_is_named(data: Path) -> None:
    values = settings(data, *MAIL, EMAIL_URL=SMTP)
    assert values["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (values["EMAIL_HOST"], values["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (values["EMAIL_HOST_USER"], values["EMAIL_HOST_PASSWORD"]) == ("kaohe@example.org", "p@ss")
    assert (values["EMAIL_USE_TLS"], values["EMAIL_USE_SSL"]) == (True, False)


def test_a_demo_mails_into_files_whatever_server_is_named(data: Path) -> None:
    values = settings(data, *MAIL, EMAIL_URL=SMTP, DEMO="1")
    assert values["EMAIL_BACKEND"] == "demo.mail_folder.EmailBackend"
    assert values["MAIL_DIR"] == f"{data}/mail"
    assert values["EMAIL_HOST"] is None, "the server is not even known"
    assert values["TEXT_GATEWAY"] == "demo.mail_folder.carry_text"
    assert settings(data, "TEXT_GATEWAY", DEMO="1", KAOHE_TEXT_GATEWAY="our.sms") == {
        "TEXT_GATEWAY": "demo.mail_folder.carry_text"
    }


def test_a_real_system_without_a_gateway_keeps_its_texts(data: Path) -> None:
    assert settings(data, "TEXT_GATEWAY")["TEXT_GATEWAY"] == "outbox.texts.no_gateway"
    assert settings(data, "TEXT_GATEWAY", KAOHE_TEXT_GATEWAY="our.sms")["TEXT_GATEWAY"] == "our.sms"


# ---- a demo and a real installation ----

ASK = """
import sys
from django.test import Client
client = Client(raise_request_exception=False)
typed = {"username": "office", "password": "kaohe-demo"}
pages = {"/clock/": client.get("/clock/"), "/demo-mail/": client.get("/demo-mail/"), "sign-in": client.get("/sign-in/")}
print([page.status_code for page in pages.values()], "kaohe-demo" in pages["sign-in"].content.decode())
print(client.post("/sign-in/", typed).status_code)
print(sorted(name for name in sys.modules if name.partition(".")[0] == "demo")[:1])
"""
MAKE = "from accounts.models import User; User.objects.create_user('office', 'kaohe-demo', name='演示办公室')"


def _shell(data: Path, code: str, **variables: str) -> str:
    ran = manage(data, "shell", "--no-imports", "-c", code, **variables)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_an_installation_that_is_no_demo_has_no_page_and_no_account_of_one(migrated: Path) -> None:
    real = {"DEMO": "0", "SECRET_KEY": "x" * 50}
    assert _shell(migrated, ASK, **real).splitlines() == ["[404, 404, 200] False", "200", "[]"]
    unknown = manage(migrated, "demo", **real)
    assert unknown.returncode == 1 and "Unknown command" in unknown.stderr


def test_a_demo_s_database_does_not_run_without_demo(migrated: Path) -> None:
    real = {"DEMO": "0", "SECRET_KEY": "x" * 50}
    assert manage(migrated, "add_account", "office1", DEMO="1").returncode == 0
    _shell(migrated, MAKE, DEMO="1")
    assert _shell(migrated, ASK, DEMO="1").splitlines() == ["[302, 302, 200] True", "302", "['demo']"]
    checked = manage(migrated, "check", "--database", "default", **real)
    assert checked.returncode == 1
    assert "audit.E001" in checked.stderr and "set DEMO=1" in checked.stderr
    assert manage(migrated, "migrate", **real).returncode == 1
    assert manage(migrated, "add_account", "office2", **real).returncode == 1
    assert _shell(migrated, ASK, **real).splitlines() == ["[500, 500, 500] False", "500", "[]"]


# ---- who may read what is written ----

WRITE = """
from pathlib import Path
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from demo.mail_folder import carry_text
default_storage.save("rosters/2026/list.csv", ContentFile(b"x"))
send_mail("a", "b", None, ["a@example.org"])
carry_text("13800000000", "c")
"""


def test_what_is_written_is_for_the_owner_alone_without_bin_start_too(data: Path) -> None:
    data.mkdir(mode=0o755)
    assert manage(data, "showmigrations", DEMO="1").returncode == 0  # it opens the database
    ran = manage(data, "shell", "--no-imports", "-c", WRITE, DEMO="1")
    assert ran.returncode == 0, ran.stderr
    written = [data, *data.rglob("*")]
    assert {"kaohe.sqlite3", "list.csv", "mail"} <= {path.name for path in written} and len(written) >= 8
    assert [path for path in written if path.stat().st_mode & 0o077] == []


# ---- browsers ----


def test_behind_tls_cookies_and_links_are_secure(data: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER")
    plain, secure = settings(data, *names), settings(data, *names, BEHIND_TLS="true")
    assert list(plain.values()) == [False, False, 0, None]
    assert secure["SESSION_COOKIE_SECURE"] and secure["CSRF_COOKIE_SECURE"]
    assert secure["SECURE_HSTS_SECONDS"] > 0
    assert secure["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_forms_are_taken_from_the_address_of_the_system(data: Path) -> None:
    hosts = {"KAOHE_BASE_URL": "https://kaohe.example.org", "ALLOWED_HOSTS": "kaohe.example.org,10.0.0.5"}
    values = settings(data, "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS", **hosts)
    assert values["CSRF_TRUSTED_ORIGINS"] == ["https://kaohe.example.org"]
    assert values["ALLOWED_HOSTS"] == ["kaohe.example.org", "10.0.0.5"]


def test_no_host_is_believed_unless_it_is_named(data: Path) -> None:
    assert "*" not in settings(data, "ALLOWED_HOSTS", DEMO="1")["ALLOWED_HOSTS"]


def test_the_newest_key_of_personal_data_comes_first(data: Path) -> None:
    assert settings(data, "FIELD_KEYS", KAOHE_FIELD_KEYS="new,old")["FIELD_KEYS"] == ["new", "old"]


def test_an_upload_may_be_as_large_as_is_said(data: Path) -> None:
    assert settings(data, "MAX_UPLOAD_BYTES")["MAX_UPLOAD_BYTES"] == 20 * 1024 * 1024
    assert settings(data, "MAX_UPLOAD_BYTES", KAOHE_MAX_UPLOAD_BYTES="1024")["MAX_UPLOAD_BYTES"] == 1024
