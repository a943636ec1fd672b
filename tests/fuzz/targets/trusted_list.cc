// Any bytes as a trusted list.
#include <cstdint>
#include <string>
#include <vector>

#include "common/printable.h"
#include "tests/fuzz/support/require.h"
#include "validation/trusted_lists/certificate_qualification.h"
#include "validation/trusted_lists/list_trust.h"
#include "validation/trusted_lists/service_index.h"

namespace signet::fuzz {
namespace {

using namespace validation;

void check_statements(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements)
    for (const Language language : {Language::english, Language::czech}) {
      const std::string text = text_of(statement, language);
      require(!text.empty() && printable(text) == text, "a reason is a printable sentence");
    }
}

void check_conclusion(const LoadedList& loaded) {
  check_statements(loaded.conclusion.reasons);
  check_statements(loaded.conclusion.warnings);
  require(loaded.conclusion.passed() || !loaded.conclusion.reasons.empty(),
          "what is refused says why");
}

void check_service(const Service& service) {
  require(!service.states.empty(), "a service has a state");
  for (std::size_t i = 1; i < service.states.size(); ++i) {
    require(service.states[i].end == service.states[i - 1].start, "one state follows the other");
    require(service.states[i].start <= service.states[i - 1].start, "the newest is the first");
  }
  for (const ServiceState& state : service.states)
    require(
        printable(state.name + state.type + state.status) == state.name + state.type + state.status,
        "names are printable");
}

// What the list would make of a certificate that claims everything, if it were authentic.
void check_qualification(const LoadedList& loaded) {
  CertificateFacts facts;
  facts.not_before = kEidas;
  facts.statements = {qc::kCompliance, qc::kSscd, qc::kType};
  facts.types = {qc::kTypeSeal};
  for (const Service& service : loaded.list->services)
    for (const ServiceState& state : service.states) {
      std::vector<Statement> reasons;
      const auto found =
          qualification_at(facts, {{&loaded, &service}}, "organization", state.start, reasons);
      check_statements(reasons);
      require(!reasons.empty(), "there is a reason");
      require(!found.qualified || is_granted(state, state.start) || state.end == state.start ||
                  service.states.size() > 1,
              "only a granted service qualifies");
      require(!found.on_device || found.qualified, "a device needs a qualified certificate");
    }
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  auto loaded = validation::load_list("list.xml", ByteView(data, size));
  if (!loaded) return 0;
  fuzz::check_conclusion(*loaded);
  fuzz::require(loaded->list || !loaded->conclusion.passed(), "what is not read does not pass");
  if (loaded->list) {
    for (const validation::Service& service : loaded->list->services) fuzz::check_service(service);
    fuzz::check_qualification(*loaded);
    validation::ServiceIndex index;
    index.add(*loaded);
  }
  std::vector<validation::LoadedList> lists{*std::move(loaded)};
  validation::authenticate(lists, {}, validation::kEidas);
  fuzz::require(!lists[0].conclusion.passed(), "without the Journal's certificates nothing passes");
  fuzz::check_conclusion(lists[0]);
  return 0;
}
