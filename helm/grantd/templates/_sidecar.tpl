{{/*
What a host chart includes, in the shape `sidecar`, with `.Subcharts.grantd` as the scope (see the README):

  template:
    metadata:
      annotations: {{- include "grantd.sidecar.annotations" .Subcharts.grantd | nindent 8 }}
      labels: {{- include "grantd.sidecar.labels" .Subcharts.grantd | nindent 8 }}
    spec:
      initContainers: {{- include "grantd.sidecar.initContainers" .Subcharts.grantd | nindent 8 }}
      volumes: {{- include "grantd.sidecar.volumes" .Subcharts.grantd | nindent 8 }}

Nothing of it delays or fails the host: neither container has a startup or readiness probe, and git-sync retries for ever.
*/}}
{{- define "grantd.sidecar.initContainers" -}}
{{- include "grantd.validate" . -}}
{{- if eq (include "grantd.policySources" .) "gitSync" }}
{{ include "grantd.gitSync.container" (dict "root" . "oneTime" false "mayDelay" false) }}
{{- end }}
{{ include "grantd.container" (dict "root" . "name" "grantd" "args" (list "run") "accounts" (include "grantd.accounts" . | fromJsonArray) "restartPolicy" "Always" "probes" "live" "port" "grantd-http") }}
{{- end -}}

{{- define "grantd.sidecar.volumes" -}}
{{- include "grantd.validate" . -}}
{{ include "grantd.volumes" (dict "root" . "accounts" (include "grantd.accounts" . | fromJsonArray) "claim" .Values.storage.existingClaim) }}
{{- end -}}

{{- define "grantd.sidecar.annotations" -}}
{{ include "grantd.podAnnotations" . }}
{{- end -}}

{{- define "grantd.sidecar.labels" -}}
{{ include "grantd.sidecar.selectorLabels" . }}
{{- end -}}
