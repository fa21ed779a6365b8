package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest is what this host reads of a package.json.
type manifest struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
	Pulumi          struct {
		// Resource says that the package needs a provider plugin.
		Resource bool `json:"resource"`
		// Name, Version and Server are those of the plugin where they are not the package's own.
		Name             string `json:"name"`
		Version          string `json:"version"`
		Server           string `json:"server"`
		Parameterization *struct {
			Name    string `json:"name"`
			Version string `json:"version"`
			Value   []byte `json:"value"` // base64 in the file
		} `json:"parameterization"`
	} `json:"pulumi"`
}

func readManifest(file string) (manifest, error) {
	var read manifest
	text, err := os.ReadFile(file)
	if err != nil {
		return read, err
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return read, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	return read, nil
}

// GetRequiredPackages tells the provider plugins of all npm packages that are installed for a program.
func (h *host) GetRequiredPackages(
	_ context.Context, r *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	packages, err := requiredPackages(r.Info)
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, err
}

// GetRequiredPlugins is the same for older engines, which know no parameters.
func (h *host) GetRequiredPlugins(
	_ context.Context, r *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	packages, err := requiredPackages(r.Info)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPluginsResponse{}
	for _, p := range packages {
		if p.Parameterization == nil {
			response.Plugins = append(response.Plugins, &pulumirpc.PluginDependency{
				Name: p.Name, Kind: p.Kind, Version: p.Version, Server: p.Server,
			})
		}
	}
	return response, nil
}

// requiredPackages looks in node_modules of the program's folder and of the folders above it, as Node.js does.
func requiredPackages(info *pulumirpc.ProgramInfo) ([]*pulumirpc.PackageDependency, error) {
	var found []*pulumirpc.PackageDependency
	seen := map[string]bool{}
	for dir := filepath.Clean(info.GetProgramDirectory()); ; dir = filepath.Dir(dir) {
		err := eachPackage(filepath.Join(dir, "node_modules"), func(m manifest) {
			if p := dependencyOf(m); p != nil && !seen[p.String()] {
				seen[p.String()] = true
				found = append(found, p)
			}
		})
		if err != nil {
			return nil, err
		}
		if dir == filepath.Dir(dir) {
			return found, nil
		}
	}
}

// dependencyOf tells which plugin a package needs; none where it needs none.
func dependencyOf(m manifest) *pulumirpc.PackageDependency {
	declared := m.Pulumi
	if !declared.Resource {
		return nil
	}
	dependency := &pulumirpc.PackageDependency{
		Kind:    "resource",
		Name:    declared.Name,
		Version: declared.Version,
		Server:  declared.Server,
	}
	if dependency.Name == "" {
		// @pulumi/NAME is Pulumi's own; @SCOPE/NAME becomes SCOPE/NAME.
		dependency.Name = strings.TrimPrefix(strings.TrimPrefix(m.Name, "@pulumi/"), "@")
	}
	if dependency.Version == "" {
		dependency.Version = m.Version
	}
	if p := declared.Parameterization; p != nil {
		dependency.Parameterization = &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
	}
	return dependency
}

// eachPackage visits every package below a node_modules folder, and those below their own ones. A folder that is not there
// holds none; what is no package is passed over.
func eachPackage(folder string, visit func(manifest)) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if strings.HasPrefix(entry.Name(), "@") {
			if err := eachPackage(path, visit); err != nil {
				return err
			}
			continue
		}
		if m, err := readManifest(filepath.Join(path, "package.json")); err == nil {
			visit(m)
		}
		// A link (a workspace of the project) has its own node_modules where it lies, which Node.js looks through from there.
		if entry.IsDir() {
			if err := eachPackage(filepath.Join(path, "node_modules"), visit); err != nil {
				return err
			}
		}
	}
	return nil
}
