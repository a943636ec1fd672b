#include "validation/trusted_lists/trusted_lists.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "common/bounded_file.h"
#include "common/file_stamp.h"
#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/host_errors.h"
#include "crypto/openssl.h"
#include "validation/trusted_lists/certificate_qualification.h"
#include "validation/trusted_lists/fault.h"
#include "validation/trusted_lists/list_trust.h"
#include "validation/trusted_lists/service_index.h"
#include "validation/trusted_lists/signature_kind.h"
#include "validation/trusted_lists/xml_bounds.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostFiles = 1000;
constexpr std::uint64_t kMostBytes = std::uint64_t{512} * 1024 * 1024;

constexpr Sentence kUnreadable{"the file cannot be read: {0}", "soubor nelze přečíst: {0}"};
constexpr Sentence kTooMuch{"the lists in the folder are larger than 512 MiB together",
                            "seznamy ve složce jsou dohromady větší než 512 MiB"};
constexpr Sentence kNoChain{"the signer's certificate is not known",
                            "certifikát podepisujícího není znám"};
constexpr Sentence kNoUsableList{"none of the trusted lists can be used",
                                 "žádný z důvěryhodných seznamů nelze použít"};
constexpr Sentence kInUnusableList{
    "the service that issued the certificate is in the list {0}, which cannot be used",
    "služba, která certifikát vydala, je v seznamu {0}, který nelze použít"};
constexpr Sentence kMissing{
    "the list of {0}, which the list of trusted lists names, is not there or cannot be read",
    "seznam území {0}, který seznam důvěryhodných seznamů uvádí, chybí nebo jej nelze přečíst"};
constexpr Sentence kNotListed{
    "no service of the trusted lists that issues qualified certificates issued this one",
    "certifikát nevydala žádná služba z důvěryhodných seznamů, která vydává kvalifikované "
    "certifikáty"};
constexpr Sentence kNoQtst{
    "no service of the trusted lists that issues qualified time-stamps issued this one",
    "časové razítko nevydala žádná služba z důvěryhodných seznamů, která vydává kvalifikovaná "
    "časová razítka"};
constexpr Sentence kDecided{"decided by the trusted list of {0}, number {1}, issued at {2}",
                            "rozhodl důvěryhodný seznam území {0} č. {1}, vydaný {2}"};
constexpr Sentence kWeb{"the certificate is for web sites",
                        "certifikát je určen pro webové stránky"};
constexpr Sentence kTimeStampFailed{"the time-stamp itself is not valid",
                                    "samo časové razítko není platné"};
constexpr Sentence kTimeStampUncertain{"whether the time-stamp itself is valid is not certain",
                                       "není jisté, zda je samo časové razítko platné"};
constexpr Sentence kQtstThen{"at {1} the service {0} issued qualified time-stamps",
                             "služba {0} k okamžiku {1} vydávala kvalifikovaná časová razítka"};
constexpr Sentence kQtstNotThen{
    "at {0} no listed service was allowed to issue qualified time-stamps with this certificate",
    "{0} nesměla žádná uvedená služba tímto certifikátem vydávat kvalifikovaná časová razítka"};

// As trusted lists name territories (TS 119 612, 5.3.10): ISO 3166-1 but for two.
std::string territory_of_issuer(const Certificate& certificate) {
  const crypto::HostErrors aside;
  const std::string country =
      printable(crypto::name_entry(X509_get_issuer_name(certificate.x509()), NID_countryName));
  if (country == "GR") return "EL";
  return country == "GB" ? "UK" : country;
}

class LoadedLists final : public TrustedLists {
 public:
  LoadedLists(std::vector<LoadedList> loaded, const std::vector<CertificatePtr>& journal, Time now)
      : loaded_(std::move(loaded)) {
    authenticate(loaded_, journal, now);
    for (const LoadedList& list : loaded_) {
      const bool national = list.list && list.list->is_national();
      if (national) (list.conclusion.passed() ? usable_ : unusable_).add(list);
      some_usable_ = some_usable_ || (national && list.conclusion.passed());
      states_.push_back({list.file, list.list ? list.list->territory : std::string(), list.digest,
                         list.conclusion});
    }
    find_missing();
  }

  const std::vector<ListState>& lists() const override { return states_; }
  std::vector<TrustAnchor> anchors() const override;
  Qualification of_signature(const std::vector<CertificatePtr>& chain, Indication verdict,
                             Time best_time) const override;
  Qualification of_time_stamp(const std::vector<CertificatePtr>& chain, Indication verdict,
                              Time generated) const override;

 private:
  // Why nothing can be said, where that is so although the chain has no match in the usable lists.
  std::optional<Statement> why_not(const std::vector<CertificatePtr>& chain, std::size_t first,
                                   const char* type) const {
    if (!some_usable_) return say(kNoUsableList);
    const auto match = unusable_.nearest(chain, first, type);
    if (!match.services.empty()) return say(kInUnusableList, match.services.front().list->file);
    // TS 119 615, 4.4.4: the list of the issuer's country decides, and what it says is not known.
    const std::string territory = territory_of_issuer(*chain.front());
    if (missing_.contains(territory)) return say(kMissing, territory);
    return std::nullopt;
  }

  // Territories that the list of lists names and of which the folder has no list.
  void find_missing() {
    for (const LoadedList& list : loaded_) {
      if (!list.list || !list.list->is_list_of_lists()) continue;
      if (!list.conclusion.passed() || list.only_announces) continue;
      for (const ListPointer& pointer : list.list->pointers)
        if (pointer.type == kNationalList && pointer.media_type == kListMediaType)
          missing_.insert(pointer.territory);
    }
    for (const LoadedList& list : loaded_)
      if (list.list && list.list->is_national()) missing_.erase(list.list->territory);
  }

  std::vector<LoadedList> loaded_;
  std::vector<ListState> states_;
  ServiceIndex usable_, unusable_;
  std::set<std::string> missing_;
  bool some_usable_ = false;
};

void name_list(Qualification& qualification, const ListedService& decided) {
  if (decided.list == nullptr) return;
  const TrustedList& list = *decided.list->list;
  qualification.list = decided.list->file;
  qualification.list_digest = decided.list->digest;
  qualification.reasons.push_back(
      say(kDecided, list.territory, static_cast<std::int64_t>(list.sequence), list.issued));
}

std::string organization_of(const Certificate& certificate) {
  const crypto::HostErrors aside;
  return printable(
      crypto::name_entry(X509_get_subject_name(certificate.x509()), NID_organizationName));
}

// What a service's present state says. Time-stamping units issue no revocation data.
std::optional<Time> keeps_ended_since(const Service& service) {
  const ServiceState& present = service.states.front();
  return present.type == kCaQc ? present.keeps_ended_since : std::nullopt;
}

// Of several services of one certificate the last date counts.
std::vector<TrustAnchor> LoadedLists::anchors() const {
  std::vector<TrustAnchor> anchors;
  std::map<ObjectId, std::optional<std::size_t>> seen;  // nothing: cannot be read
  for (const LoadedList& loaded : loaded_) {
    if (!loaded.list || !loaded.conclusion.passed() || !loaded.list->is_national()) continue;
    for (const Service& service : loaded.list->services) {
      if (!service.is_of_type(kCaQc) && !service.is_of_type(kQtst)) continue;
      const std::optional<Time> since = keeps_ended_since(service);
      for (const Bytes& der : service.certificates) {
        const auto [place, added] = seen.try_emplace(ObjectId::of(der));
        if (added) {
          if (auto certificate = Certificate::parse(der)) {
            place->second = anchors.size();
            anchors.push_back({std::move(certificate).value(), {}, {}});
          }
        }
        if (!place->second || !since) continue;
        std::optional<Time>& known = anchors[*place->second].keeps_ended_since;
        known = known ? std::max(*known, *since) : *since;
      }
    }
  }
  return anchors;
}

Qualification LoadedLists::of_signature(const std::vector<CertificatePtr>& chain,
                                        Indication verdict, Time best_time) const {
  Qualification found;
  CertificateQualification decided;
  const auto finish = [&] {
    found.kind = signature_kind(verdict, decided);
    found.service = decided.service;
    return found;
  };
  if (chain.empty()) {
    found.reasons.push_back(say(kNoChain));
    return finish();
  }
  const auto match = usable_.nearest(chain, 1, kCaQc);
  const CertificateFacts facts = CertificateFacts::of(*chain.front());
  if (match.services.empty()) {
    if (auto why = why_not(chain, 1, kCaQc)) {
      found.reasons.push_back(*std::move(why));
      decided.conflict = true;
      return finish();
    }
    found.reasons.push_back(say(kNotListed));
    std::vector<Statement> none;
    decided = qualification_at(facts, {}, {}, best_time, none);
    return finish();
  }
  const std::string organization = organization_of(*chain[match.position]);
  const auto at = [&](Time time) {
    return qualification_at(facts, match.services, organization, time, found.reasons);
  };
  const CertificateQualification issued = at(facts.not_before);
  decided = combine(issued, at(best_time));
  if (decided.type == CertificateType::web) found.reasons.push_back(say(kWeb));
  name_list(found, decided.decided_by);
  return finish();
}

// The service that was granted to issue qualified time-stamps then; null: none.
const ServiceState* granted_for_time_stamps(const std::vector<ListedService>& services, Time time,
                                            ListedService& decided) {
  for (const ListedService& listed : services)
    for (const ServiceState& state : listed.service->states)
      if (state.covers(time) && state.type == kQtst && !state.unknown_critical &&
          is_granted(state, time)) {
        decided = listed;
        return &state;
      }
  return nullptr;
}

Qualification LoadedLists::of_time_stamp(const std::vector<CertificatePtr>& chain,
                                         Indication verdict, Time generated) const {
  Qualification found;
  found.kind = QualificationKind::tsa;
  if (chain.empty()) {
    found.reasons.push_back(say(kNoChain));
    return found;
  }
  const auto match = usable_.nearest(chain, 0, kQtst);
  if (match.services.empty()) {
    if (auto why = why_not(chain, 0, kQtst)) {
      found.kind = QualificationKind::not_applicable;
      found.reasons.push_back(*std::move(why));
    } else {
      found.reasons.push_back(say(kNoQtst));
    }
    return found;
  }
  // A certificate that is listed itself is listed after it was issued; one that a listed authority issued had to be issued under it.
  std::vector<Time> times{generated};
  if (match.position > 0) times.insert(times.begin(), chain.front()->not_before());
  bool granted = true;
  ListedService decided = match.services.front();
  for (const Time time : times) {
    if (const ServiceState* const state = granted_for_time_stamps(match.services, time, decided)) {
      found.reasons.push_back(say(kQtstThen, state->name, time));
      found.service = state->name;
    } else {
      found.reasons.push_back(say(kQtstNotThen, time));
      granted = false;
    }
  }
  name_list(found, decided);
  if (verdict == Indication::failed) {
    found.reasons.push_back(say(kTimeStampFailed));
    return found;
  }
  if (verdict == Indication::indeterminate) found.reasons.push_back(say(kTimeStampUncertain));
  if (granted) found.kind = QualificationKind::qtsa;
  return found;
}

std::vector<CertificatePtr> certificates_of(const std::vector<ChainLink>& chain) {
  std::vector<CertificatePtr> certificates;
  for (const ChainLink& link : chain)
    if (link.certificate != nullptr) certificates.push_back(link.certificate);
  return certificates;
}

void qualify_time_stamp(TimeStampResult& result, const TrustedLists& lists) {
  if (result.part == nullptr) return;
  result.qualification = lists.of_time_stamp(certificates_of(result.chain),
                                             result.conclusion.indication, result.part->time);
}

Result<std::vector<std::filesystem::path>, std::string> files_in(
    const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  auto at = std::filesystem::directory_iterator(folder, error);
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (at->path().extension() != ".xml") continue;
    files.push_back(at->path());
    if (files.size() > kMostFiles)
      return printable(folder.string()) + ": the folder has more than 1000 lists";
  }
  if (error) return printable(folder.string()) + ": " + error.message();
  std::ranges::sort(files);
  return files;
}

std::optional<Time> written(const std::filesystem::path& file) {
  const FileStamp stamp = FileStamp::of(file);
  if (!stamp.there) return std::nullopt;
  return Time(std::chrono::duration_cast<Time::duration>(std::chrono::nanoseconds(stamp.modified)));
}

LoadedList unreadable(const std::filesystem::path& file, Statement why) {
  LoadedList loaded;
  loaded.file = printable(file.filename().string());
  loaded.conclusion = failed(SubIndication::format_failure, std::move(why));
  return loaded;
}

}  // namespace

Result<std::shared_ptr<const TrustedLists>, std::string> TrustedLists::load(
    const std::filesystem::path& folder, const std::vector<CertificatePtr>& journal, Time now) {
  BOOST_OUTCOME_TRY(const auto files, files_in(folder));
  std::vector<LoadedList> loaded;
  std::uint64_t bytes = 0;
  for (const std::filesystem::path& file : files) {
    if (bytes > kMostBytes) {
      loaded.push_back(unreadable(file, say(kTooMuch)));
      continue;
    }
    const auto content = read_file(file, kLargestList);
    if (!content) {
      loaded.push_back(unreadable(file, say(kUnreadable, printable(content.error().sentence))));
      continue;
    }
    bytes += content.value().size();
    auto list = load_list(printable(file.filename().string()), content.value());
    if (!list) continue;
    list->written = written(file);
    loaded.push_back(*std::move(list));
  }
  if (loaded.empty()) return printable(folder.string()) + ": there is no trusted list in it";
  return std::make_shared<const LoadedLists>(std::move(loaded), journal, now);
}

void qualify(ValidationResult& result, const TrustedLists& lists) {
  each_signature(result.signatures, [&](SignatureResult& signature) {
    signature.qualification =
        lists.of_signature(certificates_of(signature.chain), signature.conclusion.indication,
                           signature.best_signature_time.time);
    for (TimeStampResult& stamp : signature.time_stamps) qualify_time_stamp(stamp, lists);
  });
  for (TimeStampResult& stamp : result.document_time_stamps) qualify_time_stamp(stamp, lists);
}

std::vector<std::string> unused_lists(const TrustedLists& lists) {
  std::vector<std::string> notes;
  for (const TrustedLists::ListState& list : lists.lists())
    if (!list.conclusion.passed() && !list.conclusion.reasons.empty())
      notes.push_back("the trusted list " + list.file + " is not used: " +
                      text_of(list.conclusion.reasons.front(), Language::english));
  return notes;
}

}  // namespace signet::validation
