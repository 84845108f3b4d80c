# One installation in a clone of its own, from nothing to its removal. Sourced by scripts/try_compose.sh.
# shellcheck shell=bash disable=SC2154

prepare_images() {
    local image what
    cd "$work/this"
    make -s compose-secrets > /dev/null
    mapfile -t images < <(docker compose --profile '*' config --images | grep -v '^nuanliu:local$' | sort -u)
    images+=(python:3.11-slim-bookworm)
    [ -z "$stand_ins" ] || scripts/try_compose/stand_ins.sh "${images[@]}"
    seen engine "Docker $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
    for image in "${images[@]}"; do
        what=$(docker image inspect --format '{{index .Config.Labels "nuanliu.stand-in"}}' "$image" 2> /dev/null || true)
        [ -z "$what" ] || seen "stands in" "$image: $what"
    done
}

set_in_env() { sed -i "s|^$1=.*|$1=$2|" .env; }

clone() {
    cd "$work"
    rm -rf clone
    git clone -q "$here" clone
    cd clone
    git checkout -q "$1"
}

# A revision as it is shipped, booted on nothing, with its three accounts.
new_installation() {
    local began
    remove_installation
    clone "$1"
    make -s compose-secrets > /dev/null
    make -s union-keys > /dev/null
    set_in_env NUANLIU_NOW 2024-12-09T09:00+08:00
    set_in_env NUANLIU_PORT "$ui"
    set_in_env NUANLIU_BASE_URL "http://127.0.0.1:$ui"
    set_in_env NUANLIU_OBJECTS_PORT "$objects"
    set_in_env NUANLIU_MAIL_PORT "$mail"
    set_in_env NUANLIU_TLS_PORT "$tls"
    set_in_env NUANLIU_TLS_ADDRESS 127.0.0.1
    set_in_env NUANLIU_BACKUPS "$second"
    rm -rf "$second" "$work/passwords" "$work/kept"
    install -d -m 700 "$second" "$work/passwords" "$work/kept"
    chown 50000:50000 "$second" "$work/passwords" "$work/kept"
    began=$SECONDS
    docker compose build -q
    seen build "the image, in $((SECONDS - began)) s"
    began=$SECONDS
    bring_up
    wait_until_ready
    seen ready "every service healthy $((SECONDS - began)) s after \`docker compose up\`"
    add_people
    booted=$1
}

# An installation of this commit with a published week; the one that an earlier part left, where it did.
have_published_week() {
    [ "${booted:-}" != "$commit" ] || return 0
    new_installation "$commit"
    note week
    note publish 2024-W49
}

bring_up() {
    local profile=()
    [ "${1:-}" != --profile ] || { profile=("$1" "$2"); shift 2; }
    docker compose "${profile[@]}" up -d --quiet-pull "$@" > "$work/said" 2>&1
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

# The second user reads, the third operates; the first came with the installation. As docs/engineers/logins.md says.
add_people() {
    local role
    for role in viewer op admin; do
        (umask 077; head -c 18 /dev/urandom | base64 | tr '+/' 'ab' > "$work/passwords/$role")
        [ "$role" != admin ] || cp secrets/admin_password "$work/passwords/admin"
        chown 50000:50000 "$work/passwords/$role"
        [ "$role" = admin ] || docker compose exec -T airflow-api-server \
            nuanliu logins add "$role" --role "$role" --password-file /dev/stdin < "$work/passwords/$role" > /dev/null
    done
}

show_services() {
    cd "$work/clone"
    docker compose --profile '*' ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' || true
    docker compose --profile '*' logs --tail 6 2>&1 | cut -c1-400 || true
}

remove_installation() {
    booted=''
    [ -d "$work/clone" ] || return 0
    (cd "$work/clone" && docker compose --profile '*' down --volumes --remove-orphans > /dev/null 2>&1) || true
}
