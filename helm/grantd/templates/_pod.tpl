{{/*
The container of grantd: (dict "root" $ "name" "grantd" "args" LIST "accounts" LIST "probes" "live" | "liveAndReady" | "").
*/}}
{{- define "grantd.container" -}}
{{- $values := .root.Values -}}
- name: {{ .name }}
  image: {{ include "grantd.image" (dict "image" $values.image "default" .root.Chart.AppVersion) | quote }}
  imagePullPolicy: {{ $values.image.pullPolicy }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  args: {{ toJson .args }}
  env:
    - { name: GRANTD_SETTINGS, value: /etc/grantd/settings/grantd.yaml }
    {{- with $values.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if .probes }}
  ports:
    - { name: {{ .port | default "http" }}, containerPort: {{ int $values.http.port }} }
  livenessProbe:
    httpGet: { path: /healthz, port: {{ .port | default "http" }} }
    {{- with $values.livenessProbe }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if eq .probes "liveAndReady" }}
  readinessProbe:
    httpGet: { path: /readyz, port: {{ .port | default "http" }} }
    {{- with $values.readinessProbe }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  {{- end }}
  securityContext:
    {{- toYaml $values.securityContext | nindent 4 }}
  resources:
    {{- toYaml $values.resources | nindent 4 }}
  volumeMounts:
    {{- include "grantd.volumeMounts" . | nindent 4 }}
{{- end -}}

{{/* What pods of every mode have in common, except containers and volumes. */}}
{{- define "grantd.podCommon" -}}
{{- $values := .Values -}}
serviceAccountName: {{ include "grantd.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $values.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
A pod that does one thing and ends, for CronJobs and the test:
(dict "root" $ "name" CONTAINER "args" LIST "accounts" LIST "claim" NAME or ""). git-sync brings one checkout first.
*/}}
{{- define "grantd.oneShotPod" -}}
{{ include "grantd.podCommon" .root }}
restartPolicy: Never
{{- if eq (include "grantd.policySources" .root) "gitSync" }}
initContainers:
  {{- include "grantd.gitSync.container" (dict "root" .root "oneTime" true "mayDelay" true) | nindent 2 }}
{{- end }}
containers:
  {{- include "grantd.container" . | nindent 2 }}
volumes:
  {{- include "grantd.volumes" . | nindent 2 }}
{{- end -}}

{{/* Annotations of a pod. grantd reads settings only at start, so a change of them replaces the pod; a policy never does. */}}
{{- define "grantd.podAnnotations" -}}
checksum/settings: {{ include "grantd.settings" . | sha256sum }}
{{- end -}}
