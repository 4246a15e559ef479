# frozen_string_literal: true

module Cryo
  # What servers and clients are alike in: a handle, a queue of events, and who takes them.
  class Pulled
    include Events

    SLICE_SECONDS = 0.2 # the longest wait
    MOST_EVENTS = 256 # that one poll hands out
    private_constant :SLICE_SECONDS, :MOST_EVENTS
    OTHERS = [:validator, :token_provider, :queue_capacity, *Events::NAMES.map { |name| :"on_#{name}" }].freeze # :nodoc:

    def initialize(which, options) # :nodoc:
      @which = which
      @draining = false
      @handlers = {}
      @known = {}
      @extensions = {}
      @providers = {}
      @peers_lock = Mutex.new
      @taking = Mutex.new
      @pid = Process.pid
      Events::NAMES.each { |name| on(name, &options[:"on_#{name}"]) if options[:"on_#{name}"] }
      @token_provider = options[:token_provider] if which == :client
      make(options)
    end

    # Begins to serve, or to connect. Raises what is wrong with addresses, ports and certificates.
    def start
      Failures.check(native(:start, alive))
      @started = true
      Running.add(self)
      self
    end

    def started? = @started
    def closed? = @handle.nil?

    # A descriptor that is readable while an event waits: watch it, and call #poll when it is. Do not read it.
    def fd
      alive
      Failures.check(Native.cryo_queue_fd(@queue))
    end

    # The same for IO.select and its like.
    def to_io = @io ||= IO.for_fd(fd, autoclose: false)

    # Makes a #poll that waits, or the next one, return; within 200 ms.
    def wake = Failures.check(Native.cryo_queue_wake(@queue))

    # Waits up to `timeout` seconds for events (nil: for ever), and calls the handlers for what has come, 256 events at most, on this
    # thread. Returns how many there were. Other threads go on meanwhile. Raises StateError inside of a handler of the same object.
    def poll(timeout = 0)
      alive
      Failures.fail_with(ERR_STATE, "poll inside of a handler") if @taking.owned?
      poll_once(timeout)
    end

    # Starts, and calls handlers until it has stopped. On the main thread SIGINT and SIGTERM stop it; the number of the signal is returned.
    def run = Cryo.run(self)

    # Calls handlers until it has stopped, or `timeout` seconds have passed (nil: for ever); whether it has.
    def wait(timeout = nil)
      Failures.fail_with(ERR_STATE, "it was not started") unless @started
      deadline = timeout && (now + timeout)
      until over?
        left = deadline ? deadline - now : SLICE_SECONDS
        return false if left <= 0

        poll_once([left, patience].min)
      end
      true
    end

    # Stops, calls the handlers for what is left, and frees. Inside of a handler it begins to, and the rest follows.
    def close
      return if closed?
      return @handle = nil unless Process.pid == @pid # nothing of the parent's works in the child of a fork

      if @started
        begin
          stop
        rescue Error # it does already
        end
        @closing = @taking.owned?
        return if @closing

        wait
      end
      @taking.synchronize { free_now }
    end

    # :nodoc:
    def over?
      return true if closed? || @finished
      return false unless native(:wait, @handle, 0) == OK

      @draining = true # a wake that is left over is no end of the events
      nil while poll_once(0).positive?
      @finished = true
    end

    # How long to wait at most.
    def patience = @stopping ? 0.02 : SLICE_SECONDS # :nodoc:

    # As #poll; 0 when it was closed meanwhile.
    def poll_once(timeout) # :nodoc:
      deadline = timeout && (now + timeout)
      handled = 0
      loop do
        handled, woken = @taking.synchronize { closed? ? [0, true] : take }
        left = deadline ? deadline - now : SLICE_SECONDS
        break if handled.positive? || woken || left <= 0

        IO.select([to_io], nil, nil, [left, SLICE_SECONDS].min)
      end
      close if @closing && !@taking.owned?
      handled
    end

    # What frees the handles of an object that nobody has closed.
    def self.freer(which, handle, queue, pid) # :nodoc:
      proc do
        if Process.pid == pid
          which == :server ? Native.cryo_server_free(handle) : Native.cryo_client_free(handle)
          Native.cryo_queue_free(queue)
        end
      end
    end

    private

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    def native(name, *given) = Native.send(:"cryo_#{@which}_#{name}", *given)

    def alive
      @handle || Failures.fail_with(ERR_STATE, "the #{@which} is closed")
    end

    def make(options)
      @queue = Native.handle_from { |out| Native.cryo_queue_new(out) }
      Failures.check(Native.cryo_queue_set_capacity(@queue, *options[:queue_capacity])) if options[:queue_capacity]
      events = Native.handle_from { |out| Native.cryo_events_new(0, nil, out) }
      begin
        Failures.check(Native.cryo_events_use_queue(events, @queue))
        Options.with(@which, options, OTHERS) do |handle|
          Failures.check(Native.send(:"cryo_#{@which}_options_set_events", handle, events))
          Failures.check(Native.cryo_client_options_set_token_provider(handle, nil, 0, nil)) if @token_provider
          @handle = Native.handle_from { |out| native(:new, handle, out) }
        end
      ensure
        Native.cryo_events_free(events)
        Native.cryo_queue_free(@queue) unless @handle
      end
      ObjectSpace.define_finalizer(self, Pulled.freer(@which, @handle, @queue, @pid))
    end

    def free_now
      return if closed?

      @closing = false
      @finished = true
      ObjectSpace.undefine_finalizer(self)
      Running.remove(self)
      Pulled.freer(@which, @handle, @queue, @pid).call
      @handle = nil
    end

    # Takes what is there, without waiting: how many events, and whether it was woken.
    def take
      @batch ||= FFI::MemoryPointer.new(:pointer)
      length = FFI::MemoryPointer.new(:size_t)
      handled = 0
      while handled < MOST_EVENTS
        status = Native.cryo_queue_next_many(@queue, 0, MOST_EVENTS - handled, @batch, length)
        next if status == ERR_STATE && @draining
        return [handled, status == ERR_STATE] if status != OK

        bytes = @batch.read_pointer.read_bytes(length.read(:size_t))
        handled += bytes.unpack1("L", offset: BATCH_COUNT)
        dispatch_batch(bytes)
      end
      [handled, false]
    ensure # what the handlers have sent leaves
      Native.cryo_queue_release(@queue, @batch.read_pointer)
      @batch.write_pointer(nil)
    end

    # One object for each session, from its first event to its closed event.
    def session_for(handle, retained: false)
      found = @known[handle]
      return @known[handle] = Session.new(handle, retained: retained) unless found

      Native.cryo_session_release(handle) if retained
      found
    end

    def forget_session(session)
      @known.delete(session.handle)
      @providers.delete(session.handle)
    end
  end
end
