#!/bin/bash
./tools/start-look.sh
source tools/look.sh
