package cryo

// #include "glue.h"
import "C"

// ServerOption is a setting for NewServer; see the functions With….
type ServerOption interface {
	applyToServer(options uint64) error
}

// ClientOption is a setting for NewClient and Server.ConnectPeer.
type ClientOption interface {
	applyToClient(options uint64) error
}

// Option is one for both.
type Option interface {
	ServerOption
	ClientOption
}

type serverOption func(options uint64) error

func (apply serverOption) applyToServer(options uint64) error {
	return apply(options)
}

type clientOption func(options uint64) error

func (apply clientOption) applyToClient(options uint64) error {
	return apply(options)
}

type option struct {
	serverOption
	clientOption
}

// WithQueueCapacity (cryo_queue_set_capacity). While more than so many events, or bytes of messages, wait for a handler, sessions are
// not read from. At first 16384 and 67108864; both at least 1.
func WithQueueCapacity(events uint32, bytes uint64) Option {
	return queueCapacity{events: events, bytes: bytes}
}

type queueCapacity struct {
	events uint32
	bytes  uint64
}

func (queueCapacity) applyToServer(uint64) error { return nil }
func (queueCapacity) applyToClient(uint64) error { return nil }

// setQueueCapacity finds it among the settings.
func setQueueCapacity[Setting any](queue uint64, settings []Setting) error {
	for _, each := range settings {
		if given, is := any(each).(queueCapacity); is {
			if err := cryo_queue_set_capacity(queue, given.events, given.bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

type tokenProviderOption TokenProvider

func (tokenProviderOption) applyToClient(options uint64) error {
	return errorOf(C.go_options_set_token_queue(C.uint64_t(options))) // cryo_client_options_set_token_provider
}

// newServerOptions is a handle, to be freed.
func newServerOptions(settings []ServerOption) (uint64, error) {
	if err := fits(); err != nil {
		return 0, err
	}
	options, err := cryo_server_options_new()
	if err != nil {
		return 0, err
	}
	for _, each := range settings {
		if err := each.applyToServer(options); err != nil {
			cryo_server_options_free(options)
			return 0, err
		}
	}
	return options, nil
}

// newClientOptions is a handle, to be freed, and who gives the tokens; nil: nobody.
func newClientOptions(url string, settings []ClientOption) (uint64, TokenProvider, error) {
	if err := fits(); err != nil {
		return 0, nil, err
	}
	options, err := cryo_client_options_new()
	if err != nil {
		return 0, nil, err
	}
	var provider TokenProvider
	err = cryo_client_options_set_url(options, url)
	for _, each := range settings {
		if given, is := each.(tokenProviderOption); is {
			provider = TokenProvider(given)
		}
		if err == nil {
			err = each.applyToClient(options)
		}
	}
	if err != nil {
		cryo_client_options_free(options)
		return 0, nil, err
	}
	return options, provider, nil
}
