#!/bin/sh
npm publish
