//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// inOwnGroup makes the command leader of a process group of its own, so that ending it ends what it started as well, and
// so that a terminal's Ctrl-C reaches it only through the engine, which then knows about it.
func inOwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// interruptGroup asks every process of the group to end, as Ctrl-C would.
func interruptGroup(leader int) { _ = syscall.Kill(-leader, syscall.SIGINT) }

// killGroup ends every process of the group at once.
func killGroup(leader int) { _ = syscall.Kill(-leader, syscall.SIGKILL) }
