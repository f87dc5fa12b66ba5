#!/bin/bash
./tools/start-send.sh
source tools/send.sh
