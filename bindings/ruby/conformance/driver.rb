# frozen_string_literal: true

# Does what bindings/conformance tells it, over this gem. See bindings/conformance/README.md.

$LOAD_PATH.unshift(File.expand_path("../lib", __dir__))

require "cryo"
require "json"

# The names of objects, sessions and tickets, and what is told of them.
module Names
  OBJECTS = {}
  COUNTS = Hash.new(0)
  TICKETS = {}
  KEPT = []

  module_function

  def write(**line)
    $stdout.write("#{JSON.generate(line)}\n")
    $stdout.flush
  end

  def new_ticket(ticket)
    TICKETS["t#{TICKETS.size + 1}"] = ticket
    "t#{TICKETS.size}"
  end

  def new_session(owner, session)
    session[:name] = "#{owner}.#{COUNTS[owner] += 1}"
    OBJECTS[session[:name]] = session
    session[:name]
  end

  def session_of(name)
    of = OBJECTS.fetch(name)
    of.is_a?(Cryo::Client) ? of.instance_variable_get(:@driver_session) : of
  end

  def shown(data)
    return { size: data.bytesize, sum: data.sum(64) } if data.bytesize > 1000

    data.encoding == Encoding::BINARY ? { hex: data.unpack1("H*") } : { text: data }
  end

  def payload_of(given)
    return given["text"] if given["text"]

    given["hex"] ? [given["hex"]].pack("H*") : given["fill"].chr.b * given["size"]
  end

  # "acknowledged" for RECEIPT_ACKNOWLEDGED
  def name_of(prefix, value)
    Cryo.constants.find { |name| name.start_with?(prefix) && Cryo.const_get(name) == value }.to_s.delete_prefix(prefix).downcase
  end
end

# What a server or a client tells.
class Handlers
  include Names

  attr_reader :throws

  def initialize(owner, of, echo)
    @owner = owner
    @is_server = of.is_a?(Cryo::Server)
    @throws = []
    of.on_listening { |_, port| done(:listening, owner, port: port) }
    of.on_session { |session| @is_server ? done(:session, owner, session: new_session(owner, session)) : done(:session, owner) }
    of.on_message do |session, data, _, id|
      session.send(data) if echo
      done(:message, name(session), **shown(data), **(id ? { message: id } : {}))
    end
    %i[closed disconnected].each { |event| of.on(event) { |session, code, reason| done(event, name(session), code: code, reason: reason) } }
    %i[reconnected writable].each { |event| of.on(event) { |session| done(event, name(session)) } }
    of.on_lost { |session, data| done(:lost, name(session), **shown(data)) }
    add_outcomes(of)
  end

  def add_outcomes(of)
    of.on_attempt_failed do |_, status, http_status, _, retry_ms|
      done(:attempt_failed, @owner, status: Cryo.status_name(status), http_status: http_status, retry_ms: retry_ms.to_i)
    end
    of.on_dropped { |session, reason, data| done(:dropped, name(session), reason: name_of("DROPPED_", reason), **shown(data)) }
    of.on_receipt do |session, number, outcome, _, by|
      done(:receipt, name(session), receipt: number, outcome: name_of("RECEIPT_", outcome), by: by)
    end
  end

  def name(session) = @is_server ? session[:name] : @owner

  def done(event, on, **fields)
    write(event: event, on: on, **fields)
    raise "thrown in #{event}" if @throws.include?(event.to_s)
  end
end

# One method for each `do`, with the command's fields.
class Commands
  include Names

  HANDLERS = {}

  def initialize
    @soon = []
  end

  # What a validator has put off to the next turn.
  def turn
    @soon.shift.call until @soon.empty?
  end

  def server(given)
    server = Cryo::Server.new(port: 0, **(given["options"] || {}).transform_keys(&:to_sym),
                              validator: validator(given["validator"] || "good", given["as"]))
    HANDLERS[given["as"]] = Handlers.new(given["as"], server, given["echo"])
    server.start
    OBJECTS[given["as"]] = server
    { port: server.port }
  end

  def client(given)
    options = (given["options"] || {}).transform_keys(&:to_sym)
    url = given["url"] || format(options[:tls_ca_file] ? "wss://localhost:%d" : "ws://127.0.0.1:%d", OBJECTS.fetch(given["to"]).port)
    given["provider"] ? options[:token_provider] = provider(given["provider"]) : options[:token] = given["token"] || "good"
    client = Cryo::Client.new(url, **options)
    HANDLERS[given["as"]] = Handlers.new(given["as"], client, given["echo"])
    client.instance_variable_set(:@driver_session, client.session)
    client.start
    OBJECTS[given["as"]] = client
    {}
  end

  def validator(kind, owner)
    good = ->(auth) { auth.token == "good" }
    { "good" => good, "throw" => ->(_) { raise "thrown in the validator" },
      "later" => lambda { |auth|
        @soon << -> { good.call(auth) ? auth.accept : auth.reject }
        auth.later
      },
      "ask" => lambda { |auth|
        write(event: :auth, on: owner, ticket: new_ticket(auth), token: auth.token)
        auth.later
      },
      "never" => ->(auth) { (KEPT << auth).last.later } }.fetch(kind)
  end

  def provider(kind)
    { "good" => ->(_) { "good" }, "throw" => ->(_) { raise "thrown in the token provider" },
      "never" => ->(request) { (KEPT << request).last.later } }.fetch(kind)
  end

  def send_(given)
    session_of(given["on"]).send(payload_of(given), key: given["key"], receipt: given["receipt"])
    {}
  end

  def broadcast(given)
    OBJECTS.fetch(given["on"]).broadcast(payload_of(given), except: given["except"] && OBJECTS.fetch(given["except"]))
    {}
  end

  def burst(given)
    sessions = given["on"].map { |name| session_of(name) }
    threads = Array.new(given["threads"]) do |thread|
      Thread.new do
        Thread.current.report_on_exception = false
        given["count"].times do |i|
          number = (thread * given["count"]) + i
          sessions[number % sessions.size].send("#{given["text"]} #{number}")
        end
      end
    end
    threads.each(&:join)
    {}
  end

  def ping(given) = nothing(session_of(given["on"]).ping)
  def close(given) = nothing(session_of(given["on"]).close(given["code"] || 4000, given["reason"]))
  def stop(given) = nothing(OBJECTS.fetch(given["on"]).stop)
  def wait(given) = OBJECTS.fetch(given["on"]).wait(20) ? {} : raise("it has not ended")
  def free(given) = nothing(OBJECTS.fetch(given["on"]).close)
  def drain(given) = nothing(OBJECTS.fetch(given["on"]).drain(given["deadline_ms"], given["batch_ms"] || 0))

  def accept(given)
    auth = TICKETS.fetch(given["ticket"])
    (given["claims"] || {}).each { |name, value| auth.set_claim(name, value) }
    auth.set_expiry_ms(given["expiry_ms"]) if given["expiry_ms"]
    settled(auth.accept)
  end

  def replace(given) = settled(TICKETS.fetch(given["ticket"]).replace)
  def reject(given) = settled(TICKETS.fetch(given["ticket"]).reject(given["reason"]))
  def refuse(given) = settled(TICKETS.fetch(given["ticket"]).refuse(given["status"], given["reason"]))

  def extension(given)
    options = {}
    options[:timeout_ms] = given["timeout_ms"] if given["timeout_ms"]
    options[:on_failure] = Cryo.const_get("HOOK_#{given["on_failure"].upcase}") if given["on_failure"]
    given["hooks"].each { |name| options[name.tr(" ", "_").to_sym] = ->(session, _, ticket) { hook(given, session, ticket) } }
    OBJECTS[given["as"]] = Cryo::Extension.new(given["name"], **options)
    {}
  end

  def hook(given, session, ticket)
    case given["does"]
    when "throw" then raise "thrown in a hook"
    when "never" then (KEPT << ticket).last.later
    when "replace" then payload_of(given)
    when "ask"
      write(event: :hook, on: session[:name] || given["client"], ticket: new_ticket(ticket), extension: given["name"],
            direction: ticket.direction == Cryo::BEFORE_SEND ? "before_send" : "on_receive", **shown(ticket.data))
      ticket.later
    else given["does"] == "pass"
    end
  end

  def add_extension(given) = nothing(OBJECTS.fetch(given["on"]).add_extension(OBJECTS.fetch(given["extension"])))
  def remove_extension(given) = nothing(OBJECTS.fetch(given["on"]).remove_extension(OBJECTS.fetch(given["extension"]).name))
  def pass(given) = settled(TICKETS.fetch(given["ticket"]).pass)
  def replace_with(given) = settled(TICKETS.fetch(given["ticket"]).replace(payload_of(given)))
  def stop_message(given) = settled(TICKETS.fetch(given["ticket"]).stop)
  def fail_message(given) = settled(TICKETS.fetch(given["ticket"]).fail(given["reason"]))

  def get(given)
    what = given["what"]
    return {} if what == "nothing"

    of = OBJECTS.fetch(given["on"])
    return { value: of.stat(Cryo.const_get("SERVER_STAT_#{given["name"].upcase}")) } if what == "stat"
    return { value: of.public_send(what) } if %w[metrics port session_count].include?(what)

    session = session_of(given["on"])
    return { value: session.stats[:queued_bytes] } if what == "queued_bytes"
    return { value: session.public_send("#{what.delete_prefix("is_")}?") } if what.start_with?("is_")

    { value: given["name"] ? session.public_send(what, given["name"]) : session.public_send(what) }
  end

  def put(given)
    session_of(given["on"])[given["key"]] = given["value"]
    {}
  end

  def value(given) = { value: session_of(given["on"])[given["key"]] }
  def pause(given) = nothing(session_of(given["on"]).pause_reading)
  def resume(given) = nothing(session_of(given["on"]).resume_reading)
  def ack(given) = nothing(session_of(given["on"]).ack(given["message"]))
  def find(given) = { session: OBJECTS.fetch(given["on"]).find(given["session_id"])&.[](:name) }
  def throw_in(given) = nothing(HANDLERS.fetch(given["on"]).throws << given["event"])
  def collect(_given) = nothing(GC.start)

  def fork(_given)
    child = Process.fork { exit(7) }
    status = Process.wait2(child).last
    { child: status.exitstatus || -status.termsig }
  end

  private

  def nothing(_given) = {}
  # This gem says by a truth value what others say by an error.
  def settled(in_time) = in_time ? {} : { error: "CRYO_ERR_STATE", text: "settled before" }
end

commands = Commands.new
carry_out = lambda do |line|
  given = JSON.parse(line)
  what = given["do"]
  exit(given["code"]) if what == "exit"
  raise "nothing catches this" if what == "throw"
  begin
    answer = commands.public_send(what == "send" ? :send_ : what, given)
  rescue Cryo::Error => e
    answer = { error: e.name, text: e.text }
  rescue StandardError => e
    answer = { fault: e.full_message(highlight: false) }
  end
  Names.write(id: given["id"], **answer)
end

Names.write(driver: "ruby", library: Cryo.version, features: %w[threads collect fork throw])
text = +""
loop do
  open = Names::OBJECTS.values.select { |of| of.is_a?(Cryo::Pulled) && !of.closed? }
  ready, = IO.select([$stdin, *open], nil, nil, 0.2)
  open.each { |of| of.poll unless of.closed? }
  commands.turn
  next unless ready&.include?($stdin)

  begin
    text << $stdin.readpartial(65_536)
  rescue EOFError
    break
  end
  carry_out.call(text.slice!(0..text.index("\n"))) while text.include?("\n")
end
