package main

import (
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCollectorSplitsLines(t *testing.T) {
	for _, c := range []struct {
		name, input   string
		lines, passed []string
		text          string
	}{
		{"lines", "a\nb\n", []string{"a", "b"}, nil, "a\nb"},
		{"a last line without its end", "a\nb", []string{"a", "b"}, nil, "a\nb"},
		{"empty lines stay", "a\n\nb\n", []string{"a", "", "b"}, nil, "a\n\nb"},
		{"windows line ends", "a\r\nb\r\n", []string{"a", "b"}, nil, "a\r\nb\r"},
		{"a progress bar", "10%\r50%\r100%\ndone\n", []string{"100%", "done"}, []string{"10%", "50%"}, "10%\r50%\r100%\ndone"},
		{"a progress bar wiped", "\r\r\rdone\n", []string{"done"}, nil, "\r\r\rdone"},
		{"bytes that are no UTF-8", "a\xffb\n", []string{"a\xffb"}, nil, "a\uFFFDb"},
		{"only one newline is taken off", "a\n\n", []string{"a", ""}, nil, "a\n"},
		{"nothing", "", nil, nil, ""},
	} {
		for _, piecewise := range []bool{false, true} {
			var lines, passed []string
			collected := &collector{emit: func(line string, passing bool) {
				if passing {
					passed = append(passed, line)
				} else {
					lines = append(lines, line)
				}
			}}
			if piecewise {
				collected.readFrom(iotest.OneByteReader(strings.NewReader(c.input)))
			} else {
				collected.readFrom(strings.NewReader(c.input))
			}
			if !reflect.DeepEqual(lines, c.lines) || !reflect.DeepEqual(passed, c.passed) || collected.text() != c.text {
				t.Errorf("%s: lines %q, passed %q, text %q", c.name, lines, passed, collected.text())
			}
		}
	}
}

func TestTailKeepsTheLastLines(t *testing.T) {
	last := &tail{limit: 2}
	for _, line := range []string{"a", "b", "c"} {
		last.add(line)
	}
	if last.String() != "b\nc" {
		t.Errorf("%q", last.String())
	}
}
