#!/bin/sh
set -e
echo "+ $*"
exec "$@"
