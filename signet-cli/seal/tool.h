// What all seals of one run share: the key on its token, the time-stamp authorities, and how a seal is to be.
#ifndef SIGNET_SIGNET_CLI_SEAL_TOOL_H_
#define SIGNET_SIGNET_CLI_SEAL_TOOL_H_

#include <memory>
#include <string>

#include "config/seal_config.h"
#include "sealing/sealer.h"
#include "signet-cli/seal/options.h"

namespace signet::cli {

// Which form a seal has: by the document where nothing is said.
enum class SealFormat { by_document, cades, pades };

struct SealTool {
  std::shared_ptr<crypto::Context> context;
  std::shared_ptr<timestamps::Client> time_stamps;  // null: no authority
  timestamps::KeyService
      key_service;  // without a key, for the authority "csc:"; empty: none is configured
  std::unique_ptr<sealing::Sealer> sealer;
  sealing::SealWish wish;
  sealing::PdfWish pdf;
  SealFormat format = SealFormat::by_document;
  bool file_name = false;
  unsigned threads = 1;  // for documents
};

// With a login at the token.
sealing::SealResult<SealTool> open_seal_tool(const config::SealSettings& settings);

// Without a key and a login, for --resume: only context, time_stamps and key_service.
sealing::SealResult<SealTool> open_stamp_tool(const config::SealSettings& settings);

// Options of CAdES (the form, --ber) choose that. Failure::settings where they stand beside --format pades.
sealing::SealResult<SealFormat> format_of(const config::SealSettings& settings);

// Whether it begins with "%PDF-"; not where it cannot be read.
bool begins_as_pdf(const sealing::Input& document);

// What the settings say of a seal, checked: needs no token.
sealing::SealResult<sealing::SealWish> seal_wish_of(const config::SealSettings& settings);

// What is asked for contradicts itself, the configuration or the key.
sealing::Error settings_error(std::string sentence);

// The exit status of `signet` for it.
int exit_status_of(const sealing::Error& error);
inline constexpr int kExitDegraded = 30;

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_TOOL_H_
