// What a search has found, as a file: CSV (RFC 4180) or JSON. Digests are hexadecimal, as programs print them.
#include <array>
#include <boost/json.hpp>

#include "common/json_text.h"
#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_query.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kMostExported = 10'000;  // seals of one file
constexpr std::int64_t kExportStep = 500;
constexpr int kMostSteps = 100;  // of a search that finds little

struct ExportColumn {
  const char* name;
  std::string (*value)(const Seal&);
};

constexpr std::array<ExportColumn, 16> kColumns{{
    {"id", [](const Seal& seal) { return seal.id; }},
    {"client", [](const Seal& seal) { return seal.client; }},
    {"kind", [](const Seal& seal) { return seal.opened.kind; }},
    {"state", [](const Seal& seal) { return seal.result.state; }},
    {"reference", [](const Seal& seal) { return seal.opened.reference; }},
    {"openedAt", [](const Seal& seal) { return seal.opened_at; }},
    {"signedAt", [](const Seal& seal) { return seal.result.signed_at; }},
    {"timestampedAt", [](const Seal& seal) { return seal.result.timestamped_at; }},
    {"endedAt", [](const Seal& seal) { return seal.ended_at; }},
    {"format", [](const Seal& seal) { return seal.opened.format; }},
    {"level", [](const Seal& seal) { return seal.opened.level; }},
    {"digest", [](const Seal& seal) { return seal.opened.digest; }},
    {"sealedDigest", [](const Seal& seal) { return seal.result.sealed_digest; }},
    {"signatureDigest", [](const Seal& seal) { return seal.result.signature_digest; }},
    {"sealingCertificate",
     [](const Seal& seal) {
       return seal.result.certificate.empty() ? seal.opened.certificate : seal.result.certificate;
     }},
    {"reason", [](const Seal& seal) { return seal.result.reason; }},
}};

// A text that a spreadsheet would take for a formula gets an apostrophe before it.
std::string csv_field(const std::string& value) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  std::string field = "\"";
  if (!value.empty() && kFormula.find(value.front()) != std::string_view::npos) field += '\'';
  for (const char each : value) field += each == '"' ? std::string("\"\"") : std::string(1, each);
  return field + "\"";
}

std::string exported_csv(const std::vector<Seal>& seals) {
  std::string text;
  for (const ExportColumn& column : kColumns)
    text += std::string(text.empty() ? "" : ",") + column.name;
  text += "\r\n";
  for (const Seal& seal : seals) {
    for (const ExportColumn& column : kColumns)
      text += (&column == kColumns.data() ? "" : ",") + csv_field(column.value(seal));
    text += "\r\n";
  }
  return text;
}

std::string exported_json(const std::vector<Seal>& seals, bool complete) {
  boost::json::array list;
  for (const Seal& seal : seals) {
    boost::json::object object;
    for (const ExportColumn& column : kColumns) {
      if (const std::string value = column.value(seal); !value.empty()) object[column.name] = value;
    }
    list.push_back(std::move(object));
  }
  return json_text({{"seals", std::move(list)}, {"complete", complete}});
}

}  // namespace

Pages::Export Pages::found_for_export(const Visit& visit) {
  SealQuery query = read_seal_query(visit.form, visit.user());
  if (!query.fault.empty()) throw problems::bad_value("The search cannot be read.");
  return readers_.read([&](storage::SqlConnection& sql) {
    Export found;
    std::optional<std::int64_t> after;
    for (int step = 0; step == 0 || (after && step < kMostSteps); ++step) {
      if (std::cmp_greater_equal(found.seals.size(), kMostExported)) break;
      SealPage page = search_seals(sql, query.filter, after, kExportStep);
      found.seals.insert(found.seals.end(), page.seals.begin(), page.seals.end());
      after = page.next;
    }
    found.complete = !after;
    return found;
  });
}

https::server::Response Pages::export_csv(const Visit& visit) {
  const Export found = found_for_export(visit);
  return download("text/csv; charset=utf-8", found.complete ? "seals.csv" : "seals-incomplete.csv",
                  exported_csv(found.seals));
}

https::server::Response Pages::export_json(const Visit& visit) {
  const Export found = found_for_export(visit);
  return download("application/json", found.complete ? "seals.json" : "seals-incomplete.json",
                  exported_json(found.seals, found.complete));
}

}  // namespace signet::sealserver
