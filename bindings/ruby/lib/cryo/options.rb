# frozen_string_literal: true

module Cryo
  # Options by the names of cryo.h: cryo_server_options_set_port is `port:`.
  module Options # :nodoc:
    RANGES = { u16: 0...2**16, u32: 0...2**32, u64: 0...2**64, i32: -2**31...2**31 }.freeze

    class << self
      # A handle with what was given, for the block; freed behind it.
      def with(which, given, others = [])
        handle = Native.handle_from { |out| Native.send(:"cryo_#{which}_options_new", out) }
        begin
          given.each { |name, value| set(which, handle, name, value) unless others.include?(name) }
          yield handle
        ensure
          Native.send(:"cryo_#{which}_options_free", handle)
        end
      end

      private

      def set(which, handle, name, value)
        sets, adds, kinds = Abi::OPTIONS.fetch(which)[name]
        Failures.invalid("there is no #{which} option #{name}") unless kinds
        return if value.nil?

        many(value, adds, kinds).each_with_index do |each, i|
          call(i.zero? && sets ? sets : adds, handle, name, kinds, each)
        end
      end

      def many(value, adds, kinds)
        return [value] unless adds
        return value.to_a if value.is_a?(Hash)
        return [value] unless value.is_a?(Array)

        kinds.size == 1 || value.first.is_a?(Array) ? value : [value]
      end

      def call(setter, handle, name, kinds, value)
        values = kinds.size > 1 && kinds.first != :i32 ? pair(name, value) : [value]
        values = [value ? 1 : 0, value.is_a?(String) ? value : nil] if kinds.size > 1 && kinds.first == :i32 # a switch with a text
        arguments = kinds.zip(values).flat_map { |kind, each| argument(kind, each, name) }
        Failures.check(Native.send(setter, handle, *arguments))
      end

      def pair(name, value)
        return value if value.is_a?(Array) && value.size == 2

        Failures.invalid("#{name} must be an Array of two Strings")
      end

      def argument(kind, value, name)
        case kind
        when :text then [Native.optional_text(value, name)]
        when :id then [Native.id_bytes(value)]
        when :bytes
          Failures.invalid("#{name} must be a String") unless value.is_a?(String)
          [value, value.bytesize]
        else [number(kind, value, name)]
        end
      end

      def number(kind, value, name)
        return value ? 1 : 0 if [true, false].include?(value)

        range = RANGES.fetch(kind)
        Failures.invalid("#{name} must be an Integer in #{range}, not #{value.inspect}") unless value.is_a?(Integer) && range.cover?(value)
        value
      end
    end
  end
end
