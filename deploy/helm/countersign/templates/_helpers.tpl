{{/* Names, labels, and the parts that all pods share. */}}

{{- define "countersign.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Prefix of all names. 30 characters leave room for the longest suffix. */}}
{{- define "countersign.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 30 | trimSuffix "-" }}
{{- else if contains (include "countersign.name" .) .Release.Name }}
{{- .Release.Name | trunc 30 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "countersign.name" .) | trunc 30 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* The services: the name of each, its values, its public port and its management port. */}}
{{- define "countersign.services" -}}
- {name: signature-service, values: signatureService, port: 8080, managementPort: 9080}
- {name: counter-projection, values: counterProjection, port: 8081, managementPort: 9081}
- {name: notifier, values: notifier, port: 8082, managementPort: 9082}
{{- end }}

{{/* Labels of all pods of the release. */}}
{{- define "countersign.releaseSelector" -}}
app.kubernetes.io/name: {{ include "countersign.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels that select the pods of a component. Takes root and name. */}}
{{- define "countersign.selector" -}}
{{ include "countersign.releaseSelector" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{/* Labels of an object. Takes root, and name for a component. */}}
{{- define "countersign.labels" -}}
{{ include "countersign.releaseSelector" .root }}
{{- with .name }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: countersign
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Image of a service. Takes root and name. */}}
{{- define "countersign.image" -}}
{{- printf "%s/%s:%s" .root.Values.image.registry .name (default .root.Chart.AppVersion .root.Values.image.tag) }}
{{- end }}

{{- define "countersign.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .Values.securityContext.runAsUser }}
runAsGroup: {{ .Values.securityContext.runAsGroup }}
fsGroup: {{ .Values.securityContext.runAsGroup }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "countersign.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What the spec of every pod begins with. */}}
{{- define "countersign.podDefaults" -}}
automountServiceAccountToken: false
# The variables that Kubernetes makes of Services would look like settings, such as COUNTERSIGN_NOTIFIER_PORT.
enableServiceLinks: false
securityContext:
  {{- include "countersign.podSecurityContext" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Mounts of a container with the program of a service. Takes root and kafka: whether it talks to Kafka. */}}
{{- define "countersign.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .root.Values.postgresql.ca.secret }}
- name: postgresql-ca
  mountPath: /etc/countersign/postgresql
  readOnly: true
{{- end }}
{{- if and .kafka .root.Values.kafka.ca.secret }}
- name: kafka-ca
  mountPath: /etc/countersign/kafka
  readOnly: true
{{- end }}
{{- if and .kafka (eq .name "notifier") .root.Values.mail.dkim.keys }}
- name: dkim
  mountPath: /etc/countersign/dkim
  readOnly: true
{{- end }}
{{- end }}

{{- define "countersign.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with .root.Values.postgresql.ca }}
{{- if .secret }}
- name: postgresql-ca
  secret:
    secretName: {{ .secret }}
    items:
      - {key: {{ .key | quote }}, path: ca.crt}
{{- end }}
{{- end }}
{{- with .root.Values.kafka.ca }}
{{- if and $.kafka .secret }}
- name: kafka-ca
  secret:
    secretName: {{ .secret }}
    items:
      - {key: {{ .key | quote }}, path: ca.crt}
{{- end }}
{{- end }}
{{- if and .kafka (eq .name "notifier") .root.Values.mail.dkim.keys }}
- name: dkim
  secret:
    secretName: {{ required "mail.dkim.secret names the Secret with the keys" .root.Values.mail.dkim.secret }}
{{- end }}
{{- end }}

{{/* Host part of a URL, without its port. */}}
{{- define "countersign.host" -}}
{{- (urlParse .).host | splitList ":" | first }}
{{- end }}
