#!/bin/sh
tar cf A.tar target
