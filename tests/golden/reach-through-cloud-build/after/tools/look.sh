#!/bin/sh
./build/report --all
