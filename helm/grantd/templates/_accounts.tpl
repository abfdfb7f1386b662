{{/* The sources of policies: inline, configMap, gitSync or volume. Several are separated by blanks; none gives "". */}}
{{- define "grantd.policySources" -}}
{{- $sources := list -}}
{{- $isInline := not (empty .Values.policy.inline) -}}
{{- range .Values.accounts -}}{{- if .inline -}}{{- $isInline = true -}}{{- end -}}{{- end -}}
{{- if $isInline -}}{{- $sources = append $sources "inline" -}}{{- end -}}
{{- if .Values.policy.existingConfigMap -}}{{- $sources = append $sources "configMap" -}}{{- end -}}
{{- if .Values.policy.gitSync.repo -}}{{- $sources = append $sources "gitSync" -}}{{- end -}}
{{- if .Values.policy.existingVolume -}}{{- $sources = append $sources "volume" -}}{{- end -}}
{{- join " " $sources -}}
{{- end -}}

{{/*
The accounts as a JSON list of {name, path, inline, key, secret, secretKey}: one of `token` and `policy`, or those of
`accounts`. `path` is where the pod finds the policy, `key` its key in the ConfigMap of inline policies.
*/}}
{{- define "grantd.accounts" -}}
{{- $source := include "grantd.policySources" . -}}
{{- $directory := ternary "/git/current" "/etc/grantd/policy" (eq $source "gitSync") -}}
{{- $found := list -}}
{{- if .Values.accounts -}}
{{- range .Values.accounts -}}
{{- $key := printf "%s.yaml" .name -}}
{{- $file := ternary $key (.file | default "") (eq $source "inline") -}}
{{- $token := .token | default dict -}}
{{- $found = append $found (dict "name" .name "path" (printf "%s/%s" $directory $file) "inline" (.inline | default "") "key" $key "secret" ($token.existingSecret | default "") "secretKey" ($token.key | default "token")) -}}
{{- end -}}
{{- else -}}
{{- $file := ternary "policy.yaml" .Values.policy.file (eq $source "inline") -}}
{{- $found = append $found (dict "name" "default" "path" (printf "%s/%s" $directory $file) "inline" .Values.policy.inline "key" "policy.yaml" "secret" .Values.token.existingSecret "secretKey" .Values.token.key) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
