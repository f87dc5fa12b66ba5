#!/bin/sh
./build/report
