"""What the tests need of the operating system: a Chromium and, to draw Chinese, a font."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bin.runner import debian
from bin.runner.data import ROOT
from bin.runner.problem import Problem, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")
LOGS = ROOT / "test-results"
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
    browser = _find()
    if browser and (has_chinese_font() or not may_install()):
        return browser
    refusal = ""
    if may_install():
        say(f"Installing {' and '.join(DEBIAN_PACKAGES)} (once; another apt-get that runs is waited for) …")
        refusal = debian.install(DEBIAN_PACKAGES, LOGS / "apt-get.log")
        browser = _find()
    if browser and refusal:
        say(refusal)  # the browser was there already, a font was not
    return browser or _playwright(refusal)


def has_chinese_font() -> bool:
    """Whether the system lists a font for Chinese; where it can't be asked, yes."""
    lister = shutil.which("fc-list")
    if not lister:
        return sys.platform == "darwin"
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _find() -> str:
    places = (*NAMES, *(f"/Applications/{application}" for application in APPLICATIONS))
    return next((path for place in places if (path := shutil.which(place))), "")


def may_install() -> bool:
    """Whether this is a Debian, and we are its root."""
    return Path("/etc/debian_version").exists() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _playwright(refusal: str) -> str:
    """Playwright's own browser, where its download is reachable; Problem, with Debian's refusal, where it is not."""
    say("Fetching a browser for the tests …")
    log = LOGS / "playwright.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        ran = subprocess.run(command, stdout=output, stderr=output, check=False)
    if ran.returncode:
        raise Problem(f"{refusal or f'Playwright could not download a Chromium. All that it said: {log}'}\n{HOW_TO}")
    return ""
