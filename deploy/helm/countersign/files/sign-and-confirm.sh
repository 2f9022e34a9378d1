#!/bin/bash
# What "helm test" runs, in the image of the signature service. The image has no curl, but bash speaks enough HTTP.
#
# It always checks that the three services are ready and serve their public calls. With PETITION it signs. With MAILPIT
# too, it confirms with the link in the mail, sees the count rise, withdraws and erases. It says what it left out.
#
# SIGNATURE_SERVICE, COUNTER, NOTIFIER, SIGNATURE_SERVICE_MANAGEMENT, COUNTER_MANAGEMENT, NOTIFIER_MANAGEMENT and MAILPIT
# are host:port. TIMEOUT is the time in seconds to wait for a mail or a count.
set -euo pipefail

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# call METHOD HOST:PORT PATH [BODY]: sets STATUS and RESPONSE. HTTP/1.0 has no chunks.
call() {
    local method=$1 host=${2%:*} port=${2##*:} path=$3 body=${4:-} line
    exec 3<> "/dev/tcp/$host/$port" || fail "$2 takes no connection"
    printf '%s %s HTTP/1.0\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' \
        "$method" "$path" "$host" "${#body}" "$body" >&3
    read -r -t 30 _ STATUS _ <&3 || fail "$2 does not answer $method $path"
    while read -r -t 30 line <&3 && [ -n "${line%$'\r'}" ]; do :; done
    RESPONSE=$(cat <&3)
    exec 3>&-
}

expect() {
    [ "$STATUS" = "$1" ] || fail "$2 was answered $STATUS instead of $1: $RESPONSE"
    echo "ok: $2"
}

# The field of a JSON object: a number or a word.
field() {
    sed -nE "s/.*\"$1\" ?: ?\"?([A-Za-z0-9_-]+).*/\1/p" <<< "$RESPONSE" | head -1
}

# verified: the verified count of the petition.
verified() {
    call GET "$COUNTER" "/api/petitions/$PETITION/counts"
    [ "$STATUS" = 200 ] || fail "the counts of $PETITION were answered $STATUS"
    field verified
}

# await_count OPERATOR NUMBER: waits until the verified count compares so.
await_count() {
    local count end=$((SECONDS + TIMEOUT))
    while true; do
        count=$(verified) || exit 1
        if [ "$count" "$1" "$2" ]; then break; fi
        [ $SECONDS -lt $end ] || fail "the count is $count after $TIMEOUT s"
        sleep 1
    done
    echo "ok: the count is $count"
}

# link PAGE: waits for a mail to the signer with a link to the page, and prints the token of the newest one.
link() {
    local end=$((SECONDS + TIMEOUT)) id token
    while [ $SECONDS -lt $end ]; do
        call GET "$MAILPIT" "/api/v1/search?query=to:$EMAIL"
        [ "$STATUS" = 200 ] || fail "Mailpit answered $STATUS: $RESPONSE"
        for id in $(grep -oE '"ID" ?: ?"[^"]+"' <<< "$RESPONSE" | sed -E 's/.*"([^"]+)"$/\1/'); do
            call GET "$MAILPIT" "/api/v1/message/$id"
            token=$(grep -oE "/$1\?token=[A-Za-z0-9_=-]+" <<< "$RESPONSE" | head -1 || true)
            if [ -n "$token" ]; then
                echo "${token#*token=}"
                return
            fi
        done
        sleep 1
    done
    fail "no mail with a link to /$1 came to $EMAIL in $TIMEOUT s"
}

for management in "$SIGNATURE_SERVICE_MANAGEMENT" "$COUNTER_MANAGEMENT" "$NOTIFIER_MANAGEMENT"; do
    call GET "$management" /actuator/health/readiness
    expect 200 "$management is ready"
    if grep -q '"DEGRADED"' <<< "$RESPONSE"; then
        echo "note: $management is DEGRADED: $RESPONSE"
    fi
done
call GET "$SIGNATURE_SERVICE" /api/petitions
expect 200 "the petitions are listed"
call GET "$COUNTER" /api/milestones
expect 200 "the counter serves milestones"
call GET "$NOTIFIER" /api/deliveries
expect 401 "the notifier asks for a password"

if [ -z "${PETITION:-}" ]; then
    echo "NOT TESTED: signing and confirming. Set tests.petition to the slug of a petition for tests."
    exit 0
fi

EMAIL="test-$(date +%s)-$RANDOM@$EMAIL_DOMAIN"
before=$(verified)
call POST "$SIGNATURE_SERVICE" "/api/petitions/$PETITION/signatures" \
    "{\"name\":\"Helm Test\",\"email\":\"$EMAIL\",\"country\":\"DE\"}"
expect 202 "signed as $EMAIL"

if [ -z "${MAILPIT:-}" ]; then
    echo "NOT TESTED: the mail and the confirmation. Set tests.mailpitUrl to a Mailpit that receives the mail."
    exit 0
fi

token=$(link confirm)
call POST "$SIGNATURE_SERVICE" /api/signatures/verify "{\"token\":\"$token\"}"
expect 200 "confirmed with the link in the mail"
await_count -gt "$before"

# The signature is real, so it is withdrawn and its data erased.
withdraw=$(link withdraw)
my_data=$(link my-data)
call POST "$SIGNATURE_SERVICE" /api/signatures/withdraw "{\"token\":\"$withdraw\"}"
expect 200 "withdrawn"
await_count -le "$before"
call POST "$SIGNATURE_SERVICE" /api/signatures/erase "{\"token\":\"$my_data\"}"
expect 200 "the data of the signer is erased"
echo "TESTED: sign, mail, confirm, count, withdraw, erase."
