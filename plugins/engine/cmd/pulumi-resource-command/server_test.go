package main

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

func marshalled(t *testing.T, m resource.PropertyMap) *structpb.Struct {
	t.Helper()
	s, err := marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunFailsWithStatusAndOutput(t *testing.T) {
	_, err := newServer(nil).Invoke(t.Context(), &pulumirpc.InvokeRequest{
		Tok: runToken, Args: marshalled(t, inputs(map[string]any{"command": "echo no luck; exit 7"})),
	})
	want := "run: exit status 7: running \"echo no luck; exit 7\":\nno luck"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

func TestRunNeedsACommand(t *testing.T) {
	response, err := newServer(nil).Invoke(t.Context(), &pulumirpc.InvokeRequest{
		Tok: runToken, Args: marshalled(t, inputs(map[string]any{"dir": "/"})),
	})
	if err != nil || len(response.Failures) != 1 || response.Failures[0].Property != "command" {
		t.Errorf("%v %v", response, err)
	}
}

func TestCommandWithSecretTextIsNotNamed(t *testing.T) {
	_, err := newServer(nil).Create(t.Context(), &pulumirpc.CreateRequest{
		Urn: "urn:pulumi:s::p::command:local:Command::c", Name: "c",
		Properties: marshalled(t, resource.PropertyMap{
			"create": resource.MakeSecret(resource.NewStringProperty("exit 2 # hunter2")),
		}),
	})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("%v", err)
	}
}

func TestGivenUpCallEndsTheCommand(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newServer(nil).Invoke(ctx, &pulumirpc.InvokeRequest{
		Tok: runToken, Args: marshalled(t, inputs(map[string]any{"command": "sleep 300"})),
	})
	if err == nil || !strings.Contains(err.Error(), errCancelled.Error()) {
		t.Errorf("%v", err)
	}
}

func TestUpdateWithoutACommandKeepsTheOutput(t *testing.T) {
	response, err := newServer(nil).Update(t.Context(), &pulumirpc.UpdateRequest{
		Olds: marshalled(t, inputs(map[string]any{"create": "echo old", "stdout": "old", "stderr": "oops"})),
		News: marshalled(t, inputs(map[string]any{"delete": "true"})),
	})
	if err != nil {
		t.Fatal(err)
	}
	fields := response.Properties.Fields
	if fields["stdout"].GetStringValue() != "old" || fields["stderr"].GetStringValue() != "oops" {
		t.Errorf("%v", fields)
	}
}
