# frozen_string_literal: true

module Cryo
  # A client, which connects again by itself. The options are those of cryo.h by their names; `token_provider` gets a TokenRequest
  # and returns a token, or request.later.
  class Client < Pulled
    def initialize(url = nil, token = nil, **options)
      options[:url] = url if url
      options[:token] = token if token
      super(:client, options)
    end

    # Its session, connected or not.
    def session
      handle = Native.cryo_client_session(alive)
      handle.zero? ? Failures.fail_with(ERR_STATE) : session_for(handle) # none in the child of a fork
    end

    # As of its session.
    def send(data, kind = nil, **options) = session.send(data, kind, **options)
    def send_text(text, **options) = session.send(text, UTF8, **options)
    def send_binary(bytes, **options) = session.send(bytes, BINARY, **options)

    # Another token, from the next attempt to connect on. Raises StateError with a token provider, ClosedError.
    def set_token(token) = Failures.check(Native.cryo_client_set_token(alive, Native.text_in(token, "a token")))

    # Begins to close it for good, connected or not. Raises ClosedError, StateError.
    def stop(code = CLOSE_GRACEFUL, reason = nil)
      @stopping = true
      Failures.check(Native.cryo_client_close(alive, code, Native.optional_text(reason, "reason")))
    end
  end
end
