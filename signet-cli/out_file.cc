#include "signet-cli/out_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include "common/descriptor.h"

namespace signet::cli {

void add_out_options(CLI::App& command, OutOptions& options) {
  command.add_option("--out", options.file, "File to write; default: the standard output")
      ->type_name("FILE");
  command.add_flag("--der", options.der, "Write DER, not PEM");
}

pkcs11::TokenResult<void> write_out(const OutOptions& options, std::string_view content,
                                    Context& context) {
  if (options.file.empty()) {
    context.out << content;
    return success();
  }
  std::ofstream file(options.file, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (file) return success();
  return pkcs11::token_error(pkcs11::Reason::failed,
                             fmt::format("cannot write {}: {}", options.file, system_text(errno)));
}

}  // namespace signet::cli
