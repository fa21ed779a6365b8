package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// lockFile is what this host reads of a package-lock.json.
type lockFile struct {
	// Packages holds every package by its path, as "node_modules/a/node_modules/b"; the project itself by "".
	Packages map[string]struct {
		Version string `json:"version"`
		Link    bool   `json:"link"`
	} `json:"packages"`
}

// GetProgramDependencies tells the npm packages of a program with their versions, by its lock file.
func (h *host) GetProgramDependencies(
	_ context.Context, r *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	dir, err := manifestFolder(r.Info.GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return nil, fmt.Errorf("there is no package-lock.json in %s: run npm install there", dir)
	}
	var locked lockFile
	if err := json.Unmarshal(text, &locked); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", filepath.Join(dir, "package-lock.json"), err)
	}
	project, err := readManifest(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for path, p := range locked.Packages {
		if !strings.HasPrefix(path, "node_modules/") || p.Link {
			continue
		}
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		_, direct := project.Dependencies[name]
		_, development := project.DevDependencies[name]
		if r.TransitiveDependencies || ((direct || development) && path == "node_modules/"+name) {
			response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: name, Version: p.Version})
		}
	}
	slices.SortFunc(response.Dependencies, func(a, b *pulumirpc.DependencyInfo) int {
		return strings.Compare(a.Name+" "+a.Version, b.Name+" "+b.Version)
	})
	return response, nil
}

// About tells which Node.js runs programs.
func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := nodeProgram()
	if err != nil {
		return nil, err
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s does not run: %w", node, err)
	}
	return &pulumirpc.AboutResponse{
		Executable: node,
		Version:    strings.TrimSpace(string(version)),
		Metadata:   map[string]string{"packagemanager": "npm"},
	}, nil
}

// InstallDependencies installs what a program's package.json asks for: exactly what its lock file says where there is one.
func (h *host) InstallDependencies(
	r *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	if r.UseLanguageVersionTools {
		return unsupported("a version manager of Node.js (--use-language-version-tools)")
	}
	if _, err := readOptions(r.Info); err != nil {
		return err
	}
	dir, err := manifestFolder(r.Info.GetProgramDirectory())
	if err != nil {
		return err
	}
	for lock, manager := range map[string]string{"yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "bun"} {
		if _, err := os.Stat(filepath.Join(dir, lock)); err == nil {
			return unsupported("the package manager " + manager)
		}
	}
	command := "install"
	if _, err := os.Stat(filepath.Join(dir, "package-lock.json")); err == nil {
		command = "ci"
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not on PATH: it comes with Node.js (https://nodejs.org)")
	}
	cmd := exec.Command(npm, command, "--loglevel=error", "--no-audit", "--no-fund")
	cmd.Dir = dir
	lines := &lockedStream[pulumirpc.InstallDependenciesResponse]{send: stream.Send}
	cmd.Stdout = lines.writer(func(text []byte) *pulumirpc.InstallDependenciesResponse {
		return &pulumirpc.InstallDependenciesResponse{Stdout: text}
	})
	cmd.Stderr = lines.writer(func(text []byte) *pulumirpc.InstallDependenciesResponse {
		return &pulumirpc.InstallDependenciesResponse{Stderr: text}
	})
	if err := h.toItsEnd(stream.Context(), cmd); err != nil {
		return fmt.Errorf("npm %s failed in %s: %w", command, dir, err)
	}
	return nil
}

// manifestFolder finds the folder with the package.json of a program: its own, or one above.
func manifestFolder(from string) (string, error) {
	for dir := filepath.Clean(from); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "package.json")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("there is no package.json in %s or above", from)
		}
	}
}
