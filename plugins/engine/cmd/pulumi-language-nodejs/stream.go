package main

import (
	"io"
	"sync"
)

// lockedStream lets two writers, for standard output and standard error, share one stream of a call.
type lockedStream[T any] struct {
	mu   sync.Mutex
	send func(*T) error
}

// writer gives a writer whose text goes out as messages.
func (s *lockedStream[T]) writer(message func(text []byte) *T) io.Writer {
	return writerFunc(func(text []byte) (int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		// The caller uses its buffer again when this returns.
		if err := s.send(message(append([]byte{}, text...))); err != nil {
			return 0, err
		}
		return len(text), nil
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(text []byte) (int, error) { return f(text) }
