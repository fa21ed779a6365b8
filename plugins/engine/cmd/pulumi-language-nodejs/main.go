// Command pulumi-language-nodejs is the language host that runs Pulumi programs written for Node.js, for places where the
// published one, which comes with a full Pulumi installation, cannot be downloaded. It runs programs, plugins and policy
// packs, installs with npm, and tells what a program depends on; what it leaves out (generating code, linking and packing
// SDKs, package managers other than npm, debuggers) it refuses by name.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// engineWatch is how often the host looks whether the engine is still there.
const engineWatch = 2 * time.Second

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: %v\n", err)
		os.Exit(1)
	}
}

// serve answers the engine's calls until the engine ends this process or is gone itself.
func serve(args []string) error {
	engine, err := engineAddress(args)
	if err != nil {
		return err
	}
	// Ctrl-C in a terminal reaches the engine too, which then ends what it has begun and, at last, this process.
	signal.Ignore(os.Interrupt)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		cancel()
	}()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, engineWatch, cancel); err != nil {
			return err
		}
	}
	host := newHost(engine)
	quit := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: quit,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port) // by which the engine finds this server
	go func() {
		<-ctx.Done()
		host.endAll()
		close(quit)
	}()
	return <-handle.Done
}

// engineAddress finds the engine's address, the last argument. The engine also passes flags for logging and tracing, which
// this host has no use for.
func engineAddress(args []string) (string, error) {
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.String("tracing", "", "")
	flags.Bool("logflow", false, "")
	flags.Bool("logtostderr", false, "")
	flags.Int("v", 0, "")
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	return flags.Arg(0), nil
}
