// Command pulumi-resource-snowflake is the Snowflake provider plugin that the npm package @pulumi/snowflake 1.3.0 asks
// for, for places where the published plugin cannot be downloaded. The provider's own code is the published Terraform
// provider; this program only puts the Pulumi bridge around it.
//
// Called by the engine with the engine's address it serves; called with -list-properties it prints every resource's
// token and properties as JSON, which a test compares with the types of the npm package.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
)

// engineWatch is how often the plugin looks whether the engine is still there.
const engineWatch = 2 * time.Second

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-list-properties" {
		if err := json.NewEncoder(os.Stdout).Encode(listProperties(providerInfo())); err != nil {
			fmt.Fprintf(os.Stderr, "pulumi-resource-snowflake: %v\n", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) > 1 {
		// The last argument is the engine's address. The bridge looks too whether the engine is still there, but only every
		// five minutes; what is asked for after its death nobody would hear of.
		gone := func() { os.Exit(1) }
		if err := rpcutil.Healthcheck(context.Background(), os.Args[len(os.Args)-1], engineWatch, gone); err != nil {
			fmt.Fprintf(os.Stderr, "pulumi-resource-snowflake: %v\n", err)
			os.Exit(1)
		}
	}
	// No Pulumi schema: it would serve code generation only, and making one needs the bridge's generator.
	tfbridge.Main(packageName, version, providerInfo(), nil)
}
