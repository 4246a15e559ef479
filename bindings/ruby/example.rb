# frozen_string_literal: true

# A chat room: what one client says, the others hear.
#
#     ruby -I bindings/ruby/lib example.rb TOKEN [PORT [CERTIFICATE KEY]]
#
# Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&x-cryo-sid=UUID&name=Alice

require "cryo"
require "openssl"

$stdout.sync = true
token, port, certificate, key = ARGV
abort "usage: example.rb TOKEN [PORT [CERTIFICATE KEY]]" unless token

server = Cryo::Server.new(
  port: Integer(port || 8080),
  keepalive_ms: 15_000,
  tls_files: certificate && [certificate, key],
  validator: lambda do |auth|
    OpenSSL.secure_compare(auth.token, token) && { name: auth.parameter("name") || "somebody" } # session[:name] of the session
  end
)

server.on_listening { |host, number| puts "listening on #{host}:#{number}" }

server.on_session do |session|
  session.send("Welcome, #{session[:name]}!")
  server.broadcast("#{session[:name]} came", except: session)
end

server.on_message do |session, data, kind|
  data = "#{session[:name]}: #{data}" if kind == Cryo::UTF8
  server.broadcast(data, kind, except: session)
end

server.on_closed do |session, code, reason|
  puts "#{session[:name]} left: #{code} #{reason}"
  server.broadcast("#{session[:name]} left")
rescue Cryo::ClosedError # the server stops
end

server.on_stat do |session, stat, value|
  puts format("%s: %.2f ms", session[:name], value) if stat == Cryo::STAT_RTT
end

server.run # until SIGINT or SIGTERM
server.close
