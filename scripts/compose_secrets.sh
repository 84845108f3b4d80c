#!/usr/bin/env bash
# Copies .env.example to .env and draws a value for each empty one. An existing .env is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -e .env ]; then
    echo ".env is there already; nothing drawn"
    exit 0
fi
umask 077
while IFS= read -r line; do
    case $line in
        *FERNET_KEY=) echo "$line$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')" ;;
        [A-Z]*=) echo "$line$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')" ;;
        *) echo "$line" ;;
    esac
done < .env.example > .env
echo ".env written (readable by you only)"
