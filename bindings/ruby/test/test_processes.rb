# frozen_string_literal: true

require_relative "support"

# Programs: signals, threads, forks, the end, the collector.
class TestProcesses < CryoTest
  SERVER = <<~RUBY
    require "cryo"
    $stdout.sync = true
    server = Cryo::Server.new(port: 0, validator: ->(_) { true })
    server.on_listening { |_, port| puts port }
    server.on_session { puts "here" }
    server.on_closed { |_, code, reason| puts "\#{code} \#{reason}" }
  RUBY

  def visit(program)
    port = wait_for("the port") { program.output[/^(\d+)$/] }
    listener = client(nil, url: "ws://127.0.0.1:#{port}", reconnect_attempts: 0)
    wait_for("the session") { program.output.include?("here") }
    listener
  end

  def ended(program)
    wait_for("the end") { program.status }
    program.status
  end

  def test_sigterm_and_sigint_end_run
    %w[TERM INT].each do |name|
      running = program(%(#{SERVER}puts "signal \#{server.run}"; p trap("TERM", "DEFAULT")))
      listener = visit(running)
      running.signal(name)
      assert_equal(0, ended(running), running.output)
      assert_match(/^4000 Server shutdown\.\nsignal #{Signal.list[name]}\n"DEFAULT"/, running.output)
      wait_for { listener.closed }
    end
  end

  def test_ctrl_c_ends_a_program_that_polls
    running = program("#{SERVER}server.start\nloop { server.poll(nil) }")
    listener = visit(running)
    running.signal("INT")
    refute_equal(0, ended(running))
    assert_includes(running.output, "Interrupt")
    assert_includes(running.output, "4000 Server shutdown.") # at_exit
    wait_for { listener.closed }
  end

  def test_a_program_that_ends_in_its_own_way
    { "exit(7)" => 7, "exit!(8)" => 8, "raise SystemExit" => 0, "Thread.new { server.poll(nil) }; exit" => 0 }.each do |how, status|
      running = program("#{SERVER}server.on_session { puts 'here'; #{how} }\nserver.run")
      visit(running)
      assert_equal(status, ended(running), running.output)
    end
  end

  def test_a_thread_serves_and_others_go_on
    running = program(<<~RUBY)
      #{SERVER}
      serving = Thread.new { server.run }
      Thread.new { loop { sleep 0.001; $ticks = ($ticks || 0) + 1 } }
      sleep 0.01 until server.started? && server.session_count == 1
      sleep 0.01 until $ticks > 50
      serving.kill
      serving.join
      puts "killed"
      server.close
      puts "closed"
    RUBY
    visit(running)
    assert_equal(0, ended(running))
    assert_match(/killed\n4000 Server shutdown.\nclosed/, running.output)
  end

  def test_closing_while_a_thread_serves
    listening = server(on_message: ->(session, data) { session.send(data) })
    serving = Thread.new { listening.run }
    listener = client(listening, reconnect_attempts: 0)
    @kept.delete(listening)
    listener.client.on_session { |session| session.send("x") }
    wait_for { listener.heard == ["x"] }
    listening.close
    assert_nil(serving.value)
    wait_for { listener.closed }
  end

  def test_the_collector_takes_what_nobody_holds_and_no_more
    listening, listener, session = pair({ on_message: ->(from, data) { from.send(data) } })
    20.times do |i|
      listener.client.send("x")
      wait_for { listener.heard.size == i + 1 }
      Cryo::Server.new(port: 0)
      GC.start
    end
    assert_same(session, listening.find(session.id))
  end

  def test_a_fork
    listening, listener, = pair({ on_message: ->(from, data) { from.send(data) } })
    running = fork do
      begin
        listener.client.send("x")
        exit!(2)
      rescue Cryo::StateError
        listener.client.close
        listening.close
      end
      own = Cryo::Server.new(port: 0).start
      exit!(3) unless own.port.positive?
      own.close
      GC.start
      exit!(0)
    end
    status = wait_for { Process.wait2(running, Process::WNOHANG) }.last
    assert_equal(0, status.exitstatus)
    running = program("#{SERVER}server.start\nProcess.wait(fork { exit 5 })\nputs \"child \#{$?.exitstatus}\"")
    assert_equal(0, ended(running), running.output)
    assert_includes(running.output, "child 5")
    listener.client.send("still there")
    wait_for { listener.heard == ["still there"] }
  end

  def test_a_library_that_is_none
    { "/none/libcryo.so.1" => "cannot be loaded", "libm.so.6" => "is not libcryo" }.each do |path, words|
      said = IO.popen({ "CRYO_LIBRARY" => path }, ["ruby", "-I", LIB, "-e", "require 'cryo'"], err: %i[child out], &:read)
      assert_includes(said, words)
      assert_includes(said, "CRYO_LIBRARY")
    end
  end
end
