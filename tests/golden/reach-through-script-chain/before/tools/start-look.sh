#!/bin/bash
HERE="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" > /dev/null 2>&1 && pwd)"
"$HERE/back-look.sh"
