"""What the tests need of the operating system: a Chromium and, to draw Chinese, a font."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bin.runner.problem import Problem, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")
HOW_TO = (
    "The browser tests need Chromium: 'sudo apt install chromium fonts-noto-cjk' (Debian), "
    "'brew install --cask chromium' (macOS), or set CHROMIUM to a Chromium or Chrome that is there."
)


def chromium() -> str:
    """The path of a Chromium, installed where we may; empty when Playwright's own was fetched; else Problem."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise Problem(f"CHROMIUM names {named}, which can't be run.")
        return named
    found = _find()
    if found and (has_chinese_font() or not _may_install()):
        return found
    if _may_install():
        _install()
        found = _find()
    return found or _playwright()


def has_chinese_font() -> bool:
    """Whether the system lists a font for Chinese; where it can't be asked, yes."""
    lister = shutil.which("fc-list")
    if not lister:
        return sys.platform == "darwin"
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _find() -> str:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    for application in APPLICATIONS:
        path = f"/Applications/{application}"
        if Path(path).exists():
            return path
    return ""


def _may_install() -> bool:
    return Path("/etc/debian_version").exists() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    """Installs Debian's packages; what went wrong is shown, and the browser's absence reported by the caller."""
    say(f"Installing {' '.join(DEBIAN_PACKAGES)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run([*apt, "update"], env=environment, stdout=subprocess.DEVNULL, check=False)
    install = [*apt, "install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES]
    subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False)


def _playwright() -> str:
    """Playwright's own browser, where its download is reachable."""
    say("Fetching a browser for the tests …")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        raise Problem(HOW_TO)
    return ""
