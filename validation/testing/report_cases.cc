#include "validation/testing/report_cases.h"

#include "common/printable.h"

namespace signet::validation::pki {

namespace {

constexpr Sentence kReplaced{"the content of {0} was replaced", "obsah byl nahrazen: {0}"};
constexpr Sentence kRule{"nothing allows changes of a page's content",
                         "změny obsahu stránky nejsou povoleny"};
constexpr Sentence kAdded{"validation data was added", "byla přidána validační data"};
constexpr Sentence kLook{"look at it", "podívejte se na to"};
constexpr Sentence kListed{"the service is listed", "služba je v seznamu"};

ReportCase finish(std::string name, std::unique_ptr<Story> story, std::string_view time) {
  ReportCase done{std::move(name), std::move(story), {}};
  done.result = done.story->validate_with_fresh(time);
  return done;
}

void add_lists(Story& story, std::string_view from, std::string_view to,
               std::vector<CrlEntry> entries = {}) {
  CrlWish wish;
  wish.this_update = at(from);
  wish.next_update = at(to);
  wish.expired_since = at("2010-01-01");
  story.add_crl(story.tsa, wish);
  wish.entries = std::move(entries);
  story.add_crl(story.ca, wish);
}

PdfCoverage coverage() {
  PdfCoverage pdf;
  pdf.revision = 1;
  pdf.revisions = 3;
  pdf.changes = {
      {ChangeKind::validation_data, true, 2, {}, {}, say(kAdded), {}, {}},
      {ChangeKind::page_content, false, 2, 0, kHostile, say(kReplaced, printable(kHostile)),
       say(kRule), say(kLook)},
  };
  return pdf;
}

}  // namespace

ReportCase extended_case() {
  auto story = std::make_unique<Story>();
  story->parts.pages = 3;
  SignaturePart& signature = story->sign();
  signature.name = "Pečeť";
  signature.claimed_time = at("2014-05-06T08:00:00Z");
  signature.pdf = PdfCoverage{{}, 0, 3, false, {}};
  story->stamp_signature(story->tsu("TSU 0", "2013-01-01", "2018-11-04"), "2014-05-06T08:30:04Z");
  add_lists(*story, "2018-03-14T06:00:00Z", "2018-04-14");
  story->stamp_document(story->tsu("TSU 1", "2017-01-01", "2022-11-04"), "2018-03-14T07:00:00Z")
      .name = "Signature2";
  add_lists(*story, "2022-02-01T06:00:00Z", "2022-03-01");
  story->stamp_document(story->tsu("TSU 2", "2021-01-01", "2026-05-11"), "2022-02-01T07:00:00Z")
      .name = "Signature3";
  ReportCase done = finish("extended", std::move(story), "2023-06-01T12:00:00Z");
  done.result.signatures.front().qualification = {
      QualificationKind::adeseal_qc, {say(kListed)}, "tl-cz.xml", std::string(64, 'a'), "CA/QC"};
  return done;
}

ReportCase revoked_case() {
  auto story = std::make_unique<Story>();
  story->sign();
  story->stamp_signature(story->tsu("TSU", "2013-01-01", "2018-11-04"), "2014-05-06T08:30:04Z");
  add_lists(*story, "2014-05-07", "2014-06-07",
            {entry_of(*story->signer.certificate, at("2014-04-01"), 1)});
  ReportCase done{"revoked", std::move(story), {}};
  done.result = done.story->validate("2014-05-20T12:00:00Z");
  return done;
}

ReportCase changed_case() {
  auto story = std::make_unique<Story>();
  SignaturePart& signature = story->sign();
  signature.name = kHostile;
  signature.reason = kHostile;
  signature.location = kHostile;
  signature.claimed_name = kHostile;
  signature.signer.content_digest.assign(32, 0x55);
  signature.pdf = coverage();
  return finish("changed", std::move(story), "2014-05-20T12:00:00Z");
}

ReportCase countersigned_case() {
  auto story = std::make_unique<Story>();
  story->sign().name = "Seal";
  story->sign();
  story->stamp_signature(story->tsu("TSU", "2013-01-01", "2018-11-04"), "2014-05-06T08:30:04Z");
  SignaturePart counter = std::move(story->parts.signatures.back());
  counter.name.clear();
  counter.signer.content_type.clear();
  story->parts.signatures.pop_back();
  story->parts.signatures[0].counter_signatures.push_back(std::move(counter));
  return finish("countersigned", std::move(story), "2014-05-20T12:00:00Z");
}

ReportCase token_case() {
  auto story = std::make_unique<Story>();
  story->parts.format = Format::time_stamp;
  TimeStampPart& stamp =
      story->stamp_document(story->tsu("TSU", "2013-01-01", "2018-11-04"), "2014-05-06T08:30:04Z");
  stamp.kind = TimeStampKind::alone;
  return finish("token", std::move(story), "2014-05-20T12:00:00Z");
}

ReportCase empty_case() {
  return finish("empty", std::make_unique<Story>(), "2014-05-20T12:00:00Z");
}

ReportCase many_case() {
  auto story = std::make_unique<Story>();
  story->parts.pages = 128;
  const Party stranger = root(authority("Nobody's authority"));
  const Party tsu = story->tsu("TSU of the Ministry", "2013-01-01", "2018-11-04");
  const std::vector<std::string> names = {
      "Seal of the Department of Very Long Names, Unbroken-and-Unbreakable-Word-"
      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz, Office of Records",
      "ארכיון המדינה – חותם אלקטרוני",
      "ختم إلكتروني لوزارة العدل",
      "Žluťoučký kůň, s.r.o.",
      "国家档案局电子印章",
      "Revoked",
      "Of a stranger",
      "Α. Παπαδοπούλου"};
  std::vector<CrlEntry> revoked;
  for (const std::string& name : names) {
    CertificateWish wish = pki::signer(name);
    wish.not_before = at("2013-01-01");
    wish.not_after = at("2015-01-01");
    story->signer = issue(name == "Of a stranger" ? stranger : story->ca, wish);
    if (name == "Revoked")
      revoked.push_back(entry_of(*story->signer.certificate, at("2014-04-01"), 1));
    SignaturePart& signature = story->sign();
    signature.name = "form[0].page[2]." + name;
    signature.reason = name;
    signature.location = "ירושלים, Praha";
    signature.claimed_time = at("2014-05-06T08:00:00Z");
    signature.pdf = PdfCoverage{{}, 0, 3, false, {}};
    story->stamp_signature(tsu, "2014-05-06T08:30:04Z");
  }
  add_lists(*story, "2014-05-20", "2014-06-20", std::move(revoked));
  ReportCase done{"many", std::move(story), {}};
  done.result = done.story->validate("2014-05-20T12:00:00Z");
  return done;
}

std::vector<ReportCase> report_cases() {
  std::vector<ReportCase> all;
  all.push_back(extended_case());
  all.push_back(revoked_case());
  all.push_back(changed_case());
  all.push_back(token_case());
  all.push_back(empty_case());
  all.push_back(many_case());
  all.push_back(countersigned_case());
  return all;
}

}  // namespace signet::validation::pki
