# frozen_string_literal: true

module Cryo
  # Values that a validator gave, by number, until the session of the ticket is announced. Tickets whose client has gone leave theirs behind:
  # when there are many, those that are older than any announcement can be are forgotten.
  module Accepted # :nodoc:
    KEY = "cryo.ruby.values"
    SECONDS = 300
    MANY = 1024
    @kept = {}
    @last = 0
    @lock = Mutex.new

    class << self
      def keep(values)
        now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        @lock.synchronize do
          @kept.delete_if { |_, (_, time)| time < now - SECONDS } if @kept.size >= MANY
          @kept[@last += 1] = [values, now]
          @last
        end
      end

      def forget(number) = @kept.delete(number)

      def take(session)
        return if @kept.empty?

        out = FFI::MemoryPointer.new(:uint64)
        return unless Native.cryo_session_get(session.handle, KEY, out) == OK

        values, = @kept.delete(out.read_uint64)
        values&.each { |name, value| session[name] = value }
      end
    end
  end
end
