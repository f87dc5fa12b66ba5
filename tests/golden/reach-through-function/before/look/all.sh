run() { echo "+ $*"; "$@"; }
shell() { bash -e "$@"; }
run look/send.sh
shell look/more.sh
