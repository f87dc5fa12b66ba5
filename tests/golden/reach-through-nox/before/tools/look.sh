#!/bin/sh
./build/report 
