"""The environment that every program of the system is started with."""

import os

from bin.runner import data as kept
from bin.runner.data import ROOT, DataDir


def external_database() -> bool:
    """Whether DATABASE_URL names a database that is not the embedded one."""
    return bool(os.environ.get("DATABASE_URL"))


def build(data: DataDir, *, demo: bool, redis_url: str = "", base_url: str = "") -> dict[str, str]:
    """What is set already stays, keys and addresses are filled in; `demo` is said to all programs (kind.py)."""
    environment = dict(os.environ)
    environment["KAOHE_DATA_DIR"] = str(data.root)
    environment["DEMO"] = "1" if demo else "0"
    defaults = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": kept.secret(data, "secret-key"),
        "KAOHE_FIELD_KEYS": kept.secret(data, "field-key"),
        "REDIS_URL": redis_url,
        "KAOHE_BASE_URL": base_url,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    for name, value in defaults.items():
        if value and not environment.get(name):
            environment[name] = value
    return environment


def is_on(word: str) -> bool:
    """Whether a switch is on, read as the settings read it."""
    return word.lower() in {"1", "true", "t", "on", "y", "yes", "ok", "okay"}
