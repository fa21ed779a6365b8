package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	commandType = "command:local:Command"
	runToken    = "command:local:run"
	// engineWatch is how often the plugin looks whether the engine is still there.
	engineWatch = 2 * time.Second
	// logPatience is how long one log line may take to be delivered before it is given up.
	logPatience = 5 * time.Second
)

// server answers the engine's calls; see "Pulumi provider protocol" in Pulumi's developer documentation.
type server struct {
	pulumirpc.UnimplementedResourceProviderServer
	engine *provider.HostClient
	// ctx ends, with its cause, when every running command is to end.
	ctx    context.Context
	cancel context.CancelCauseFunc
	// running counts the commands that have not ended.
	running sync.WaitGroup
}

func newServer(engine *provider.HostClient) *server {
	ctx, cancel := context.WithCancelCause(context.Background())
	return &server{engine: engine, ctx: ctx, cancel: cancel}
}

// stopWhenEngineIsGone ends every running command, and then this process, when the engine at the address no longer
// answers. The SDK looks too, but only every five minutes.
func (s *server) stopWhenEngineIsGone(address string) error {
	return rpcutil.Healthcheck(context.Background(), address, engineWatch, func() {
		s.cancel(errCancelled)
		s.running.Wait()
		os.Exit(1)
	})
}

func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

func (s *server) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.News}, nil
}

func (s *server) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}

func (s *server) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}

// Cancel ends every running command. The calls they belong to then return errors.
func (s *server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	s.cancel(errCancelled)
	return &emptypb.Empty{}, nil
}

func (s *server) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	if t := resource.URN(r.Urn).Type(); t != commandType {
		return nil, fmt.Errorf("%s is not supported by this build of the command plugin, which has %s only; the plugin "+
			"that a full Pulumi installation downloads has it", t, commandType)
	}
	inputs, err := unmarshal(r.News)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.CheckResponse{Inputs: r.News, Failures: checkInputs(inputs, resourceKinds)}, nil
}

func (s *server) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	bare := plugin.MarshalOptions{KeepUnknowns: true, ComputeAssetHashes: true}
	olds, err := plugin.UnmarshalProperties(r.OldInputs, bare)
	if err != nil {
		return nil, err
	}
	news, err := plugin.UnmarshalProperties(r.News, bare)
	if err != nil {
		return nil, err
	}
	return diffInputs(olds, news), nil
}

func (s *server) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	inputs, err := unmarshal(r.Properties)
	if err != nil {
		return nil, err
	}
	outputs, err := s.apply(ctx, applied{
		step: propCreate, key: propCreate, urn: r.Urn, inputs: inputs, preview: r.Preview, timeout: r.Timeout,
	})
	if err != nil {
		return nil, err
	}
	id := ""
	if !r.Preview {
		if id, err = resource.NewUniqueHex(r.Name, 8, 0); err != nil {
			return nil, err
		}
	}
	return &pulumirpc.CreateResponse{Id: id, Properties: outputs}, nil
}

// Read returns what is in the state: what a command did cannot be read back.
func (s *server) Read(_ context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if len(r.Properties.GetFields()) == 0 {
		return nil, errors.New("a command cannot be imported or looked up: it exists only in the stack that ran it")
	}
	return &pulumirpc.ReadResponse{Id: r.Id, Properties: r.Properties, Inputs: r.Inputs}, nil
}

func (s *server) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	inputs, err := unmarshal(r.News)
	if err != nil {
		return nil, err
	}
	previous, err := unmarshal(r.Olds)
	if err != nil {
		return nil, err
	}
	key := propUpdate
	if plain(inputs[propUpdate]).IsNull() {
		key = propCreate
	}
	outputs, err := s.apply(ctx, applied{
		step: propUpdate, key: key, urn: r.Urn, inputs: inputs, previous: previous, preview: r.Preview, timeout: r.Timeout,
	})
	if err != nil {
		return nil, err
	}
	return &pulumirpc.UpdateResponse{Properties: outputs}, nil
}

func (s *server) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	state, err := unmarshal(r.Properties)
	if err != nil {
		return nil, err
	}
	if plain(state[propDelete]).IsNull() {
		return &emptypb.Empty{}, nil
	}
	_, err = s.execute(ctx, newJob(propDelete, propDelete, state, state), r.Urn, r.Timeout)
	return &emptypb.Empty{}, err
}

// Invoke serves local.run, which runs its command in previews as well.
func (s *server) Invoke(ctx context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	if r.Tok != runToken {
		return nil, fmt.Errorf("%s is not supported by this build of the command plugin, which has %s only", r.Tok, runToken)
	}
	args, err := unmarshal(r.Args)
	if err != nil {
		return nil, err
	}
	failures := checkInputs(args, runKinds)
	if text(args, propCommand) == "" {
		failures = append(failures, &pulumirpc.CheckFailure{Property: propCommand, Reason: "is required"})
	}
	if len(failures) > 0 {
		return &pulumirpc.InvokeResponse{Failures: failures}, nil
	}
	printed, err := s.execute(ctx, newJob("run", propCommand, args, nil), "", 0)
	if err != nil {
		return nil, err
	}
	out, err := marshal(withOutputs(args, resource.NewStringProperty(printed.Stdout),
		resource.NewStringProperty(printed.Stderr)))
	return &pulumirpc.InvokeResponse{Return: out}, err
}

// applied is one create or update as the engine asks for it.
type applied struct {
	step, key, urn   string
	inputs, previous resource.PropertyMap
	preview          bool
	timeout          float64 // seconds; 0 is no limit
}

// apply runs the step's command, unless there is none or it is a preview, and returns the resource's new state.
func (s *server) apply(ctx context.Context, a applied) (*structpb.Struct, error) {
	stdout, stderr := resource.NewStringProperty(""), resource.NewStringProperty("")
	switch {
	case plain(a.inputs[resource.PropertyKey(a.key)]).IsNull():
		// Without a command for this step the output of the run before stays.
		if a.previous != nil {
			stdout = resource.NewStringProperty(text(a.previous, propStdout))
			stderr = resource.NewStringProperty(text(a.previous, propStderr))
		}
	case a.preview:
		stdout, stderr = resource.MakeComputed(stdout), resource.MakeComputed(stderr)
	default:
		printed, err := s.execute(ctx, newJob(a.step, a.key, a.inputs, a.previous), a.urn, a.timeout)
		if err != nil {
			return nil, err
		}
		stdout, stderr = resource.NewStringProperty(printed.Stdout), resource.NewStringProperty(printed.Stderr)
	}
	return marshal(withOutputs(a.inputs, stdout, stderr))
}

// withOutputs adds what a command printed to its inputs. It is secret if any input is: a command may print what it got.
func withOutputs(inputs resource.PropertyMap, stdout, stderr resource.PropertyValue) resource.PropertyMap {
	if inputs.ContainsSecrets() {
		stdout, stderr = resource.MakeSecret(stdout), resource.MakeSecret(stderr)
	}
	out := inputs.Copy()
	out[propStdout], out[propStderr] = stdout, stderr
	return out
}

// execute runs a job until it ends, its time is over, the engine gives the call up, or everything is cancelled.
func (s *server) execute(call context.Context, j job, urn string, seconds float64) (result, error) {
	s.running.Add(1)
	defer s.running.Done()
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	defer context.AfterFunc(call, func() { cancel(errCancelled) })()
	if seconds > 0 {
		limit := time.Duration(seconds * float64(time.Second))
		timer := time.AfterFunc(limit, func() {
			cancel(fmt.Errorf("ran longer than %s and has been ended", limit))
		})
		defer timer.Stop()
	}
	return j.run(ctx, func(line string, passing bool) { s.log(urn, line, passing) })
}

// log hands a line of output to the engine. A line that cannot be delivered is lost: the command matters more.
func (s *server) log(urn, line string, passing bool) {
	if s.engine == nil || line == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), logPatience)
	defer cancel()
	if passing {
		_ = s.engine.LogStatus(ctx, diag.Info, resource.URN(urn), line)
	} else {
		_ = s.engine.Log(ctx, diag.Info, resource.URN(urn), line)
	}
}

func unmarshal(s *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(s, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
}

func marshal(m resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(m, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
}
