# What was seen, and what the documents say is to be done. Sourced by scripts/try_compose.sh.
# shellcheck shell=bash disable=SC2154

seen() { printf '%s\t%s\n' "$1" "$2" | tee -a "$table"; }

not_seen() { echo "not seen: $1" >&2; exit 1; }

# A step of the player in a container of the image, at the server's own addresses.
play() {
    docker run --rm -i --network host --user 50000:50000 --env-file .env.unions -e TRY_STAND_INS="$stand_ins" \
        -e TRY_UI="http://127.0.0.1:$ui" -e TRY_OBJECTS="http://127.0.0.1:$objects" -e TRY_MAIL="http://127.0.0.1:$mail" \
        -e PYTHONPATH=/opt/airflow/include:/try -v "$work/this/scripts/try_compose:/try:ro" \
        -v "$work/passwords:/passwords:ro" -v "$work/kept:/kept:ro" nuanliu:local python -m player "$@"
}
note() { play "$@" | tee -a "$table"; }

manual=docs/engineers/operations.md

# The commands of the manual that are marked with a name, run here and in this order; what they set stays set.
follow() {
    local commands
    commands=$(awk -v begin="\`\`\`bash $1" '$0 == begin { on = 1; next } /^```$/ { on = 0 } on' "$work/this/$manual")
    [ -n "$commands" ] || not_seen "commands called $1 in $manual"
    commands=${commands//\/srv\/second\/nuanliu/$second}
    eval "${commands//run --rm/run --rm ${see_second:-}}" < /dev/null > "$work/said" 2>&1
}

reconcile() { docker compose exec -T airflow-scheduler nuanliu reconcile > "$work/said"; }

# Receipts as their unions read them, the edition as it was published, the figures as they are.
keep() {
    play receipts > "$work/kept/receipts-$1"
    docker compose exec -T airflow-scheduler nuanliu rollup --week 2024-W49 --edition 1 --json > "$work/kept/edition-$1"
    docker compose exec -T airflow-scheduler nuanliu rollup --week 2024-W49 --json > "$work/kept/figures-$1"
}

# Two of what was kept are the same.
compare() {
    local what
    for what in receipts edition; do
        cmp "$work/kept/$what-$1" "$work/kept/$what-$2" || not_seen "the same $what before and after"
    done
    note same "$1" "$2"
}

take_down() {
    local ended=$?
    trap - EXIT
    if [ "$ended" != 0 ]; then
        echo "--- what did not work ends with (exit $ended) ---"
        tail -n 12 "$work/said" 2> /dev/null | cut -c1-400 || true
        [ ! -d "$work/clone" ] || show_services
    fi
    remove_installation
    # Nobody shall take them for the real ones later; made again, they come from the build's cache.
    docker images -q --filter label=nuanliu.stand-in --filter dangling=false | sort -u | xargs -r docker rmi -f > /dev/null 2>&1 || true
    cd /
    echo
    echo "--- seen, from commit ${commit:0:7} ---"
    awk -F '\t' '{ printf "%-12s %s\n", $1, $2 }' "$table"
    [ "$ended" = 0 ] && echo "all of it was seen; everything is taken down" || echo "NOT all of it was seen; everything is taken down"
    rm -rf "$work"
    exit "$ended"
}
