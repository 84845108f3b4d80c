# From an older revision to this commit and back, as docs/engineers/operations.md says. New code that comes too early is refused.
# shellcheck shell=bash disable=SC2154

new=$commit
old=${from:-$(git -C "$here" rev-parse "$(git -C "$here" log -1 --diff-filter=A --format=%H -- include/migrations/versions)^")}
new_installation "$old"
note week
note publish 2024-W49
seen from "$(git log -1 --format='%h %s' "$old")"

follow pause
play idle > /dev/null
began=$SECONDS
follow backup
seen backup "made and verified in $((SECONDS - began)) s: $backup"
keep before-upgrade

began=$SECONDS
follow fetch
seen fetched "$(git log -1 --format='%h %s'), built in $((SECONDS - began)) s beside the running $(git log -1 --format=%h "$old")"
if (follow migrate); then
    not_seen "a refusal to change tables while the old scheduler runs"
fi
refusal=$(grep -o 'still running: .*SchedulerJob on [^.]*' "$work/said") || not_seen "a refusal that names the scheduler"
[ "$(docker compose ps --format '{{.State}}' airflow-scheduler)" = running ] || not_seen "the old scheduler, still running"
seen refused "$refusal"

began=$SECONDS
follow stop
follow migrate
seen migrated "stopped and brought to the new tables in $((SECONDS - began)) s"
follow start
wait_until_ready
follow unpause
reconcile
seen upgraded "healthy, reconciled and taking drops $((SECONDS - began)) s after the stop"
keep after-upgrade
compare before-upgrade after-upgrade
note board
note new-drop 1
play receipts > "$work/kept/receipts-answered"
reconcile

began=$SECONDS
# Versions before this one did not show init the second place: for these docs/engineers/operations.md adds a word.
init_of_old=$(git show "$old:docker-compose.yaml" | sed -n '/^  init:/,/^  airflow-api-server:/p')
[[ $init_of_old == *"volumes: *task-volumes"* ]] || see_second="-v $second:/opt/airflow/backups"
follow stop
follow roll-back
if (follow bring-back); then
    not_seen "what was answered after the backup, named by the restore"
fi
seen "given back" "the restore, which writes nothing over, names what came since: $(grep -o '对账.*' "$work/said" | head -n 1)"
follow take-again
follow start
wait_until_ready
reconcile
seen "rolled back" "$(git log -1 --format=%h "$old") healthy and reconciled $((SECONDS - began)) s after the stop"
mv "$work/kept/receipts-answered" "$work/kept/receipts-after-upgrade"
keep rolled-back
compare after-upgrade rolled-back
note new-drop 2
reconcile
seen reconcile "bucket, registry, receipts, facts, figures and edition agree"
see_second=''
remove_installation
