#!/usr/bin/env bash
# Draws a key for every union that has none into .env.unions, which the shipped object store reads. No key that stands there is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077

accounts() { grep -o 'NUANLIU_KEY_[A-Z0-9_]*' deploy/seaweedfs.json | sort -u; }

touch .env.unions
chmod 600 .env.unions
drawn=0
for name in $(accounts); do
    if ! grep -q "^$name=." .env.unions; then
        echo "$name=$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')" >> .env.unions
        drawn=$((drawn + 1))
    fi
done
echo ".env.unions (readable by you only): $drawn keys drawn, $(grep -c '=.' .env.unions) there"
[ "$drawn" = 0 ] || echo "\`docker compose up -d\` makes them count"
