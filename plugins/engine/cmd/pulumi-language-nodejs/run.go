package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const (
	// toldAlready is the exit code by which the SDK's scripts say that the user has been told what is wrong.
	toldAlready = 32
	// graceful is how long a process may take to end after it was asked to, before it is killed.
	graceful = 5 * time.Second
)

// Run runs a program to its end. A program that fails is a result, not an error of this call.
func (h *host) Run(ctx context.Context, r *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if r.AttachDebugger {
		return nil, unsupported("a debugger (--attach-debugger)")
	}
	read, err := readOptions(r.Info)
	if err != nil {
		return nil, err
	}
	cmd, err := h.script(r.Info.GetProgramDirectory(), "run", read, programArguments(r, h.engineAddress()))
	if err != nil {
		return nil, err
	}
	settings, err := settings(r)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, settings...)
	// What a program prints the engine takes from this process's output.
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr

	err = h.toItsEnd(ctx, cmd)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == toldAlready:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: "the program ended with " + exit.Error()}, nil
	default:
		return nil, err
	}
}

// programArguments are those of the SDK's script "run".
func programArguments(r *pulumirpc.RunRequest, engine string) []string {
	var args []string
	add := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	add("monitor", r.MonitorAddress)
	add("engine", engine)
	add("organization", r.Organization)
	add("project", r.Project)
	add("root-directory", r.Info.GetRootDirectory())
	add("stack", r.Stack)
	add("pwd", r.Pwd)
	add("parallel", strconv.Itoa(int(r.Parallel)))
	if r.DryRun {
		args = append(args, "--dry-run")
	}
	return append(append(args, r.Info.GetEntryPoint()), r.Args...)
}

// settings are the stack's, as the SDK reads them from the environment.
func settings(r *pulumirpc.RunRequest) ([]string, error) {
	values, secretKeys := r.Config, r.ConfigSecretKeys
	if values == nil {
		values = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	config, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	secret, err := json.Marshal(secretKeys)
	return []string{"PULUMI_CONFIG=" + string(config), "PULUMI_CONFIG_SECRET_KEYS=" + string(secret)}, err
}

// RunPlugin runs a plugin or a policy pack written for Node.js, and passes on what it prints.
func (h *host) RunPlugin(r *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	if r.AttachDebugger {
		return unsupported("a debugger (--attach-debugger)")
	}
	read, err := readOptions(r.Info)
	if err != nil {
		return err
	}
	program := r.Info.GetProgramDirectory()
	name, args := "run-plugin", append([]string{program}, r.Args...)
	if r.Kind == "analyzer" {
		// This script takes the engine's address first.
		name, args = "run-policy-pack", []string{h.engineAddress(), program}
	}
	cmd, err := h.script(program, name, read, args)
	if err != nil {
		return err
	}
	cmd.Dir = r.Pwd
	cmd.Env = append(cmd.Env, r.Env...)
	lines := &lockedStream[pulumirpc.RunPluginResponse]{send: stream.Send}
	cmd.Stdout = lines.writer(func(text []byte) *pulumirpc.RunPluginResponse {
		return &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}}
	})
	cmd.Stderr = lines.writer(func(text []byte) *pulumirpc.RunPluginResponse {
		return &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}}
	})
	code := 0
	if err := h.toItsEnd(stream.Context(), cmd); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return err
		}
		code = exit.ExitCode()
	}
	return stream.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
	})
}

// script prepares one of the SDK's scripts, found from a program's folder.
func (h *host) script(from, name string, read options, args []string) (*exec.Cmd, error) {
	node, err := nodeProgram()
	if err != nil {
		return nil, err
	}
	script, err := sdkScript(from, name)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(node, append(append(append([]string{}, read.nodeArgs...), script), args...)...)
	cmd.Env = append(os.Environ(), read.environment()...)
	return cmd, nil
}

func (h *host) engineAddress() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.engine
}

// toItsEnd runs a process; it is ended when the engine gives the call up, and when everything is cancelled.
func (h *host) toItsEnd(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s could not be started: %w", cmd.Path, err)
	}
	h.mu.Lock()
	h.running[cmd] = struct{}{}
	h.mu.Unlock()
	ended := make(chan struct{})
	defer func() {
		close(ended)
		h.mu.Lock()
		delete(h.running, cmd)
		h.mu.Unlock()
	}()
	defer context.AfterFunc(ctx, func() {
		ask(cmd)
		select {
		case <-ended:
		case <-time.After(graceful):
			_ = cmd.Process.Kill()
		}
	})()
	err := cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// endAll asks every process that runs to end, and kills those that do not.
func (h *host) endAll() {
	deadline := time.Now().Add(graceful)
	for asked := false; ; asked = true {
		h.mu.Lock()
		left := len(h.running)
		for cmd := range h.running {
			if !asked {
				ask(cmd)
			} else if time.Now().After(deadline) {
				_ = cmd.Process.Kill()
			}
		}
		h.mu.Unlock()
		if left == 0 || time.Now().After(deadline.Add(graceful)) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ask asks a process to end; where it cannot be asked, it is ended.
func ask(cmd *exec.Cmd) {
	if cmd.Process.Signal(syscall.SIGTERM) != nil {
		_ = cmd.Process.Kill()
	}
}
