package main

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// logFunc takes one line of a command's output, without its end. passing marks a line that the command will overwrite
// (it ended in a carriage return), as progress bars do.
type logFunc func(line string, passing bool)

// collector keeps one stream's output as it was, and hands each line on as soon as it is there.
type collector struct {
	whole bytes.Buffer
	line  []byte
	emit  logFunc
}

// readFrom reads the stream to its end. A last line without an end is handed on as well.
func (c *collector) readFrom(r io.Reader) {
	buffer := make([]byte, 32*1024)
	for {
		n, err := r.Read(buffer)
		c.write(buffer[:n])
		if err != nil {
			if len(c.line) > 0 {
				c.flush(false)
			}
			return
		}
	}
}

func (c *collector) write(p []byte) {
	c.whole.Write(p)
	for _, b := range p {
		// A carriage return is judged at the byte after it: before a newline it belongs to the line's end.
		if n := len(c.line); n > 0 && c.line[n-1] == '\r' && b != '\n' {
			c.line = c.line[:n-1]
			c.flush(true)
		}
		if b == '\n' {
			c.line = bytes.TrimSuffix(c.line, []byte{'\r'})
			c.flush(false)
		} else {
			c.line = append(c.line, b)
		}
	}
}

func (c *collector) flush(passing bool) {
	if line := string(bytes.TrimSuffix(c.line, []byte{'\r'})); line != "" || !passing {
		c.emit(line, passing)
	}
	c.line = c.line[:0]
}

// text is the output without its last newline, as the npm package's documentation shows it. Bytes that are no UTF-8 are
// replaced, because a property cannot hold them.
func (c *collector) text() string {
	return strings.TrimSuffix(strings.ToValidUTF8(c.whole.String(), "\uFFFD"), "\n")
}

// tail keeps the last lines of both streams in the order they came, for an error message.
type tail struct {
	mu    sync.Mutex
	lines []string
	limit int
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines = append(t.lines, line); len(t.lines) > t.limit {
		t.lines = t.lines[len(t.lines)-t.limit:]
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.Join(t.lines, "\n"))
}
