// The words of the activation file, for its writer and its reader.
#ifndef SIGNET_SEAL_CLIENT_ACTIVATION_WORDS_H_
#define SIGNET_SEAL_CLIENT_ACTIVATION_WORDS_H_

namespace signet::sealclient::activation_words {

inline constexpr const char* kPemName = "SIGNET ACTIVATION";
inline constexpr const char* kFormat = "format";
inline constexpr const char* kFormatName = "signet activation 1";
inline constexpr const char* kClient = "client";
inline constexpr const char* kFile = "file";
inline constexpr const char* kIssued = "issued";
inline constexpr const char* kRecipient = "recipient";
inline constexpr const char* kSalt = "salt";
inline constexpr const char* kProtectedKey = "protectedKey";
inline constexpr const char* kKey = "key";
inline constexpr const char* kOrder = "order";
inline constexpr const char* kUrl = "url";
inline constexpr const char* kPins = "pins";
inline constexpr const char* kCertificates = "certificates";
inline constexpr const char* kSealing = "sealing";
inline constexpr const char* kContentKeyHash = "contentKeyHash";

}  // namespace signet::sealclient::activation_words

#endif  // SIGNET_SEAL_CLIENT_ACTIVATION_WORDS_H_
