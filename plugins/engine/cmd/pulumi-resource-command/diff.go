package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// diffInputs compares two sets of inputs. Any difference runs the command again; one in `triggers` replaces the
// resource. Paths go down to the changed element (`triggers[0]`, `environment.NAME`), because the npm package asks for
// replacement by the pattern `triggers[*]`, which a bare `triggers` does not match.
func diffInputs(olds, news resource.PropertyMap) *pulumirpc.DiffResponse {
	diff := olds.Diff(news, resource.IsInternalPropertyKey)
	if diff == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true}
	}
	response := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_SOME,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for path, change := range plugin.NewDetailedDiffFromObjectDiff(diff, true) {
		kind := change.Kind
		if path == propTriggers || strings.HasPrefix(path, propTriggers+"[") {
			kind = kind.AsReplace()
			response.Replaces = appendOnce(response.Replaces, propTriggers)
		}
		response.DetailedDiff[path] = &pulumirpc.PropertyDiff{Kind: rpcKinds[kind], InputDiff: true}
		response.Diffs = appendOnce(response.Diffs, strings.FieldsFunc(path, func(r rune) bool {
			return r == '.' || r == '['
		})[0])
	}
	return response
}

var rpcKinds = map[plugin.DiffKind]pulumirpc.PropertyDiff_Kind{
	plugin.DiffAdd:           pulumirpc.PropertyDiff_ADD,
	plugin.DiffAddReplace:    pulumirpc.PropertyDiff_ADD_REPLACE,
	plugin.DiffDelete:        pulumirpc.PropertyDiff_DELETE,
	plugin.DiffDeleteReplace: pulumirpc.PropertyDiff_DELETE_REPLACE,
	plugin.DiffUpdate:        pulumirpc.PropertyDiff_UPDATE,
	plugin.DiffUpdateReplace: pulumirpc.PropertyDiff_UPDATE_REPLACE,
}

func appendOnce(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
