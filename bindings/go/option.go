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
