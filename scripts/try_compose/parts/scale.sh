# Sixty files on two Celery workers, of which one is killed.
# shellcheck shell=bash disable=SC2154

have_published_week
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
reconcile
seen reconcile "still"
remove_installation
