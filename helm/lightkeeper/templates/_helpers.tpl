{{- define "lightkeeper.name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "lightkeeper.fullname" -}}
{{- $name := include "lightkeeper.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{ .Values.fullnameOverride | default $full | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "lightkeeper.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "lightkeeper.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- define "lightkeeper.selector" -}}
app.kubernetes.io/name: {{ include "lightkeeper.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "lightkeeper.labels" -}}
{{ include "lightkeeper.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: lightkeeper
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "lightkeeper.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "lightkeeper.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "lightkeeper.serviceAccount" . }}
    namespace: {{ .Release.Namespace }}
{{- end }}

{{/* What the operator does to ServiceDeployments and what belongs to them, wherever they are. */}}
{{- define "lightkeeper.serviceRules" -}}
- apiGroups: [lightkeeper.dev]
  resources: [servicedeployments]
  verbs: [get, list, watch, patch]
- apiGroups: [lightkeeper.dev]
  resources: [servicedeployments/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [configmaps, secrets]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, create, patch, delete]
{{- end }}

{{/* What the operator does to AwsAccounts. */}}
{{- define "lightkeeper.accountRules" -}}
- apiGroups: [lightkeeper.dev]
  resources: [awsaccounts]
  verbs: [get, list, watch, patch]
- apiGroups: [lightkeeper.dev]
  resources: [awsaccounts/status]
  verbs: [patch]
{{- end }}
