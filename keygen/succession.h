// Which certificate of a token has taken another one's place.
#ifndef SIGNET_KEYGEN_SUCCESSION_H_
#define SIGNET_KEYGEN_SUCCESSION_H_

#include <chrono>
#include <string>

#include "keygen/certificate.h"

namespace signet::keygen {

// A certificate and the label it has on the token.
struct Labelled {
  std::string label;
  Certificate certificate;
};

// `other` has the same subject, ends later, and either the old one was labelled as superseded (retired_label()), or both
// have one label and keys of one type, or the old one has expired and the other, with a key of the same type, has not.
// Whether the other one's key is on the token is the caller's to know.
bool supersedes(const Labelled& other, const Labelled& old);

// What a label becomes when a successor takes it over: "seal (until 2027-11-22)".
std::string retired_label(const std::string& label, const Certificate& certificate);

// "2027-11-22", UTC.
std::string date_text(std::chrono::system_clock::time_point time);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_SUCCESSION_H_
