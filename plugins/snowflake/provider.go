package main

import (
	snowflake "github.com/Snowflake-Labs/terraform-provider-snowflake/pkg/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

const (
	packageName = "snowflake"
	// version is the version of the npm package whose plugin this is, not that of the Terraform provider inside.
	version = "1.3.0"
	// maxNameLength is the longest identifier Snowflake takes ("Identifier requirements").
	maxNameLength = 255
)

// providerInfo describes the Terraform provider to the bridge such that tokens and property names come out as in
// @pulumi/snowflake 1.3.0. All resources are in one module; data sources are mapped by the same rule. (The bridge's
// IgnoreMappings must not be used to leave data sources out: it works by Terraform name, and `snowflake_database` and
// `snowflake_database_role` are resources as well.)
func providerInfo() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:              shim.NewProvider(snowflake.Provider()),
		Name:           packageName,
		DisplayName:    "Snowflake",
		Version:        version,
		ResourcePrefix: packageName,
		Config: map[string]*tfbridge.SchemaInfo{
			// The bridge makes list names plural, and would add a second "s" to this one.
			"preview_features_enabled": {Name: "previewFeaturesEnabled"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("snowflake_", "index", tokens.MakeStandard(packageName)))
	// Lets a program leave `name` out, as the npm package's types allow.
	info.SetAutonaming(maxNameLength, "-")
	return info
}
