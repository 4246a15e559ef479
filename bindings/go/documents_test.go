package cryo_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"cryo"
)

// built is a program of the README, compiled in a module of its own.
func built(t *testing.T, source string) string {
	t.Helper()
	folder := t.TempDir()
	here, err := os.Getwd()
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0o666))
	module := "module program\n\ngo 1.19\n\nrequire cryo v0.1.0\n\nreplace cryo => " + here + "\n"
	must(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte(module), 0o666))
	for _, arguments := range [][]string{{"vet", "."}, {"build", "-o", "program", "."}} {
		command := exec.Command("go", arguments...)
		command.Dir = folder
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v: %s", arguments, err, said)
		}
	}
	return filepath.Join(folder, "program")
}

// running starts a program and reads its lines. It ends with the test at the latest.
func running(t *testing.T, name string, arguments ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	return command, bufio.NewReader(output)
}

func line(t *testing.T, from *bufio.Reader) string {
	t.Helper()
	lines := make(chan string, 1)
	go func() {
		text, _ := from.ReadString('\n')
		lines <- strings.TrimSuffix(text, "\n")
	}()
	return await(t, lines, "a line")
}

// The programs of the README run as they are printed, but for the port, and end by the signals.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	must(t, err)
	programs := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(programs) != 2 {
		t.Fatalf("%d programs", len(programs))
	}
	server, output := running(t, built(t, strings.Replace(programs[0][1], "WithPort(8080)", "WithPort(0)", 1)))
	port := strings.TrimPrefix(line(t, output), "listening on 127.0.0.1:")

	stranger := dial(t, "ws://127.0.0.1:"+port, cryo.WithToken("wrong"))
	if attempt := await(t, stranger.failed, "the failure"); attempt.HTTPStatus != 401 {
		t.Errorf("%+v", attempt)
	}
	client, heard := running(t, built(t, strings.Replace(programs[1][1], "localhost:8080", "localhost:"+port, 1)))
	for _, expected := range []string{"Welcome!", "hello"} {
		if came := line(t, heard); came != expected {
			t.Errorf("%q instead of %q", came, expected)
		}
	}
	for _, program := range []*exec.Cmd{client, server} {
		must(t, program.Process.Signal(syscall.SIGTERM))
		must(t, program.Wait())
	}
}

// `cryo connect` talks to the example.
func TestExample(t *testing.T) {
	tool := os.Getenv("CRYO_PROGRAM")
	if tool == "" {
		t.Skip("CRYO_PROGRAM names no program")
	}
	program := filepath.Join(t.TempDir(), "example")
	if said, err := exec.Command("go", "build", "-o", program, "./example").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	server, output := running(t, program, "-port", "0")
	port := strings.TrimPrefix(line(t, output), "listening on 127.0.0.1:")
	said, err := exec.Command(tool, "connect", "ws://127.0.0.1:"+port, "--token", "MySuperSecretToken", "-x", "hello").CombinedOutput()
	if err != nil || !strings.Contains(string(said), "< Welcome!") {
		t.Errorf("%v: %s", err, said)
	}
	if left := line(t, output); left != "somebody left: 4000 " {
		t.Error(left)
	}
	must(t, server.Process.Signal(syscall.SIGINT))
	must(t, server.Wait())
}

func TestFormat(t *testing.T) {
	said, err := exec.Command("gofmt", "-l", ".").CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Errorf("gofmt would change: %s (%v)", said, err)
	}
}
