#!/usr/bin/env bash
# Boots docker-compose.yaml as it is shipped, from a clean clone of this commit, and plays it: a published, mailed week, its readers,
# the nightly upkeep, then sixty files on Celery workers of which one is killed. Prints a table of what was seen; takes all down again.
#     scripts/try_compose.sh                with Docker and a registry of images
#     scripts/try_compose.sh --stand-ins    where no registry can be reached: images are made here, and it is printed what stood in
# Needs git, make, curl and Docker with compose 2.24; `eval "$(scripts/try_compose/engine.sh)"` lends Debian's where there is none.
# Builds nuanliu:local anew and needs the ports below, so: not beside a province that runs.
set -euo pipefail
cd "$(dirname "$0")/.."

stand_ins=${1:+yes}
[ "${1:-}" = "" ] || [ "${1:-}" = --stand-ins ] || { sed -n '2,/^set/s/^# //p' "$0"; exit 2; }
export COMPOSE_PROJECT_NAME=nuanliu-try
ui=18080 objects=19000 mail=18025 tls=18443
if [ -n "$(docker ps -q --filter label=com.docker.compose.project=nuanliu)" ]; then
    echo "an installation runs here; its image would be replaced" >&2
    exit 1
fi

work=$(mktemp -d)
table=$work/table
touch "$table"
take_down() {
    local ended=$?
    trap - EXIT
    cd "$work/clone" 2> /dev/null || exit "$ended"
    if [ "$ended" != 0 ]; then
        echo "--- what did not work ends with (exit $ended) ---"
        docker compose --profile '*' ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' || true
        docker compose --profile '*' logs --tail 6 2>&1 | cut -c1-400 || true
    fi
    docker compose --profile '*' down --volumes --remove-orphans > /dev/null 2>&1 || true
    # Nobody shall take them for the real ones later; made again, they come from the build's cache.
    docker images -q --filter label=nuanliu.stand-in --filter dangling=false | sort -u | xargs -r docker rmi -f > /dev/null 2>&1 || true
    cd /
    echo
    echo "--- seen, from commit $commit ---"
    awk -F '\t' '{ printf "%-12s %s\n", $1, $2 }' "$table"
    [ "$ended" = 0 ] && echo "all of it was seen; everything is taken down" || echo "NOT all of it was seen; everything is taken down"
    rm -rf "$work"
    exit "$ended"
}
trap take_down EXIT

seen() { printf '%s\t%s\n' "$1" "$2" | tee -a "$table"; }

# A step of scripts/try_compose/player in a container of the image, at the server's own addresses.
play() {
    docker run --rm -i --network host --user 50000:50000 --env-file .env.unions -e TRY_STAND_INS="$stand_ins" \
        -e TRY_UI="http://127.0.0.1:$ui" -e TRY_OBJECTS="http://127.0.0.1:$objects" -e TRY_MAIL="http://127.0.0.1:$mail" \
        -e PYTHONPATH=/opt/airflow/include:/try -v "$PWD/scripts/try_compose:/try:ro" -v "$work/passwords:/passwords:ro" \
        nuanliu:local python -m player "$@"
}
note() { play "$@" | tee -a "$table"; }

bring_up() {
    local profile=()
    [ "${1:-}" != --profile ] || { profile=("$1" "$2"); shift 2; }
    docker compose "${profile[@]}" up -d --quiet-pull "$@" > "$work/up" 2>&1 || { tail -n 5 "$work/up" >&2; return 1; }
}

# Until every service that stays is healthy and every other has ended well.
wait_until_ready() {
    local began=$SECONDS left
    while true; do
        left=$(docker compose "$@" ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' |
            grep -vE '^(init|objects-init) exited .*0$|^[a-z-]+ running healthy 0$' || true)
        [ -n "$left" ] || return 0
        if [ $((SECONDS - began)) -gt 900 ]; then
            printf 'not ready after 900 s:\n%s\n' "$left" >&2
            return 1
        fi
        sleep 2
    done
}

set_in_env() { sed -i "s|^$1=.*|$1=$2|" .env; }

commit=$(git rev-parse --short HEAD)
git clone -q . "$work/clone"
cd "$work/clone"

make -s compose-secrets > /dev/null
make -s union-keys > /dev/null
set_in_env NUANLIU_NOW 2024-12-09T09:00+08:00
set_in_env NUANLIU_PORT $ui
set_in_env NUANLIU_BASE_URL http://127.0.0.1:$ui
set_in_env NUANLIU_OBJECTS_PORT $objects
set_in_env NUANLIU_MAIL_PORT $mail
set_in_env NUANLIU_TLS_PORT $tls
set_in_env NUANLIU_TLS_ADDRESS 127.0.0.1
install -d -m 700 "$work/second" "$work/passwords"
chown 50000:50000 "$work/second" "$work/passwords"
set_in_env NUANLIU_BACKUPS "$work/second"

mapfile -t images < <(docker compose --profile '*' config --images | grep -v '^nuanliu:local$' | sort -u)
images+=(python:3.11-slim-bookworm)
[ -z "$stand_ins" ] || scripts/try_compose/stand_ins.sh "${images[@]}"
seen engine "Docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
for image in "${images[@]}"; do
    what=$(docker image inspect --format '{{index .Config.Labels "nuanliu.stand-in"}}' "$image" 2> /dev/null || true)
    [ -z "$what" ] || seen "stands in" "$image: $what"
done

began=$SECONDS
docker compose build -q
seen build "the image, in $((SECONDS - began)) s"
began=$SECONDS
bring_up
wait_until_ready
seen ready "every service healthy $((SECONDS - began)) s after \`docker compose up\`"

for role in viewer op admin; do
    (umask 077; head -c 18 /dev/urandom | base64 | tr '+/' 'ab' > "$work/passwords/$role")
    [ "$role" != admin ] || cp secrets/admin_password "$work/passwords/admin"
    chown 50000:50000 "$work/passwords/$role"
    [ "$role" = admin ] || docker compose exec -T airflow-api-server sh -c \
        "cat > /tmp/password && nuanliu logins add $role --role $role --password-file /tmp/password && rm /tmp/password" \
        < "$work/passwords/$role" > /dev/null
done

note week
note forbidden
note publish 2024-W49
note mails
note board
note maintain
docker compose exec -T airflow-scheduler nuanliu reconcile > /dev/null
seen reconcile "bucket, registry, receipts, facts, figures and edition agree"

bring_up --profile tls
wait_until_ready --profile tls
docker compose --profile tls cp proxy:/data/caddy/pki/authorities/local/root.crt "$work/root.crt" > /dev/null 2>&1
for name in nuanliu.localhost/api/v2/version objects.nuanliu.localhost/healthz; do
    curl -sS --fail --cacert "$work/root.crt" --resolve "${name%%/*}:$tls:127.0.0.1" -o /dev/null "https://${name%%/*}:$tls/${name#*/}"
done
docker compose --profile tls rm -sf proxy > /dev/null 2>&1
seen tls "board and store answer by HTTPS with the proxy's own authority"

set_in_env NUANLIU_EXECUTOR CeleryExecutor
began=$SECONDS
bring_up --profile scale --scale airflow-worker=2
wait_until_ready --profile scale
seen scale "two workers for drops and one for the rest healthy $((SECONDS - began)) s after \`--profile scale up\`"
note crowd
mapfile -t workers < <(docker compose --profile scale ps -q airflow-worker)
victim=${workers[0]}
play victims "${victim:0:12}" > /dev/null
docker kill "$victim" > /dev/null
note take-over "${victim:0:12}" "$(date +%s)"
note received
docker compose exec -T airflow-scheduler nuanliu rollup --week 2024-W44 --json > "$work/rollup"
note figures < "$work/rollup"
docker compose exec -T airflow-scheduler nuanliu reconcile > /dev/null
seen reconcile "still"
