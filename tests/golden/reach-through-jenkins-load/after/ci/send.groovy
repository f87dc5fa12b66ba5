def run() {
  sh './tools/send.sh'
}
return this
