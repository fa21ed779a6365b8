package main

import (
	"context"
	"os/exec"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host answers the engine's calls; see "Pulumi language runtime protocol" in Pulumi's developer documentation.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	mu sync.Mutex
	// engine is its address: the last argument of this process, or what a handshake said.
	engine string
	// running holds the processes that have not ended.
	running map[*exec.Cmd]struct{}
}

func newHost(engine string) *host {
	return &host{engine: engine, running: map[*exec.Cmd]struct{}{}}
}

func (h *host) Handshake(
	_ context.Context, r *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engine = r.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo tells the version of the SDK this host is made of.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: sdk.Version.String()}, nil
}

// Cancel ends the programs that run; their calls then return errors.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.endAll()
	return &emptypb.Empty{}, nil
}

// RuntimeOptionsPrompts has nothing to ask: the package manager is npm.
func (h *host) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// Template has nothing to do: a template for Node.js is complete as it is.
func (h *host) Template(context.Context, *pulumirpc.TemplateRequest) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

func (h *host) GenerateProgram(
	context.Context, *pulumirpc.GenerateProgramRequest,
) (*pulumirpc.GenerateProgramResponse, error) {
	return nil, unsupported("generating a program (pulumi convert, pulumi import --generate-code)")
}

func (h *host) GenerateProject(
	context.Context, *pulumirpc.GenerateProjectRequest,
) (*pulumirpc.GenerateProjectResponse, error) {
	return nil, unsupported("generating a project (pulumi convert)")
}

func (h *host) GeneratePackage(
	context.Context, *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	return nil, unsupported("generating an SDK (pulumi package add, pulumi package gen-sdk)")
}

func (h *host) Pack(context.Context, *pulumirpc.PackRequest) (*pulumirpc.PackResponse, error) {
	return nil, unsupported("packing an SDK (pulumi package pack-sdk)")
}

func (h *host) Link(context.Context, *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return nil, unsupported("linking an SDK into a project (pulumi package add)")
}

// unsupported refuses, by name, what only the published host does.
func unsupported(what string) error {
	return status.Errorf(codes.Unimplemented, "%s is not supported by this build of the Node.js language host; a full "+
		"Pulumi installation (https://www.pulumi.com/docs/install/) has it", what)
}
