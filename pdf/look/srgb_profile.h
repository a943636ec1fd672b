// The colours of the screen (IEC 61966-2-1) as a small ICC profile.
#ifndef SIGNET_PDF_LOOK_SRGB_PROFILE_H_
#define SIGNET_PDF_LOOK_SRGB_PROFILE_H_

#include "common/bytes.h"

namespace signet::pdf::look {

// Version 2.1, which every part of PDF/A takes; about 1 KB.
const Bytes& srgb_profile();

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_SRGB_PROFILE_H_
