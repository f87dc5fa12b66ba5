def call(String name) {
  sh "./tools/send.sh"
}
