# frozen_string_literal: true

# Sends each message back, and prints its port: a program of bench/languages.
$LOAD_PATH.unshift(File.expand_path("../lib", __dir__))

require "cryo"

server = Cryo::Server.new(port: 0, validator: ->(_) { true })
server.on_message { |session, data| session.send(data) }
server.start
puts server.port
$stdout.flush
server.run
