// Command pulumi-resource-command is the provider plugin that the npm package @pulumi/command 1.2.1 asks for, for places
// where the published plugin cannot be downloaded. It serves local.Command and local.run; what it leaves out (remote
// commands, assetPaths, archivePaths) it refuses by name.
package main

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const (
	packageName = "command"
	// version is that of the npm package whose plugin this is.
	version = "1.2.1"
)

func main() {
	err := provider.Main(packageName, func(engine *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		server := newServer(engine)
		if len(os.Args) > 1 {
			// The last argument is the engine's address. Without this watch a command would run on after its engine
			// died.
			if err := server.stopWhenEngineIsGone(os.Args[len(os.Args)-1]); err != nil {
				return nil, err
			}
		}
		return server, nil
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-resource-command: %v\n", err)
		os.Exit(1)
	}
}
