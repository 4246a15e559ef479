# frozen_string_literal: true

require_relative "support"

# Clients: tokens, losses, what becomes of messages.
class TestClient < CryoTest
  def test_a_token_provider_gives_fails_and_may_take_its_time
    asked = 0
    kept = nil
    failures = []
    provider = lambda do |request|
      case asked += 1
      when 1 then raise "no token today"
      when 2 then nil
      else (kept = request).later
      end
    end
    listener = client(server, reconnect_initial_ms: 1, token_provider: provider, on_error: ->(*) {},
                              on_attempt_failed: ->(_, status, _, text) { failures << [status, text] })
    wait_for("the third question") { kept }
    assert_equal([Cryo::ERR_TOKEN] * 2, failures.map(&:first))
    assert_includes(failures[0][1], "no token today")
    assert(kept.give(TOKEN))
    refute(kept.give(TOKEN))
    wait_for("the session") { listener.connected }
    assert_raises(Cryo::StateError) { listener.client.set_token("x") }
  end

  def test_a_client_comes_back
    told = []
    listening = server
    port = listening.port
    listener = client(listening, reconnect_initial_ms: 1, reconnect_max_ms: 50,
                                 on_disconnected: ->(_, _, reason) { told << reason }, on_reconnected: ->(_) { told << "back" })
    wait_for { listener.connected }
    listening.close
    wait_for { told == ["Server shutdown."] }
    assert_raises(Cryo::StateError) { listener.client.send("nobody there") }
    listener.client.set_token("new")
    server(port: port, validator: ->(auth) { auth.token == "new" })
    wait_for("the reconnection") { told.last == "back" }
  end

  def test_an_address_where_nobody_is
    listening = server
    url = "ws://127.0.0.1:#{listening.port}"
    listening.close
    failed = nil
    listener = client(nil, url: url, reconnect_attempts: 0, on_attempt_failed: ->(_, *given) { failed = given })
    wait_for { listener.closed }
    assert_equal([Cryo::ERR_CONNECT, 0, -1.0], failed.values_at(0, 1, 3))
  end

  def test_numbered_receipts
    numbers = {}
    _, listener, = pair({}, { on_receipt: ->(_, number, outcome) { numbers[number] = outcome } })
    listener.client.send("x", receipt: 2**61, key: "k")
    wait_for { numbers.any? }
    assert_equal({ 2**61 => Cryo::RECEIPT_ACKNOWLEDGED }, numbers)
    [0, -1, 1.5, 2**62, "x"].each { |wrong| assert_raises(Cryo::InvalidError) { listener.client.send("x", receipt: wrong) } }
    assert_raises(Cryo::InvalidError) { listener.client.send_text("\xff") }
    assert_raises(Cryo::InvalidError) { listener.client.send(1) }
    listener.client.send_text("☃".encode("UTF-16"))
  end

  def test_a_slow_peer
    dropped = []
    writable = false
    listening, listener, session = pair({ high_water_mark: 65_536, low_water_mark: 1024, max_queued_bytes: 1_048_576, max_queue_count: 4,
                                  max_total_queued_bytes: 0, on_dropped: ->(_, reason, data, kind) { dropped << [reason, data.size, kind] },
                                  on_writable: ->(_) { writable = true } }, { queue_capacity: [1, 1] })
    deadline = now + PATIENCE
    while dropped.empty? && now < deadline # nobody takes from the client's queue meanwhile, so that it does not read
      begin
        session.send_binary("x" * 100_000)
      rescue Cryo::FullError # the mailbox is
      end
      listening.poll
    end
    wait_for("a queue that flows") { writable && listener.heard.any? }
    assert_equal([[Cryo::DROPPED_OLDEST, 100_000, Cryo::BINARY]], dropped.uniq)
  end

  def test_cale
    _, listener, session = pair({ cale: true, on_message: ->(from, data) { from << data } }, { cale: true })
    assert(session.secure?)
    listener.client.send("sealed")
    wait_for { listener.heard == ["sealed"] }
  end

  def test_what_clients_need
    [[], ["nonsense", "x"]].each { |given| assert_raises(Cryo::InvalidError) { Cryo::Client.new(*given) } }
    assert_raises(Cryo::InvalidError) { Cryo::Client.new("ws://localhost", "x", session_id: "abc") }
  end
end
