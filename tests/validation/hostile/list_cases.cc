// XML that grows when it is parsed, in the place of a trusted list.
#include <fmt/format.h>

#include <string>

#include "tests/validation/hostile/case.h"

namespace signet::tests {

namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kRoot =
    "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">";
constexpr std::string_view kEnd = "</TrustServiceStatusList>";

std::vector<std::string> with_list(const CaseFolder& folder, const std::string& xml) {
  const pki::Party signer = signer_below(hostile_root());
  std::vector<std::string> arguments = folder.message(message_with(signer, {}), hostile_root());
  const std::filesystem::path list = folder.put("list.xml", view_of(xml));
  const std::filesystem::path lists = list.parent_path() / "lists";
  std::filesystem::create_directories(lists);
  std::filesystem::rename(list, lists / "list.xml");
  arguments.insert(arguments.end(), {"--trusted-lists", lists.string(), "--journal",
                                     folder.put("journal.der", hostile_root().der())});
  return arguments;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

std::string with_entities(const std::string& declared, const std::string& used) {
  return fmt::format("{}<!DOCTYPE t [{}]>{}<SchemeInformation>{}</SchemeInformation>{}", kHead,
                     declared, kRoot, used, kEnd);
}

std::string laughs() {
  std::string declared = "<!ENTITY a0 \"ha\">";
  for (int i = 1; i <= 30; ++i)
    declared += fmt::format("<!ENTITY a{} \"{}\">", i, repeated(fmt::format("&a{};", i - 1), 10));
  return with_entities(declared, "&a30;");
}

std::string quadratic() {
  return with_entities("<!ENTITY a \"" + std::string(1'000'000, 'a') + "\">",
                       repeated("&a;", 100'000));
}

std::string outside() {
  return with_entities(
      "<!ENTITY a SYSTEM \"file:///dev/zero\"><!ENTITY b SYSTEM "
      "\"http://127.0.0.1:9/\">",
      "&a;&b;");
}

std::string body(const std::string& inside) {
  return fmt::format("{}{}{}{}", kHead, kRoot, inside, kEnd);
}

std::string attributes(std::size_t count) {
  std::string all = "<X";
  for (std::size_t i = 0; i < count; ++i) all += fmt::format(" a{}=\"\"", i);
  return body(all + "/>");
}

std::string prefixes(std::size_t count) {
  std::string all = "<X";
  for (std::size_t i = 0; i < count; ++i) all += fmt::format(" xmlns:p{}=\"u\"", i);
  return body(all + ">" + repeated("<y/>", 100'000) + "</X>");
}

}  // namespace

std::vector<HostileCase> list_cases() {
  std::vector<HostileCase> cases;
  const auto add = [&](const std::string& name, std::string (*make)()) {
    cases.push_back({name, kPassed, false,
                     [make](const CaseFolder& folder) { return with_list(folder, make()); }});
  };
  add("a list of entities of entities", laughs);
  add("a list of one long entity many times", quadratic);
  add("a list of entities from elsewhere", outside);
  add("a list with 1,000,000 attributes of an element", [] { return attributes(1'000'000); });
  add("a list with 10,000 prefixes", [] { return prefixes(10'000); });
  add("a list nested 1,000,000 deep",
      [] { return body(repeated("<x>", 1'000'000) + repeated("</x>", 1'000'000)); });
  add("a list with 5,000,000 elements", [] { return body(repeated("<x/>", 5'000'000)); });
  add("a list with 1,000,000 comments", [] { return body(repeated("<!---->", 1'000'000)); });
  add("a list that is cut off in an element",
      [] { return fmt::format("{}{}<x a=\"{}", kHead, kRoot, std::string(30'000'000, 'b')); });
  return cases;
}

}  // namespace signet::tests
