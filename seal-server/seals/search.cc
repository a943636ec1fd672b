#include "seal-server/seals/search.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "common/utf8.h"
#include "seal-server/seals/seal_row.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr const char* kPastAllTexts = "\U0010FFFF";
constexpr const char* kPastAllTimes = "9999";
constexpr const char* kCertificate =
    "(CASE WHEN used_certificate = '' THEN certificate ELSE used_certificate END)";

using Product = storage::SqlConnection::Product;
using Values = std::vector<storage::SqlValue>;

// A statement with its values, each a question mark in the texts that it is made of.
class Statement {
 public:
  explicit Statement(std::string text) : text_(std::move(text)) {}

  void add(std::string_view text, const Values& values = {}) {
    for (const char each : text) {
      if (each == '?') {
        text_ += ":v" + std::to_string(++names_);
      } else {
        text_.push_back(each);
      }
    }
    values_.insert(values_.end(), values.begin(), values.end());
  }

  std::vector<storage::SqlRow> rows(storage::SqlConnection& sql) const {
    return sql.query(text_, values_);
  }

 private:
  std::string text_;
  Values values_;
  unsigned names_ = 0;
};

struct SearchTerm {
  std::string text;
  Values values = {};
};

// The place of a seal in the order of a search.
struct Place {
  std::int64_t number = 0;
  std::string opened_at;
  std::string reference;
};

// One search: the order that an index has, what of the filter that index finds, and what is looked at row by row.
class Search {
 public:
  Search(storage::SqlConnection& sql, const SealFilter& filter, std::int64_t window)
      : sql_(sql), filter_(filter), window_(window) {
    reference_ = is_sqlite() ? "reference" : "reference COLLATE \"C\"";
    choose();
  }

  SealPage page(std::optional<std::int64_t> after, std::int64_t most) {
    if (after) after_ = place_of(*after);
    if (!looked_at_.empty()) end_ = end_of_window();
    Statement statement(std::string(kSealColumns) + " WHERE 1 = 1");
    add_found(statement);
    for (const SearchTerm& condition : looked_at_)
      statement.add(" AND " + condition.text, condition.values);
    statement.add(order() + " LIMIT ?", {most + 1});
    SealPage page;
    for (const auto& row : statement.rows(sql_)) page.seals.push_back(seal_in(row));
    if (std::cmp_greater(page.seals.size(), most)) {
      page.seals.resize(static_cast<std::size_t>(most));
      page.next = page.seals.back().number;
    } else if (end_) {
      page.next = end_->number;
    }
    return page;
  }

 private:
  enum class Order { time, number, reference };

  bool is_sqlite() const { return sql_.product() == Product::sqlite; }

  void choose() {
    const bool by_part = !filter_.reference.empty() && filter_.match == SealFilter::Match::part;
    const bool by_begin = !filter_.reference.empty() && !by_part;
    std::vector<SearchTerm> conditions;
    if (!filter_.digests.empty()) conditions.push_back(digest_condition());
    if (by_begin) conditions.push_back(begin_condition());
    if (by_part) conditions.push_back(part_condition());
    if (!filter_.certificate.empty())
      conditions.push_back({std::string(kCertificate) + " = ?", {filter_.certificate}});
    if (!filter_.state.empty()) conditions.push_back({"state = ?", {filter_.state}});
    const SearchTerm client{"client = ?", {filter_.client}};
    const bool one_client = !filter_.client.empty();
    if (!filter_.digests.empty()) {
      order_ = Order::number;
    } else if (by_begin) {
      order_ = Order::reference;
    } else if (by_part) {
      order_ = Order::number;
      by_trigrams_ = true;
    }
    const std::size_t first = conditions.empty() || by_trigrams_ ? 0 : 1;
    found_.assign(conditions.begin(), conditions.begin() + static_cast<std::ptrdiff_t>(first));
    looked_at_.assign(conditions.begin() + static_cast<std::ptrdiff_t>(first), conditions.end());
    // There are indexes of a client's seals by reference and by time.
    const bool indexed_client = order_ == Order::reference || conditions.empty();
    if (one_client) (indexed_client ? found_ : looked_at_).push_back(client);
    std::vector<SearchTerm>& times = order_ == Order::time ? found_ : looked_at_;
    if (!filter_.from.empty()) times.push_back({"opened_at >= ?", {filter_.from}});
    if (!filter_.to.empty()) times.push_back({"opened_at < ?", {filter_.to}});
  }

  // Each length is a statement of its own: there are three.
  SearchTerm digest_condition() const {
    std::vector<std::string> digests = filter_.digests;
    if (digests.size() > kMostDigests) throw problems::bad_value("There are too many digests.");
    const std::array<std::size_t, 3> sizes{1, 8, kMostDigests};
    digests.resize(*std::ranges::lower_bound(sizes, digests.size()), digests.back());
    std::string marks = "?";
    for (std::size_t i = 1; i < digests.size(); ++i) marks += ", ?";
    SearchTerm condition{"(digest IN (" + marks + ") OR sealed_digest IN (" + marks + "))"};
    for (int column = 0; column < 2; ++column)
      condition.values.insert(condition.values.end(), digests.begin(), digests.end());
    return condition;
  }

  SearchTerm begin_condition() const {
    return {reference_ + " >= ? AND " + reference_ + " < ?",
            {filter_.reference, filter_.reference + kPastAllTexts}};
  }

  // The trigrams of a part are in a reference also where the part is not.
  SearchTerm part_condition() {
    std::vector<std::string_view> characters;
    for (std::string_view rest = filter_.reference; !rest.empty();) {
      const std::size_t size = first_piece(rest).size;
      characters.push_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    if (characters.size() < kShortestPart)
      throw problems::bad_value("A part of a reference has three characters or more.");
    for (std::size_t i = 0; i + kShortestPart <= characters.size(); ++i) {
      trigrams_ += i == 0 ? "\"" : " AND \"";
      for (std::size_t k = i; k < i + kShortestPart; ++k)
        trigrams_ += characters[k] == "\"" ? "\"\"" : std::string(characters[k]);
      trigrams_ += "\"";
    }
    if (is_sqlite()) return {"instr(reference, ?) > 0", {filter_.reference}};
    std::string pattern = "%";
    for (const char each : filter_.reference) {
      if (each == '%' || each == '_' || each == '\\') pattern.push_back('\\');
      pattern.push_back(each);
    }
    return {"reference LIKE ?", {pattern + "%"}};
  }

  // What an index finds, between the place after which the page begins and the end of its window.
  void add_found(Statement& statement) const {
    for (const SearchTerm& condition : found_)
      statement.add(" AND " + condition.text, condition.values);
    if (by_trigrams_ && is_sqlite()) {
      statement.add(
          " AND number IN (SELECT rowid FROM seal_part WHERE seal_part MATCH ? AND rowid < ?"
          " AND rowid >= ?)",
          {trigrams_, after_ ? after_->number : INT64_MAX, end_ ? end_->number : std::int64_t{0}});
    }
    if (after_) add_place(statement, *after_, order_ == Order::reference ? ">" : "<");
    if (end_) add_place(statement, *end_, order_ == Order::reference ? "<=" : ">=");
  }

  void add_place(Statement& statement, const Place& place, const std::string& relation) const {
    switch (order_) {
      case Order::time:
        statement.add(" AND (opened_at, number) " + relation + " (?, ?)",
                      {place.opened_at, place.number});
        break;
      case Order::number:
        statement.add(" AND number " + relation + " ?", {place.number});
        break;
      case Order::reference:
        statement.add(" AND (" + reference_ + ", number) " + relation + " (?, ?)",
                      {place.reference, place.number});
        break;
    }
  }

  std::string order() const {
    switch (order_) {
      case Order::time:
        return " ORDER BY opened_at DESC, number DESC";
      case Order::reference:
        return " ORDER BY " + reference_ + ", number";
      case Order::number:
        break;
    }
    return " ORDER BY number DESC";
  }

  // The last seal that this page looks at; nothing where it gets to the end.
  std::optional<Place> end_of_window() {
    const bool of_trigrams = by_trigrams_ && is_sqlite();
    Statement statement(of_trigrams ? "SELECT rowid FROM seal_part WHERE 1 = 1"
                                    : "SELECT number FROM seal WHERE 1 = 1");
    if (of_trigrams) {
      statement.add(" AND seal_part MATCH ? AND rowid < ? ORDER BY rowid DESC",
                    {trigrams_, after_ ? after_->number : INT64_MAX});
    } else {
      add_found(statement);
      if (by_trigrams_) statement.add(" AND " + looked_at_.front().text, looked_at_.front().values);
      statement.add(order());
    }
    statement.add(" LIMIT 1 OFFSET ?", {window_ - 1});
    const auto rows = statement.rows(sql_);
    if (rows.empty()) return std::nullopt;
    return place_of(rows.front().number(0));
  }

  Place place_of(std::int64_t number) {
    const auto rows =
        sql_.query("SELECT opened_at, reference FROM seal WHERE number = :number", {number});
    if (rows.empty()) throw problems::bad_value("The search cannot be continued there.");
    return {.number = number, .opened_at = rows.front().text(0), .reference = rows.front().text(1)};
  }

  storage::SqlConnection& sql_;
  const SealFilter& filter_;
  const std::int64_t window_;
  std::string reference_;
  Order order_ = Order::time;
  bool by_trigrams_ = false;
  std::string trigrams_;  // a query of FTS5
  std::vector<SearchTerm> found_;
  std::vector<SearchTerm> looked_at_;
  std::optional<Place> after_;
  std::optional<Place> end_;
};

}  // namespace

SealPage search_seals(storage::SqlConnection& sql, const SealFilter& filter,
                      std::optional<std::int64_t> after, std::int64_t most, std::int64_t window) {
  return Search(sql, filter, window).page(after, most);
}

std::optional<Seal> find_seal(storage::SqlConnection& sql, const std::string& id) {
  const auto rows = sql.query(std::string(kSealColumns) + " WHERE id = :id", {id});
  if (rows.empty()) return std::nullopt;
  return seal_in(rows.front());
}

}  // namespace signet::sealserver
