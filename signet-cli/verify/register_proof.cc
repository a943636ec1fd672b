#include "signet-cli/verify/register_proof.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "common/bounded_file.h"
#include "common/json_text.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "crypto/log_proof.h"
#include "crypto/openssl.h"
#include "sealing/input.h"
#include "signet-cli/output.h"
#include "signet-cli/verify/judging.h"
#include "signet-cli/verify/sealed_file.h"
#include "signet-cli/verify/verify.h"
#include "validation/any_document.h"
#include "validation/validator.h"

namespace signet::cli {

namespace {

constexpr std::size_t kMostProofFile = std::size_t{256} * 1024;  // bytes
constexpr int kNoProof = 31;                                     // as of a document that is broken
constexpr std::size_t kRandom = 32;                              // octets that hide a content

VerifyRefusal not_proved(std::string sentence) {
  return {kExitTotalFailed, std::move(sentence)};
}

// What the log's owner put beside the proof: the leaf, and what the leaf commits to, if it was not deleted.
struct ProvedEvent {
  std::string entry;
  Json fields;  // of the entry
  std::optional<std::string> content;
  std::string random;     // hexadecimal
  std::string timestamp;  // base64; empty: none
};

std::string text_in(const Json& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  const auto* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

std::optional<Json> object_in(std::string_view text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  auto* const object = error ? nullptr : value.if_object();
  return object == nullptr ? std::nullopt : std::optional(std::move(*object));
}

std::optional<ProvedEvent> event_in(ByteView extra) {
  const auto object = object_in(text_of(extra));
  if (!object) return std::nullopt;
  ProvedEvent event{.entry = text_in(*object, "entry"),
                    .fields = {},
                    .content = std::nullopt,
                    .random = text_in(*object, "random"),
                    .timestamp = text_in(*object, "timestamp")};
  auto fields = object_in(event.entry);
  if (!fields) return std::nullopt;
  event.fields = *std::move(fields);
  if (object->contains("content")) event.content = text_in(*object, "content");
  return event;
}

// "NAME+ID+KEY", or a file whose first line it is.
VerifyResult<crypto::LogIdentity> log_named(const std::string& name) {
  if (auto log = crypto::log_of_verifier_key(name)) return *std::move(log);
  const auto content = read_file(name, kMostProofFile);
  if (!content) return wrong_options(content.error().sentence);
  const std::string_view text = text_of(content.value());
  if (auto log = crypto::log_of_verifier_key(text.substr(0, text.find('\n'))))
    return *std::move(log);
  return wrong_options(
      fmt::format("--log-key: \"{}\" has no verifier key of a log (NAME+ID+KEY)", name));
}

VerifyResult<void> check_content(const ProvedEvent& event) {
  // Both are deleted, or none.
  if (!event.content && event.random.empty()) return success();
  const auto random = from_hex(event.random);
  if (!event.content || !random || random->size() != kRandom)
    return not_proved("the proof has only one of a content and its random octets");
  Bytes committed = *random;
  committed.insert(committed.end(), event.content->begin(), event.content->end());
  if (to_hex(crypto::sha256(committed)) == text_in(event.fields, "content")) return success();
  return not_proved("the content in the proof is not that of the event");
}

VerifyResult<std::string> sha256_of_file(const std::string& name) {
  auto file = sealing::Input::file(name);
  if (!file) return refusal_of(file.error());
  const auto context = crypto::Context::create();
  if (!context) return VerifyRefusal{exit_failed, "OpenSSL has no SHA-256"};
  auto digest = crypto::Digest::start(context.value(), crypto::Hash::sha256);
  if (!digest) return VerifyRefusal{exit_failed, "OpenSSL has no SHA-256"};
  const auto read = file.value().each_piece(
      [&](ByteView piece) { return digest.value().update(piece).has_value(); });
  if (!read) return refusal_of(read.error());
  const auto octets = digest.value().finish();
  if (!octets) return VerifyRefusal{exit_failed, "OpenSSL has no SHA-256"};
  return to_hex(octets.value());
}

// What the event says of the document: "document" or "sealed document".
VerifyResult<std::string> part_of_document(const ProvedEvent& event, const std::string& name) {
  if (!event.content)
    return not_proved("the event's content was deleted, so that it is about no document");
  BOOST_OUTCOME_TRY(const auto digest, sha256_of_file(name));
  const auto content = object_in(*event.content).value_or(Json());
  if (text_in(content, "digest") == digest) return std::string("document");
  if (text_in(content, "sealedDigest") == digest) return std::string("sealed document");
  return not_proved(fmt::format("the event is not about \"{}\"", name));
}

class ProofRun {
 public:
  ProofRun(const RegisterProofOptions& wanted, const VerifyOptions& options, Context& context)
      : wanted_(wanted), options_(options), context_(context) {}

  VerifyResult<void> run() {
    BOOST_OUTCOME_TRY(check_options());
    BOOST_OUTCOME_TRY(log_, log_named(wanted_.log_key));
    const auto text = read_file(wanted_.proof, kMostProofFile);
    if (!text) return wrong_options(text.error().sentence);
    auto proof = crypto::read_log_proof(text_of(text.value()));
    auto event = proof ? event_in(proof->extra) : std::nullopt;
    if (!event)
      return VerifyRefusal{kNoProof,
                           fmt::format("\"{}\" is not the proof of an event", wanted_.proof)};
    proof_ = *std::move(proof);
    event_ = *std::move(event);
    BOOST_OUTCOME_TRY(check());
    BOOST_OUTCOME_TRY(const auto stamp, judge_time_stamp());
    print(stamp);
    return success();
  }

 private:
  VerifyResult<void> check_options() const {
    BOOST_OUTCOME_TRY(check_verify_options(options_));
    if (options_.files.size() > 1 || options_.html || options_.xml || !options_.out.empty() ||
        !options_.extract.empty() || options_.revision > 0 || !options_.data.empty())
      return wrong_options(
          "--register-proof is about one document at most, and has no report but --json");
    return success();
  }

  VerifyResult<void> check() {
    if (!crypto::open_checkpoint(log_, proof_.checkpoint))
      return not_proved("the checkpoint in the proof is not signed by this log");
    const auto tree = crypto::proved_tree(proof_, log_, view_of(event_.entry));
    if (!tree) return not_proved("the event is not in the tree of the checkpoint");
    tree_ = *tree;
    const auto* const sequence = event_.fields.if_contains("sequence");
    if (sequence == nullptr || !sequence->is_int64() ||
        sequence->get_int64() != static_cast<std::int64_t>(proof_.index))
      return not_proved("the event stands at another place than it says");
    BOOST_OUTCOME_TRY(check_content(event_));
    if (options_.files.empty()) return success();
    BOOST_OUTCOME_TRY(document_, part_of_document(event_, options_.files.front()));
    return success();
  }

  // The verdict of the time-stamp over the checkpoint; empty: there is none, or nobody is trusted.
  VerifyResult<std::string> judge_time_stamp() {
    if (event_.timestamp.empty()) return std::string();
    const auto token = crypto::from_base64(event_.timestamp);
    if (!token) return not_proved("the time-stamp in the proof is not base64");
    BOOST_OUTCOME_TRY(const auto judging, judging_of(options_));
    const auto source = cms::Source::of(*token);
    const auto data = cms::Source::of(view_of(proof_.checkpoint));
    auto read = validation::read_document(source, &data, {});
    if (!read)
      return not_proved(fmt::format("the time-stamp in the proof: {}", read.error().sentence));
    if (judging.policy.anchors.empty()) {
      context_.err << "signet: note: the time-stamp is not judged: no certificate is trusted, "
                      "--trust\n";
      return std::string();
    }
    judging.add_evidence(read.value().evidence);
    const auto result = validation::validate(read.value(), judging.policy);
    const auto overall = result.overall();
    if (!overall) return not_proved("the time-stamp in the proof is none");
    if (overall->indication == validation::Indication::failed)
      context_.exit_code = kExitTotalFailed;
    else if (overall->indication != validation::Indication::passed)
      context_.exit_code = kExitIndeterminate;
    std::string verdict(name_of(overall->indication));
    if (overall->sub_indication != validation::SubIndication::none)
      verdict += fmt::format("/{}", name_of(overall->sub_indication));
    return verdict;
  }

  void print(const std::string& stamp) const {
    if (options_.json) return print_json(json(stamp), context_.out);
    context_.out << fmt::format("proved: event {} of {}, \"{}\" at {}, in a tree of {} events\n",
                                proof_.index, log_.origin, text_in(event_.fields, "kind"),
                                text_in(event_.fields, "time"), tree_.size);
    if (!event_.content)
      context_.out << "  its content was deleted by the register's owner\n";
    else
      for (const auto& [name, value] : object_in(*event_.content).value_or(Json()))
        context_.out << fmt::format(
            "  {}: {}\n", std::string_view(name),
            value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
    if (!document_.empty())
      context_.out << fmt::format("  \"{}\" is the {}\n", options_.files.front(), document_);
    if (!stamp.empty()) context_.out << fmt::format("  the time-stamp over the tree: {}\n", stamp);
  }

  Json json(const std::string& stamp) const {
    Json json{{"proved", true},
              {"log", log_.origin},
              {"event", event_.fields},
              {"tree", {{"size", tree_.size}, {"root", to_hex(tree_.root)}}}};
    if (event_.content) json["content"] = object_in(*event_.content).value_or(Json());
    if (!document_.empty()) json["file"] = document_;
    if (!stamp.empty()) json["timeStamp"] = stamp;
    return json;
  }

  const RegisterProofOptions& wanted_;
  const VerifyOptions& options_;
  Context& context_;
  crypto::LogIdentity log_;
  crypto::LogProof proof_;
  ProvedEvent event_;
  crypto::TreeState tree_;
  std::string document_;
};

}  // namespace

void add_register_proof_options(CLI::App& command, RegisterProofOptions& options) {
  auto* const key =
      command
          .add_option("--log-key", options.log_key,
                      "With --register-proof: the verifier key of the seal server's log, or a file "
                      "with it")
          ->type_name("KEY|FILE");
  auto* const proof =
      command
          .add_option("--register-proof", options.proof,
                      "Verify this proof that a seal is in a seal server's register; FILE, where "
                      "given, must be its document")
          ->type_name("PROOF")
          ->needs(key);
  key->needs(proof);
}

void verify_register_proof(const RegisterProofOptions& wanted, const VerifyOptions& options,
                           Context& context) {
  const auto done = ProofRun(wanted, options, context).run();
  if (done) return;
  if (options.json)
    print_json(
        Json{{"proved", false}, {"error", done.error().sentence}, {"status", done.error().status}},
        context.out);
  context.fail(done.error().sentence);
  context.exit_code = done.error().status;
}

}  // namespace signet::cli
