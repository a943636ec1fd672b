// A picture of the page that a visible seal would be on, made by poppler's pdftoppm. Nothing is signed.
#ifndef SIGNET_SIGNET_CLI_SEAL_PREVIEW_H_
#define SIGNET_SIGNET_CLI_SEAL_PREVIEW_H_

#include <string>

#include "signet-cli/seal/tool.h"

namespace signet::cli {

// `picture`: a PNG file; Failure::exists where one of that name may not be replaced. Failure::settings where the seal is not visible, the document
// has a password (which pdftoppm would show in the list of processes), or pdftoppm is not installed.
sealing::SealResult<void> write_preview(const SealTool& tool, const sealing::SealWish& wish,
                                        const sealing::Input& document, const std::string& picture,
                                        bool replace);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_PREVIEW_H_
