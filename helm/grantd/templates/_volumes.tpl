{{/* Only the group fsGroup can read the files of a Secret. If a host sets no fsGroup, only root could read them. */}}
{{- define "grantd.secretMode" -}}
{{- if and (eq .Values.mode "sidecar") (not .Values.sidecar.hostSetsFsGroup) -}}0444{{- else -}}0440{{- end -}}
{{- end -}}

{{/* (dict "name" VOLUME "secret" NAME "items" (dict KEY FILE) "root" $) */}}
{{- define "grantd.secretVolume" -}}
- name: {{ .name }}
  secret:
    secretName: {{ .secret | quote }}
    defaultMode: {{ include "grantd.secretMode" .root }}
    items:
      {{- range $key, $file := .items }}
      - { key: {{ $key | quote }}, path: {{ $file | quote }} }
      {{- end }}
{{- end -}}

{{/*
Every volume of a pod with grantd in it: (dict "root" $ "accounts" LIST "storage" "claim NAME" or "emptyDir").
*/}}
{{- define "grantd.volumes" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $source := include "grantd.policySources" $root -}}
- name: grantd-settings
  configMap:
    name: {{ include "grantd.fullname" $root }}-settings
{{- if eq $source "inline" }}
- name: grantd-policy
  configMap:
    name: {{ include "grantd.fullname" $root }}-policy
{{- else if eq $source "configMap" }}
- name: grantd-policy
  configMap:
    name: {{ $values.policy.existingConfigMap | quote }}
{{- else if eq $source "volume" }}
- name: grantd-policy
  {{- toYaml $values.policy.existingVolume | nindent 2 }}
{{- else if eq $source "gitSync" }}
- name: grantd-git
  emptyDir: { sizeLimit: {{ $values.policy.gitSync.sizeLimit | quote }} }
- name: grantd-git-tmp
  emptyDir: { sizeLimit: 64Mi }
{{- include "grantd.gitSync.volumes" $root }}
{{- end }}
{{- range .accounts }}
{{ include "grantd.secretVolume" (dict "root" $root "name" (printf "grantd-token-%s" .name) "secret" .secret "items" (dict .secretKey "token")) }}
{{- end }}
{{- if ne $values.mode "cronjob" }}
{{- with $values.http.token }}
{{- if .existingSecret }}
{{ include "grantd.secretVolume" (dict "root" $root "name" "grantd-http" "secret" .existingSecret "items" (dict .key "token")) }}
{{- end }}
{{- end }}
{{- with $values.http.mailtrapExistingSecret }}
- name: grantd-mailtrap
  secret:
    secretName: {{ . | quote }}
    defaultMode: {{ include "grantd.secretMode" $root }}
{{- end }}
{{- end }}
{{- with $values.notifications.webhook }}
{{- if .existingSecret }}
{{- $items := dict .urlKey "url" }}
{{- if .secretKey }}{{- $_ := set $items .secretKey "secret" }}{{- end }}
{{ include "grantd.secretVolume" (dict "root" $root "name" "grantd-webhook" "secret" .existingSecret "items" $items) }}
{{- end }}
{{- end }}
{{- with $values.notifications.slack }}
{{- if .existingSecret }}
{{ include "grantd.secretVolume" (dict "root" $root "name" "grantd-slack" "secret" .existingSecret "items" (dict .key "url")) }}
{{- end }}
{{- end }}
- name: grantd-storage
  {{- if .claim }}
  persistentVolumeClaim:
    claimName: {{ .claim | quote }}
  {{- else }}
  emptyDir: { sizeLimit: {{ $values.storage.size | quote }} }
  {{- end }}
{{- if include "grantd.needsKubernetes" $root }}
{{- /* What automountServiceAccountToken would mount, but only in the container that needs it. */}}
- name: grantd-kubernetes
  projected:
    defaultMode: {{ include "grantd.secretMode" $root }}
    sources:
      - serviceAccountToken: { path: token, expirationSeconds: 3607 }
      - configMap: { name: kube-root-ca.crt, items: [{ key: ca.crt, path: ca.crt }] }
      - downwardAPI: { items: [{ path: namespace, fieldRef: { apiVersion: v1, fieldPath: metadata.namespace } }] }
{{- end }}
{{- with $values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "grantd.volumeMounts" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
- { name: grantd-settings, mountPath: /etc/grantd/settings, readOnly: true }
{{- if eq (include "grantd.policySources" $root) "gitSync" }}
- { name: grantd-git, mountPath: /git, readOnly: true }
{{- else }}
- { name: grantd-policy, mountPath: /etc/grantd/policy, readOnly: true }
{{- end }}
{{- range .accounts }}
- { name: grantd-token-{{ .name }}, mountPath: /etc/grantd/tokens/{{ .name }}, readOnly: true }
{{- end }}
{{- if ne $values.mode "cronjob" }}
{{- if $values.http.token.existingSecret }}
- { name: grantd-http, mountPath: /etc/grantd/http, readOnly: true }
{{- end }}
{{- if $values.http.mailtrapExistingSecret }}
- { name: grantd-mailtrap, mountPath: /etc/grantd/mailtrap, readOnly: true }
{{- end }}
{{- end }}
{{- if $values.notifications.webhook.existingSecret }}
- { name: grantd-webhook, mountPath: /etc/grantd/webhook, readOnly: true }
{{- end }}
{{- if $values.notifications.slack.existingSecret }}
- { name: grantd-slack, mountPath: /etc/grantd/slack, readOnly: true }
{{- end }}
- { name: grantd-storage, mountPath: /var/lib/grantd }
{{- if include "grantd.needsKubernetes" $root }}
- { name: grantd-kubernetes, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true }
{{- end }}
{{- with $values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}
