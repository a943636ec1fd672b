// Many documents, several at a time; a failure of one does not stop the others.
#ifndef SIGNET_SIGNET_CLI_SEAL_BATCH_H_
#define SIGNET_SIGNET_CLI_SEAL_BATCH_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signet-cli/seal/options.h"
#include "signet-cli/seal/report.h"
#include "signet-cli/seal/tool.h"

namespace signet::cli {

// One document and where its seal goes.
struct SealJob {
  std::string in;   // "-": standard input
  std::string out;  // "-": standard output
  // Of standard input, which was read before anything else was done; else null.
  std::shared_ptr<sealing::Input> spooled = {};
  bool pades = false;  // the seal goes into the document
};

// Names every output before anything is sealed. Failure::settings where two documents would have one output, one would be
// replaced by the seal of another one, or the options do not fit the number of documents.
sealing::SealResult<std::vector<SealJob>> jobs_of(const SealOptions& options, SealFormat format,
                                                  bool external);

// "invoice.xml" -> "invoice.xml.p7s"; `out_dir` may be empty: beside the document.
std::string sealed_name(const std::string& in, const std::string& out_dir, bool external);

// Of a PDF document: "invoice.pdf" -> "invoice.sealed.pdf", in another folder "invoice.pdf".
std::string sealed_pdf_name(const std::string& in, const std::string& out_dir);

// Whether the seal of this document goes into it.
bool is_for_pades(const std::string& file, SealFormat format);

// Calls `work` for each of so many jobs, in `threads` threads, until it is stopped.
void in_threads(std::size_t jobs, unsigned threads, const std::atomic<bool>& stop,
                const std::function<void(std::size_t)>& work);

// The option that only a seal beside or around a document can fulfil; empty: none was given.
std::string_view cades_option_of(const SealTool& tool);

bool same_file(const std::string& one, const std::string& other);

// The document of a job, opened now where it was not spooled.
sealing::SealResult<std::shared_ptr<const sealing::Input>> input_of(const SealJob& job);

// Seals one document, or adds a signature to one that is sealed, as the options say.
SealOutcome seal_one(const SealTool& tool, const SealOptions& options, const SealJob& job,
                     const sealing::Control& control);

// Adds time-stamps to one seal.
SealOutcome raise_one(const SealTool& tool, const SealOptions& options, const SealJob& job);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_BATCH_H_
