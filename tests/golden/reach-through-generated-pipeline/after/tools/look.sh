#!/bin/sh
tar cf b.tar look
