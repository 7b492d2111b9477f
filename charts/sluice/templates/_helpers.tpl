{{- define "sluice.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A Service's name begins with a letter and has no dot; a release's need not. */}}
{{- define "sluice.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $name := include "sluice.name" . -}}
{{- $full := .Release.Name -}}
{{- if not (contains $name $full) -}}
{{- $full = printf "%s-%s" $full $name -}}
{{- end -}}
{{- if regexMatch "^[0-9]" $full -}}
{{- fail (printf "set fullnameOverride: no Service can be called %s, for its name begins with a letter" $full) -}}
{{- end -}}
{{- $full | replace "." "-" | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "sluice.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sluice.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* No version of the chart here: a label that changes with every release would change every object. */}}
{{- define "sluice.labels" -}}
{{ include "sluice.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "sluice.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sluice.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "sluice.secretName" -}}
{{- default (include "sluice.fullname" .) .Values.existingSecret.name -}}
{{- end -}}

{{- define "sluice.image" -}}
{{- $image := .Values.image.repository -}}
{{- if .Values.image.registry -}}
{{- $image = printf "%s/%s" .Values.image.registry $image -}}
{{- end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $image .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "sluice.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "sluice.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The arguments of `sluice serve` that say where desired state comes from. */}}
{{- define "sluice.desiredState" -}}
{{- with .Values.desiredState -}}
{{- if .repository.address }}
- {{ printf "--config-repo=%v" .repository.address | quote }}
- {{ printf "--branch=%v" .repository.branch | quote }}
{{- with .repository.path }}
- {{ printf "--path=%v" . | quote }}
{{- end }}
{{- if .repository.forge }}
- --config-forge=/etc/sluice/forge.yaml
{{- end }}
{{- else if .manifests }}
- --config=/etc/sluice/desired-state
{{- else }}
- --config-by-hand
{{- end }}
- {{ printf "--config-interval=%v" .interval | quote }}
- {{ printf "--config-deletions=%v" .deletions | quote }}
{{- end -}}
{{- end -}}
