package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// options are those of `runtime` in Pulumi.yaml (Pulumi documentation: "Pulumi project file reference").
type options struct {
	// typescript says whether the SDK compiles TypeScript on the fly.
	typescript bool
	// tsconfig is the path of TypeScript's settings; tsconfig.json where it is empty.
	tsconfig string
	// nodeArgs stand before the program on node's command line.
	nodeArgs []string
}

// readOptions reads the options of a program, and refuses what this host does not know.
func readOptions(info *pulumirpc.ProgramInfo) (options, error) {
	read := options{typescript: true}
	given := info.GetOptions().AsMap()
	for _, key := range slices.Sorted(maps.Keys(given)) {
		value, isText := given[key].(string)
		wrong := func(kind string) error {
			return fmt.Errorf("the runtime option %q in Pulumi.yaml is %v; it must be %s", key, given[key], kind)
		}
		switch key {
		case "typescript":
			compiled, isBool := given[key].(bool)
			if !isBool {
				return read, wrong("true or false")
			}
			read.typescript = compiled
		case "tsconfig":
			if !isText {
				return read, wrong("a path")
			}
			read.tsconfig = value
		case "nodeargs":
			words, err := shlex.Split(value)
			if !isText || err != nil {
				return read, wrong("a line of arguments for node")
			}
			read.nodeArgs = words
		case "packagemanager":
			if manager := strings.ToLower(value); manager != "npm" && manager != "auto" {
				return read, unsupported(fmt.Sprintf("the package manager %v", given[key]))
			}
		default:
			return read, unsupported(fmt.Sprintf("the runtime option %q of Pulumi.yaml", key))
		}
	}
	return read, nil
}

// environment is what the SDK's scripts read the options from.
func (o options) environment() []string {
	env := []string{fmt.Sprintf("PULUMI_NODEJS_TYPESCRIPT=%t", o.typescript)}
	if o.tsconfig != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+o.tsconfig)
	}
	return env
}
