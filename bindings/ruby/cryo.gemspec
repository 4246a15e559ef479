# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "cryo"
  spec.version = "0.1.0"
  spec.summary = "Real-time WebSocket sessions over libcryo"
  spec.description = "Servers, clients and extensions of the Cryo protocol, over the shared library libcryo, which is installed apart."
  spec.authors = ["The Cryo authors"]
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir["lib/**/*.rb"] + ["README.md", "example.rb"]
  spec.add_dependency "ffi", "~> 1.15"
end
