run() { echo "+ $*"; "$@"; }
shell() { bash -e "$@"; }
run send/send.sh
shell send/more.sh
