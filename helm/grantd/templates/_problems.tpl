{{/* Fails with all problems of the values at once. */}}
{{- define "grantd.validate" -}}
{{- $problems := concat
      (include "grantd.problems.shape" . | fromJsonArray)
      (include "grantd.problems.policy" . | fromJsonArray)
      (include "grantd.problems.accounts" . | fromJsonArray)
      (include "grantd.problems.replicas" . | fromJsonArray)
      (include "grantd.problems.outlets" . | fromJsonArray) -}}
{{- if $problems -}}
{{- fail (printf "\n\ngrantd cannot be installed like this:\n\n  - %s\n\n`helm show readme` explains every value.\n" (join "\n  - " $problems)) -}}
{{- end -}}
{{- end -}}

{{- define "grantd.problems.shape" -}}
{{- $found := list -}}
{{- if not .Values.mode -}}
{{- $found = append $found "mode: say which shape you want: `deployment` (the daemon, recommended), `cronjob` (`grantd apply` on a schedule), or `sidecar` (templates that another chart includes)" -}}
{{- else if not (has .Values.mode (list "deployment" "cronjob" "sidecar")) -}}
{{- $found = append $found (printf "mode: %s is none of deployment, cronjob and sidecar" .Values.mode) -}}
{{- end -}}
{{- if not .Values.image.repository -}}
{{- $found = append $found "image.repository: say where the image was pushed to, such as registry.example.com/grantd; a chart of a release has it filled in" -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if has .name (list "MAILTRAP_API_TOKEN" "MAILTRAP_API_TOKEN_FILE") -}}
{{- $found = append $found (printf "extraEnv: %s would stand beside the token of a Secret; name the Secret in token.existingSecret and take this out" .name) -}}
{{- else if has .name (list "GRANTD_POLICY" "GRANTD_SETTINGS") -}}
{{- $found = append $found (printf "extraEnv: %s is decided by the chart; use policy, accounts and settings" .name) -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.mode "sidecar" -}}
{{- range $key, $on := dict "service.enabled" .Values.service.enabled "networkPolicy.enabled" .Values.networkPolicy.enabled "podDisruptionBudget.enabled" .Values.podDisruptionBudget.enabled "serviceMonitor.enabled" .Values.serviceMonitor.enabled -}}
{{- if $on -}}{{- $found = append $found (printf "%s: the pods belong to the host in mode sidecar, so the host's chart decides that" $key) -}}{{- end -}}
{{- end -}}
{{- if not (or .Values.lease.enabled .Values.sidecar.hostHasOnePod) -}}
{{- $found = append $found "lease.enabled: with several pods of the host, or two during its update, several grantd would write; set lease.enabled: true, or sidecar.hostHasOnePod: true if the host has one replica and the strategy Recreate" -}}
{{- end -}}
{{- if and .Values.lease.enabled (ne .Values.state.store "configMap") (not .Values.sidecar.hostHasOnePod) -}}
{{- $found = append $found "state.store: pods of the host need to know what the one before them knew; set state.store: configMap" -}}
{{- end -}}
{{- if and (include "grantd.needsKubernetes" .) (not .Values.sidecar.serviceAccountName) -}}
{{- $found = append $found "sidecar.serviceAccountName: name the ServiceAccount of the host's pods, which Leases and state in a ConfigMap need rights for" -}}
{{- end -}}
{{- if and (eq .Values.storage.type "persistentVolumeClaim") (not .Values.storage.existingClaim) -}}
{{- $found = append $found "storage.type: pods of the host would share one volume; set storage.type: emptyDir, or name a claim of your own in storage.existingClaim" -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.mode "cronjob" -}}
{{- range $key, $on := dict "http.token.existingSecret" .Values.http.token.existingSecret "http.mailtrapExistingSecret" .Values.http.mailtrapExistingSecret "service.enabled" .Values.service.enabled "podMonitor.enabled" .Values.podMonitor.enabled "serviceMonitor.enabled" .Values.serviceMonitor.enabled "prometheusRule.enabled" .Values.prometheusRule.enabled "dashboard.enabled" .Values.dashboard.enabled "podDisruptionBudget.enabled" .Values.podDisruptionBudget.enabled -}}
{{- if $on -}}{{- $found = append $found (printf "%s: in mode cronjob no daemon runs that would serve anything; use mode: deployment, or set notifications" $key) -}}{{- end -}}
{{- end -}}
{{- range $key := list "schedule" "timezone" -}}
{{- if hasKey ($.Values.settings | default dict) $key -}}{{- $found = append $found (printf "settings.%s: in mode cronjob Kubernetes keeps the schedule; use cronJob.schedule and cronJob.timeZone" $key) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.serviceAccount (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) (ne .Values.mode "sidecar") (include "grantd.needsKubernetes" .) -}}
{{- $found = append $found "serviceAccount.name: name the ServiceAccount that is to get the rights on Leases and ConfigMaps; `default` would share them with every pod of the namespace" -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "grantd.problems.policy" -}}
{{- $found := list -}}
{{- $sources := include "grantd.policySources" . | splitList " " | compact -}}
{{- if not $sources -}}
{{- $found = append $found "policy: say where the policy comes from, by one of: policy.gitSync.repo, policy.existingConfigMap, policy.existingVolume, or policy.inline (helm install --set-file policy.inline=policy.yaml)" -}}
{{- else if gt (len $sources) 1 -}}
{{- $found = append $found (printf "policy: it comes from one place only, and these are set: %s" (join ", " $sources)) -}}
{{- end -}}
{{- $texts := dict "policy.inline" .Values.policy.inline -}}
{{- range $index, $account := .Values.accounts -}}{{- $_ := set $texts (printf "accounts[%d].inline" $index) ($account.inline | default "") -}}{{- end -}}
{{- range $key, $text := $texts -}}
{{- if and $text (not (kindIs "string" $text)) -}}
{{- $found = append $found (printf "%s: it must be one string, and is YAML of this values file: Helm would write it anew, and what is quoted, dated or numbered in it could change its meaning; use --set-file %s=policy.yaml, or `%s: |` with the policy indented below" $key $key (splitList "." $key | last)) -}}
{{- else if $text -}}
{{- $found = concat $found (include "grantd.problems.policyText" (dict "key" $key "text" $text) | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- with .Values.policy.gitSync -}}
{{- if .repo -}}
{{- $isHttp := regexMatch "^https?://" .repo -}}
{{- if regexMatch "^https?://[^/]*@" .repo -}}
{{- $found = append $found "policy.gitSync.repo: it holds a user or a password, which everybody who may read pods would see; put them into a Secret and name it in policy.gitSync.https.existingSecret" -}}
{{- end -}}
{{- if and .ssh.existingSecret .https.existingSecret -}}
{{- $found = append $found "policy.gitSync: ssh.existingSecret and https.existingSecret are both set; a repository is reached by one of them" -}}
{{- else if and $isHttp .ssh.existingSecret -}}
{{- $found = append $found "policy.gitSync.ssh.existingSecret: the repository is reached by https, where this key would not be used; use policy.gitSync.https.existingSecret" -}}
{{- else if and (not $isHttp) (not .ssh.existingSecret) (not (hasPrefix "file://" .repo)) -}}
{{- $found = append $found "policy.gitSync.ssh.existingSecret: the repository is reached by ssh: name the Secret with its private key and the known_hosts of its server" -}}
{{- end -}}
{{- else if or .ssh.existingSecret .https.existingSecret -}}
{{- $found = append $found "policy.gitSync.repo: credentials are given, and no repository" -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/*
What is surely wrong with a policy as text: (dict "key" KEY "text" TEXT). It is not parsed, since Helm reads YAML otherwise
than grantd does; a policy that is one flow mapping is left to grantd.
*/}}
{{- define "grantd.problems.policyText" -}}
{{- $found := list -}}
{{- $key := .key -}}
{{- $text := .text -}}
{{- if not (regexMatch "(?m)^\\s*\\{" $text) -}}
{{- range $line := list "version" "account" "mode" "protected" "limits" "paused" -}}
{{- if not (regexMatch (printf "(?m)^[\"']?%s[\"']?\\s*:" $line) $text) -}}
{{- $found = append $found (printf "%s: it has no line `%s:`, which every policy needs; `grantd validate` shows every problem of a policy" $key $line) -}}
{{- end -}}
{{- end -}}
{{- if and (regexMatch "(?m)^mode\\s*:" $text) (not (regexMatch "(?m)^mode\\s*:\\s*[\"']?(observe|additive|authoritative)[\"']?\\s*(#.*)?\\r?$" $text)) -}}
{{- $found = append $found (printf "%s: its mode is none of observe (writes nothing), additive (only gives) and authoritative (also takes)" $key) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "grantd.problems.accounts" -}}
{{- $found := list -}}
{{- $command := "kubectl create secret generic NAME --from-file=token=FILE" -}}
{{- $source := include "grantd.policySources" . -}}
{{- if .Values.accounts -}}
{{- if .Values.token.existingSecret -}}
{{- $found = append $found "token.existingSecret: with accounts each entry has a token of its own; take this out" -}}
{{- end -}}
{{- if .Values.policy.inline -}}
{{- $found = append $found "policy.inline: with accounts each entry has a policy of its own; move it to accounts[].inline" -}}
{{- end -}}
{{- $names := list -}}
{{- $paths := list -}}
{{- range $index, $account := .Values.accounts -}}
{{- $at := printf "accounts[%d]" $index -}}
{{- if not (dig "token" "existingSecret" "" $account) -}}
{{- $found = append $found (printf "%s.token.existingSecret: name the Secret that holds the API token of this account (%s)" $at $command) -}}
{{- end -}}
{{- if has $account.name $names -}}{{- $found = append $found (printf "%s.name: %s is the name of another entry" $at $account.name) -}}{{- end -}}
{{- $names = append $names $account.name -}}
{{- if and $account.file $account.inline -}}
{{- $found = append $found (printf "%s: it has both file and inline; a policy comes from one of them" $at) -}}
{{- else if and (eq $source "inline") (not $account.inline) -}}
{{- $found = append $found (printf "%s.inline: the other policies are inline, and this entry has none" $at) -}}
{{- else if and (ne $source "inline") (not $account.file) -}}
{{- $found = append $found (printf "%s.file: say which file of the repository, ConfigMap or volume is the policy of this account" $at) -}}
{{- else if $account.file -}}
{{- if has $account.file $paths -}}{{- $found = append $found (printf "%s.file: %s is the policy of another entry" $at $account.file) -}}{{- end -}}
{{- $paths = append $paths $account.file -}}
{{- end -}}
{{- end -}}
{{- else if not .Values.token.existingSecret -}}
{{- $found = append $found (printf "token.existingSecret: name the Secret that holds the API token (%s); the token itself is never a value" $command) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "grantd.problems.replicas" -}}
{{- $found := list -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- if ne .Values.mode "deployment" -}}
{{- $found = append $found "replicas: there are replicas in mode deployment only" -}}
{{- else -}}
{{- if not .Values.lease.enabled -}}
{{- $found = append $found "replicas: several would write to one account; set lease.enabled: true, so that each account has one writer" -}}
{{- end -}}
{{- if ne .Values.state.store "configMap" -}}
{{- $found = append $found "state.store: replicas need to know what the one before them knew; set state.store: configMap" -}}
{{- end -}}
{{- if ne .Values.storage.type "emptyDir" -}}
{{- $found = append $found "storage.type: each replica writes an audit log of its own, and one volume for all would mix them; set storage.type: emptyDir, and keep the lines `change.applied` of the log" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (ne .Values.storage.type "persistentVolumeClaim") .Values.storage.existingClaim -}}
{{- $found = append $found "storage.existingClaim: it is used with storage.type: persistentVolumeClaim only" -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "grantd.problems.outlets" -}}
{{- $found := list -}}
{{- if and .Values.podMonitor.enabled .Values.serviceMonitor.enabled -}}
{{- $found = append $found "serviceMonitor.enabled: podMonitor is enabled too, and everything would be scraped twice; choose one" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.service.enabled) (eq .Values.mode "deployment") -}}
{{- $found = append $found "serviceMonitor.enabled: it needs service.enabled: true; podMonitor needs no Service" -}}
{{- end -}}
{{- if .Values.prometheusRule.disabled -}}
{{- $known := list -}}
{{- range (.Files.Get "files/alerts.yaml" | fromYaml).groups -}}{{- range .rules -}}{{- $known = append $known .alert -}}{{- end -}}{{- end -}}
{{- range .Values.prometheusRule.disabled -}}
{{- if not (has . $known) -}}{{- $found = append $found (printf "prometheusRule.disabled: there is no alert %s; docs/alerts.md lists those that there are" .) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
