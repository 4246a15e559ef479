# frozen_string_literal: true

module Cryo
  # Sees messages before they are sent and after they were received: a subclass with some of these methods, or Procs by their names.
  #
  #     Cryo::Extension.new("shouting", before_send_utf8: ->(session, data, hook) { data.upcase })
  #
  # A hook returns true or nil (pass), false (stop), a String (replace), or hook.later and answers on `hook` then. One that raises has failed:
  # `on_failure` (HOOK_STOP, HOOK_PASS) says what becomes of the message.
  class Extension
    HOOKS = { # :nodoc:
      before_send_utf8: [BEFORE_SEND, UTF8], before_send_binary: [BEFORE_SEND, BINARY],
      on_receive_utf8: [ON_RECEIVE, UTF8], on_receive_binary: [ON_RECEIVE, BINARY]
    }.freeze

    attr_reader :name

    def initialize(name, timeout_ms: 5000, on_failure: HOOK_STOP, **functions)
      unknown = functions.keys - HOOKS.keys - %i[on_register on_unregister]
      Failures.invalid("an extension has no #{unknown.first}") unless unknown.empty?
      @name = Native.text_in(name, "a name")
      @timeout_ms = timeout_ms
      @on_failure = on_failure
      functions.each { |key, function| define_singleton_method(key) { |*given| Events.call(function, *given) } }
    end

    # :nodoc:
    def hook_for(direction, kind)
      name = HOOKS.key([direction, kind])
      respond_to?(name) ? method(name) : nil
    end

    # A handle, for the block; freed behind it.
    def with_handle(queue) # :nodoc:
      handle = Native.handle_from { |out| Native.cryo_extension_new(@name, 0, nil, out) }
      begin
        Failures.check(Native.cryo_extension_set_timeout_ms(handle, @timeout_ms))
        Failures.check(Native.cryo_extension_set_on_failure(handle, @on_failure))
        HOOKS.each { |each, where| Failures.check(Native.cryo_extension_set_queue(handle, *where, queue)) if respond_to?(each) }
        yield handle
      ensure
        Native.cryo_extension_free(handle)
      end
    end
  end
end
