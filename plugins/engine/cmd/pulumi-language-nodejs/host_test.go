package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// client is a host behind a connection, as the engine has it.
func client(t *testing.T) pulumirpc.LanguageRuntimeClient {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(server, newHost("127.0.0.1:1"))
	go func() { _ = server.Serve(listener) }()
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = connection.Close()
		server.Stop()
	})
	return pulumirpc.NewLanguageRuntimeClient(connection)
}

// files writes files, by their paths, in a folder of their own.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// project is a program with the npm package @pulumi/pulumi, and a script in the place of node, which stands first on PATH.
func project(t *testing.T, node string) string {
	t.Helper()
	dir := files(t, map[string]string{
		"bin/node": "#!/bin/sh\n" + node,
		"app/node_modules/@pulumi/pulumi/cmd/run/index.js":             "",
		"app/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js": "",
	})
	t.Setenv("PATH", filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	return filepath.Join(dir, "app")
}

func program(dir string, given map[string]any) *pulumirpc.ProgramInfo {
	options, err := structpb.NewStruct(given)
	if err != nil {
		panic(err)
	}
	return &pulumirpc.ProgramInfo{RootDirectory: dir, ProgramDirectory: dir, EntryPoint: "index.ts", Options: options}
}

func TestRunGivesTheScriptWhatItNeeds(t *testing.T) {
	dir := project(t, `printf '%s\n' "$*" "$PULUMI_CONFIG" "$PULUMI_CONFIG_SECRET_KEYS" "$PULUMI_NODEJS_TYPESCRIPT" > "$OUT"`)
	out := filepath.Join(t.TempDir(), "out")
	t.Setenv("OUT", out)
	response, err := client(t).Run(t.Context(), &pulumirpc.RunRequest{
		Project: "p", Stack: "s", Organization: "o", Pwd: dir, MonitorAddress: "127.0.0.1:2", Parallel: 4, DryRun: true,
		Config: map[string]string{"p:a": "1"}, ConfigSecretKeys: []string{"p:a"},
		Info: program(dir, map[string]any{"nodeargs": "--enable-source-maps"}),
	})
	if err != nil || response.Error != "" || response.Bail {
		t.Fatalf("%v %v", response, err)
	}
	got, _ := os.ReadFile(out)
	want := fmt.Sprintf("--enable-source-maps %s/node_modules/@pulumi/pulumi/cmd/run --monitor 127.0.0.1:2 "+
		"--engine 127.0.0.1:1 --organization o --project p --root-directory %s --stack s --pwd %s --parallel 4 "+
		"--dry-run index.ts\n{\"p:a\":\"1\"}\n[\"p:a\"]\ntrue\n", dir, dir, dir)
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRunTellsHowTheProgramEnded(t *testing.T) {
	for code, want := range map[int]*pulumirpc.RunResponse{
		0:  {},
		32: {Bail: true},
		3:  {Error: "the program ended with exit status 3"},
	} {
		dir := project(t, fmt.Sprintf("exit %d", code))
		response, err := client(t).Run(t.Context(), &pulumirpc.RunRequest{Pwd: dir, Info: program(dir, nil)})
		if err != nil || response.Error != want.Error || response.Bail != want.Bail {
			t.Errorf("exit code %d: %v %v", code, response, err)
		}
	}
}

func TestRunWithoutTheSdkSaysWhatToDo(t *testing.T) {
	project(t, "exit 0")
	dir := t.TempDir()
	_, err := client(t).Run(t.Context(), &pulumirpc.RunRequest{Pwd: dir, Info: program(dir, nil)})
	if err == nil || !strings.Contains(err.Error(), "is not installed in "+dir+": run npm ci") {
		t.Errorf("%v", err)
	}
}

func TestCancelEndsTheProgram(t *testing.T) {
	started := filepath.Join(t.TempDir(), "started")
	t.Setenv("STARTED", started)
	dir := project(t, `: > "$STARTED"; exec sleep 300`)
	host := client(t)
	ended := make(chan string)
	go func() {
		response, err := host.Run(context.Background(), &pulumirpc.RunRequest{Pwd: dir, Info: program(dir, nil)})
		ended <- fmt.Sprint(response.GetError(), err)
	}()
	for {
		if _, err := os.Stat(started); err == nil {
			break
		}
	}
	if _, err := host.Cancel(t.Context(), &emptypb.Empty{}); err != nil {
		t.Fatal(err)
	}
	if got := <-ended; !strings.Contains(got, "signal: terminated") {
		t.Error(got)
	}
}

func TestRunPluginPassesOnOutputAndExitCode(t *testing.T) {
	dir := project(t, `echo "$1" "$2" "$3"; echo oops >&2; exit 5`)
	stream, err := client(t).RunPlugin(t.Context(), &pulumirpc.RunPluginRequest{
		Pwd: dir, Kind: "analyzer", Info: program(dir, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs string
	for {
		m, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		out, errs = out+string(m.GetStdout()), errs+string(m.GetStderr())
		if code, isLast := m.Output.(*pulumirpc.RunPluginResponse_Exitcode); isLast {
			if code.Exitcode != 5 {
				t.Errorf("exit code %d", code.Exitcode)
			}
			break
		}
	}
	if want := dir + "/node_modules/@pulumi/pulumi/cmd/run-policy-pack 127.0.0.1:1 " + dir + "\n"; out != want || errs != "oops\n" {
		t.Errorf("%q %q", out, errs)
	}
}

func TestRequiredPackagesAreThoseThatDeclareThemselves(t *testing.T) {
	dir := files(t, map[string]string{
		"node_modules/@pulumi/random/package.json": `{"name":"@pulumi/random","version":"4.1.0","pulumi":{"resource":true}}`,
		"node_modules/@pulumi/pulumi/package.json": `{"name":"@pulumi/pulumi","version":"3.0.0"}`,
		"node_modules/@me/thing/package.json":      `{"name":"@me/thing","version":"1.0.0","pulumi":{"resource":true,"server":"https://example.com"}}`,
		"node_modules/plain/node_modules/@pulumi/aws/package.json": `{"name":"@pulumi/aws","version":"6.0.0",
			"pulumi":{"resource":true,"name":"aws","version":"6.1.0"}}`,
		"node_modules/bridged/package.json": `{"name":"bridged","version":"0.1.0","pulumi":{"resource":true,
			"name":"terraform-provider","version":"0.5.0","parameterization":{"name":"x","version":"2.0.0","value":"eyJ9"}}}`,
		"node_modules/broken/package.json": `{`,
		"app/index.ts":                     "",
	})
	response, err := client(t).GetRequiredPackages(t.Context(), &pulumirpc.GetRequiredPackagesRequest{
		Info: program(filepath.Join(dir, "app"), nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range response.Packages {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s%s %s", p.Kind, p.Name, p.Version, p.Server,
			p.Parameterization.GetName(), p.Parameterization.GetValue())))
	}
	want := "resource me/thing 1.0.0 https://example.com; resource random 4.1.0; " +
		"resource terraform-provider 0.5.0 x {\"}; resource aws 6.1.0"
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
}

func TestProgramDependenciesAreThoseOfTheLockFile(t *testing.T) {
	dir := files(t, map[string]string{
		"package.json": `{"dependencies":{"a":"^1.0.0"},"devDependencies":{"b":"*"}}`,
		"package-lock.json": `{"packages":{"":{},"node_modules/a":{"version":"1.2.3"},"node_modules/b":{"version":"2.0.0"},
			"node_modules/c":{"version":"3.0.0"},"node_modules/c/node_modules/a":{"version":"0.9.0"},
			"packages/d":{"version":"4.0.0"},"node_modules/d":{"link":true}}}`,
	})
	for transitive, want := range map[bool]string{false: "a 1.2.3, b 2.0.0", true: "a 0.9.0, a 1.2.3, b 2.0.0, c 3.0.0"} {
		response, err := client(t).GetProgramDependencies(t.Context(), &pulumirpc.GetProgramDependenciesRequest{
			Info: program(dir, nil), TransitiveDependencies: transitive,
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range response.Dependencies {
			got = append(got, d.Name+" "+d.Version)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("transitive %t: %v", transitive, got)
		}
	}
}

func TestAboutTellsTheNodeOnPath(t *testing.T) {
	dir := project(t, "echo v99.1.2")
	response, err := client(t).About(t.Context(), &pulumirpc.AboutRequest{})
	if err != nil || response.Version != "v99.1.2" || response.Executable != filepath.Join(dir, "..", "bin", "node") {
		t.Errorf("%v %v", response, err)
	}
}

func TestWhatIsLeftOutIsRefusedByName(t *testing.T) {
	host := client(t)
	dir := project(t, "exit 0")
	run := func(given map[string]any) error {
		_, err := host.Run(t.Context(), &pulumirpc.RunRequest{Pwd: dir, Info: program(dir, given)})
		return err
	}
	_, generate := host.GeneratePackage(t.Context(), &pulumirpc.GeneratePackageRequest{})
	_, link := host.Link(t.Context(), &pulumirpc.LinkRequest{})
	_, debug := host.Run(t.Context(), &pulumirpc.RunRequest{AttachDebugger: true})
	for name, err := range map[string]error{
		"generating an SDK":                generate,
		"linking an SDK":                   link,
		"a debugger":                       debug,
		"the package manager pnpm":         run(map[string]any{"packagemanager": "pnpm"}),
		`the runtime option "nodeVersion"`: run(map[string]any{"nodeVersion": "20"}),
	} {
		said := status.Convert(err)
		if !strings.Contains(said.Message(), name) || !strings.Contains(said.Message(), "is not supported by this build") ||
			said.Code() != codes.Unimplemented {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnOptionOfTheWrongKindIsNamed(t *testing.T) {
	dir := project(t, "exit 0")
	_, err := client(t).Run(t.Context(), &pulumirpc.RunRequest{
		Pwd: dir, Info: program(dir, map[string]any{"typescript": "yes"}),
	})
	if err == nil || !strings.Contains(err.Error(), `the runtime option "typescript" in Pulumi.yaml is yes; it must be true or false`) {
		t.Errorf("%v", err)
	}
}
