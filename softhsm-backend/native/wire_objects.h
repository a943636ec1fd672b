// Keys and certificates as the wire shows them.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_WIRE_OBJECTS_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_WIRE_OBJECTS_H_

#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/objects.h"

namespace signet::emulator {

Json json_of(const KeyRow& key);
Json json_of(const CertificateRow& certificate);

// The body of a PATCH.
Outcome<Naming> read_naming(const Request& request);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_WIRE_OBJECTS_H_
