package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// property is what a program in another language sees of one property.
type property struct {
	// Type is "string", "number", "boolean", "object", or one of these in "map<...>" or "list<...>".
	Type string `json:"type"`
	// Input: a program may set it. Required: it must.
	Input    bool `json:"input"`
	Required bool `json:"required"`
	Secret   bool `json:"secret"`
	// Properties are the members of an object, or of a list's or map's object elements.
	Properties map[string]property `json:"properties,omitempty"`
}

// listing is everything a test needs to compare this provider with the npm package: resources by token, and the
// provider's own configuration.
type listing struct {
	Version   string                         `json:"version"`
	Config    map[string]property            `json:"config"`
	Resources map[string]map[string]property `json:"resources"`
}

func listProperties(info tfbridge.ProviderInfo) listing {
	out := listing{
		Version:   info.Version,
		Config:    propertiesOf(info.P.Schema(), info.Config),
		Resources: map[string]map[string]property{},
	}
	for name, resource := range info.Resources {
		schema := info.P.ResourcesMap().Get(name).Schema()
		out.Resources[string(resource.Tok)] = propertiesOf(schema, resource.Fields)
	}
	return out
}

func propertiesOf(schemas shim.SchemaMap, infos map[string]*tfbridge.SchemaInfo) map[string]property {
	out := map[string]property{}
	schemas.Range(func(name string, schema shim.Schema) bool {
		info := infos[name]
		kind, members := typeOf(schema, info)
		named := info != nil && info.Default != nil // an automatic name makes a required name optional
		out[tfbridge.TerraformToPulumiNameV2(name, schemas, infos)] = property{
			Type:       kind,
			Input:      schema.Optional() || schema.Required(),
			Required:   schema.Required() && !named,
			Secret:     schema.Sensitive(),
			Properties: members,
		}
		return true
	})
	return out
}

func typeOf(schema shim.Schema, info *tfbridge.SchemaInfo) (string, map[string]property) {
	switch schema.Type() {
	case shim.TypeBool:
		return "boolean", nil
	case shim.TypeInt, shim.TypeFloat:
		return "number", nil
	case shim.TypeString:
		return "string", nil
	case shim.TypeMap:
		kind, members := elementOf(schema, info)
		return "map<" + kind + ">", members
	case shim.TypeList, shim.TypeSet:
		kind, members := elementOf(schema, info)
		if tfbridge.IsMaxItemsOne(schema, info) {
			return kind, members
		}
		return "list<" + kind + ">", members
	default:
		return "any", nil
	}
}

func elementOf(schema shim.Schema, info *tfbridge.SchemaInfo) (string, map[string]property) {
	var element *tfbridge.SchemaInfo
	if info != nil {
		element = info.Elem
	}
	switch elem := schema.Elem().(type) {
	case shim.Schema:
		return typeOf(elem, element)
	case shim.Resource:
		var fields map[string]*tfbridge.SchemaInfo
		if element != nil {
			fields = element.Fields
		}
		return "object", propertiesOf(elem.Schema(), fields)
	default:
		// An element of no declared type is a string to the bridge.
		return "string", nil
	}
}
