# frozen_string_literal: true

require_relative "support"

# Extensions: hooks before sending and after receiving.
class TestExtensions < CryoTest
  def test_hooks_pass_replace_and_stop
    got = []
    listening, listener, session = pair({ on_message: ->(_, data) { got << data } })
    told = []
    directions = []
    listening.add_extension(
      Cryo::Extension.new("shouting", before_send_utf8: ->(_, data) { data.upcase },
                                      on_receive_utf8: lambda { |_, data, hook|
                                        directions << hook.direction
                                        data != "secret"
                                      },
                                      on_register: ->(name) { told << name }, on_unregister: ->(name) { told << "-#{name}" })
    )
    session.send("hello")
    listener.client.send("secret")
    listener.client.send("open")
    wait_for { listener.heard == ["HELLO"] && got == ["open"] }
    assert_equal([Cryo::ON_RECEIVE] * 2, directions)
    assert_equal("shouting", listening.find_extension("shouting").name)
    assert_nil(listening.find_extension("none"))
    assert_raises(Cryo::ExistsError) { listening.add_extension(Cryo::Extension.new("shouting")) }
    listening.remove_extension("shouting")
    assert_raises(Cryo::NotFoundError) { listening.remove_extension("shouting") }
    assert_equal(%w[shouting -shouting], told)
    session.send("quiet")
    wait_for { listener.heard.last == "quiet" }
  end

  # As a subclass.
  class Broken < Cryo::Extension
    def before_send_binary(_session, _data, _hook) = raise("broken")
  end

  def test_a_hook_that_raises_has_failed
    Cryo.set_log(Cryo::LOG_OFF)
    errors = []
    outcome = nil
    listening, listener, session = pair({ on_error: ->(_, where) { errors << where } })
    listening.add_extension(Broken.new("broken"))
    session.send("never".b, receipt: ->(*given) { outcome = given })
    session.send("text")
    wait_for { listener.heard == ["text"] && outcome }
    assert_equal([Cryo::RECEIPT_VETOED, nil, "broken"], outcome)
    assert_equal(["a hook of broken"], errors)
    listening.remove_extension("broken")
    listening.add_extension(Broken.new("looking", on_failure: Cryo::HOOK_PASS))
    session.send("all the same".b)
    wait_for { listener.heard.last == "all the same" }
  ensure
    Cryo.set_log(Cryo::LOG_WARNING)
  end

  def test_a_hook_can_answer_later
    _, listener, session = pair
    kept = []
    listener.client.add_extension(Cryo::Extension.new("slow", timeout_ms: 60_000, on_receive_utf8: ->(_, _, hook) { (kept << hook).last.later }))
    session.send("one")
    wait_for { kept.any? }
    assert(kept[0].replace("first"))
    refute(kept[0].pass)
    session.send("two")
    wait_for { kept[1] }
    kept[1].stop
    session.send("three")
    wait_for { kept[2] }
    assert_equal("three", kept[2].data)
    Thread.new { kept[2].pass }.join
    wait_for { listener.heard == %w[first three] }
    listener.client.remove_extension("slow")
  end

  def test_hooks_that_there_are_not
    assert_raises(Cryo::InvalidError) { Cryo::Extension.new("x", before_send: proc {}) }
    assert_raises(Cryo::InvalidError) { server.add_extension(Cryo::Extension.new("")) }
  end
end
