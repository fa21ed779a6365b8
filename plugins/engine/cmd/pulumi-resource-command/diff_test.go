package main

import (
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func inputs(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

func TestDiffPathsAndKinds(t *testing.T) {
	olds := map[string]any{"create": "a", "environment": map[string]any{"X": "1"}, "triggers": []any{"t", "u"}}
	for _, c := range []struct {
		name string
		news map[string]any
		want map[string]pulumirpc.PropertyDiff_Kind
	}{
		{"nothing", olds, map[string]pulumirpc.PropertyDiff_Kind{}},
		{"a changed command and variable",
			map[string]any{"create": "b", "environment": map[string]any{"X": "2"}, "triggers": []any{"t", "u"}},
			map[string]pulumirpc.PropertyDiff_Kind{
				"create": pulumirpc.PropertyDiff_UPDATE, "environment.X": pulumirpc.PropertyDiff_UPDATE}},
		{"a changed trigger",
			map[string]any{"create": "a", "environment": map[string]any{"X": "1"}, "triggers": []any{"t", "v"}},
			map[string]pulumirpc.PropertyDiff_Kind{"triggers[1]": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		{"a trigger more",
			map[string]any{"create": "a", "environment": map[string]any{"X": "1"}, "triggers": []any{"t", "u", "v"}},
			map[string]pulumirpc.PropertyDiff_Kind{"triggers[2]": pulumirpc.PropertyDiff_ADD_REPLACE}},
		{"no triggers any more",
			map[string]any{"create": "a", "environment": map[string]any{"X": "1"}},
			map[string]pulumirpc.PropertyDiff_Kind{"triggers": pulumirpc.PropertyDiff_DELETE_REPLACE}},
	} {
		response := diffInputs(inputs(olds), inputs(c.news))
		got := map[string]pulumirpc.PropertyDiff_Kind{}
		for path, change := range response.DetailedDiff {
			got[path] = change.Kind
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
		if none := response.Changes == pulumirpc.DiffResponse_DIFF_NONE; none != (len(c.want) == 0) {
			t.Errorf("%s: changes %v", c.name, response.Changes)
		}
	}
}

func TestSecretsAreMasked(t *testing.T) {
	secret := resource.MakeSecret(resource.NewStringProperty("line one\nline two"))
	m := newMasker(resource.PropertyMap{
		"stdin":       secret,
		"create":      resource.NewStringProperty("plain text"),
		"environment": resource.NewObjectProperty(resource.PropertyMap{"SHORT": resource.MakeSecret(resource.NewStringProperty("dev"))}),
	})
	if got := m.mask("line two after line one; plain text; dev"); got != "[secret] after [secret]; plain text; dev" {
		t.Errorf("%q", got)
	}
}

func TestChecksNameTheProperty(t *testing.T) {
	failures := checkInputs(inputs(map[string]any{
		"create": 7.0, "updaet": "x", "environment": map[string]any{"A": 1.0}, "logging": "loud", "interpreter": []any{"sh", 1.0},
		"addPreviousOutputInEnv": "yes", "assetPaths": []any{"*"}, "stdin": "good", "triggers": []any{1.0, "any"},
	}), resourceKinds)
	var names []string
	for _, f := range failures {
		names = append(names, f.Property)
	}
	want := []string{"addPreviousOutputInEnv", "assetPaths", "create", "environment", "interpreter", "logging", "updaet"}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("%v", names)
	}
}

func TestChecksLetUnknownValuesPass(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	if failures := checkInputs(resource.PropertyMap{
		"create": unknown, "logging": resource.MakeSecret(unknown),
		"environment": resource.NewObjectProperty(resource.PropertyMap{"A": unknown}),
	}, resourceKinds); len(failures) > 0 {
		t.Errorf("%v", failures)
	}
}
