{{/* grantd's settings file. values.schema.json allows in `settings` nothing that the chart sets itself. */}}
{{- define "grantd.settings" -}}
{{- $accounts := list -}}
{{- range include "grantd.accounts" . | fromJsonArray -}}
{{- $accounts = append $accounts (dict "policy" .path "tokenFile" (printf "/etc/grantd/tokens/%s/token" .name)) -}}
{{- end -}}
{{- $own := dict "accounts" $accounts "stateDir" "/var/lib/grantd/state" -}}
{{- if ne .Values.mode "cronjob" -}}
{{- $host := ternary (printf "[%s]" .Values.http.host) .Values.http.host (contains ":" .Values.http.host) -}}
{{- $_ := set $own "httpAddress" (printf "%s:%d" $host (int .Values.http.port)) -}}
{{- if .Values.http.token.existingSecret -}}{{- $_ := set $own "httpTokenFile" "/etc/grantd/http/token" -}}{{- end -}}
{{- if .Values.http.mailtrapExistingSecret -}}{{- $_ := set $own "mailtrapWebhookSecretFile" "/etc/grantd/mailtrap/{account}" -}}{{- end -}}
{{- end -}}
{{- with .Values.notifications.webhook -}}
{{- if .existingSecret -}}
{{- $_ := set $own "webhookUrlFile" "/etc/grantd/webhook/url" -}}
{{- if .secretKey -}}{{- $_ := set $own "webhookSecretFile" "/etc/grantd/webhook/secret" -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if .Values.notifications.slack.existingSecret -}}{{- $_ := set $own "slackUrlFile" "/etc/grantd/slack/url" -}}{{- end -}}
{{- if .Values.lease.enabled -}}
{{- $_ := set $own "lease" "on" -}}
{{- $_ := set $own "leaseName" .Values.lease.name -}}
{{- $_ := set $own "leaseDurationSeconds" (int .Values.lease.durationSeconds) -}}
{{- end -}}
{{- if eq .Values.state.store "configMap" -}}
{{- $_ := set $own "stateConfigMap" .Values.state.configMapName -}}
{{- end -}}
{{- toYaml (merge $own (.Values.settings | default dict)) -}}
{{- end -}}
