target "report" {
  context = "look/report"
}
target "other" {
  context = "look/other"
}
