#!/usr/bin/env bash
# Gradescope runs this once, as root, when the image of the autograder is built. It needs Python 3.11 or newer: choose
# a base image that has it, such as Ubuntu 24.04.
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

found() {
    for each in python3 python3.14 python3.13 python3.12 python3.11; do
        usable "$each" && { echo "$each"; return; }
    done
    return 1
}

if ! python=$(found); then
    apt-get update -qq
    apt-get install -y -qq python3 python3-venv
    found >/dev/null || apt-get install -y -qq python3.11 python3.11-venv
    python=$(found) || { echo "There is no Python 3.11 or newer here. Choose a newer base image." >&2; exit 1; }
fi
rm -rf .venv
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --constraint requirements.txt .
rm -rf build

# What a student's program must not read, whoever it runs as: the tests, those that are hidden, the settings.
chmod -R go-rwx chapters tests class.toml
if [ -e hidden ]; then chmod -R go-rwx hidden; fi
