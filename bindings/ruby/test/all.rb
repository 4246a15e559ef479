# frozen_string_literal: true

# ruby -I lib test/all.rb: all tests.
require_relative "support"
require "minitest/autorun"
Dir[File.join(__dir__, "test_*.rb")].sort.each { |path| require path }
