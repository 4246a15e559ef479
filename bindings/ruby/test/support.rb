# frozen_string_literal: true

require "minitest"
require "openssl"
require "socket"
require "tempfile"
require "tmpdir"
require "cryo"

# What the tests have in common.
class CryoTest < Minitest::Test
  PATIENCE = 60
  TOKEN = "secret"
  LIB = File.expand_path("../lib", __dir__)

  def setup
    @kept = []
    @programs = []
  end

  def teardown
    @kept.reverse_each(&:close)
    @programs.each(&:close)
  end

  # To be closed behind the test.
  def keep(pulled)
    @kept << pulled
    pulled
  end

  # Calls handlers of all that is kept until the block says so.
  def wait_for(what = "it")
    deadline = now + PATIENCE
    loop do
      result = yield
      return result if result

      flunk("waited in vain for #{what}") if now > deadline
      open = @kept.reject(&:closed?)
      open.empty? ? Thread.pass && sleep(0.01) : Cryo.poll(*open, timeout: 0.05)
    end
  end

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def server(**options)
    keep(Cryo::Server.new(port: 0, validator: ->(auth) { auth.token == TOKEN }, **options)).start
  end

  # A client that keeps what it has heard, and its end.
  Listener = Struct.new(:client, :heard, :closed, :connected)

  def client(of, **options)
    url = options.delete(:url) || "ws://127.0.0.1:#{of.port}/?name=Al"
    options[:token] = TOKEN unless options[:token] || options[:token_provider]
    listener = Listener.new(keep(Cryo::Client.new(url, **options)), [], nil, false)
    listener.client.on_message { |_, data| listener.heard << data } unless options[:on_message]
    listener.client.on_closed { |_, code, reason| listener.closed = [code, reason] }
    listener.client.on_session { listener.connected = true } unless options[:on_session]
    listener.client.start
    listener
  end

  # A server and a client that are connected: server, listener, the server's session.
  def pair(server_options = {}, client_options = {})
    session = nil
    listening = server(**server_options)
    listening.on_session { |each| session = each }
    listener = client(listening, **client_options)
    wait_for("a session") { session && listener.connected }
    [listening, listener, session]
  end

  # A Ruby program in a process of its own.
  class Program
    attr_reader :pid

    def initialize(text)
      @out = Tempfile.new
      @pid = Process.spawn("ruby", "-W", "-I", LIB, "-e", text, %i[out err] => @out.path)
    end

    def output = File.read(@out.path)

    # The exit status, once it has ended; a negative number for a signal.
    def status
      return @status if @status

      _, found = Process.wait2(@pid, Process::WNOHANG)
      @status = found && (found.exitstatus || -found.termsig)
    end

    def signal(name) = Process.kill(name, @pid)

    def close
      return if status

      signal(:KILL)
      Process.wait(@pid)
    end
  end

  def program(text)
    @programs << Program.new(text)
    @programs.last
  end

  # Files with a certificate for 127.0.0.1, and its key.
  def self.certificate(name)
    @certificates ||= {}
    @certificates[name] ||= begin
      folder = Dir.mktmpdir
      Minitest.after_run { FileUtils.remove_entry(folder) }
      key = OpenSSL::PKey::EC.generate("prime256v1")
      paths = ["#{folder}/#{name}.pem", "#{folder}/#{name}.key"]
      File.write(paths[0], made(name, key).to_pem)
      File.write(paths[1], key.to_pem)
      paths
    end
  end

  def self.made(name, key)
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = 1
    certificate.subject = certificate.issuer = OpenSSL::X509::Name.parse("/CN=#{name}")
    certificate.public_key = key
    certificate.not_before = Time.now - 3600
    certificate.not_after = Time.now + 86_400
    factory = OpenSSL::X509::ExtensionFactory.new(certificate, certificate)
    certificate.add_extension(factory.create_extension("basicConstraints", "CA:TRUE", true))
    certificate.add_extension(factory.create_extension("subjectAltName", "IP:127.0.0.1"))
    certificate.sign(key, OpenSSL::Digest.new("SHA256"))
  end
end
