{{/*
Environment variables of the services. docs/operations.md describes each one. A test compares the names with the
properties that the services read.
*/}}

{{/* A variable from a Secret. Takes root, name and from: secret and key. */}}
{{- define "countersign.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ default .root.Values.existingSecret .from.secret }}
      key: {{ .from.key | quote }}
{{- end }}

{{/* A variable with a value. Takes name and value. */}}
{{- define "countersign.variable" -}}
- name: {{ .name }}
  value: {{ .value | toString | quote }}
{{- end }}

{{/* Address and role of a service's database. Takes root and service. */}}
{{- define "countersign.env.database" -}}
{{- $postgresql := .root.Values.postgresql }}
{{- $database := index $postgresql .service.values }}
{{- $parameters := dict "targetServerType" "primary" }}
{{- if $postgresql.ca.secret }}
{{- $_ := set $parameters "sslmode" "verify-full" }}
{{- $_ := set $parameters "sslrootcert" "/etc/countersign/postgresql/ca.crt" }}
{{- end }}
{{- $all := merge (dict) $postgresql.parameters $parameters }}
{{- $query := list }}
{{- range $name := keys $all | sortAlpha }}
{{- $query = append $query (printf "%s=%v" $name (index $all $name)) }}
{{- end }}
- name: SPRING_DATASOURCE_URL
  value: {{ printf "jdbc:postgresql://%s/%s?%s" (join "," $postgresql.hosts) $database.database (join "&" $query) | quote }}
- name: SPRING_DATASOURCE_USERNAME
  value: {{ $database.username | quote }}
{{- end }}

{{/* Environment of the Job that migrates a service's database. Takes root and service. */}}
{{- define "countersign.env.migration" -}}
{{- $database := index .root.Values.postgresql .service.values }}
{{ include "countersign.env.database" . | trim }}
{{ include "countersign.variable" (dict "name" "SPRING_FLYWAY_USER" "value" $database.ownerUsername) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "SPRING_FLYWAY_PASSWORD" "from" $database.ownerPassword) }}
{{- end }}

{{- define "countersign.env.kafka" -}}
{{- $kafka := .root.Values.kafka }}
{{ include "countersign.variable" (dict "name" "SPRING_KAFKA_BOOTSTRAP_SERVERS" "value" (join "," $kafka.bootstrapServers)) }}
{{ include "countersign.variable" (dict "name" "SPRING_KAFKA_SECURITY_PROTOCOL" "value" $kafka.securityProtocol) }}
{{- if hasPrefix "SASL" $kafka.securityProtocol }}
{{ include "countersign.variable" (dict "name" "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM" "value" $kafka.saslMechanism) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG" "from" (index $kafka (printf "%sJaas" .service.values))) }}
{{- end }}
{{- if $kafka.ca.secret }}
{{ include "countersign.variable" (dict "name" "SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_TYPE" "value" "PEM") }}
{{ include "countersign.variable" (dict "name" "SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION" "value" "/etc/countersign/kafka/ca.crt") }}
{{- end }}
{{- end }}

{{/* What all services read. */}}
{{- define "countersign.env.common" -}}
{{- $common := .root.Values.common }}
{{- $credentials := .root.Values.credentials }}
{{ include "countersign.variable" (dict "name" "SERVER_ADDRESS" "value" .root.Values.listenAddress) }}
{{ include "countersign.variable" (dict "name" "MANAGEMENT_SERVER_ADDRESS" "value" .root.Values.listenAddress) }}
{{ include "countersign.variable" (dict "name" "SERVER_TOMCAT_MAX_CONNECTIONS" "value" (int $common.maxConnections)) }}
{{ include "countersign.env.database" . | trim }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "SPRING_DATASOURCE_PASSWORD" "from" (index .root.Values.postgresql .service.values).password) }}
# The migration Job has migrated the database. This process does not know the owner's password.
{{ include "countersign.variable" (dict "name" "SPRING_FLYWAY_ENABLED" "value" "false") }}
{{ include "countersign.env.kafka" . | trim }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_INTERNAL_PASSWORD" "from" $credentials.internalPassword) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_BUILT_IN_USERS" "value" $common.builtInUsers) }}
{{- if $common.builtInUsers }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_ORGANISER_PASSWORD" "from" $credentials.organiserPassword) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_AUDITOR_PASSWORD" "from" $credentials.auditorPassword) }}
{{- end }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_EVENT" "from" $credentials.eventKeys) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_ACCESS_LOG_KEEP" "value" $common.accessLogKeep) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_REQUESTS_AT_A_TIME" "value" (int $common.requestsAtATime)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_REQUESTS_PATIENCE" "value" $common.requestsPatience) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_WARM_UP_LIMIT" "value" $common.warmUpLimit) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_DRAIN" "value" (printf "%ds" (int $common.drainSeconds))) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_TRUSTED_PROXIES" "value" (join "," $common.trustedProxies)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_LIMIT_EXEMPT" "value" (join "," $common.limitExempt)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_CONNECTIONS_PER_NETWORK" "value" (int (index .root.Values .service.values).connectionsPerNetwork)) }}
{{- with $common.connectionsExempt }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_CONNECTIONS_EXEMPT" "value" (join "," .)) }}
{{- end }}
{{- end }}

{{- define "countersign.env.signature-service" -}}
{{- $values := .root.Values.signatureService }}
{{- $credentials := .root.Values.credentials }}
{{- $fullname := include "countersign.fullname" .root }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_PUBLIC_URL" "value" .root.Values.publicUrl) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_COUNTER_PUBLIC_URL" "value" .root.Values.counterPublicUrl) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_COUNTER_INTERNAL_URL" "value" (printf "http://%s-counter-projection:8081" $fullname)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_COUNTER_MANAGEMENT_URL" "value" (printf "http://%s-counter-projection-management:9081" $fullname)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTIFIER_INTERNAL_URL" "value" (printf "http://%s-notifier:8082" $fullname)) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_SIGNATURE_ID" "from" $credentials.signatureIdKeys) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_PERSONAL_DATA" "from" $credentials.personalDataKeys) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_TOKEN" "from" $credentials.tokenKeys) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_LOG" "from" $credentials.logKeys) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_TRANSPARENCY_NAME" "value" .root.Values.transparencyName) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_TRANSPARENCY_ENABLED" "value" $values.transparencyEnabled) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_ERASURE_AFTER_CLOSING" "value" $values.erasureAfterClosing) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SIGNALS_KEEP" "value" $values.signalsKeep) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_PROOF_MAX_NUMBER" "value" $values.proofMaxNumber) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_PROOF_DELAY" "value" $values.proofDelay) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_FROM" "value" .root.Values.mail.from) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_DURABILITY" "value" $values.durability) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_RECOVERY_KAFKA_TIMEOUT" "value" $values.recoveryKafkaTimeout) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_PAGES_MAX_AGE" "value" $values.pagesMaxAge) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_AUDIT_EVERY" "value" $values.auditEvery) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_CASES_PER_SECOND" "value" (int $values.casesPerSecond)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_CONTROLLER" "value" $values.notice.controller) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_CONTACT" "value" $values.notice.contact) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_PURPOSE" "value" $values.notice.purpose) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_RECIPIENTS" "value" $values.notice.recipients) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_RETENTION" "value" $values.notice.retention) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_NOTICE_CONSENT" "value" $values.notice.consent) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_LIMIT_PER_MINUTE" "value" (int $values.limitPerMinute)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SCREENING_EXEMPT_DOMAINS" "value" (join "," $values.screeningExemptDomains)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SCREENING_DISPOSABLE_DOMAINS" "value" $values.screeningDisposableDomains) }}
{{- end }}

{{- define "countersign.env.counter-projection" -}}
{{- $values := .root.Values.counterProjection }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SIGNATURE_SERVICE_URL" "value" (printf "http://%s-signature-service:8080" (include "countersign.fullname" .root))) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_CORS_ORIGINS" "value" (join "," (default (list .root.Values.publicUrl) $values.corsOrigins))) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_LIVE_VIEWERS" "value" (int $values.liveViewers)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SNAPSHOT_READ_TIMEOUT" "value" $values.snapshotReadTimeout) }}
{{- end }}

{{- define "countersign.env.notifier" -}}
{{- $mail := .root.Values.mail }}
# The name of the pod: unique among running instances, and the same after a restart of the container. The deliveries of
# a pod that was replaced are free again after a minute, when its leases end.
- name: COUNTERSIGN_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_PUBLIC_URL" "value" .root.Values.publicUrl) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_SIGNATURE_SERVICE_MANAGEMENT_URL" "value" (printf "http://%s-signature-service-management:9080" (include "countersign.fullname" .root))) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "COUNTERSIGN_KEYS_WEBHOOK" "from" .root.Values.credentials.webhookKey) }}
{{ include "countersign.variable" (dict "name" "SPRING_MAIL_HOST" "value" $mail.host) }}
{{ include "countersign.variable" (dict "name" "SPRING_MAIL_PORT" "value" (int $mail.port)) }}
{{- if $mail.username }}
{{ include "countersign.variable" (dict "name" "SPRING_MAIL_USERNAME" "value" $mail.username) }}
{{ include "countersign.secretVariable" (dict "root" .root "name" "SPRING_MAIL_PASSWORD" "from" $mail.password) }}
{{- end }}
{{ include "countersign.variable" (dict "name" "SPRING_MAIL_PROPERTIES_MAIL_SMTP_STARTTLS_REQUIRED" "value" $mail.starttlsRequired) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_FROM" "value" $mail.from) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_CONNECTIONS" "value" (int $mail.connections)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_PER_SECOND" "value" (int $mail.perSecond)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_UPDATES_PER_SECOND" "value" (int $mail.updatesPerSecond)) }}
{{- if $mail.dkim.keys }}
{{- $dkim := list }}
{{- range $selector, $key := $mail.dkim.keys }}
{{- $dkim = append $dkim (printf "%s=/etc/countersign/dkim/%s" $selector $key) }}
{{- end }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_DKIM_KEYS" "value" (join "," $dkim)) }}
{{- end }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_REMINDERS_AFTER" "value" $mail.remindersAfter) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_PER_RECIPIENT_HOUR" "value" (int $mail.perRecipientHour)) }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_PER_DOMAIN_MINUTE" "value" (int $mail.perDomainMinute)) }}
{{- if $mail.domainLimits }}
{{- $limits := list }}
{{- range $domain, $limit := $mail.domainLimits }}
{{- $limits = append $limits (printf "%s=%d" $domain (int $limit)) }}
{{- end }}
{{ include "countersign.variable" (dict "name" "COUNTERSIGN_MAIL_DOMAIN_LIMITS" "value" (join "," $limits)) }}
{{- end }}
{{- end }}
