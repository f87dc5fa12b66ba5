#!/bin/sh
tar cf a.tar look
