#!/usr/bin/env bash
# Makes .venv with pip in it. Needs a Python of 3.11 or newer; python3-venv is used where it is there, else the system's
# pip, else (as root on Debian) it is installed; a plain user is told the one command that helps.
set -euo pipefail

venv=${1:?usage: make_venv.sh FOLDER UV_VERSION}
uv_version=${2:?usage: make_venv.sh FOLDER UV_VERSION}
say() { printf '%s\n' "$*" >&2; }

# A mirror may lack this uv; pip then installs everything, more slowly. Twice quiet: errors only, not that a folder of
# wheels that pip is configured with does not exist.
install_uv() {
    "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check "uv==$uv_version" ||
        say "  uv $uv_version is not to be had here (above); pip does its work"
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found. On Debian: apt-get install python3 python3-venv."
    say "If it lies elsewhere: make PYTHON=/path/to/python3.11 …"
    exit 2
}

if "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "… virtual environment in $venv is there"
    install_uv
    exit
fi
python=$(find_python)
say "… virtual environment in $venv with $("$python" --version) (a few seconds)"
rm -rf "$venv"
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$venv"
elif "$python" -m pip --version >/dev/null 2>&1; then
    say "  python3-venv is missing; the system's pip fills in"
    "$python" -m venv --without-pip "$venv"
    "$python" -m pip --python "$venv/bin/python" install --quiet --quiet pip
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    say "  python3-venv is missing; installing Debian's package $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >&2
    "$python" -m venv "$venv"
else
    say "python3-venv is missing and there is no pip. Install it and call make again:"
    say "    sudo apt-get install python3-venv"
    exit 2
fi
install_uv
