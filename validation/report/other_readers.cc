#include "validation/report/other_readers.h"

#include <algorithm>
#include <array>

#include "common/printable.h"

namespace signet::validation {

namespace {

// "Verify signatures using" in Acrobat.
enum class Clock : std::uint8_t {
  creation,  // the signature's claimed time; a time-stamp's own
  secure,    // a time-stamp's that is accepted, else the present
  current,
};

struct Preferences {
  Sentence name;
  Clock clock = Clock::secure;
  bool use_expired = true;
  bool is_default = false;
};

constexpr std::array kAcrobat = {
    Preferences{{"Acrobat Reader, default preferences (time at which the signature was created; "
                 "use expired time-stamps: on)",
                 "Acrobat Reader, výchozí předvolby (čas vytvoření podpisu; použít prošlá časová "
                 "razítka: zapnuto)"},
                Clock::creation,
                true,
                true},
    Preferences{{"Acrobat Reader, time of creation; use expired time-stamps: off",
                 "Acrobat Reader, čas vytvoření podpisu; použít prošlá časová razítka: vypnuto"},
                Clock::creation,
                false},
    Preferences{
        {"Acrobat Reader, secure time; use expired time-stamps: on (the default of Acrobat 9)",
         "Acrobat Reader, bezpečný čas; použít prošlá časová razítka: zapnuto (výchozí v Acrobatu "
         "9)"},
        Clock::secure,
        true},
    Preferences{{"Acrobat Reader, secure time; use expired time-stamps: off",
                 "Acrobat Reader, bezpečný čas; použít prošlá časová razítka: vypnuto"},
                Clock::secure,
                false},
    Preferences{
        {"Acrobat Reader, current time", "Acrobat Reader, aktuální čas"}, Clock::current, true},
};

constexpr Sentence kPdfsig{"pdfsig", "pdfsig"};

constexpr Sentence kBroken{"the signature or the document's integrity is broken",
                           "podpis nebo celistvost dokumentu je porušena"};
constexpr Sentence kUntrusted{"the chain does not end at a trusted certificate",
                              "řetězec certifikátů nekončí důvěryhodným certifikátem"};
constexpr Sentence kEnded{"the certificate of {0} ended at {1}",
                          "platnost certifikátu, jehož držitelem je {0}, skončila {1}"};
constexpr Sentence kNotYet{"the certificate of {0} is not valid before {1}",
                           "platnost certifikátu, jehož držitelem je {0}, začíná až {1}"};
constexpr Sentence kRevoked{"the certificate of {0} was revoked at {1}",
                            "certifikát, jehož držitelem je {0}, byl zneplatněn {1}"};
constexpr Sentence kNotVerified{"pdfsig does not verify document time-stamps",
                                "pdfsig časová razítka dokumentu neověřuje"};
constexpr Sentence kGood{"the certificates are valid at that moment",
                         "certifikáty jsou v tom okamžiku platné"};

bool is_broken(const Conclusion& conclusion) {
  if (conclusion.indication != Indication::failed) return false;
  return conclusion.is(SubIndication::hash_failure) ||
         conclusion.is(SubIndication::sig_crypto_failure) ||
         conclusion.is(SubIndication::format_failure);
}

struct View {
  Shown shown = Shown::valid;
  Statement why = say(kGood);
};

enum class Revocation : std::uint8_t { known, not_asked };

View certificates_at(const std::vector<ChainLink>& chain, bool trusted, Time moment,
                     Revocation revocation) {
  if (!trusted || chain.empty()) return {Shown::unknown, say(kUntrusted)};
  // The anchor's own dates are not asked for.
  for (std::size_t i = 0; i + 1 < chain.size() || i == 0; ++i) {
    const Certificate& certificate = *chain[i].certificate;
    const std::string name = printable(certificate.short_name());
    const auto& status = chain[i].revocation.status;
    if (revocation == Revocation::known && status &&
        status->kind == RevocationStatus::Kind::revoked && status->revoked_at &&
        *status->revoked_at <= moment)
      return {Shown::invalid, say(kRevoked, name, *status->revoked_at)};
    if (moment > certificate.not_after())
      return {Shown::unknown, say(kEnded, name, certificate.not_after())};
    if (moment < certificate.not_before())
      return {Shown::unknown, say(kNotYet, name, certificate.not_before())};
  }
  return {};
}

View at_moment(const std::vector<ChainLink>& chain, bool trusted, const Conclusion& conclusion,
               Time moment) {
  if (is_broken(conclusion)) return {Shown::invalid, say(kBroken)};
  return certificates_at(chain, trusted, moment, Revocation::known);
}

// The moment that a time-stamp's own certificate is judged at.
Time moment_of(const TimeStampResult& stamp, const Preferences& preferences, Time now) {
  return preferences.use_expired && preferences.clock != Clock::current ? stamp.part->time : now;
}

bool is_accepted(const TimeStampResult& stamp, const Preferences& preferences, Time now) {
  const View view = at_moment(stamp.chain, stamp.trusted, stamp.conclusion,
                              preferences.use_expired ? stamp.part->time : now);
  return view.shown == Shown::valid;
}

Time moment_of(const SignatureResult& signature, const Preferences& preferences, Time now) {
  const auto& claimed = signature.part->signer.signing_time ? signature.part->signer.signing_time
                                                            : signature.part->claimed_time;
  if (preferences.clock == Clock::creation) return claimed.value_or(now);
  if (preferences.clock == Clock::current) return now;
  for (const TimeStampResult& stamp : signature.time_stamps)
    if (stamp.part->kind == TimeStampKind::signature && is_accepted(stamp, preferences, now))
      return stamp.part->time;
  return now;
}

ReaderView view_of(const ValidationResult& result, const Preferences& preferences) {
  const Time now = result.policy.at;
  ReaderView view{preferences.name, preferences.is_default, {}};
  const auto add = [&](const std::string& name, const auto& element, bool is_time_stamp) {
    const Time moment = moment_of(element, preferences, now);
    const View seen = at_moment(element.chain, element.trusted, element.conclusion, moment);
    view.verdicts.push_back({printable(name), is_time_stamp, moment, seen.shown, seen.why});
  };
  for (const SignatureResult& signature : result.signatures)
    add(signature.part->name, signature, false);
  for (const TimeStampResult& stamp : result.document_time_stamps)
    add(stamp.part->name, stamp, true);
  return view;
}

// What pdfsig takes for broken: changes after a signature are not.
bool is_broken_for_pdfsig(const SignatureResult& signature) {
  const SignerPart& signer = signature.part->signer;
  if (signer.message_digest && !signer.content_digest.empty() &&
      *signer.message_digest != signer.content_digest)
    return true;
  const Conclusion& conclusion = signature.conclusion;
  if (conclusion.is(SubIndication::format_failure)) return signer.fault.has_value();
  return is_broken(conclusion);
}

ReaderView pdfsig_view(const ValidationResult& result) {
  const Time now = result.policy.at;
  ReaderView view{kPdfsig, true, {}};
  for (const SignatureResult& signature : result.signatures) {
    const View seen =
        is_broken_for_pdfsig(signature)
            ? View{Shown::invalid, say(kBroken)}
            : certificates_at(signature.chain, signature.trusted, now, Revocation::not_asked);
    view.verdicts.push_back({printable(signature.part->name), false, now, seen.shown, seen.why});
  }
  for (const TimeStampResult& stamp : result.document_time_stamps)
    view.verdicts.push_back(
        {printable(stamp.part->name), true, now, Shown::unknown, say(kNotVerified)});
  return view;
}

}  // namespace

std::string_view name_of(Shown shown) {
  switch (shown) {
    case Shown::valid:
      return "valid";
    case Shown::invalid:
      return "invalid";
    case Shown::unknown:
      break;
  }
  return "unknown";
}

bool ReaderView::all_valid() const {
  return std::ranges::all_of(
      verdicts, [](const ReaderVerdict& verdict) { return verdict.shown == Shown::valid; });
}

std::vector<ReaderView> other_readers(const ValidationResult& result) {
  if (result.document->format != Format::pades) return {};
  std::vector<ReaderView> views;
  for (const Preferences& preferences : kAcrobat) views.push_back(view_of(result, preferences));
  views.push_back(pdfsig_view(result));
  return views;
}

const ReaderView* best_setting(const std::vector<ReaderView>& views) {
  if (views.empty() || views.front().all_valid()) return nullptr;
  for (std::size_t i = 1; i < kAcrobat.size() && i < views.size(); ++i)
    if (views[i].all_valid()) return &views[i];
  return nullptr;
}

}  // namespace signet::validation
