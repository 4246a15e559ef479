# frozen_string_literal: true

module Cryo
  # Servers and clients from their start until they are closed; what is left at the end of the program is closed then.
  module Running # :nodoc:
    @all = {}.compare_by_identity

    class << self
      def add(each) = @all[each] = Process.pid
      def remove(each) = @all.delete(each)

      def end_all
        @all.select { |_, pid| pid == Process.pid }.each_key do |each|
          each.wake
          each.close
        rescue StandardError => e
          warn("cryo: closing at exit: #{e.message}")
        end
      end
    end

    at_exit { end_all }
  end

  class << self
    # Waits up to `timeout` seconds (nil: for ever) for events of any of these servers and clients, and calls their handlers.
    def poll(*pulled, timeout: 0)
      deadline = timeout && (Process.clock_gettime(Process::CLOCK_MONOTONIC) + timeout)
      loop do
        open = pulled.reject(&:closed?)
        handled = open.sum { |each| each.poll_once(0) }
        left = deadline ? deadline - Process.clock_gettime(Process::CLOCK_MONOTONIC) : 0.2
        return handled if handled.positive? || left <= 0

        begin
          IO.select(open.reject(&:closed?), nil, nil, [left, 0.2].min)
        rescue Errno::EBADF, IOError
          raise if open.none?(&:closed?) # else another thread has closed it meanwhile
        end
      end
    end

    # Starts what was not started, and calls handlers until all have stopped. On the main thread SIGINT and SIGTERM stop them.
    # Returns the number of the signal, or nil.
    def run(*pulled)
      with_traps(pulled) do
        pulled.each { |each| each.start unless each.started? }
        poll(*pulled, timeout: pulled.map(&:patience).min) until pulled.map(&:over?).all?
      end
    end

    private

    def with_traps(pulled)
      taken = nil
      return yield && nil unless Thread.current == Thread.main

      former = %w[INT TERM].to_h do |name|
        [name, trap(name) do |number|
          taken = number
          pulled.each { |each| each.stop unless each.closed? }
        rescue Error # it stops already
        end]
      end
      begin
        yield
      ensure
        former.each { |name, handler| trap(name, handler || "DEFAULT") }
      end
      taken
    end
  end
end
