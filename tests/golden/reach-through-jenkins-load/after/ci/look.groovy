def show() {
  sh './tools/look.sh'
}
return this
