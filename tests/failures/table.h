// The table of what comes of each failure: a text file for the test, and its page form.
//
// A block begins with the failures that have the same consequences, each in a line "= NAME"; then lines
// "  STEP STEP...: CODE; login WHO; asked HOW OFTEN; then WHAT; LOG". A step of the CSC API ends in "/1" or "/2" where its two versions
// differ.
#ifndef SIGNET_TESTS_FAILURES_TABLE_H_
#define SIGNET_TESTS_FAILURES_TABLE_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace signet::tests {

constexpr int kOften = 3;  // from here on time decides how often

// What a caller sees of one failure, and what the service sees of the caller.
struct Outcome {
  std::string code;      // of the function, without "CKR_"
  std::string login;     // afterwards: "none", "user", "so"
  int asked = 0;         // requests of the call that failed; kOften for more
  bool counted = false;  // among the requests of unknown outcome
  std::string then;      // what comes of the next signature, with the service well again
  std::string log;       // the sentence at the end, or of a failure that only the log shows

  bool operator==(const Outcome&) const = default;
};

// A step in one version of its dialect; 0 where the dialect has only one.
struct Cell {
  std::string step;
  int version = 0;

  auto operator<=>(const Cell&) const = default;
};

class Table {
 public:
  using Row = std::map<Cell, Outcome>;

  // All that the table can have, in the order in which it is written.
  explicit Table(std::vector<Cell> cells) : cells_(std::move(cells)) {}

  // Throws std::runtime_error with the line that cannot be read.
  void read(const std::filesystem::path& file);
  // After the comment lines that the file begins with.
  void write(const std::filesystem::path& file) const;
  // For people: a column for each function of PKCS#11. `functions` names that of each step.
  std::string markdown(const std::map<std::string, std::string>& functions) const;

  void set(const std::string& failure, const Cell& cell, Outcome outcome);
  const Outcome* find(const std::string& failure, const Cell& cell) const;
  std::size_t size() const;  // outcomes

 private:
  struct Line {
    std::vector<std::string> steps;
    Outcome outcome;
    bool operator==(const Line&) const = default;
  };
  struct Block {
    std::vector<std::string> failures;
    std::vector<Line> lines;
  };
  std::vector<Block> blocks() const;
  std::vector<Line> lines_of(const Row& row) const;
  std::vector<Cell> cells_of(const std::string& step) const;

  const std::vector<Cell> cells_;
  std::vector<std::string> order_;
  std::map<std::string, Row> rows_;
};

std::string text_of(const Outcome& outcome);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_TABLE_H_
