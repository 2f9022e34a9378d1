#!/bin/bash
# Gives each Kafka user the rights that its service needs. Everything else is denied. Repeating it changes nothing.
#
# Needs KAFKA_BOOTSTRAP_SERVERS and KAFKA_BROKER_PASSWORD. KAFKA_ACLS names another kafka-acls.sh than the image's.
set -euo pipefail
settings=$(mktemp)
trap 'rm -f "$settings"' EXIT
cat > "$settings" <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="$KAFKA_BROKER_PASSWORD";
END
allow() {
    "${KAFKA_ACLS:-/opt/kafka/bin/kafka-acls.sh}" --bootstrap-server "$KAFKA_BOOTSTRAP_SERVERS" \
        --command-config "$settings" --add --allow-principal "User:$1" "${@:2}"
}

# The relay is the only writer of petitions and signatures. Audits read them. Only this service uses public-log-heads.
allow signature-service --operation Create --operation Write --operation Read --operation Describe \
    --operation DescribeConfigs --topic petition-events --topic signature-events --topic public-log-heads
allow signature-service --operation Write --operation Describe --transactional-id signature-service-relay
allow signature-service --operation Read --operation Describe --group signature-service-relay

allow counter-projection --operation Read --operation Describe --topic petition-events --topic signature-events
allow counter-projection --operation Create --operation Write --operation Describe --topic milestone-events
allow counter-projection --operation Read --operation Describe --group counter-projection

allow notifier --operation Read --operation Describe \
    --topic petition-events --topic signature-events --topic milestone-events
allow notifier --operation Read --operation Describe --group notifier
