//go:build mage

package main

import "github.com/magefile/mage/mg"
import "github.com/magefile/mage/sh"

type Report mg.Namespace

func (Report) Send() error {
	mg.Deps(prepare)
	return sh.RunV("bash", "send.sh")
}

func prepare() error {
	return sh.Run("bash", "prepare.sh")
}

func Clean() error {
	return sh.Run("bash", "clean.sh")
}
