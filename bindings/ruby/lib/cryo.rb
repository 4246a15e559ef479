# frozen_string_literal: true

# Cryo: real-time WebSocket sessions over libcryo. See README.md.
#
# The library's own threads serve; what happens waits in a queue, and handlers run inside of #poll and #run, on the thread that calls it.
# Times are in milliseconds where a name says so (`_ms`), else in seconds.
module Cryo
end

require_relative "cryo/abi"
require_relative "cryo/version"
require_relative "cryo/error"
require_relative "cryo/native"
require_relative "cryo/library"
require_relative "cryo/options"
require_relative "cryo/request_facts"
require_relative "cryo/receipts"
require_relative "cryo/accepted"
require_relative "cryo/session"
require_relative "cryo/tickets"
require_relative "cryo/extension"
require_relative "cryo/events"
require_relative "cryo/pulled"
require_relative "cryo/extensible"
require_relative "cryo/server"
require_relative "cryo/client"
require_relative "cryo/running"
