// The look of a visible seal, as the command line and the configuration say it.
#ifndef SIGNET_SIGNET_CLI_SEAL_VISIBLE_OPTION_H_
#define SIGNET_SIGNET_CLI_SEAL_VISIBLE_OPTION_H_

#include <memory>
#include <string>

#include "config/seal_config.h"
#include "sealing/error.h"
#include "sealing/pdf_wish.h"

namespace signet::cli {

// Null where the settings want no visible seal: none of visible, text, image, background is there. Font and images are read
// now. Failure::settings for what cannot be.
sealing::SealResult<std::shared_ptr<const sealing::VisibleWish>> visible_wish_of(
    const config::SealSettings& settings);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_VISIBLE_OPTION_H_
