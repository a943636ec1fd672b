// What `signet seal` takes from the configuration: [seal], and [seal.profile.NAME] over it. The same values can be given on
// the command line, which goes first.
#ifndef SIGNET_CONFIG_SEAL_CONFIG_H_
#define SIGNET_CONFIG_SEAL_CONFIG_H_

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"
#include "config/client_certificate.h"
#include "config/credential_source.h"
#include "pinning/pins.h"

namespace signet::config {

// In place of a URL: the service of the key's token gives the time-stamps (CSC API: signatures/timestamp).
inline constexpr std::string_view kTokenAuthority = "csc:";

// A time-stamp authority (RFC 3161): [[seal.tsa]].
struct TsaConfig {
  std::string url;      // http or https, or kTokenAuthority
  std::string ca_file;  // who must have certified the signer of a time-stamp; empty: nobody
  std::string policy;   // dotted; empty: the authority's choice
  std::string user;     // of HTTP Basic; empty: none
  std::optional<CredentialSource> password;
  std::optional<ClientCertificate> client_certificate;
  pinning::PinSet pins;     // of its TLS certificate; may be empty
  std::string tls_ca_file;  // who must have certified its TLS server
  Milliseconds limit{10'000};
  Milliseconds clock_distance{5 * 60'000};  // largest distance of a time-stamp from our clock

  bool operator==(const TsaConfig&) const = default;
};

// Where a value is not there, that of the next one counts: command line, profile, [seal], default.
struct SealSettings {
  using Text = std::optional<std::string>;
  using Flag = std::optional<bool>;

  Text module;
  Text token;              // label or pkcs11: URI
  Text key;                // likewise
  Text id;                 // CKA_ID, hexadecimal
  Text pin_file;           //
  Text sign_pin_file;      // second credential of each signature
  Text cert;               // file: the signer's certificate
  Text chain;              // file: its issuers
  Text format;             // "cades" or "pades"
  Text form;               // "external" (the signature alone) or "internal" (the document inside)
  Flag ber;                // internal: indefinite lengths
  Text level;              // "B-B" or "B-T"
  Text hash;               // "SHA256", "SHA384" or "SHA512"
  Flag pss;                //
  Text commitment;         // "proof-of-origin" and the like, or dotted
  Text country;            // where it is sealed: two letters
  Text locality;           //
  Text media_type;         // of the document
  Flag file_name;          // the document's name is sealed with it
  Text reason;             // of a seal in a PDF document
  Text location;           //
  Text contact;            //
  Text field;              // full name of a signature field that is there
  Text certify;            // "1", "2" or "3": what may change afterwards
  Text pdf_password_file;  // of encrypted documents
  Flag ignore_xfa;         //
  Flag repair_ok;          // damaged documents get new cross-references
  Text visible;            // "page=1,corner=bottom-right,x=36,y=36,width=180,height=60" and more
  Text text;               // of a visible seal: a template
  Text image;              // file
  Text background;         // file
  Text font;               // file
  Text on_tsa_failure;     // "fail" or "degrade"
  std::optional<unsigned> jobs;
  std::vector<TsaConfig> tsa;  // in the order of asking

  bool operator==(const SealSettings&) const = default;
};

struct SealConfig {
  SealSettings common;
  std::map<std::string, SealSettings, std::less<>> profiles;

  bool operator==(const SealConfig&) const = default;
};

// What is missing in `over` is taken from `under`; a list of authorities as a whole.
SealSettings merged(const SealSettings& over, const SealSettings& under);

// The settings that are one value, by their key in the configuration; on the command line "--" and the key with "-" for "_".
enum class SealValue { text, path, word };
struct SealText {
  std::string_view key;
  SealSettings::Text SealSettings::*member;
  SealValue value;
  std::span<const std::string_view> words;  // that it may be
};
std::span<const SealText> seal_texts();

struct SealFlag {
  std::string_view key;
  SealSettings::Flag SealSettings::*member;
};
std::span<const SealFlag> seal_flags();

inline constexpr unsigned kMostSealJobs = 256;

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SEAL_CONFIG_H_
