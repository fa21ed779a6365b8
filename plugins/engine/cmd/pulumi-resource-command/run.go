package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// tailLines is how many lines of output a failing command's error repeats.
	tailLines = 25
	// graceful is how long a command may take to end after it was asked to, before it is killed.
	graceful = 5 * time.Second
	// drain is how long output is still read after the kill; a process that left the group may hold the pipe open.
	drain = time.Second
)

// errCancelled is the cause of a run's end when the user, or the engine's death, ended it.
var errCancelled = errors.New("was cancelled and has been ended")

// result is what a command printed.
type result struct{ Stdout, Stderr string }

// run runs the command to its end, or until ctx ends; then it ends the command's whole process group. Each line goes to
// log when it is printed. Like a shell, it waits until every process that holds the output has closed it.
func (j job) run(ctx context.Context, log logFunc) (result, error) {
	if j.Dir != "" {
		// Without this look the system's message is about the interpreter, which is there.
		if info, err := os.Stat(j.Dir); err != nil || !info.IsDir() {
			return result{}, fmt.Errorf("%s: the folder %q (dir) does not exist", j.Step, j.Dir)
		}
	}
	args := append(append([]string{}, j.Interpreter[1:]...), j.Command)
	cmd := exec.Command(j.Interpreter[0], args...)
	cmd.Dir, cmd.Env = j.Dir, j.Environment
	cmd.Stdin = strings.NewReader(j.Stdin)
	inOwnGroup(cmd)

	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return result{}, err
	}
	defer outRead.Close()
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		outWrite.Close()
		return result{}, err
	}
	defer errRead.Close()
	cmd.Stdout, cmd.Stderr = outWrite, errWrite

	last := &tail{limit: tailLines}
	emit := func(logged bool) logFunc {
		return func(line string, passing bool) {
			line = j.Mask.mask(line)
			if !passing {
				last.add(line)
			}
			if logged {
				log(line, passing)
			}
		}
	}
	stdout, stderr := &collector{emit: emit(j.LogStdout)}, &collector{emit: emit(j.LogStderr)}

	err = cmd.Start()
	outWrite.Close()
	errWrite.Close()
	if err != nil {
		return result{}, fmt.Errorf("%s: could not start: %w", j.Step, err)
	}

	var readers sync.WaitGroup
	readers.Add(2)
	go func() { defer readers.Done(); stdout.readFrom(outRead) }()
	go func() { defer readers.Done(); stderr.readFrom(errRead) }()

	finished := make(chan struct{})
	var guard sync.WaitGroup
	guard.Add(1)
	go func() {
		defer guard.Done()
		select {
		case <-finished:
		case <-ctx.Done():
			endGroup(cmd.Process.Pid, finished)
			select {
			case <-finished:
			case <-time.After(drain):
				outRead.Close()
				errRead.Close()
			}
		}
	}()

	err = cmd.Wait()
	readers.Wait()
	close(finished)
	guard.Wait()

	printed := result{stdout.text(), stderr.text()}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return printed, j.failure(err, last.String())
	}
	return printed, nil
}

// endGroup asks the group to end, and kills what of it is left when the command has ended or the grace period is over.
// Something always may be left: a shell's background processes ignore the interrupt.
func endGroup(leader int, finished <-chan struct{}) {
	interruptGroup(leader)
	select {
	case <-finished:
	case <-time.After(graceful):
	}
	killGroup(leader)
}

// failure names the step, what went wrong, the command and the end of its output.
func (j job) failure(err error, output string) error {
	command := j.Mask.mask(j.Command)
	if j.SecretText {
		command = "[secret]"
	}
	if output == "" {
		return fmt.Errorf("%s: %w: running %q, which printed nothing", j.Step, err, command)
	}
	return fmt.Errorf("%s: %w: running %q:\n%s", j.Step, err, command, output)
}
