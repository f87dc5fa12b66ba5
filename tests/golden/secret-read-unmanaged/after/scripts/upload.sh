#!/bin/sh
set -e
token=$(cat ~/.aws/credentials)
curl --fail -H "Authorization: $token" -T build.tar.gz https://files.example.com/
