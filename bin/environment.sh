# Sourced by the commands: makes a virtual environment from a lock, without root and without a system package.

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Prints the first Python of 3.11 or newer; PYTHON in the environment comes first.
find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# create_environment FOLDER: an empty environment, with or without pip in it.
create_environment() {
    rm -rf "$1"
    if python=$(find_python); then
        # Debian's python3 alone has no ensurepip: the second form works there.
        "$python" -m venv "$1" >/dev/null 2>&1 && return 0
        rm -rf "$1"
        "$python" -m venv --without-pip "$1" >/dev/null 2>&1 && return 0
        rm -rf "$1"
    fi
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python '>=3.11' "$1" && return 0
    fi
    fail "Python 3.11 or newer with its venv module is needed: 'sudo apt install python3 python3-venv' (Debian 12 or newer), 'brew install python@3.12' (macOS), or name one with PYTHON=/path/to/python3."
}

# ensure_pip PYTHON: pip inside the environment, from Python's own copy or, where Debian left that out, downloaded.
ensure_pip() {
    "$1" -m pip --version >/dev/null 2>&1 && return 0
    "$1" -m ensurepip --default-pip >/dev/null 2>&1 && return 0
    "$1" "$root/bin/get_pip.py" || fail "pip could not be had: install it once with 'sudo apt install python3-venv', then run this again."
}

# install_lock FOLDER LOCK: everything in the lock, each file checked against its hash.
install_lock() {
    if command -v uv >/dev/null 2>&1 &&
        uv pip install --quiet --python "$1/bin/python" --require-hashes -r "$2" >"$1/uv.log" 2>&1; then
        return 0
    fi
    ensure_pip "$1/bin/python"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$2" ||
        fail "The packages of $(basename "$2") could not be installed: is the network there? The lines above say what failed."
}

# prepare_environment FOLDER LOCK: up to date afterwards; does nothing when the lock has not changed.
# KAOHE_VENV names a ready environment to use as it is.
prepare_environment() {
    venv=${KAOHE_VENV:-$1}
    [ -z "${KAOHE_VENV:-}" ] || return 0
    stamp=$venv/.installed
    wanted="$(basename "$2") $(cksum <"$2")"
    if ! "$venv/bin/python" -c '' >/dev/null 2>&1; then
        say "Making the environment $(basename "$venv") (once, a minute or two) …"
        create_environment "$venv"
    elif [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    else
        say "Bringing the environment $(basename "$venv") up to date …"
    fi
    install_lock "$venv" "$2"
    printf '%s\n' "$wanted" >"$stamp"
}

# run_command NAME [ARGUMENTS]: hands over to the runner in the prepared environment.
run_command() {
    PYTHONPATH=$root${PYTHONPATH:+:$PYTHONPATH}
    export PYTHONPATH
    exec "$venv/bin/python" -P -m bin.runner "$@"
}
