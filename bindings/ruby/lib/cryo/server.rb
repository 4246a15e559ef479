# frozen_string_literal: true

module Cryo
  # A server.
  #
  #     server = Cryo::Server.new(port: 8080, validator: ->(auth) { auth.token == "MySuperSecretToken" })
  #     server.on_message { |session, data| session.send(data) }
  #     server.run # until SIGINT or SIGTERM
  #
  # The options are those of cryo.h by their names. `validator` gets an Auth and returns true, or a Hash of values for the session, to let in, or
  # auth.later; everything else refuses. Further on_message: and so on, and queue_capacity: [events, bytes].
  class Server < Pulled
    # :nodoc:
    STATS = Cryo.constants.grep(/\ASERVER_STAT_/).to_h do |name|
      [name.to_s.delete_prefix("SERVER_STAT_").downcase.to_sym, Cryo.const_get(name)]
    end.freeze
    private_constant :STATS

    def initialize(**options)
      Failures.invalid("threads must be at least 1: the queue needs a thread that fills it") if options[:threads] == 0
      @validator = options[:validator]
      Failures.invalid("validator must be a Proc") unless @validator.nil? || @validator.respond_to?(:call)
      super(:server, options)
    end

    # The port that it listens on; 0 before the start.
    def port = Native.cryo_server_port(alive)
    # TRANSPORT_…
    def transport = Native.cryo_server_transport(alive)

    # Begins to stop: sessions close with 4000. Go on with #poll, #wait or #close. May be called in a trap.
    def stop
      @stopping = true
      Failures.check(Native.cryo_server_stop(alive))
    end

    # Lets nobody in any more, and closes the sessions spread over `deadline_ms`, some every `batch_ms` (0: all at the deadline).
    # `retry_ms`: when clients may come back; 0: not said.
    def drain(deadline_ms, batch_ms = 0, code: CLOSE_GRACEFUL, reason: code == CLOSE_GRACEFUL ? "Server shutdown." : nil, retry_ms: 0)
      Failures.check(Native.cryo_server_drain_with(alive, deadline_ms, batch_ms, code, Native.optional_text(reason, "reason"), retry_ms))
    end

    # One of SERVER_STAT_…; `of` picks one kind.
    def stat(stat, of = 0)
      out = FFI::MemoryPointer.new(:double)
      Failures.check(Native.cryo_server_stat(alive, stat, of, out))
      out.read_double
    end

    # All of them by name: sessions, refused, bytes_rx, …
    def stats = STATS.transform_values { |number| stat(number) }

    # All of them as Prometheus reads them.
    def metrics
      handle = alive
      Native.text_from { |*out| Native.cryo_server_metrics(handle, *out) }
    end

    def session_count = Native.cryo_server_session_count(alive)

    # The live sessions.
    def sessions
      capacity = session_count + 16
      handles = FFI::MemoryPointer.new(:uint64, capacity)
      count = FFI::MemoryPointer.new(:size_t)
      Failures.check(Native.cryo_server_sessions(alive, handles, capacity, count))
      handles.read_array_of_uint64([capacity, count.read(:size_t)].min).map { |each| session_for(each, retained: true) }
    end

    # The live session of this id (a UUID as text, or 16 bytes), or nil.
    def find(id)
      out = FFI::MemoryPointer.new(:uint64)
      status = Native.cryo_server_find_session(alive, Native.id_bytes(id), out)
      return nil if status == ERR_NOT_FOUND

      Failures.check(status)
      session_for(out.read_uint64, retained: true)
    end

    # Sends to every live session but `except`; returns to how many.
    def broadcast(data, kind = nil, except: nil)
      kind, bytes = Session.outgoing(data, kind)
      count = FFI::MemoryPointer.new(:size_t)
      Failures.check(Native.cryo_server_broadcast(alive, kind, bytes, bytes.bytesize, except ? except.handle : 0, count))
      count.read(:size_t)
    end

    # Other certificates for new connections: the TLS options; none: the same files read again.
    def set_tls(**options)
      return Failures.check(Native.cryo_server_set_tls(alive, 0)) if options.empty?

      Options.with(:server, options) { |given| Failures.check(Native.cryo_server_set_tls(alive, given)) }
    end

    # Other keys of session tickets; nil: the server's own.
    def set_tls_ticket_keys(keys)
      Failures.check(Native.cryo_server_set_tls_ticket_keys(alive, keys, keys ? keys.bytesize : 0))
    end

    # Opens a session to another server; options as for a Client. Returns the session.
    def connect_peer(**options)
      provider = options[:token_provider]
      Options.with(:client, options, [:token_provider]) do |given|
        Failures.check(Native.cryo_client_options_set_token_provider(given, nil, 0, nil)) if provider
        @peers_lock.synchronize do # who asks for its token waits until we know whom to ask
          handle = Native.handle_from { |out| Native.cryo_server_connect_peer(alive, given, out) }
          @providers[handle] = provider if provider
          session_for(handle, retained: true)
        end
      end
    end
  end
end
