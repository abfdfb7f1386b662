{{- define "grantd.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Names of objects: at most 32 characters, to leave room for an account and for what Kubernetes appends to Job names. */}}
{{- define "grantd.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 32 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "grantd.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 32 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 32 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "grantd.selectorLabels" -}}
app.kubernetes.io/name: {{ include "grantd.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Selects the pods of the daemon, but not those of CronJobs and of `helm test`. */}}
{{- define "grantd.daemonLabels" -}}
{{ include "grantd.selectorLabels" . }}
app.kubernetes.io/component: daemon
{{- end -}}

{{- define "grantd.labels" -}}
{{ include "grantd.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The head of every object: (dict "root" $ "suffix" "-policy" "annotations" (dict)). */}}
{{- define "grantd.metadata" -}}
name: {{ include "grantd.fullname" .root }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "grantd.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Labels of the host pods that contain grantd, in mode `sidecar`. */}}
{{- define "grantd.sidecar.selectorLabels" -}}
grantd.dev/sidecar: {{ include "grantd.fullname" . }}
{{- end -}}

{{- define "grantd.podSelector" -}}
{{- if eq .Values.mode "sidecar" -}}
{{ include "grantd.sidecar.selectorLabels" . }}
{{- else -}}
{{ include "grantd.daemonLabels" . }}
{{- end -}}
{{- end -}}

{{- define "grantd.image" -}}
{{- $tag := .image.tag -}}
{{- if and (not $tag) (not .image.digest) -}}{{- $tag = .default -}}{{- end -}}
{{- .image.repository -}}{{- with $tag }}:{{ . }}{{ end -}}{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{- define "grantd.serviceAccountName" -}}
{{- if eq .Values.mode "sidecar" -}}
{{- default "default" .Values.sidecar.serviceAccountName -}}
{{- else if .Values.serviceAccount.create -}}
{{- default (include "grantd.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Whether grantd calls the Kubernetes API: "true" or "". */}}
{{- define "grantd.needsKubernetes" -}}
{{- if or .Values.lease.enabled (eq .Values.state.store "configMap") -}}true{{- end -}}
{{- end -}}

{{/* Names of the objects of each account, if the account ids are known: (dict "name" "grantd-{account}" "ids" LIST). */}}
{{- define "grantd.resourceNames" -}}
{{- with .ids -}}
resourceNames:
{{- range . }}
  - {{ $.name | replace "{account}" (int64 . | toString) | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Long enough to finish a PUT in flight, read the account again, and give the Lease back. */}}
{{- define "grantd.graceSeconds" -}}
{{- $stopMs := default 20000 (.Values.settings | default dict).stopTimeoutMs -}}
{{- add 10 (div (add 999 (int64 $stopMs)) 1000) -}}
{{- end -}}
