// What a browser, and a tool that makes clients, get: an HTML page and the WSDL.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_PAGES_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_PAGES_H_

#include <string_view>

#include "softhsm-backend/message.h"

namespace signet::emulator::sapiws {

Answer page_answer(bool dss);

// With the service's address at `host`, the request's Host header; a header that is no host and port gives that of the
// vendor's WSDL.
Answer wsdl_answer(bool dss, std::string_view host);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_PAGES_H_
