#!/usr/bin/env bash
# Draws the secrets that docker-compose.yaml reads into .env, writes each into a file of its own below secrets/, and says what a
# person must still fill in. .env.example says which values are secrets. No value that stands in .env is ever changed.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077

value_of() { sed -n "s/^$1=//p" .env | tail -n 1; }

secret_names() { sed -n '/^# --- secrets/,/^$/s/^\([A-Z0-9_]*\)=.*/\1/p' .env.example; }

draw() {
    case $1 in
        *FERNET_KEY) head -c 32 /dev/urandom | base64 | tr '+/' '-_' ;;
        *) head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' ;;
    esac
}

# Name and value of every secret that .env lacks, as `name=value`.
draw_missing() {
    local name
    while IFS= read -r name; do
        [ -n "$(value_of "$name")" ] || echo "$name=$(draw "$name")"
    done < <(secret_names)
}

# .env with the drawn secrets: each where its name stands empty, else below the last line.
fill_in() {
    local line fill="$1"$'\n'
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line =~ ^[A-Z0-9_]+=$ && $'\n'$fill == *$'\n'"$line"* ]]; then
            local rest=${fill#*"$line"}
            line+=${rest%%$'\n'*}
            fill=${fill/"$line"$'\n'/}
        fi
        printf '%s\n' "$line"
    done < .env
    printf '%s' "$fill"
}

# As .env has them now. Nobody else on this machine can enter the folder; a container sees single files of it, as whichever
# account it runs, so these are open.
write_files() {
    local name value file
    mkdir -p secrets
    chmod 700 secrets
    while IFS= read -r name; do
        value=$(value_of "$name")
        if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then
            value=${BASH_REMATCH[1]}
        fi
        file=$(tr '[:upper:]' '[:lower:]' <<< "secrets/${name#NUANLIU_}")
        [ "$(cat "$file" 2> /dev/null)" != "$value" ] || continue
        rm -f "$file"
        printf '%s\n' "$value" > "$file"
        chmod 444 "$file"
        echo "$file"
    done < <(secret_names)
}

say_what_is_left() {
    local line name value reason=""
    while IFS= read -r line; do
        case $line in
            "# fill in: "*) reason=${line#"# fill in: "} ;;
            [A-Z]*=*)
                name=${line%%=*}
                value=$(value_of "$name")
                if [ -n "$reason" ] && [ -z "$value" ]; then
                    echo "  $name: $reason"
                elif [ -n "$reason" ] && [[ $value =~ ^[0-9a-f]{48}$ ]]; then
                    echo "  $name: holds a drawn secret, by an error of an earlier version; empty it or fill in: $reason"
                fi
                reason=""
                ;;
        esac
    done < .env.example
}

if [ -e .env ]; then
    made=".env is there already"
else
    cp .env.example .env
    chmod 600 .env
    made=".env written (readable by you only)"
fi
drawn=$(draw_missing)
if [ -n "$drawn" ]; then
    new=$(mktemp .env.XXXXXX)
    trap 'rm -f "$new"' EXIT
    fill_in "$drawn" > "$new"
    mv "$new" .env
    echo "$made; drawn: $(sed 's/=.*//' <<< "$drawn" | paste -sd ' ')"
else
    echo "$made; nothing drawn"
fi
written=$(write_files)
[ -z "$written" ] || [ "$made" != ".env is there already" ] || printf '%s\n' "written anew (\`docker compose up -d --force-recreate\` makes them count):" "$(paste -sd ' ' <<< "$written")"
left=$(say_what_is_left)
[ -z "$left" ] || printf '%s\n' "left for you to fill in:" "$left"
