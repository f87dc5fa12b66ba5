target "report" {
  context = "send/report"
}
target "other" {
  context = "send/other"
}
