#include "validation/path_check.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "validation/chains.h"

namespace signet::validation {

namespace {

using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using StoreContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using PurposesPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

constexpr Sentence kNotCa{"{0} is not the certificate of a certification authority",
                          "{0} není certifikát certifikační autority"};
constexpr Sentence kPathLength{
    "the chain is longer than the path length that {0} allows",
    "řetězec certifikátů je delší, než dovoluje omezení délky v certifikátu {0}"};
constexpr Sentence kCriticalExtension{"{0} has a critical extension that is not known here",
                                      "certifikát {0} má kritické rozšíření, které zde není známo"};
constexpr Sentence kNameConstraints{
    "the names in {0} are not allowed by the name constraints of its issuers",
    "jména v certifikátu {0} nedovolují omezení jmen jeho vydavatelů"};
constexpr Sentence kPolicy{"{0}: the chain does not meet its own policy constraints",
                           "{0}: řetězec certifikátů nesplňuje svá vlastní omezení politik"};
constexpr Sentence kManyPolicies{
    "{0}: the chain has more certificate policies than can be checked",
    "{0}: řetězec certifikátů má více certifikačních politik, než lze prověřit"};
constexpr Sentence kBadExtension{
    "an extension of {0} cannot be read, or contradicts another one",
    "rozšíření certifikátu {0} nelze přečíst nebo si navzájem odporují"};
constexpr Sentence kOther{"{0} fails the check of its chain: {1}",
                          "certifikát {0} nevyhověl kontrole řetězce certifikátů: {1}"};
constexpr Sentence kNoSignatures{
    "the key usage of {0} allows no signatures but of certificates or revocation data",
    "použití klíče v certifikátu {0} nedovoluje jiné podpisy než certifikátů nebo údajů o "
    "zneplatnění"};
constexpr Sentence kNoTimeStamps{
    "{0} is not a certificate for time-stamps alone (extended key usage, critical)",
    "{0} není certifikát jen pro časová razítka (kritické rozšířené použití klíče)"};

struct ErrorSentence {
  int error;
  const Sentence* sentence;
};

constexpr std::array kErrors = {
    ErrorSentence{X509_V_ERR_INVALID_CA, &kNotCa},
    ErrorSentence{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, &kNotCa},
    ErrorSentence{X509_V_ERR_PATH_LENGTH_EXCEEDED, &kPathLength},
    ErrorSentence{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, &kCriticalExtension},
    ErrorSentence{X509_V_ERR_PERMITTED_VIOLATION, &kNameConstraints},
    ErrorSentence{X509_V_ERR_EXCLUDED_VIOLATION, &kNameConstraints},
    ErrorSentence{X509_V_ERR_SUBTREE_MINMAX, &kNameConstraints},
    ErrorSentence{X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, &kNameConstraints},
    ErrorSentence{X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, &kNameConstraints},
    ErrorSentence{X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, &kNameConstraints},
    ErrorSentence{X509_V_ERR_NO_EXPLICIT_POLICY, &kPolicy},
    ErrorSentence{X509_V_ERR_INVALID_POLICY_EXTENSION, &kPolicy},
    ErrorSentence{X509_V_ERR_INVALID_EXTENSION, &kBadExtension},
};

using Path = std::vector<CertificatePtr>;
using Links = std::vector<X509Ptr>;  // of a path, as OpenSSL gets it

// The path that a context is for. OpenSSL's callbacks get nothing else.
const Links& path_of(X509_STORE_CTX* context) {
  return *static_cast<const Links*>(X509_STORE_CTX_get_app_data(context));
}

// The path is given: each one's issuer is the next, whatever key identifiers say.
int is_next(X509_STORE_CTX* context, X509* certificate, X509* issuer) {
  const Links& path = path_of(context);
  for (std::size_t i = 0; i + 1 < path.size(); ++i)
    if (X509_cmp(path[i].get(), certificate) == 0 && X509_cmp(path[i + 1].get(), issuer) == 0)
      return 1;
  return 0;
}

// The signatures were computed when the path was built.
int no_signatures(X509_STORE_CTX* /*context*/) {
  return 1;
}

// What an anchor is trusted for is its owner's to say, not its extensions'.
int accept_anchor(int good, X509_STORE_CTX* context) {
  if (good == 1) return 1;
  const int error = X509_STORE_CTX_get_error(context);
  const bool about_itself =
      error == X509_V_ERR_INVALID_CA || error == X509_V_ERR_KEYUSAGE_NO_CERTSIGN ||
      error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION || error == X509_V_ERR_INVALID_EXTENSION;
  const bool is_anchor =
      X509_STORE_CTX_get_error_depth(context) == static_cast<int>(path_of(context).size()) - 1;
  if (!about_itself || !is_anchor) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

void require(bool made) {
  if (!made) throw std::bad_alloc();
}

X509Ptr shared(X509* certificate) {
  require(X509_up_ref(certificate) == 1);
  return X509Ptr(certificate);
}

// After a rollover of its key an authority signs the new one by the old one under the same name (RFC 4210, 4.4). Without key
// identifiers that tell the two apart OpenSSL takes the certificate for self-signed, not looking at the signature, and refuses a
// path that goes on from there. Its copy says that another serial number is its issuer's; the rest of the checks sees no
// difference.
X509Ptr as_issued_by_another(X509* certificate) {
  X509Ptr copy(X509_dup(certificate));
  const OpensslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free> issuer(AUTHORITY_KEYID_new());
  require(copy && issuer);
  issuer->serial = ASN1_INTEGER_new();
  require(issuer->serial != nullptr && ASN1_INTEGER_set(issuer->serial, 0) == 1);
  if (ASN1_INTEGER_cmp(issuer->serial, X509_get0_serialNumber(certificate)) == 0)
    require(ASN1_INTEGER_set(issuer->serial, 1) == 1);
  require(X509_add1_ext_i2d(copy.get(), NID_authority_key_identifier, issuer.get(), 0,
                            X509V3_ADD_REPLACE) == 1);
  return copy;
}

Links links_of(const Path& path) {
  Links links;
  for (std::size_t i = 0; i < path.size(); ++i) {
    X509* const x509 = path[i]->x509();
    const bool ends = (X509_get_extension_flags(x509) & EXFLAG_SS) != 0 && i + 1 < path.size();
    links.push_back(ends ? as_issued_by_another(x509) : shared(x509));
  }
  return links;
}

Statement sentence_for(int error, const Certificate& certificate) {
  const auto* const known = std::ranges::find(kErrors, error, &ErrorSentence::error);
  if (known != kErrors.end()) return say(*known->sentence, certificate.short_name());
  return say(kOther, certificate.short_name(), std::string(X509_verify_cert_error_string(error)));
}

bool is_for_time_stamps_alone(const Certificate& certificate) {
  int critical = 0;
  const PurposesPtr purposes(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate.x509(), NID_ext_key_usage, &critical, nullptr)));
  return purposes && critical == 1 && sk_ASN1_OBJECT_num(purposes.get()) == 1 &&
         OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes.get(), 0)) == NID_time_stamp;
}

enum class Policies : std::uint8_t { checked, left_out };

struct PathOutcome {
  int error = X509_V_OK;
  std::size_t depth = 0;
};

PathOutcome check(const Links& path, Policies policies) {
  const StorePtr store(X509_STORE_new());
  const CertificateStackPtr between(sk_X509_new_null());
  const StoreContextPtr context(X509_STORE_CTX_new_ex(crypto::library_context(), nullptr));
  require(store && between && context);
  require(X509_STORE_add_cert(store.get(), path.back().get()) == 1);
  for (std::size_t i = 1; i + 1 < path.size(); ++i) {
    X509Ptr one = shared(path[i].get());
    require(sk_X509_push(between.get(), one.get()) > 0);
    static_cast<void>(one.release());
  }
  X509_STORE_set_check_issued(store.get(), is_next);
  X509_STORE_set_verify(store.get(), no_signatures);
  X509_STORE_set_verify_cb(store.get(), accept_anchor);
  require(X509_STORE_CTX_init(context.get(), store.get(), path.front().get(), between.get()) == 1);
  X509_STORE_CTX_set_app_data(context.get(), const_cast<Links*>(&path));
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
  // RFC 5280, 4.2.1.10: a certificate without a name of the constrained type is acceptable. A commonName is no host's name here.
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (policies == Policies::checked) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_POLICY_CHECK);
    // RFC 5280, 6.1.1, c: any-policy. OpenSSL takes no policies at all where it is told none.
    ASN1_OBJECT* const any = OBJ_nid2obj(NID_any_policy);
    require(any != nullptr && X509_VERIFY_PARAM_add0_policy(parameters, any) == 1);
  }
  X509_VERIFY_PARAM_set_depth(parameters, static_cast<int>(path.size()));
  X509_VERIFY_PARAM_set_auth_level(parameters, 0);
  if (X509_verify_cert(context.get()) == 1) return {};
  const int error = X509_STORE_CTX_get_error(context.get());
  const int depth = std::max(0, X509_STORE_CTX_get_error_depth(context.get()));
  return {error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error, static_cast<std::size_t>(depth)};
}

}  // namespace

std::optional<Statement> problem_of_path(const Path& path) {
  if (path.size() < 2) return std::nullopt;
  const crypto::HostErrors aside;
  const Links links = links_of(path);
  const PathOutcome outcome = check(links, Policies::checked);
  if (outcome.error == X509_V_OK) return std::nullopt;
  const Certificate& where = *path[std::min(outcome.depth, path.size() - 1)];
  // OpenSSL says so, too, where mappings make the tree of policies too large (1,000 nodes).
  if (outcome.error == X509_V_ERR_OUT_OF_MEM) {
    const PathOutcome without = check(links, Policies::left_out);
    if (without.error == X509_V_ERR_OUT_OF_MEM) throw std::bad_alloc();
    return say(kManyPolicies, path.front()->short_name());
  }
  return sentence_for(outcome.error, where);
}

std::optional<Statement> problem_of_purpose(const Certificate& certificate, Purpose purpose) {
  const crypto::HostErrors aside;
  const std::uint32_t usage = X509_get_key_usage(certificate.x509());  // all bits: absent
  constexpr std::uint32_t kSigning = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
  switch (purpose) {
    case Purpose::signing:
      if ((usage & kSigning) == 0) return say(kNoSignatures, certificate.short_name());
      break;
    case Purpose::time_stamps:
      if (!is_for_time_stamps_alone(certificate))
        return say(kNoTimeStamps, certificate.short_name());
      if ((usage & kSigning) == 0) return say(kNoSignatures, certificate.short_name());
      break;
    case Purpose::revocation:
      break;
  }
  return std::nullopt;
}

}  // namespace signet::validation
