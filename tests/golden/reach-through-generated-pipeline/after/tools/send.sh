#!/bin/sh
tar cf b.tar send
