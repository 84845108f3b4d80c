# A week from its drops to its mails and readers, one night, and both addresses with TLS.
# shellcheck shell=bash disable=SC2154

have_published_week
note forbidden
note mails
note board
note maintain
reconcile
seen reconcile "bucket, registry, receipts, facts, figures and edition agree"

bring_up --profile tls
wait_until_ready --profile tls
docker compose --profile tls cp proxy:/data/caddy/pki/authorities/local/root.crt "$work/root.crt" > /dev/null 2>&1
for name in nuanliu.localhost/api/v2/version objects.nuanliu.localhost/healthz; do
    curl -sS --fail --cacert "$work/root.crt" --resolve "${name%%/*}:$tls:127.0.0.1" -o /dev/null "https://${name%%/*}:$tls/${name#*/}"
done
docker compose --profile tls rm -sf proxy > /dev/null 2>&1
seen tls "board and store answer by HTTPS with the proxy's own authority"
