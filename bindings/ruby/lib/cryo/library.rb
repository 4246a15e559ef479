# frozen_string_literal: true

# What the library tells about itself.
module Cryo
  class << self
    # CRYO_ABI_VERSION of the library that is loaded.
    def abi_version = Native.cryo_abi_version
    # The version of the library that is loaded; VERSION is the gem's.
    def version = Native.cryo_version_string
    # What the library was built with, for bug reports.
    def build_info = Native.cryo_build_info
    # The name of a status: "CRYO_ERR_CLOSED".
    def status_name(status) = Native.cryo_status_name(status)

    # The level of the library's log on standard error: LOG_OFF to LOG_DEBUG. A block for its lines is not to be had: the library calls it
    # on its own threads, which would have to wait for the interpreter's lock.
    def set_log(level)
      Failures.check(Native.cryo_set_log(level, nil, 0, nil))
    end

    # Sends one message to many sessions. Returns how many have accepted it, and the statuses in their order.
    def send_many(sessions, data, kind = nil)
      kind, bytes = Session.outgoing(data, kind)
      handles = sessions.map(&:handle).pack("Q*")
      statuses = FFI::MemoryPointer.new(:int32, [sessions.size, 1].max)
      sent = FFI::MemoryPointer.new(:size_t)
      Failures.check(Native.cryo_sessions_send(handles, sessions.size, kind, bytes, bytes.bytesize, statuses, sent))
      [sent.read(:size_t), statuses.read_array_of_int32(sessions.size)]
    end
  end
end
