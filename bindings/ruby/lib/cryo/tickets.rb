# frozen_string_literal: true

module Cryo
  # What tickets are alike in. Answers return false when they come too late: answered before, timed out, or the peer has gone.
  class Ticket
    LATER = Object.new.freeze # :nodoc:

    attr_reader :handle # :nodoc:

    # The answer comes later, on this object, from any thread.
    def later
      @later = true
      self
    end

    # :nodoc:
    def open? = !@settled && !@later

    private

    def settle(status)
      answer = Failures.settled?(status)
      @settled = true
      answer
    end
  end

  # Shall this token come in? `token` is what the client has shown.
  class Auth < Ticket
    include RequestFacts

    attr_reader :token

    def initialize(handle, token) # :nodoc:
      super()
      @handle = handle
      @token = token
    end

    # Lets the client in; `values` are the session's (session[:key]) from the session event on.
    def accept(values = nil) = let_in(values) { Native.cryo_auth_accept(@handle) }
    # The same, also in the place of a live session with the same id.
    def replace(values = nil) = let_in(values) { Native.cryo_auth_replace(@handle) }

    # Refuses with 401.
    def reject(reason = nil) = settle(Native.cryo_auth_reject(@handle, Native.optional_text(reason, "reason")))

    # Refuses with a status from 400 to 599, a text for the client, and a Retry-After.
    def refuse(http_status, body = nil, retry_after_ms: 0)
      settle(Native.cryo_auth_refuse(@handle, http_status, Native.optional_text(body, "body"), retry_after_ms))
    end

    # Before the answer: a text for Session#claim; nil takes it back.
    def set_claim(name, value)
      Failures.check(Native.cryo_auth_set_claim(@handle, Native.text_in(name, "a name"), Native.optional_text(value, "a claim")))
    end

    # Before the answer: when the session shall end, from now.
    def set_expiry_ms(ms) = Failures.check(Native.cryo_auth_set_expiry_ms(@handle, ms))

    private

    def let_in(values)
      number = values && Accepted.keep(values)
      done = (number.nil? || Failures.settled?(Native.cryo_auth_set(@handle, Accepted::KEY, number, nil))) && settle(yield)
      Accepted.forget(number) if number && !done
      done
    end
  end

  # Shall this message pass?
  class Hook < Ticket
    # `kind` is UTF8 or BINARY, `direction` BEFORE_SEND or ON_RECEIVE.
    attr_reader :session, :data, :kind, :direction

    def initialize(handle, session, data, kind, direction) # :nodoc:
      super()
      @handle = handle
      @session = session
      @data = data
      @kind = kind
      @direction = direction
    end

    def pass = settle(Native.cryo_hook_pass(@handle))
    # Raises InvalidError for text that is no UTF-8; the ticket stays open then.
    def replace(data) = settle(Native.cryo_hook_replace(@handle, data, data.bytesize))
    def stop = settle(Native.cryo_hook_stop(@handle))
    # It could not do its work: the extension's `on_failure` says what becomes of the message.
    def fail(reason = nil) = settle(Native.cryo_hook_fail(@handle, Native.optional_text(reason, "reason")))
  end

  # With which token shall it connect?
  class TokenRequest < Ticket
    attr_reader :session

    def initialize(handle, session) # :nodoc:
      super()
      @handle = handle
      @session = session
    end

    def give(token) = settle(Native.cryo_token_give(@handle, Native.text_in(token, "a token")))
    # There is none: the attempt has failed, and tells the reason.
    def fail(reason = nil) = settle(Native.cryo_token_fail(@handle, Native.optional_text(reason, "reason")))
  end
end
