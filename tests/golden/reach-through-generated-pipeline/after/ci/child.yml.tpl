{{- $names := ds "names" }}
stages: [look, send]
{{ range $names }}
look-{{ . }}:
  stage: look
  script: [./tools/look.sh {{ . }}]
send-{{ . }}:
  stage: send
  {{ if eq . "loom" }}
  environment: production
  {{ end }}
  script:
    - ./tools/send.sh {{ . }}
{{ end }}
