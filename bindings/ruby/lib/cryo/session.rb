# frozen_string_literal: true

module Cryo
  # One peer. All calls are for any thread. A session that has closed still tells what it was.
  class Session
    include RequestFacts

    # :nodoc:
    STATS = Cryo.constants.grep(/\ASTAT_/).to_h { |name| [name.to_s.delete_prefix("STAT_").downcase.to_sym, Cryo.const_get(name)] }.freeze
    private_constant :STATS

    attr_reader :handle # :nodoc:

    # `retained`: the handle is the caller's already.
    def initialize(handle, retained: false) # :nodoc:
      Native.cryo_session_retain(handle) unless retained
      @handle = handle
      @values = {}
      ObjectSpace.define_finalizer(self, self.class.releaser(handle, Process.pid))
    end

    def self.releaser(handle, pid) # :nodoc:
      proc { Native.cryo_session_release(handle) if Process.pid == pid }
    end

    # The kind of a message, and its bytes: what is BINARY goes as bytes, all else as text.
    def self.outgoing(data, kind) # :nodoc:
      Failures.invalid("a message must be a String, not #{data.class}") unless data.is_a?(String)
      return [kind || BINARY, data] if kind == BINARY || (kind.nil? && data.encoding == Encoding::BINARY)

      [kind || UTF8, data.encoding == Encoding::UTF_8 || data.encoding == Encoding::BINARY ? data : data.encode(Encoding::UTF_8)]
    end

    # Values of the application's own, for as long as the session lives.
    def [](key) = @values[key]

    def []=(key, value)
      @values[key] = value
    end

    # Sends a message: bytes if the String's encoding is BINARY, else text; or as `kind` says (UTF8, BINARY). `key` names it for the drop
    # policy DEDUPE_LATEST. `receipt` asks what became of it: an Integer for the receipt event, or a Proc that gets outcome, rtt_ms and by.
    # Raises ClosedError, FullError, TotalFullError, ReceiptsFullError, StateError (a client that is not connected), TooBigError,
    # InvalidError (no UTF-8).
    def send(data, kind = nil, key: nil, receipt: nil)
      kind, bytes = Session.outgoing(data, kind)
      unless key || receipt
        status = Native.cryo_session_send(@handle, kind, bytes, bytes.bytesize)
        return status.negative? ? Failures.fail_with(status) : status
      end

      number = Receipts.number_for(receipt)
      status = Native.cryo_session_send_with(@handle, kind, bytes, bytes.bytesize, Native.optional_text(key, "key"), number)
      Receipts.take(number) if status.negative?
      Failures.check(status)
    end

    def send_text(text, **options) = send(text, UTF8, **options)
    def send_binary(bytes, **options) = send(bytes, BINARY, **options)

    def <<(data)
      send(data)
      self
    end

    # Sends a ping beside those of the keep-alive.
    def ping = Failures.check(Native.cryo_session_ping(@handle))

    # Closes, after what was sent before has left; the reason is cut to 123 bytes. Raises ClosedError.
    def close(code = CLOSE_GRACEFUL, reason = nil)
      Failures.check(Native.cryo_session_close(@handle, code, Native.optional_text(reason, "reason")))
    end

    def open? = Native.cryo_session_is_open(@handle) == 1
    # Whether CALE encrypts.
    def secure? = Native.cryo_session_is_secure(@handle) == 1
    # Whether this server has opened it (Server#connect_peer).
    def peer? = Native.cryo_session_is_peer(@handle) == 1

    # The id that the client chose, 36 characters.
    def id = @id ||= Native.text_from { |*out| Native.cryo_session_id_text(@handle, *out) }

    # The same as 16 bytes.
    def id_bytes
      out = FFI::MemoryPointer.new(:uint8, 16)
      Failures.check(Native.cryo_session_id(@handle, out))
      out.read_bytes(16)
    end

    def token = Native.text_from { |*out| Native.cryo_session_token(@handle, *out) }

    # The query parameters as [name, value], in the order of the request.
    def parameters
      found = []
      loop do
        name, value = FFI::MemoryPointer.new(:char, 65_536), FFI::MemoryPointer.new(:char, 65_536) # a request's head is no longer
        sizes = FFI::MemoryPointer.new(:size_t, 2)
        status = Native.cryo_session_parameter_at(@handle, found.size, name, 65_536, sizes, value, 65_536, sizes + FFI.type_size(:size_t))
        return found if status == ERR_NOT_FOUND

        Failures.check(status)
        lengths = sizes.read_array_of_type(:size_t, :read_ulong, 2)
        found << [name, value].zip(lengths).map { |at, length| at.read_bytes(length).force_encoding(Encoding::UTF_8) }
      end
    end

    # A text that the validator has set, or nil.
    def claim(name)
      name = Native.text_in(name, "a name")
      Native.text_from { |*out| Native.cryo_session_claim(@handle, name, *out) }
    end

    # When it shall end, from now; NEVER takes it back. Raises ClosedError, StateError (a client's session).
    def set_expiry_ms(ms) = Failures.check(Native.cryo_session_set_expiry_ms(@handle, ms))

    # One of STAT_…, or nil where nothing was measured yet.
    def stat(stat)
      out = FFI::MemoryPointer.new(:double)
      status = Native.cryo_session_stat(@handle, stat, out)
      return nil if status == ERR_NOT_FOUND

      Failures.check(status)
      out.read_double
    end

    # All of them: rtt (ms, perhaps nil), bytes_rx, bytes_tx, ack_timeout, queued_bytes, queued_count.
    def stats = STATS.transform_values { |number| stat(number) }

    def pause_reading = Failures.check(Native.cryo_session_pause_reading(@handle))
    def resume_reading = Failures.check(Native.cryo_session_resume_reading(@handle))

    # With the option manual_ack: the application is done with the message of this id.
    def ack(id) = Failures.check(Native.cryo_message_ack(@handle, id))

    def inspect = "#<Cryo::Session #{id}>"
  end
end
