package cryo

import (
	"context"
	"time"
)

// TokenProvider gives the token for an attempt to connect. It is asked before each, on a goroutine of its own. An error says that there is
// none: the attempt has failed, and OnAttemptFailed tells its text.
type TokenProvider func(ctx context.Context) (string, error)

// WithTokenProvider is for tokens that expire, in the place of WithToken. The context ends when the answer is of no use any more: after
// the time of WithConnectTimeout, but no longer than timeout; 0: its default, 10 s.
func WithTokenProvider(provide TokenProvider, timeout time.Duration) ClientOption {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return tokenProviderOption(func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return provide(ctx)
	})
}

func answerToken(ticket uint64, provide TokenProvider, panicked func(string, any, []byte)) {
	settled := false
	defer func() {
		if !settled {
			_ = cryo_token_fail(ticket, "the token provider panicked")
		}
	}()
	defer recovered("TokenProvider", panicked)
	if provide == nil {
		return
	}
	token, err := provide(context.Background())
	settled = true
	if err == nil {
		err = cryo_token_give(ticket, token)
	}
	if err != nil {
		_ = cryo_token_fail(ticket, err.Error()) // ErrState where it is too late
	}
}
