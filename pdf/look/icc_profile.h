// The colours of the screen (sRGB, IEC 61966-2-1) and its grays as small ICC profiles.
#ifndef SIGNET_PDF_LOOK_ICC_PROFILE_H_
#define SIGNET_PDF_LOOK_ICC_PROFILE_H_

#include "common/bytes.h"

namespace signet::pdf::look {

// Version 2.1, which every part of PDF/A takes; less than 1 KB each.
const Bytes& srgb_profile();
const Bytes& gray_profile();

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_ICC_PROFILE_H_
