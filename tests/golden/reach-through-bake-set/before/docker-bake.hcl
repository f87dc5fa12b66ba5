target "send" {
  context = "send"
}
target "look" {
  context = "look"
}
