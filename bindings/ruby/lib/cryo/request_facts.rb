# frozen_string_literal: true

module Cryo
  # What a session and a ticket tell of the upgrade request; both have a `handle`.
  module RequestFacts
    # What a client has shown of itself.
    PeerCertificate = Struct.new(:subject, :names, :fingerprint)

    def self.included(type)
      prefix = "cryo_#{type.name.split("::").last.downcase}_"
      # "192.0.2.7:54321"; the proxy that has told it, or ""; the path of the request
      %i[remote_address proxy_address path].each do |name|
        type.define_method(name) { Native.text_from { |*out| Native.send(:"#{prefix}#{name}", handle, *out) } }
      end
      # A query parameter, decoded; a header. nil where there is none.
      %i[parameter header].each do |name|
        type.define_method(name) do |which|
          which = Native.text_in(which, "a name")
          Native.text_from { |*out| Native.send(:"#{prefix}#{name}", handle, which, *out) }
        end
      end
      define_certificate(type, "#{prefix}peer_certificate_")
    end

    def self.define_certificate(type, prefix)
      # The certificate that the client has shown, or nil.
      type.define_method(:peer_certificate) do
        subject = Native.text_from { |*out| Native.send(:"#{prefix}subject", handle, *out) }
        return nil unless subject

        names = []
        while (name = Native.text_from { |*out| Native.send(:"#{prefix}name", handle, names.size, *out) })
          names << name
        end
        PeerCertificate.new(subject, names, Native.text_from { |*out| Native.send(:"#{prefix}fingerprint", handle, *out) })
      end
    end
    private_class_method :define_certificate
  end
end
