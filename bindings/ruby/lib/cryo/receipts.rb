# frozen_string_literal: true

module Cryo
  # Who wants to know what became of a message.
  module Receipts # :nodoc:
    OWN = 2**62 # numbers from here on are the gem's, for blocks
    @blocks = {}
    @last = OWN
    @lock = Mutex.new

    class << self
      def number_for(receipt)
        return 0 if receipt.nil?

        if receipt.respond_to?(:call)
          return keep(receipt)
        end
        unless receipt.is_a?(Integer) && receipt.positive? && receipt < OWN
          Failures.invalid("a receipt is a Proc, or an Integer from 1 to 2**62 - 1")
        end
        receipt
      end

      def take(number) = @blocks.delete(number)

      private

      def keep(block)
        @lock.synchronize do
          @last += 1
          @blocks[@last] = block
          @last
        end
      end
    end
  end
end
