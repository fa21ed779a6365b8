package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Names of properties, as in the npm package.
const (
	propCreate      = "create"
	propUpdate      = "update"
	propDelete      = "delete"
	propCommand     = "command" // of local.run
	propEnvironment = "environment"
	propStdin       = "stdin"
	propDir         = "dir"
	propTriggers    = "triggers"
	propLogging     = "logging"
	propInterpreter = "interpreter"
	propPrevious    = "addPreviousOutputInEnv"
	propAssets      = "assetPaths"
	propArchive     = "archivePaths"
	propStdout      = "stdout"
	propStderr      = "stderr"
)

// refused are inputs of the published plugin that this one does not have.
var refused = []string{propAssets, propArchive}

var (
	commonKinds = map[string]string{
		propEnvironment: "map", propStdin: "string", propDir: "string", propLogging: "logging",
		propInterpreter: "list", propPrevious: "boolean", propAssets: "list", propArchive: "list",
	}
	resourceKinds = with(commonKinds, map[string]string{
		propCreate: "string", propUpdate: "string", propDelete: "string", propTriggers: "any list",
	})
	runKinds = with(commonKinds, map[string]string{propCommand: "string"})
)

func with(base, more map[string]string) map[string]string {
	out := make(map[string]string, len(base)+len(more))
	for k, v := range base {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// checkInputs returns one failure for each input that is unknown to the plugin, refused, or of the wrong kind. Inputs
// not known before the deployment (computed) pass.
func checkInputs(inputs resource.PropertyMap, kinds map[string]string) []*pulumirpc.CheckFailure {
	var failures []*pulumirpc.CheckFailure
	fail := func(property, format string, args ...any) {
		failures = append(failures, &pulumirpc.CheckFailure{Property: property, Reason: fmt.Sprintf(format, args...)})
	}
	keys := make([]string, 0, len(inputs))
	for key := range inputs {
		keys = append(keys, string(key))
	}
	sort.Strings(keys)
	for _, key := range keys {
		value := plain(inputs[resource.PropertyKey(key)])
		kind, known := kinds[key]
		switch {
		case strings.HasPrefix(key, "__"): // the engine's own
		case !known:
			fail(key, "is not a property of this resource")
		case value.IsNull() || value.ContainsUnknowns() && !value.IsArray() && !value.IsObject():
		case isRefused(key):
			fail(key, "is not supported by this build of the command plugin; the plugin that a full Pulumi "+
				"installation downloads has it")
		default:
			if reason := mismatch(value, kind); reason != "" {
				fail(key, "%s", reason)
			}
		}
	}
	return failures
}

func isRefused(key string) bool {
	for _, name := range refused {
		if key == name {
			return true
		}
	}
	return false
}

// mismatch says what is wrong with a value that should be of the kind; empty where nothing is.
func mismatch(value resource.PropertyValue, kind string) string {
	isText := func(v resource.PropertyValue) bool { v = plain(v); return v.IsString() || v.ContainsUnknowns() }
	switch kind {
	case "string":
		if !value.IsString() {
			return "must be a string"
		}
	case "boolean":
		if !value.IsBool() {
			return "must be true or false"
		}
	case "logging":
		if !value.IsString() || !validLogging(value.StringValue()) {
			return `must be "stdout", "stderr", "stdoutAndStderr" or "none"`
		}
	case "any list":
		if !value.IsArray() {
			return "must be a list"
		}
	case "list":
		if !value.IsArray() {
			return "must be a list of strings"
		}
		for i, v := range value.ArrayValue() {
			if !isText(v) {
				return fmt.Sprintf("must be a list of strings, but element %d is not a string", i)
			}
		}
	case "map":
		if !value.IsObject() {
			return "must be a map of strings"
		}
		for k, v := range value.ObjectValue() {
			if !isText(v) {
				return fmt.Sprintf("must be a map of strings, but the value of %q is not a string", string(k))
			}
		}
	}
	return ""
}

// plain takes secret and output wrappers off the value's outside. An unknown output becomes a computed value.
func plain(v resource.PropertyValue) resource.PropertyValue {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput():
			if !v.OutputValue().Known {
				return resource.MakeComputed(resource.NewStringProperty(""))
			}
			v = v.OutputValue().Element
		default:
			return v
		}
	}
}

func text(inputs resource.PropertyMap, key string) string {
	if v := plain(inputs[resource.PropertyKey(key)]); v.IsString() {
		return v.StringValue()
	}
	return ""
}

// job is one run of a command: everything the process needs.
type job struct {
	// Step is what the run is for: "create", "update", "delete", "run".
	Step        string
	Command     string
	SecretText  bool // the command's text itself is a secret
	Interpreter []string
	Dir         string
	Stdin       string
	Environment []string
	LogStdout   bool
	LogStderr   bool
	Mask        masker
}

// newJob reads a job from checked inputs, all of which are known. previous holds the outputs of the run before, which
// the command gets in its environment unless addPreviousOutputInEnv is false; it may be nil.
func newJob(step, commandKey string, inputs, previous resource.PropertyMap) job {
	j := job{
		Step:        step,
		Command:     text(inputs, commandKey),
		SecretText:  inputs[resource.PropertyKey(commandKey)].ContainsSecrets(),
		Interpreter: defaultInterpreter(),
		Dir:         text(inputs, propDir),
		Stdin:       text(inputs, propStdin),
		Environment: os.Environ(),
		Mask:        newMasker(inputs),
	}
	if v := plain(inputs[propInterpreter]); v.IsArray() && len(v.ArrayValue()) > 0 {
		j.Interpreter = nil
		for _, e := range v.ArrayValue() {
			j.Interpreter = append(j.Interpreter, plain(e).StringValue())
		}
	}
	if v := plain(inputs[propPrevious]); previous != nil && (!v.IsBool() || v.BoolValue()) {
		j.Environment = append(j.Environment,
			"PULUMI_COMMAND_STDOUT="+text(previous, propStdout), "PULUMI_COMMAND_STDERR="+text(previous, propStderr))
	}
	if v := plain(inputs[propEnvironment]); v.IsObject() {
		for name, value := range v.ObjectValue() {
			j.Environment = append(j.Environment, string(name)+"="+plain(value).StringValue())
		}
	}
	j.LogStdout, j.LogStderr = loggingOf(text(inputs, propLogging))
	return j
}

func defaultInterpreter() []string {
	if runtime.GOOS == "windows" {
		return []string{"cmd", "/C"}
	}
	return []string{"/bin/sh", "-c"}
}

func validLogging(s string) bool {
	return s == "stdout" || s == "stderr" || s == "stdoutAndStderr" || s == "none"
}

// loggingOf says which streams go to the engine's log; both where the input is absent.
func loggingOf(s string) (stdout, stderr bool) {
	return s != "stderr" && s != "none", s != "stdout" && s != "none"
}
