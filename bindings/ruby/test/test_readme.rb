# frozen_string_literal: true

require_relative "support"

# The README's programs run as they are printed, but for the port.
class TestReadme < CryoTest
  FOLDER = File.expand_path("..", __dir__)
  PROGRAMS = File.read("#{FOLDER}/README.md").scan(/```ruby\n(.*?)```/m).flatten

  def small_server
    text = PROGRAMS[0].sub("port: 8080", "port: 0")
    refute_equal(PROGRAMS[0], text)
    running = program(text)
    [running, wait_for("the port") { running.output[/:(\d+)$/, 1] }]
  end

  def end_of(running, signal)
    running.signal(signal)
    wait_for("the end") { running.status }
    assert_equal(0, running.status, running.output)
  end

  def test_the_small_server
    running, port = small_server
    refused = nil
    url = "ws://127.0.0.1:#{port}"
    client(nil, url: url, token: "wrong", reconnect_attempts: 0, on_attempt_failed: ->(_, _, status) { refused = status })
    wait_for { refused }
    assert_equal(401, refused)
    listener = client(nil, url: url, token: "MySuperSecretToken", on_session: ->(session) { session.send("a\0b".b) })
    wait_for { listener.heard.size == 2 }
    assert_equal(["Welcome!", "a\0b".b], listener.heard)
    end_of(running, "TERM")
  end

  def test_the_client
    listening, port = small_server
    text = PROGRAMS[1].sub("localhost:8080", "localhost:#{port}")
    refute_equal(PROGRAMS[1], text)
    running = program(text)
    wait_for("the echo") { running.output.include?("Welcome!\nhello\n") }
    end_of(running, "INT")
    end_of(listening, "INT")
  end

  def test_the_example
    running = program("ARGV.replace(%w[secret 0]); load '#{FOLDER}/example.rb'")
    port = wait_for("the port") { running.output[/:(\d+)$/, 1] }
    listener = client(nil, url: "ws://127.0.0.1:#{port}/?name=Al")
    wait_for { listener.heard == ["Welcome, Al!"] }
    end_of(running, "TERM")
  end
end
