#include "pdf/seed_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "common/printable.h"

namespace signet::pdf {

namespace {

// /Ff: which entries bind.
enum Binding : unsigned {
  kFilter = 1U << 0U,
  kSubFilter = 1U << 1U,
  kVersion = 1U << 2U,
  kReasons = 1U << 3U,
  kLegalAttestation = 1U << 4U,
  kAddRevInfo = 1U << 5U,
  kDigestMethod = 1U << 6U,
  kLockDocument = 1U << 7U,
  kAppearanceFilter = 1U << 8U,
};

class SeedCheck {
 public:
  SeedCheck(QPDFObjectHandle seed, const std::string& name, const SeedAnswer& answer)
      : seed_(seed), name_(name), answer_(answer) {
    (void)seed_.getKey("/Ff").getValueAsUInt(flags_);
  }

  PdfResult<void> run() {
    std::string filter;
    if (binds(kFilter) && seed_.getKey("/Filter").getValueAsName(filter) &&
        filter != "/Adobe.PPKLite")
      return refused(fmt::format("the signature handler {}", filter));
    if (binds(kSubFilter) && !holds(seed_.getKey("/SubFilter"), answer_.sub_filter))
      return refused(fmt::format("a signature format other than {}", answer_.sub_filter.substr(1)));
    if (binds(kDigestMethod) && !holds(seed_.getKey("/DigestMethod"), answer_.digest))
      return refused(fmt::format("a digest other than {}", answer_.digest));
    BOOST_OUTCOME_TRY(check_reason());
    BOOST_OUTCOME_TRY(check_certification());
    BOOST_OUTCOME_TRY(check_time_stamp());
    return check_unknown();
  }

 private:
  bool binds(Binding binding) const { return (flags_ & binding) != 0; }

  Error refused(const std::string& demand) const {
    Error error(ErrorKind::forbidden,
                fmt::format("the field \"{}\" demands {}", printable(name_), printable(demand)));
    error.by = name_;
    return error;
  }

  static bool holds(QPDFObjectHandle list, const std::string& wanted) {
    if (!list.isArray() || list.getArrayNItems() == 0) return true;
    return std::ranges::any_of(list.getArrayAsVector(), [&](QPDFObjectHandle one) {
      std::string text;
      return (one.getValueAsName(text) || one.getValueAsUTF8(text)) && text == wanted;
    });
  }

  PdfResult<void> check_reason() {
    QPDFObjectHandle reasons = seed_.getKey("/Reasons");
    if (!binds(kReasons)) return success();
    std::vector<QPDFObjectHandle> all;
    if (reasons.isArray()) all = reasons.getArrayAsVector();
    std::string only;
    const bool none =
        all.empty() || (all.size() == 1 && all.front().getValueAsUTF8(only) && only == ".");
    if (none)
      return answer_.reason.empty() ? PdfResult<void>(success())
                                    : refused("that there is no reason");
    if (!answer_.reason.empty() && holds(reasons, answer_.reason)) return success();
    std::string list;
    for (QPDFObjectHandle one : all) {
      std::string text;
      if (one.getValueAsUTF8(text)) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", text);
    }
    return refused(fmt::format("one of these reasons: {}", list));
  }

  PdfResult<void> check_certification() {
    QPDFObjectHandle demand = seed_.getKey("/MDP");
    long long permission = 0;
    if (!demand.isDictionary() || !demand.getKey("/P").getValueAsInt(permission)) return success();
    if (permission == answer_.certify) return success();
    if (permission == 0) return refused("a signature that does not certify");
    return refused(
        fmt::format("a signature that certifies the document with permission {}", permission));
  }

  PdfResult<void> check_time_stamp() {
    QPDFObjectHandle demand = seed_.getKey("/TimeStamp");
    unsigned binding = 0;
    if (!demand.isDictionary() || !demand.getKey("/Ff").getValueAsUInt(binding) || binding == 0 ||
        answer_.time_stamp)
      return success();
    return refused("a time-stamp");
  }

  PdfResult<void> check_unknown() {
    double version = 0;
    if (binds(kVersion) && seed_.getKey("/V").getValueAsNumber(version) && version > 3)
      return unknown("a newer version of seed values");
    bool wanted = false;
    if (binds(kAddRevInfo) && seed_.getKey("/AddRevInfo").getValueAsBool(wanted) && wanted)
      return unknown("revocation data inside the signature");
    if (binds(kLegalAttestation) && seed_.getKey("/LegalAttestation").isArray())
      return unknown("a legal attestation");
    if (binds(kLockDocument) && seed_.getKey("/LockDocument").isNameAndEquals("/true"))
      return unknown("that the signature locks the document");
    if (binds(kAppearanceFilter) && seed_.hasKey("/AppearanceFilter"))
      return unknown("a certain appearance");
    QPDFObjectHandle certificate = seed_.getKey("/Cert");
    unsigned binding = 0;
    if (certificate.isDictionary() && certificate.getKey("/Ff").getValueAsUInt(binding) &&
        binding != 0)
      return unknown("certain certificates");
    return success();
  }

  Error unknown(std::string_view demand) const {
    return {ErrorKind::unsupported,
            fmt::format("the field \"{}\" demands {}, which is not supported", printable(name_),
                        demand)};
  }

  QPDFObjectHandle seed_;
  const std::string& name_;
  const SeedAnswer& answer_;
  unsigned flags_ = 0;
};

}  // namespace

PdfResult<void> check_seed_value(QPDFObjectHandle field, const std::string& name,
                                 const SeedAnswer& answer) {
  QPDFObjectHandle seed = field.getKey("/SV");
  if (!seed.isDictionary()) return success();
  return SeedCheck(seed, name, answer).run();
}

}  // namespace signet::pdf
