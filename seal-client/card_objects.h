// What the enrolment puts on an activation card, and the activation looks for there.
#ifndef SIGNET_SEAL_CLIENT_CARD_OBJECTS_H_
#define SIGNET_SEAL_CLIENT_CARD_OBJECTS_H_

#include <string_view>

namespace signet::sealclient {

// Label (CKA_LABEL) of the authentication key pair and its certificate, which share a CKA_ID.
inline constexpr std::string_view kCardKeyLabel = "Signet authentication";

// Label of the sealing certificate, whose key is in the appliance.
inline constexpr std::string_view kCardSealingLabel = "Signet sealing";

// Label of those who issued the two, where they are not roots.
inline constexpr std::string_view kCardIssuerLabel = "Signet issuer";

// The data object (CKO_DATA, CKA_PRIVATE) whose value is SHA-256(K), 32 bytes: by CKA_APPLICATION and CKA_LABEL.
inline constexpr std::string_view kCardApplication = "Signet";
inline constexpr std::string_view kCardHashLabel = "Signet content key SHA-256";

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_CARD_OBJECTS_H_
