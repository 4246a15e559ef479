# frozen_string_literal: true

require_relative "support"

# Who is let in.
class TestValidator < CryoTest
  # The HTTP status that a client is refused with and its text; nil once it is connected.
  def verdict(**options)
    refused = nil
    listener = client(server(**options), reconnect_attempts: 0, on_attempt_failed: ->(_, _, status, text) { refused = [status, text] })
    wait_for { listener.connected || listener.closed }
    refused
  end

  def test_only_true_and_values_let_in
    assert_nil(verdict(validator: ->(_) { true }))
    assert_nil(verdict(validator: ->(_) { {} }))
    [false, nil, 1, "yes"].each { |answer| assert_equal(401, verdict(validator: ->(_) { answer }).first) }
    assert_equal(401, verdict(validator: nil).first)
  end

  def test_a_validator_that_raises_refuses
    told = nil
    assert_equal(401, verdict(validator: ->(_) { raise "broken" }, on_error: ->(_, where) { told = where }).first)
    assert_equal(:validator, told)
    assert_equal(401, verdict(validator: ->(_) { throw :nowhere }, on_error: ->(_, _) {}).first)
  end

  def test_refusing_with_a_status_and_words
    status, text = verdict(validator: ->(auth) { auth.refuse(403, "not you", retry_after_ms: 1000) })
    assert_equal(403, status)
    assert_includes(text, "not you")
    status, text = verdict(validator: ->(auth) { auth.reject("old token") })
    assert_equal(401, status)
    assert_includes(text, "old token")
  end

  def test_a_ticket_tells_about_the_request
    facts = nil
    pair({ validator: lambda { |auth|
      facts = [auth.token, auth.parameter("name"), auth.path, auth.header("upgrade"), auth.proxy_address, auth.parameter("none"),
               auth.peer_certificate]
      auth.remote_address.start_with?("127.0.0.1:")
    } })
    assert_equal([TOKEN, "Al", "/", "websocket", "", nil, nil], facts)
  end

  def test_values_and_claims_are_the_sessions
    _, _, session = pair({ validator: lambda { |auth|
      auth.set_claim("user", "alice")
      auth.set_expiry_ms(1_000_000)
      { role: "admin" }
    } })
    assert_equal("admin", session[:role])
    session[:role] = "none"
    assert_equal("none", session[:role])
    assert_equal("alice", session.claim("user"))
    assert_nil(session.claim("none"))
  end

  def test_a_ticket_can_be_answered_later_and_once
    kept = session = nil
    listening = server(validator: ->(auth) { (kept = auth).later }, on_session: ->(each) { session = each })
    client(listening)
    wait_for { kept }
    assert(Thread.new { kept.accept({ late: true }) }.value)
    refute(kept.accept)
    refute(kept.reject)
    wait_for { session }
    assert(session[:late])
  end

  def test_a_client_may_take_the_place_of_a_session
    listening, first, = pair({ validator: lambda(&:replace) })
    client(listening, token: "another", session_id: first.client.session.id)
    wait_for { first.closed }
    assert_equal("Taken over.", first.closed.last)
  end
end
