{{/* Volumes with git-sync's credentials. */}}
{{- define "grantd.gitSync.volumes" -}}
{{- with .Values.policy.gitSync }}
{{- if .ssh.existingSecret }}
- name: grantd-git-ssh
  secret:
    secretName: {{ .ssh.existingSecret | quote }}
    defaultMode: {{ ternary "0400" "0444" (eq (include "grantd.secretMode" $) "0440") }}
    items:
      - { key: {{ .ssh.privateKeyKey | quote }}, path: ssh }
      - { key: {{ .ssh.knownHostsKey | quote }}, path: known_hosts }
{{- end }}
{{- if .https.existingSecret }}
{{ include "grantd.secretVolume" (dict "root" $ "name" "grantd-git-https" "secret" .https.existingSecret "items" (dict .https.passwordKey "password")) }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
git-sync: (dict "root" $ "oneTime" BOOL "mayDelay" BOOL). As a native sidecar it starts before grantd and ends after it;
where it may delay the pod, grantd starts only when there is a checkout. It gets no token of Mailtrap or Kubernetes.
*/}}
{{- define "grantd.gitSync.container" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- with $values.policy.gitSync -}}
- name: git-sync
  image: {{ include "grantd.image" (dict "image" .image "default" "") | quote }}
  imagePullPolicy: {{ .image.pullPolicy }}
  {{- if not $.oneTime }}
  restartPolicy: Always
  {{- end }}
  env:
    - { name: GITSYNC_REPO, value: {{ .repo | quote }} }
    - { name: GITSYNC_REF, value: {{ .ref | quote }} }
    - { name: GITSYNC_ROOT, value: /git }
    - { name: GITSYNC_LINK, value: current }
    - { name: GITSYNC_DEPTH, value: "1" }
    - { name: GITSYNC_SUBMODULES, value: "off" }
    {{- if $.oneTime }}
    - { name: GITSYNC_ONE_TIME, value: "true" }
    {{- else }}
    - { name: GITSYNC_PERIOD, value: {{ .period | quote }} }
    {{- /* If the git server fails, grantd continues with the last checkout. Restarting git-sync would not help. */}}
    - { name: GITSYNC_MAX_FAILURES, value: "-1" }
    - { name: GITSYNC_HTTP_BIND, value: ":{{ int .port }}" }
    - { name: GITSYNC_HTTP_METRICS, value: "true" }
    {{- if .webhook }}
    - { name: GITSYNC_WEBHOOK_URL, value: "http://127.0.0.1:{{ int $values.http.port }}/-/reconcile" }
    {{- end }}
    {{- end }}
    {{- if .ssh.existingSecret }}
    - { name: GITSYNC_SSH, value: "true" }
    - { name: GITSYNC_SSH_KEY_FILE, value: /etc/git-secret/ssh }
    - { name: GITSYNC_SSH_KNOWN_HOSTS, value: "true" }
    - { name: GITSYNC_SSH_KNOWN_HOSTS_FILE, value: /etc/git-secret/known_hosts }
    {{- end }}
    {{- if .https.existingSecret }}
    - name: GITSYNC_USERNAME
      valueFrom: { secretKeyRef: { name: {{ .https.existingSecret | quote }}, key: {{ .https.usernameKey | quote }} } }
    - { name: GITSYNC_PASSWORD_FILE, value: /etc/git-secret/password }
    {{- end }}
    {{- with .extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if not $.oneTime }}
  ports:
    - { name: git-sync, containerPort: {{ int .port }} }
  {{- if $.mayDelay }}
  startupProbe:
    httpGet: { path: /, port: git-sync }
    periodSeconds: 2
    failureThreshold: 60
  {{- end }}
  {{- end }}
  securityContext:
    {{- toYaml .securityContext | nindent 4 }}
  resources:
    {{- toYaml .resources | nindent 4 }}
  volumeMounts:
    - { name: grantd-git, mountPath: /git }
    - { name: grantd-git-tmp, mountPath: /tmp }
    {{- if .ssh.existingSecret }}
    - { name: grantd-git-ssh, mountPath: /etc/git-secret, readOnly: true }
    {{- end }}
    {{- if .https.existingSecret }}
    - { name: grantd-git-https, mountPath: /etc/git-secret, readOnly: true }
    {{- end }}
    {{- with .extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}
