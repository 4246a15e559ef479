# frozen_string_literal: true

require_relative "support"

# TLS: certificates of servers and clients.
class TestTls < CryoTest
  def setup
    super
    @certificate, @key = CryoTest.certificate("server")
    @other_certificate, @other_key = CryoTest.certificate("other")
  end

  def url(server) = "wss://127.0.0.1:#{server.port}"

  def test_wss_with_certificates_from_files_and_from_memory
    [{ tls_files: [@certificate, @key] }, { tls_memory: [File.binread(@certificate), File.binread(@key)] },
     { tls_files: [[@certificate, @key], [@other_certificate, @other_key]], tls_min_version: Cryo::TLS_1_3 }].each do |options|
      listening = server(**options)
      listener = client(listening, url: url(listening), tls_ca_file: @certificate)
      wait_for("a session") { listener.connected }
      listening.set_tls
      listening.set_tls(tls_files: [@other_certificate, @other_key])
      failed = nil
      client(listening, url: url(listening), tls_ca_memory: File.binread(@certificate), tls_system_ca: false, reconnect_attempts: 0,
                        on_attempt_failed: ->(_, status) { failed = status })
      wait_for("the refusal") { failed }
      assert_equal(Cryo::ERR_TLS_UNTRUSTED, failed)
      listening.set_tls_ticket_keys(Random.bytes(80))
      listening.set_tls_ticket_keys(nil)
    end
  end

  def test_a_clients_certificate
    session = nil
    listening = server(tls_files: [@certificate, @key], tls_client_ca_file: @other_certificate, tls_require_client_certificate: true,
                       on_session: ->(each) { session = each })
    client(listening, url: url(listening), tls_ca_file: @certificate, tls_files: [@other_certificate, @other_key])
    wait_for("a session") { session }
    shown = session.peer_certificate
    assert_equal(["CN=other", ["IP:127.0.0.1"], 64], [shown.subject, shown.names, shown.fingerprint.size])
  end

  def test_certificates_that_cannot_be_used
    listening = keep(Cryo::Server.new(port: 0, tls_files: [@certificate, @other_key]))
    assert_raises(Cryo::TlsMismatchError) { listening.start }
    listening = keep(Cryo::Server.new(port: 0, tls_files: ["/none", "/none"]))
    assert_raises(Cryo::TlsFileError) { listening.start }
  end
end
