// Whether a certificate is within its dates, by this machine's clock.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_PERIOD_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_PERIOD_H_

#include "common/bytes.h"

namespace signet::emulator::csc {

enum class Period { not_yet, valid, over };

// What is no certificate is over.
Period period_of(ByteView der);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_PERIOD_H_
