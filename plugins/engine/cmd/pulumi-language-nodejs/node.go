package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// nodeProgram finds node on PATH.
func nodeProgram() (string, error) {
	found, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("node is not on PATH: install Node.js from https://nodejs.org")
	}
	return filepath.Abs(found)
}

// sdkScript finds one of the scripts in `cmd` of the npm package @pulumi/pulumi as Node.js would from a folder: in
// node_modules there, or in a folder above.
func sdkScript(from, name string) (string, error) {
	relative := filepath.Join("node_modules", "@pulumi", "pulumi", "cmd", name)
	for dir := filepath.Clean(from); ; dir = filepath.Dir(dir) {
		script := filepath.Join(dir, relative)
		if info, err := os.Stat(script); err == nil && info.IsDir() {
			return script, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("the npm package @pulumi/pulumi is not installed in %s: run npm ci (or npm install) there", from)
		}
	}
}
