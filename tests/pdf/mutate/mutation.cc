#include "tests/pdf/mutate/mutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <string_view>

#include "tests/pdf/mutate/outline.h"

namespace signet::tests {

namespace {

// Numbers at which readers of PDF were wrong before.
constexpr std::array<std::string_view, 16> kNumbers = {"0",
                                                       "-1",
                                                       "1",
                                                       "2",
                                                       "255",
                                                       "65535",
                                                       "65536",
                                                       "8388607",
                                                       "2147483647",
                                                       "2147483648",
                                                       "4294967295",
                                                       "4294967296",
                                                       "9223372036854775807",
                                                       "9223372036854775808",
                                                       "99999999999999999999999",
                                                       "1.5"};

// What may stand where any object is expected.
constexpr std::array<std::string_view, 14> kTokens = {
    "null",   "true",  "[]",    "<<>>",  "()",    "<>",        "/Sig",
    "/Pages", "0 0 R", "1 0 R", "2 0 R", "5 0 R", "/AcroForm", "<</Kids[2 0 R]>>"};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  // Below `end`, which is not 0. The distributions of the library differ from one to the other.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  bool one_in(std::size_t many) { return below(many) == 0; }

  template <typename List>
  const auto& of(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// Each says what it did; nothing where the document has nothing to do it to.
using Change = std::string (*)(Chance&, std::string&, const std::vector<NamedDocument>&);

Span some_span(Chance& chance, const std::string& bytes, std::size_t longest) {
  const std::size_t begin = chance.below(bytes.size());
  return {begin, std::min(bytes.size(), begin + 1 + chance.below(longest))};
}

std::string flip(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const std::size_t times = 1 + chance.below(4);
  for (std::size_t done = 0; done < times; ++done) {
    const std::size_t at = chance.below(bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << chance.below(8)));
  }
  return fmt::format("{} bits", times);
}

std::string cut(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const Span gone = some_span(chance, bytes, chance.one_in(2) ? 16 : 4096);
  if (chance.one_in(3)) {
    bytes.resize(gone.begin);
    return fmt::format("cut at {}", gone.begin);
  }
  bytes.erase(gone.begin, gone.size());
  return fmt::format("cut {} to {}", gone.begin, gone.end);
}

std::string repeat(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const Span again = some_span(chance, bytes, chance.one_in(2) ? 64 : 4096);
  const std::string part = bytes.substr(again.begin, again.size());
  const std::size_t to = chance.one_in(2) ? again.end : chance.below(bytes.size());
  bytes.insert(to, part);
  return fmt::format("repeated {} to {} at {}", again.begin, again.end, to);
}

// With the same length where that is possible, so that offsets stay right.
void put_over(std::string& bytes, Span old, std::string now) {
  if (now.size() < old.size()) now.append(old.size() - now.size(), ' ');
  bytes.replace(old.begin, old.size(), now);
}

std::string number(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = numbers_of(bytes);
  if (found.empty()) return {};
  const Span old = chance.of(found);
  std::string now(chance.of(kNumbers));
  if (chance.one_in(2)) {
    now = bytes.substr(old.begin, old.size());
    now[chance.below(now.size())] = static_cast<char>('0' + chance.below(10));
  }
  const std::string how =
      fmt::format("{} at {} is {}", bytes.substr(old.begin, old.size()), old.begin, now);
  put_over(bytes, old, std::move(now));
  return how;
}

std::string swap(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = names_of(bytes);
  if (found.size() < 2) return {};
  const Span a = chance.of(found);
  const Span b = chance.of(found);
  if (a.end > b.begin) return {};
  const std::string one = bytes.substr(a.begin, a.size());
  const std::string other = bytes.substr(b.begin, b.size());
  put_over(bytes, b, one);
  put_over(bytes, a, other);
  return fmt::format("swapped {} at {} and {} at {}", one, a.begin, other, b.begin);
}

std::string replace(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = values_of(bytes);
  if (found.empty()) return {};
  const Span old = chance.of(found);
  const std::string_view now = chance.of(kTokens);
  const std::string how =
      fmt::format("{} at {} is {}", bytes.substr(old.begin, old.size()), old.begin, now);
  put_over(bytes, old, std::string(now));
  return how;
}

std::string rename(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = names_of(bytes);
  if (found.empty()) return {};
  const Span old = chance.of(found);
  const std::string how =
      fmt::format("another name for {} at {}", bytes.substr(old.begin, old.size()), old.begin);
  bytes[old.end - 1] = static_cast<char>('a' + chance.below(26));
  return how;
}

std::string remove(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = objects_of(bytes);
  if (found.empty()) return {};
  const Span gone = chance.of(found);
  const bool blank = chance.one_in(2);
  if (blank) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(gone.begin), gone.size(), ' ');
  } else {
    bytes.erase(gone.begin, gone.size());
  }
  return fmt::format("{} the object at {}", blank ? "blanked" : "removed", gone.begin);
}

std::string exchange(Chance& chance, std::string& bytes, const std::vector<NamedDocument>&) {
  const auto found = objects_of(bytes);
  if (found.size() < 2) return {};
  const Span a = chance.of(found);
  const Span b = chance.of(found);
  if (a.end > b.begin) return {};
  // Their bodies; the numbers stay.
  const auto body = [&](Span object) {
    const std::size_t begin = bytes.find("obj", object.begin) + 3;
    return Span{begin, object.end - 6};
  };
  const Span first = body(a);
  const Span second = body(b);
  const std::string one = bytes.substr(first.begin, first.size());
  const std::string other = bytes.substr(second.begin, second.size());
  bytes.replace(second.begin, second.size(), one);
  bytes.replace(first.begin, first.size(), other);
  return fmt::format("exchanged the objects at {} and {}", a.begin, b.begin);
}

std::string join(Chance& chance, std::string& bytes, const std::vector<NamedDocument>& bases) {
  const NamedDocument& other = chance.of(bases);
  switch (chance.below(3)) {
    case 0:
      bytes += other.bytes;
      return "with " + other.name + " behind it";
    case 1: {
      const std::size_t at = chance.below(bytes.size());
      bytes.insert(at, other.bytes);
      return fmt::format("with {} at {}", other.name, at);
    }
    default: {
      const std::size_t at = chance.below(bytes.size());
      const std::size_t from = chance.below(other.bytes.size());
      bytes = bytes.substr(0, at) + other.bytes.substr(from);
      return fmt::format("to {}, then {} from {}", at, other.name, from);
    }
  }
}

// Those that keep a document readable more often.
constexpr std::array<Change, 14> kChanges = {flip,   flip,   cut,      repeat,  number,
                                             number, number, swap,     replace, replace,
                                             rename, remove, exchange, join};

}  // namespace

Mutant mutant(const std::vector<NamedDocument>& bases, std::uint64_t seed) {
  Chance chance(seed);
  const NamedDocument& base = chance.of(bases);
  Mutant made{base.bytes, base.name};
  const std::size_t changes = chance.one_in(4) ? 2 + chance.below(4) : 1;
  for (std::size_t done = 0; done < changes && !made.bytes.empty(); ++done) {
    const std::string how = chance.of(kChanges)(chance, made.bytes, bases);
    if (!how.empty()) made.how += ", " + how;
  }
  if (chance.one_in(2) && mend_table(made.bytes)) made.how += ", with a table that fits";
  return made;
}

}  // namespace signet::tests
