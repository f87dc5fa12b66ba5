#!/bin/sh
tar cf a.tar send
