# frozen_string_literal: true

module Cryo
  # Takes the events of a batch to handlers.
  module Events
    # :nodoc:
    NAMES = %i[listening session message closed stat disconnected reconnected attempt_failed lost dropped writable receipt error].freeze
    # size, kind, message kind, session, ticket, length of data, data, text, its length, code, HTTP status, receipt, message id, value
    FORMAT = "QllQQQLLLllx4QQd"
    private_constant :FORMAT

    # Sets what is called for an event; returns the object. There is on_message { … } and so on, too. Without a block: none.
    def on(event, &handler)
      Failures.invalid("there is no event #{event}") unless NAMES.include?(event)
      @handlers[event] = handler && Events.lenient(handler)
      self
    end

    NAMES.each { |name| define_method(:"on_#{name}") { |&handler| on(name, &handler) } }

    # What can be called with more arguments than a lambda or a method takes; a block can be, by itself.
    def self.lenient(function) # :nodoc:
      arity = function.respond_to?(:arity) ? function.arity : -1
      return function if arity.negative? || (function.respond_to?(:lambda?) && !function.lambda?)

      ->(*given) { function.call(*given.first(arity)) }
    end

    def self.call(function, *given) = lenient(function).call(*given) # :nodoc:

    private

    # Calls a handler: what it raises is reported. What ends a program or a thread is not caught.
    def tell(event, *given)
      @handlers[event]&.call(*given)
    rescue StandardError, ScriptError, SystemStackError, NoMemoryError => e
      report(e, event)
    end

    def report(error, where)
      handler = @handlers[:error]
      return warn("cryo: #{where}: #{error.full_message(highlight: false)}") unless handler && where != :error

      begin
        handler.call(error, where)
      rescue StandardError, ScriptError => e
        report(e, :error)
      end
    end

    # A ticket's function: its result is for the block; where it raises, or is left, the ticket gets `refuse`.
    def ask(ticket, where, refuse, function, *given)
      begin
        answer = Events.call(function, *given)
        yield answer if ticket.open?
      rescue StandardError, ScriptError, SystemStackError, NoMemoryError => e
        refuse.call(e) if ticket.open?
        report(e, where)
      end
    ensure
      refuse.call(nil) if ticket.open?
    end

    def dispatch_batch(bytes)
      at = bytes.unpack1("L", offset: BATCH_FIRST)
      bytes.unpack1("L", offset: BATCH_COUNT).times { at += dispatch_event(bytes, at) }
    end

    def dispatch_event(bytes, at)
      size, kind, message_kind, handle, ticket, length, data, text, text_length, code, http_status, receipt, id, value =
        bytes.unpack(FORMAT, offset: at)
      data = data.zero? ? "" : bytes.byteslice(at + data, length)
      text = text.zero? ? "" : bytes.byteslice(at + text, text_length).force_encoding(Encoding::UTF_8)
      data.force_encoding(Encoding::UTF_8) unless message_kind == BINARY
      session = handle.zero? ? nil : session_for(handle)
      case kind
      when EVENT_MESSAGE then tell(:message, session, data, message_kind, id.zero? ? nil : id)
      when EVENT_AUTH then ask_validator(Auth.new(ticket, data))
      when EVENT_SESSION then announce(:session, session)
      when EVENT_RECONNECTED then announce(:reconnected, session)
      when EVENT_CLOSED then tell_closed(session, code, text)
      when EVENT_RECEIPT then tell_receipt(session, receipt, code, code == RECEIPT_ACKNOWLEDGED ? value : nil, text)
      when EVENT_HOOK then ask_hook(Hook.new(ticket, session, data, message_kind, code), text)
      when EVENT_TOKEN then ask_provider(TokenRequest.new(ticket, session))
      when EVENT_STAT then tell(:stat, session, code, value)
      when EVENT_DROPPED then tell(:dropped, session, code, data, message_kind)
      when EVENT_WRITABLE then tell(:writable, session)
      when EVENT_LOST then tell(:lost, session, data, message_kind)
      when EVENT_DISCONNECTED then tell(:disconnected, session, code, text)
      when EVENT_ATTEMPT_FAILED then tell(:attempt_failed, session, code, http_status, text, value)
      when EVENT_LISTENING then tell(:listening, text, code)
      end
      size
    end

    def announce(event, session)
      Accepted.take(session)
      tell(event, session)
    end

    def tell_closed(session, code, reason)
      forget_session(session)
      tell(:closed, session, code, reason)
    end

    def tell_receipt(session, number, outcome, rtt_ms, by)
      own = Receipts.take(number)
      return tell(:receipt, session, number, outcome, rtt_ms, by) unless own

      Events.call(own, outcome, rtt_ms, by)
    rescue StandardError, ScriptError => e
      report(e, :receipt)
    end

    def ask_validator(auth)
      return auth.reject unless @validator

      ask(auth, :validator, ->(_) { auth.reject }, @validator, auth) do |answer|
        case answer
        when true then auth.accept
        when Hash then auth.accept(answer)
        else auth.reject
        end
      end
    end

    def ask_hook(hook, name)
      function = @extensions[name]&.hook_for(hook.direction, hook.kind)
      return hook.fail("there is no such hook any more") unless function

      refuse = ->(error) { hook.fail(error&.message&.delete("\0")) }
      ask(hook, "a hook of #{name}", refuse, function, hook.session, hook.data, hook) do |answer|
        case answer
        when nil, true then hook.pass
        when false then hook.stop
        when String then hook.replace(answer)
        else Failures.invalid("a hook returns true, false, nil or a String, not #{answer.class}")
        end
      end
    end

    def ask_provider(request)
      provider = @token_provider || @peers_lock.synchronize { @providers[request.session.handle] }
      return request.fail("there is no token provider") unless provider

      ask(request, :token_provider, ->(error) { request.fail(error&.message&.delete("\0")) }, provider, request) do |answer|
        request.give(answer)
      end
    end
  end
end
