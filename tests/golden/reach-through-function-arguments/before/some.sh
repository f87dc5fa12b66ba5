#!/bin/bash
set -e
run_one() {
  local tool="$1"
  echo "runs $tool"
  ./tools/"$tool".sh
}
run_one look
