#!/bin/sh
tar cf B.tar target
