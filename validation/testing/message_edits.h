// For tests: what is added to messages that are made already.
#ifndef SIGNET_VALIDATION_TESTING_MESSAGE_EDITS_H_
#define SIGNET_VALIDATION_TESTING_MESSAGE_EDITS_H_

#include <string>
#include <string_view>

#include "validation/testing/test_messages.h"

namespace signet::validation::pki {

// The signature value of the first signer.
Bytes signature_in(ByteView message);
// The first signer's SignerInfo.
Bytes signer_info_in(ByteView message);
// SignerInfo over the first signer's signature value (RFC 5652, 11.4).
Bytes counter_signature(const Party& by, ByteView message);
// The detached message with one more unsigned attribute of its first signer.
Bytes with_attribute(ByteView message, const std::string& type, ByteView value);

// An archive time-stamp (EN 319 122-1, 5.5.2), written apart from its reader.
struct ArchiveWish {
  int version = 3;         // of ats-hash-index: 1 to 3
  Bytes more_listed = {};  // a digest of nothing that is there
  crypto::Hash index_hash = crypto::Hash::sha256;
};
// `content`: what the message is over.
Bytes archived(ByteView message, const Party& authority, std::string_view time, ByteView content,
               const ArchiveWish& wish = {});

}  // namespace signet::validation::pki

#endif  // SIGNET_VALIDATION_TESTING_MESSAGE_EDITS_H_
