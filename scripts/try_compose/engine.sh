#!/usr/bin/env bash
# Lends a Docker engine where there is none: Debian's, started here in a folder of its own. Needs root on Debian 12 or newer. Prints how
# to reach and how to end it:
#     eval "$(scripts/try_compose/engine.sh)"; scripts/try_compose.sh --stand-ins; end_engine
set -euo pipefail

folder=/var/tmp/nuanliu-engine
mkdir -p "$folder/cli-plugins" "$folder/lists/partial" "$folder/archives/partial"

if ! command -v dockerd > /dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables debootstrap >&2
fi

# compose 2.24 and buildx are younger than Debian 12: the programs alone are taken from a newer Debian, nothing is installed.
if [ ! -x "$folder/cli-plugins/docker-compose" ]; then
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian forky main" > "$folder/newer.list"
    newer=(-qq -o "Dir::Etc::sourcelist=$folder/newer.list" -o Dir::Etc::sourceparts=/none -o "Dir::State::lists=$folder/lists"
        -o "Dir::Cache::archives=$folder/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
    apt-get "${newer[@]}" update >&2
    (cd "$folder" && apt-get "${newer[@]}" download docker-compose docker-buildx >&2)
    for package in "$folder"/*.deb; do
        dpkg -x "$package" "$folder/unpacked"
    done
    cp "$folder"/unpacked/usr/libexec/docker/cli-plugins/* "$folder/cli-plugins/"
    rm -rf "$folder/unpacked" "$folder"/*.deb "$folder/lists" "$folder/archives"
fi

if ! DOCKER_HOST=unix://$folder/socket docker info > /dev/null 2>&1; then
    setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" -H "unix://$folder/socket" -p "$folder/pid" \
        > "$folder/log" 2>&1 < /dev/null &
    for _ in $(seq 60); do
        DOCKER_HOST=unix://$folder/socket docker info > /dev/null 2>&1 && break
        sleep 1
    done
    DOCKER_HOST=unix://$folder/socket docker info > /dev/null || { tail -n 5 "$folder/log" >&2; exit 1; }
fi
echo "export DOCKER_HOST=unix://$folder/socket DOCKER_CONFIG=$folder"
echo "end_engine() { kill \$(cat $folder/pid); while [ -e $folder/pid ]; do sleep 1; done; rm -rf $folder; }"
