# frozen_string_literal: true

require_relative "support"

# Servers and their sessions.
class TestServer < CryoTest
  def test_texts_and_bytes_come_back_as_they_were_sent
    listening, listener, = pair({ on_message: ->(session, data) { session.send(data) } })
    ["text ☃", "", "a\0b\xff".b, "x".b * 100_000].each do |each|
      listener.client.send(each)
      wait_for("an echo") { !listener.heard.empty? }
      heard = listener.heard.shift
      assert_equal(each, heard)
      assert_equal(each.encoding, heard.encoding)
    end
    assert_equal(1, listening.session_count)
  end

  def test_a_session_tells_what_came_with_its_request
    listening, listener, session = pair({ session_header: "X-From" },
                                        { header: { "X-From" => "here" }, parameter: [%w[a 1], %w[a 2]] })
    assert_equal(TOKEN, session.token)
    assert_equal("Al", session.parameter("name"))
    assert_nil(session.parameter("none"))
    assert_equal(%w[1 2], session.parameters.select { |name, _| name == "a" }.map(&:last))
    assert_equal("here", session.header("x-from"))
    assert_nil(session.header("x-none"))
    assert_equal("/", session.path)
    assert_equal("", session.proxy_address)
    assert_match(/\A127\.0\.0\.1:\d+\z/, session.remote_address)
    assert_nil(session.peer_certificate)
    assert_equal(listener.client.session.id, session.id)
    assert_equal(16, session.id_bytes.bytesize)
    assert(session.open?)
    refute(session.secure?)
    refute(session.peer?)
    assert_same(session, listening.find(session.id))
    assert_same(session, listening.find(session.id_bytes))
    assert_nil(listening.find("00000000-0000-0000-0000-000000000000"))
    assert_equal([session], listening.sessions)
  end

  def test_sessions_and_servers_count
    measured = []
    listening, listener, session = pair({ keepalive_ms: 20, on_stat: ->(_, stat, value) { measured << [stat, value] } })
    session.send("x")
    wait_for("a round trip") { listener.heard.any? && session.stat(Cryo::STAT_RTT) }
    assert_operator(session.stats[:bytes_tx], :>, 0)
    wait_for("a statistic") { measured.assoc(Cryo::STAT_RTT) }
    assert_equal(1, listening.stat(Cryo::SERVER_STAT_SESSIONS))
    assert_equal(1, listening.stats[:accepted_sessions])
    assert_includes(listening.metrics, "cryo_sessions")
    assert_raises(Cryo::InvalidError) { listening.stat(999) }
  end

  def test_a_close_has_its_code_and_reason_on_both_sides
    ended = nil
    _, listener, session = pair({ on_closed: ->(_, *given) { ended = given } }, { reconnect_attempts: 0 })
    session.close(4321, "enough")
    wait_for("the close") { ended && listener.closed }
    assert_equal(4321, ended.first)
    assert_equal([4321, "enough"], listener.closed)
    error = assert_raises(Cryo::ClosedError) { session.send("late") }
    assert_equal([Cryo::ERR_CLOSED, "CRYO_ERR_CLOSED"], [error.status, error.name])
    refute(session.open?)
    assert_equal("Al", session.parameter("name")) # who holds it can still ask
  end

  def test_broadcasts_and_sends_to_many
    listening, one, = pair
    two = client(listening)
    wait_for { listening.session_count == 2 }
    assert_equal(2, listening.broadcast("all"))
    wait_for { one.heard.any? && two.heard.any? }
    sent, statuses = Cryo.send_many(listening.sessions, "many".b)
    assert_equal([2, [Cryo::OK, Cryo::OK]], [sent, statuses])
    listening.broadcast("not one", except: listening.find(one.client.session.id))
    wait_for { two.heard.size == 3 && one.heard.size == 2 }
    assert_equal(["all", "many"], one.heard)
  end

  def test_what_a_handler_raises_is_reported_and_ends_nothing
    told = nil
    _, listener, = pair({ on_message: ->(session, data) { data == "bad" ? raise("broken") : session.send(data) },
                          on_error: ->(error, where) { told = [error.message, where] } })
    listener.client.send("bad")
    listener.client.send("good")
    wait_for { listener.heard == ["good"] }
    assert_equal(["broken", :message], told)
    listener.client.on_message { raise "unheard" }
    _, said = capture_io do
      listener.client.send("good")
      wait_for { $stderr.string.include?("unheard") }
    end
    assert_includes(said, "cryo: message:")
  end

  def test_options_are_checked
    [{ prot: 1 }, { port: 65_536 }, { port: 1.5 }, { threads: 0 }, { host: "a\0b" }, { on_mesage: proc {} },
     { allowed_origin: "no origin" }, { validator: 1 }, { tls_files: "one" }].each do |options|
      assert_raises(Cryo::InvalidError, options.inspect) { keep(Cryo::Server.new(**options)) }
    end
    keep(Cryo::Server.new(port: 0, allowed_origin: %w[https://a.example https://b.example], metrics: "token", health: true,
                          max_total_queued_bytes: 2**40, trusted_proxy: "10.0.0.0/8", drop_policy: Cryo::DROP_NEWEST,
                          queue_capacity: [100, 1_000_000]))
  end

  def test_a_port_that_is_taken
    second = keep(Cryo::Server.new(port: server.port))
    assert_raises(Cryo::AddressInUseError) { second.start }
  end

  def test_handlers_may_close_and_stop_but_not_poll
    refused = nil
    listening, listener, = pair({}, { reconnect_attempts: 0 })
    listening.on_message do
      refused = assert_raises(Cryo::StateError) { listening.poll }
      listening.close
    end
    listener.client.send("x")
    wait_for { listening.closed? && listener.closed }
    assert(refused)
    assert_equal([4000, "Server shutdown."], listener.closed)
    assert_raises(Cryo::StateError) { listening.port }
  end

  def test_draining
    listening, = pair
    listening.drain(1, 0, code: 1012, reason: "moved")
    assert(listening.wait(PATIENCE))
  end

  def test_pausing_acknowledging_expiring
    ended = outcome = nil
    _, listener, session = pair({ manual_ack: true, on_message: ->(from, _, _, id) { from.ack(id) }, on_closed: ->(_, *given) { ended = given } })
    listener.client.send("x", receipt: ->(*given) { outcome = given })
    wait_for("a receipt") { outcome }
    assert_equal(Cryo::RECEIPT_ACKNOWLEDGED, outcome[0])
    assert_operator(outcome[1], :>=, 0)
    session.pause_reading
    session.resume_reading
    session.ping
    session.set_expiry_ms(Cryo::NEVER)
    session.set_expiry_ms(0)
    wait_for("the end") { ended }
    assert_equal([4001, "Token expired."], ended)
  end

  def test_the_descriptor
    listening = server
    session = nil
    listening.on_session { |each| session = each }
    client(listening)
    IO.select([listening], nil, nil, PATIENCE)
    wait_for { session }
    listening.wake
    assert_equal(0, listening.poll(PATIENCE))
  end

  def test_peers
    there = server(on_message: ->(session, data) { session.send("got #{data}") })
    heard = nil
    here = server(on_message: ->(session, data) { heard = [session, data] }, on_session: ->(session) { session.send("hello") })
    peer = here.connect_peer(url: "ws://127.0.0.1:#{there.port}", token_provider: ->(_) { TOKEN })
    wait_for("the answer") { heard }
    assert_equal([peer, "got hello"], heard)
    assert(peer.peer?)
  end

  def test_the_library_tells_about_itself
    assert_equal(Cryo::ABI_VERSION, Cryo.abi_version)
    assert_equal(Cryo::VERSION, Cryo.version)
    assert_equal(Cryo::VERSION, Gem::Specification.load(File.expand_path("../cryo.gemspec", __dir__)).version.to_s)
    assert_includes(Cryo.build_info, "libuv")
    Cryo.set_log(Cryo::LOG_WARNING)
  end
end
