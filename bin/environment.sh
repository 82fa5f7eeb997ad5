# Sourced by the commands: a virtual environment from a lock, without root and without a system package.

# The Pythons that every package of the locks has a ready-made file for; pyproject.toml names the same.
oldest=3.11
newest=3.14

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# fits PYTHON: whether it is one of those, and can make an environment.
fits() {
    "$1" -c "import sys, venv; sys.exit(not (3, ${oldest#3.}) <= sys.version_info[:2] <= (3, ${newest#3.}))" >/dev/null 2>&1
}

# Prints a Python that fits. PYTHON in the environment decides alone; uv brings one where the machine has none.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" && printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14; do
        if fits "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    command -v uv >/dev/null 2>&1 || return 1
    uv python find --system --quiet "$newest" 2>/dev/null ||
        { uv python install --quiet "$newest" >/dev/null 2>&1 && uv python find --system --quiet "$newest"; }
}

# prepare_environment FOLDER LOCK: holds what the lock says afterwards; does nothing when it does so already.
# KAOHE_VENV names a ready environment to use as it is.
prepare_environment() {
    venv=${KAOHE_VENV:-$1}
    [ -z "${KAOHE_VENV:-}" ] || return 0
    stamp="$(basename "$2") $(cksum <"$2")"
    if [ "$(cat "$venv/.installed" 2>/dev/null)" = "$stamp" ] && "$venv/bin/python" -c '' >/dev/null 2>&1; then
        return 0
    fi
    python=$(find_python) || fail "${PYTHON:+PYTHON=$PYTHON does not fit: }Python $oldest to $newest with its venv module is needed: 'sudo apt install python3' (Debian 12 or newer), 'brew install python@3.13' (macOS), or name one with PYTHON=/path/to/python3."
    PYTHONPATH=$root "$python" -P -m bin.installer "$venv" "$2" "$stamp" || exit 1
}

# run_command NAME [ARGUMENTS]: hands over to the runner in the prepared environment.
run_command() {
    PYTHONPATH=$root${PYTHONPATH:+:$PYTHONPATH}
    export PYTHONPATH
    exec "$venv/bin/python" -P -m bin.runner "$@"
}
