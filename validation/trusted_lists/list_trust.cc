#include "validation/trusted_lists/list_trust.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "common/bytes.h"
#include "crypto/openssl.h"
#include "validation/trusted_lists/fault.h"

namespace signet::validation {

namespace {

constexpr int kOldestVersion = 5;  // TS 119 612 V2.1.1
constexpr int kNewestVersion = 6;  // V2.4.1
// Clock differences between who publishes and who looks.
constexpr auto kTolerance = std::chrono::minutes(5);
// Between fetches of lists; EU DSS warns after 6 hours, with a server that fetches by itself.
constexpr auto kFresh = std::chrono::hours(24);
constexpr auto kLongestValidity = std::chrono::days(190);  // 5.3.15: six months

constexpr Sentence kVersion{"the list has version {0}; 5 and 6 are known",
                            "seznam má verzi {0}; známy jsou 5 a 6"};
constexpr Sentence kType{"this type of list is not used", "tento typ seznamu se nepoužívá"};
constexpr Sentence kFuture{"the list says that it is issued at {0}, which is in the future",
                           "seznam má být vydán až {0}"};
constexpr Sentence kOutOfDate{"the list is out of date: its next update was due at {0}",
                              "seznam je zastaralý: další vydání mělo být {0}"};
constexpr Sentence kLongValidity{"the list promises its next update after more than six months",
                                 "seznam slibuje další vydání až za více než šest měsíců"};
constexpr Sentence kClosed{"the list is closed: there will be no next one",
                           "seznam je uzavřen, další vydán nebude"};
constexpr Sentence kNoJournal{
    "there are no certificates that may sign a list of trusted lists",
    "chybí certifikáty, které smějí podepsat seznam důvěryhodných seznamů"};
constexpr Sentence kNotAnnounced{
    "the list is signed by {0}, whom neither the Official Journal nor an earlier list announces",
    "seznam podepsal {0}, kterého neoznamuje Úřední věstník ani dřívější seznam"};
constexpr Sentence kNoListOfLists{
    "there is no usable list of trusted lists that announces signers",
    "chybí použitelný seznam důvěryhodných seznamů, který oznamuje podepisující"};
constexpr Sentence kNoPointer{"the list of trusted lists has no pointer to a list of {0}",
                              "seznam důvěryhodných seznamů neodkazuje na seznam území {0}"};
constexpr Sentence kWrongSigner{"the list is signed by {0}, who is not announced for lists of {1}",
                                "seznam podepsal {0}, který není oznámen pro seznamy území {1}"};
constexpr Sentence kReplaced{"a list with a higher sequence number is there: {0}",
                             "je zde seznam s vyšším pořadovým číslem: {0}"};
constexpr Sentence kPivot{"used only for the signers of later lists that it announces",
                          "použit jen k oznámení těch, kdo podepisují pozdější seznamy"};
constexpr Sentence kStale{"the file of the list is of {0}; a newer list may be there",
                          "soubor seznamu je z {0}; může existovat novější seznam"};
constexpr Sentence kSignerEnded{"the certificate of the list's signer ended at {0}",
                                "platnost certifikátu podepisujícího skončila {0}"};

using Announced = std::vector<Bytes>;

bool announces(const Announced& announced, const Certificate& signer) {
  return std::ranges::any_of(announced, [&](const Bytes& der) { return der == signer.der(); });
}

// Of one list's pointers to lists of this type and territory (all territories: empty).
std::optional<Announced> announced_by(const TrustedList& list, std::string_view type,
                                      std::string_view territory) {
  std::optional<Announced> all;
  for (const ListPointer& pointer : list.pointers) {
    if (pointer.type != type || pointer.media_type != kListMediaType) continue;
    if (!territory.empty() && pointer.territory != territory) continue;
    if (!all) all.emplace();
    all->insert(all->end(), pointer.certificates.begin(), pointer.certificates.end());
  }
  return all;
}

bool is_usable(const LoadedList& loaded) {
  return loaded.list && loaded.signer && loaded.conclusion.passed();
}

void refuse(LoadedList& loaded, Conclusion why) {
  loaded.conclusion = std::move(why);
}

void warn(LoadedList& loaded, Statement statement) {
  loaded.conclusion.warnings.push_back(std::move(statement));
}

bool is_out_of_date(const TrustedList& list, Time now) {
  return list.next_update && *list.next_update < now;
}

// What holds for every list that is to be used at `now`.
void check_dates(LoadedList& loaded, Time now) {
  const TrustedList& list = *loaded.list;
  if (list.issued > now + kTolerance)
    return refuse(loaded, indeterminate(SubIndication::not_yet_valid, say(kFuture, list.issued)));
  if (is_out_of_date(list, now))
    return refuse(loaded,
                  indeterminate(SubIndication::try_later, say(kOutOfDate, *list.next_update)));
  if (loaded.written && now - *loaded.written > kFresh) warn(loaded, say(kStale, *loaded.written));
  if (!list.next_update) return warn(loaded, say(kClosed));
  if (*list.next_update - list.issued > kLongestValidity) warn(loaded, say(kLongValidity));
  if (const Certificate& signer = *loaded.signer->certificate; now > signer.not_after())
    warn(loaded, say(kSignerEnded, signer.not_after()));
}

std::string signer_name(const LoadedList& loaded) {
  return loaded.signer->certificate->short_name();
}

class Authentication {
 public:
  Authentication(std::vector<LoadedList>& lists, const std::vector<CertificatePtr>& journal,
                 Time now)
      : lists_(lists), now_(now) {
    for (const CertificatePtr& certificate : journal) trusted_.push_back(certificate->der());
  }

  void run() {
    check_kinds();
    follow_lists_of_lists();
    for (LoadedList& loaded : lists_)
      if (is_usable(loaded) && loaded.list->is_national()) check_national(loaded);
    keep_the_newest();
  }

 private:
  void check_kinds() {
    for (LoadedList& loaded : lists_) {
      if (!is_usable(loaded)) continue;
      const TrustedList& list = *loaded.list;
      if (list.version < kOldestVersion || list.version > kNewestVersion)
        refuse(loaded, failed(SubIndication::format_failure,
                              say(kVersion, static_cast<std::int64_t>(list.version))));
      else if (!list.is_list_of_lists() && !list.is_national())
        refuse(loaded, indeterminate(SubIndication::format_failure, say(kType)));
    }
  }

  void follow_lists_of_lists() {
    std::vector<LoadedList*> order;
    for (LoadedList& loaded : lists_)
      if (is_usable(loaded) && loaded.list->is_list_of_lists()) order.push_back(&loaded);
    std::ranges::stable_sort(order, {}, [](const LoadedList* one) { return one->list->sequence; });
    for (std::size_t i = 0; i < order.size(); ++i) {
      check_list_of_lists(*order[i]);
      const bool last_of_its_number =
          i + 1 == order.size() || order[i + 1]->list->sequence != order[i]->list->sequence;
      if (last_of_its_number) take_announcements(order, i);
    }
    choose(order);
  }

  void check_list_of_lists(LoadedList& loaded) {
    if (trusted_.empty())
      return refuse(loaded,
                    indeterminate(SubIndication::no_certificate_chain_found, say(kNoJournal)));
    if (!announces(trusted_, *loaded.signer->certificate))
      return refuse(loaded, failed(SubIndication::no_certificate_chain_found,
                                   say(kNotAnnounced, signer_name(loaded))));
    if (loaded.list->issued > now_ + kTolerance) check_dates(loaded, now_);
  }

  // Who may sign what comes after the number that ends at `last`.
  void take_announcements(const std::vector<LoadedList*>& order, std::size_t last) {
    for (std::size_t i = last + 1; i-- > 0;) {
      if (order[i]->list->sequence != order[last]->list->sequence) return;
      if (!order[i]->conclusion.passed()) continue;
      // One that says nothing of lists of lists changes nothing.
      if (auto next = announced_by(*order[i]->list, kListOfLists, {}); next && !next->empty())
        trusted_ = *std::move(next);
      return;
    }
  }

  void choose(const std::vector<LoadedList*>& order) {
    for (auto one = order.rbegin(); one != order.rend(); ++one) {
      LoadedList& loaded = **one;
      if (!loaded.conclusion.passed()) continue;
      if (chosen_ == nullptr && !newest_seen_) {
        newest_seen_ = true;
        check_dates(loaded, now_);
        if (loaded.conclusion.passed()) chosen_ = &loaded;
        continue;
      }
      // An older one must not stand in for a newer one that is out of date.
      loaded.only_announces = true;
      loaded.conclusion.reasons.push_back(say(kPivot));
    }
  }

  void check_national(LoadedList& loaded) {
    const std::string& territory = loaded.list->territory;
    if (chosen_ == nullptr)
      return refuse(loaded,
                    indeterminate(SubIndication::no_certificate_chain_found, say(kNoListOfLists)));
    const auto announced = announced_by(*chosen_->list, kNationalList, territory);
    if (!announced)
      return refuse(loaded,
                    failed(SubIndication::no_certificate_chain_found, say(kNoPointer, territory)));
    if (!announces(*announced, *loaded.signer->certificate))
      return refuse(loaded, failed(SubIndication::no_certificate_chain_found,
                                   say(kWrongSigner, signer_name(loaded), territory)));
    check_dates(loaded, now_);
  }

  // Whether in date or not: the newest authentic one of a territory stands for it.
  void keep_the_newest() {
    std::map<std::string, LoadedList*> newest;
    for (LoadedList& loaded : lists_) {
      if (!is_authentic(loaded)) continue;
      LoadedList*& best = newest[loaded.list->territory];
      if (best == nullptr || loaded.list->sequence > best->list->sequence) best = &loaded;
    }
    for (LoadedList& loaded : lists_) {
      if (!is_usable(loaded) || !loaded.list->is_national()) continue;
      const LoadedList* const best = newest[loaded.list->territory];
      if (best != nullptr && best != &loaded && best->digest != loaded.digest)
        refuse(loaded, indeterminate(SubIndication::none, say(kReplaced, best->file)));
    }
  }

  static bool is_authentic(const LoadedList& loaded) {
    return loaded.list && loaded.signer && loaded.list->is_national() &&
           (loaded.conclusion.passed() || loaded.conclusion.is(SubIndication::try_later));
  }

  std::vector<LoadedList>& lists_;
  Time now_;
  Announced trusted_;
  LoadedList* chosen_ = nullptr;
  bool newest_seen_ = false;
};

}  // namespace

std::optional<LoadedList> load_list(std::string file, ByteView content) {
  LoadedList loaded;
  loaded.file = std::move(file);
  loaded.digest = to_hex(crypto::sha256(content));
  const auto refused = [&](const Statement& why) {
    refuse(loaded, failed(SubIndication::format_failure, why));
    return loaded;
  };
  const auto document = XmlDocument::parse(content);
  if (!document) return refused(document.error());
  if (!is_trusted_list(document.value())) return std::nullopt;
  auto list = read_list(document.value());
  if (!list) return refused(list.error());
  loaded.list = std::move(list).value();
  auto signer = check_list_signature(document.value());
  if (signer)
    loaded.signer = std::move(signer).value();
  else
    loaded.conclusion = std::move(signer).error();
  return loaded;
}

void authenticate(std::vector<LoadedList>& lists, const std::vector<CertificatePtr>& journal,
                  Time now) {
  Authentication(lists, journal, now).run();
}

}  // namespace signet::validation
