# frozen_string_literal: true

module Cryo
  class Pulled
    # Adds an extension behind those that are there. Raises ExistsError.
    def add_extension(extension)
      handle = alive
      extension.with_handle(@queue) { |made| Failures.check(native(:add_extension, handle, made)) }
      @extensions[extension.name] = extension
      extension.on_register(extension.name) if extension.respond_to?(:on_register)
    end

    # Takes it out: messages pass by; tickets that are out still count. Raises NotFoundError.
    def remove_extension(name)
      Failures.check(native(:remove_extension, alive, Native.text_in(name, "a name")))
      extension = @extensions.delete(name)
      extension.on_unregister(name) if extension.respond_to?(:on_unregister)
    end

    # The extension of that name, or nil.
    def find_extension(name)
      out = FFI::MemoryPointer.new(:uint64)
      status = native(:find_extension, alive, Native.text_in(name, "a name"), out)
      return nil if status == ERR_NOT_FOUND

      Failures.check(status)
      Native.cryo_extension_free(out.read_uint64)
      @extensions[name]
    end
  end
end
