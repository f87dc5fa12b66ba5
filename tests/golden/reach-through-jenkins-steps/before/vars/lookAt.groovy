def call(String name) {
  sh "./tools/look.sh"
}
