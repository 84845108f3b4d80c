# Everything is lost but .env, the unions' keys and the second place; an empty server becomes the province again.
# shellcheck shell=bash disable=SC2154

have_published_week
keep before-loss
began=$SECONDS
follow backup
seen backup "made and verified in $((SECONDS - began)) s: $backup"

cp -p .env .env.unions "$work/"
docker compose --profile '*' down --volumes > /dev/null 2>&1
[ -z "$(docker volume ls -q --filter label=com.docker.compose.project=$COMPOSE_PROJECT_NAME)" ] || not_seen "the loss of every volume"
clone "$commit"
cp -p "$work/.env" "$work/.env.unions" .
seen loss "every volume, every secret's file and the checkout are gone; .env, .env.unions and the second place are left"

began=$SECONDS
follow restore
seen restore "objects and warehouse are back and reconciled in $((SECONDS - began)) s, the image and the stores' start included"
began=$SECONDS
follow start
wait_until_ready
seen ready "every service healthy $((SECONDS - began)) s after that"
add_people
reconcile
keep after-loss
compare before-loss after-loss
note board
note new-drop 0
reconcile
seen reconcile "bucket, registry, receipts, facts, figures and edition agree"
