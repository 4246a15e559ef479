// The server's answers to an upgrade request, complete and ready to be written.
#pragma once

#include "upgrade/admission.h"

namespace cryo_core::upgrade {

// "" for a status that has none here.
std::string_view reason_phrase(int status);

// 101. No extension and no subprotocol is ever agreed to.
// `more_headers`: whole lines.
std::string switching_protocols(std::string_view accept_key, std::string_view more_headers = {});

// Anything else; the connection closes behind it. Empty for status 0: nothing is to be sent.
std::string refuse(const refusal &no);

} // namespace cryo_core::upgrade
