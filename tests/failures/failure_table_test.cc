// Every failure of a service at every call of its dialect: csc.txt and sapiws.txt, and their form in docs/failures.md.
//
// SIGNET_FAILURES=all plays all of them; usually it is a sample. With SIGNET_WRITE_DOCS=1, too, the files and the page are
// written anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/failures/player.h"
#include "tests/support/files.h"

namespace signet::tests {
namespace {

constexpr std::size_t kSample = 16;  // every so many of the cases
constexpr int kForEver = 1'000'000;

bool is_set(const char* variable) {
  return std::getenv(variable) != nullptr;
}

struct Form {
  const char* name;
  std::vector<Dialect> dialects;  // each with a version, from 1; one alone has none
  std::vector<Failing> (*failures)();

  std::filesystem::path file() const {
    return std::filesystem::path(SIGNET_FAILURES_FOLDER) / (std::string(name) + ".txt");
  }
  int version_of(std::size_t place) const {
    return dialects.size() == 1 ? 0 : static_cast<int>(place) + 1;
  }
  std::vector<Cell> cells() const {
    std::vector<Cell> all;
    for (const Step& step : steps_of(dialects.back())) {
      for (std::size_t place = 0; place < dialects.size(); ++place) {
        if (place + 1 == dialects.size() || step.both_versions) {
          all.push_back({step.name, version_of(place)});
        }
      }
    }
    return all;
  }
};

const Form& csc() {
  static const Form form{"csc", {Dialect::csc1, Dialect::csc2}, csc_failures};
  return form;
}
const Form& sapiws() {
  static const Form form{"sapiws", {Dialect::sapiws}, sapiws_failures};
  return form;
}

class FailureTable : public testing::TestWithParam<const Form*> {};

INSTANTIATE_TEST_SUITE_P(Dialects, FailureTable, testing::Values(&csc(), &sapiws()),
                         [](const auto& form) { return std::string(form.param->name); });

TEST_P(FailureTable, EveryFailureAtEveryCallHasTheWrittenConsequences) {
  const Form& form = *GetParam();
  const bool all = is_set("SIGNET_FAILURES");
  const bool writes = all && is_set("SIGNET_WRITE_DOCS");
  Table expected(form.cells());
  Table found(form.cells());
  if (!writes) expected.read(form.file());
  std::size_t number = 0;
  for (const Failing& failing : form.failures()) {
    for (std::size_t place = 0; place < form.dialects.size(); ++place) {
      for (const Step& step : steps_of(form.dialects[place])) {
        if (!failing.reply(step)) continue;
        if (number++ % kSample != 0 && !all) continue;
        const Cell cell{step.name, form.version_of(place)};
        SCOPED_TRACE(fmt::format("{} at {}/{}", failing.name, cell.step, cell.version));
        const Outcome outcome = play(form.dialects[place], step, failing, kForEver);
        found.set(failing.name, cell, outcome);
        if (writes) continue;
        const Outcome* const wanted = expected.find(failing.name, cell);
        ASSERT_NE(wanted, nullptr) << "not in the table: " << text_of(outcome);
        EXPECT_EQ(text_of(outcome), text_of(*wanted));
      }
    }
  }
  if (writes) found.write(form.file());
  if (!writes) {
    EXPECT_EQ(expected.size(), number) << "the table has what nothing does";
  }
}

TEST_P(FailureTable, IsInThePage) {
  const Form& form = *GetParam();
  Table table(form.cells());
  table.read(form.file());
  std::map<std::string, std::string> functions;
  for (const Step& step : steps_of(form.dialects.back())) {
    functions[step.name] = name_of(step.function);
  }
  const std::string code = "\n" + table.markdown(functions) + "\n";
  std::string page = read_file(SIGNET_FAILURES_PAGE);
  const std::string opening = fmt::format("<!-- {}: begin -->\n", form.name);
  const auto begin = page.find(opening);
  const auto end = page.find(fmt::format("<!-- {}: end -->\n", form.name));
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos);
  const auto from = begin + opening.size();
  if (is_set("SIGNET_WRITE_DOCS")) {
    std::ofstream(SIGNET_FAILURES_PAGE) << page.replace(from, end - from, code);
    return;
  }
  EXPECT_EQ(page.substr(from, end - from), code);
}

}  // namespace
}  // namespace signet::tests
