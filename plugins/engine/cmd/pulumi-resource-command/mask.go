package main

import (
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// shortestSecret is the length in bytes from which a secret's text is masked in logs. Shorter texts ("1", "dev") occur
// everywhere by chance, and masking them would make the log unreadable without hiding anything.
const shortestSecret = 4

// masker replaces the text of secret inputs in what goes to logs and error messages. Outputs are not masked: they are
// marked secret instead, and encrypted in the state.
type masker struct{ replacer *strings.Replacer }

func newMasker(inputs resource.PropertyMap) masker {
	found := map[string]bool{}
	for _, v := range inputs {
		collectSecrets(v, false, found)
	}
	texts := make([]string, 0, len(found))
	for t := range found {
		texts = append(texts, t)
	}
	// Longest first, so that a secret that contains another one is masked whole.
	sort.Slice(texts, func(i, j int) bool { return len(texts[i]) > len(texts[j]) })
	pairs := make([]string, 0, 2*len(texts))
	for _, t := range texts {
		pairs = append(pairs, t, "[secret]")
	}
	return masker{strings.NewReplacer(pairs...)}
}

func (m masker) mask(s string) string {
	if m.replacer == nil {
		return s
	}
	return m.replacer.Replace(s)
}

func collectSecrets(v resource.PropertyValue, secret bool, found map[string]bool) {
	switch {
	case v.IsSecret():
		collectSecrets(v.SecretValue().Element, true, found)
	case v.IsOutput():
		o := v.OutputValue()
		collectSecrets(o.Element, secret || o.Secret, found)
	case v.IsArray():
		for _, e := range v.ArrayValue() {
			collectSecrets(e, secret, found)
		}
	case v.IsObject():
		for _, e := range v.ObjectValue() {
			collectSecrets(e, secret, found)
		}
	case v.IsString() && secret:
		// Logs go line by line, so each line of a secret of many lines (a private key) is masked for itself.
		for _, line := range strings.Split(v.StringValue(), "\n") {
			if line = strings.TrimSpace(line); len(line) >= shortestSecret {
				found[line] = true
			}
		}
	}
}
