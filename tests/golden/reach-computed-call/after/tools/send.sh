#!/bin/sh
"./build/$KIND"
