# frozen_string_literal: true

module Cryo
  # A call of the library failed. There is a class for each status: Cryo::ClosedError for CRYO_ERR_CLOSED, and so on.
  class Error < StandardError
    # The number (Cryo::ERR_CLOSED), its name ("CRYO_ERR_CLOSED"), and a sentence for people.
    attr_reader :status, :name, :text

    def initialize(status, name, text)
      super(text.empty? ? name : "#{text} (#{name})")
      @status = status
      @name = name
      @text = text
    end
  end

  # :nodoc:
  ERROR_CLASSES = constants.grep(/\AERR_/).to_h do |name|
    words = name.to_s.delete_prefix("ERR_").split("_").map(&:capitalize).join
    [const_get(name), const_set("#{words}Error", Class.new(Error))]
  end.freeze
  private_constant :ERROR_CLASSES

  # :nodoc:
  module Failures
    module_function

    # Raises the error of a negative status, with what the library or we have to say about it.
    def fail_with(status, text = nil)
      text ||= Native.cryo_last_error.dup.force_encoding(Encoding::UTF_8)
      raise ERROR_CLASSES.fetch(status, Error).new(status, Cryo.status_name(status), text)
    end

    def check(status)
      status.negative? ? fail_with(status) : status
    end

    # Of an answer on a ticket: false when it came too late.
    def settled?(status)
      return false if [ERR_STATE, ERR_HANDLE].include?(status)

      check(status)
      true
    end

    def invalid(text)
      fail_with(ERR_INVALID, text)
    end
  end
end
