# frozen_string_literal: true

require "ffi"

module Cryo
  # Finds and opens libcryo. No function gives up the interpreter's lock: none of those that are called waits, since waiting is done on
  # the queue's descriptor.
  module Native # :nodoc:
    extend FFI::Library

    HELP = "Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (libcryo.so.1)."
    private_constant :HELP

    def self.open_library
      named = ENV.fetch("CRYO_LIBRARY", nil)
      beside = File.join(__dir__, "libcryo.so.#{ABI_VERSION}")
      names = RUBY_PLATFORM.include?("darwin") ? "libcryo.#{ABI_VERSION}.dylib" : "libcryo.so.#{ABI_VERSION}"
      path = named || (File.exist?(beside) ? beside : names)
      ffi_lib_flags :now, :local
      begin
        ffi_lib path
      rescue ::LoadError => e
        raise ::LoadError, "cryo: libcryo cannot be loaded: #{e.message} #{HELP}"
      end
      compare_versions(path)
    end

    def self.compare_versions(path)
      begin
        attach_function :cryo_abi_version, [], :uint32
      rescue FFI::NotFoundError
        raise ::LoadError, "cryo: #{path} is not libcryo: it has no cryo_abi_version. #{HELP}"
      end
      return if cryo_abi_version == ABI_VERSION

      raise ::LoadError, "cryo: #{path} has ABI version #{cryo_abi_version}; this gem needs #{ABI_VERSION}. " \
                         "Install the gem and the library of the same release."
    end

    private_class_method :open_library, :compare_versions
    open_library
    Abi::FUNCTIONS.each { |name, (taken, given)| attach_function name, taken, given unless respond_to?(name) }

    # The number that a function writes through its last argument: call { |out| … }
    def self.handle_from
      out = FFI::MemoryPointer.new(:uint64)
      Failures.check(yield(out))
      out.read_uint64
    end

    # The text that a function writes into (out, capacity, len); nil where there is none.
    def self.text_from
      capacity = 4096
      loop do
        out = FFI::MemoryPointer.new(:char, capacity)
        length = FFI::MemoryPointer.new(:size_t)
        status = yield(out, capacity, length)
        return nil if status == ERR_NOT_FOUND

        if status == ERR_BUFFER
          capacity = length.read(:size_t) + 1
        else
          Failures.check(status)
          return out.read_bytes(length.read(:size_t)).force_encoding(Encoding::UTF_8)
        end
      end
    end

    # A text as the library takes it.
    def self.text_in(value, what)
      Failures.invalid("#{what} must be a String, not #{value.class}") unless value.is_a?(String) || value.is_a?(Symbol)
      text = value.to_s
      text = text.encode(Encoding::UTF_8) unless text.encoding == Encoding::BINARY
      Failures.invalid("#{what} must not contain a NUL") if text.include?("\0")
      text
    rescue EncodingError => e
      Failures.invalid("#{what}: #{e.message}")
    end

    def self.optional_text(value, what)
      value.nil? ? nil : text_in(value, what)
    end

    # A session's id as 16 bytes.
    def self.id_bytes(id)
      return id.b if id.is_a?(String) && id.bytesize == 16

      digits = id.to_s.delete("-")
      Failures.invalid("a session's id has 16 bytes, or is a UUID as text") unless id.to_s.size == 36 && digits.match?(/\A\h{32}\z/)
      [digits].pack("H*")
    end
  end
end
