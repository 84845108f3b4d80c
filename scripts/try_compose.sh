#!/usr/bin/env bash
# Boots docker-compose.yaml as it is shipped, from a clean clone of this commit, and plays it. Prints a table of what was seen; takes all
# down again. Its parts, each of which may be had alone:
#     week      a published, mailed week, its readers, the nightly upkeep, TLS
#     restore   all volumes are lost and come back from the second place
#     scale     sixty files on Celery workers of which one is killed
#     upgrade   an older revision with a published week is brought to this commit, and back
# restore and upgrade run the commands that stand in docs/engineers/operations.md, those and no others.
#     scripts/try_compose.sh                     with Docker and a registry of images
#     scripts/try_compose.sh --stand-ins         where no registry can be reached: images are made here, and it is printed what stood in
#     scripts/try_compose.sh --only restore      one part; may be given several times
#     scripts/try_compose.sh --from REV          what to upgrade from; else the newest commit before the newest migration
# Needs git, make, curl and Docker with compose 2.24; `eval "$(scripts/try_compose/engine.sh)"` lends Debian's where there is none.
# Builds nuanliu:local anew and needs the ports below, so: not beside a province that runs.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD

stand_ins='' from='' parts=()
while [ $# -gt 0 ]; do
    case $1 in
        --stand-ins) stand_ins=yes ;;
        --only) parts+=("${2:-}"); shift ;;
        --from) from=$(git rev-parse --verify "${2:-}^{commit}"); shift ;;
        *) sed -n '2,/^set/s/^# //p' "$0"; exit 2 ;;
    esac
    shift || break
done
[ ${#parts[@]} -gt 0 ] || parts=(week restore scale upgrade)
for part in "${parts[@]}"; do
    [ -e "scripts/try_compose/parts/$part.sh" ] || { echo "no part $part" >&2; exit 2; }
done

export COMPOSE_PROJECT_NAME=nuanliu-try
ui=18080 objects=19000 mail=18025 tls=18443
if [ -n "$(docker ps -q --filter label=com.docker.compose.project=nuanliu)" ]; then
    echo "an installation runs here; its image would be replaced" >&2
    exit 1
fi

commit=$(git rev-parse HEAD)
work=$(mktemp -d)
second=$work/second table=$work/table
touch "$table"
. scripts/try_compose/installation.sh
. scripts/try_compose/seen.sh
trap take_down EXIT

git clone -q "$here" "$work/this"
prepare_images
for part in "${parts[@]}"; do
    . "$work/this/scripts/try_compose/parts/$part.sh"
done
