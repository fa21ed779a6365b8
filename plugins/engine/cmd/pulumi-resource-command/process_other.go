//go:build !unix

package main

import (
	"os"
	"os/exec"
)

func inOwnGroup(*exec.Cmd) {}

// interruptGroup does nothing: there is no gentle way that reaches a whole group here.
func interruptGroup(int) {}

func killGroup(leader int) {
	if p, err := os.FindProcess(leader); err == nil {
		_ = p.Kill()
	}
}
