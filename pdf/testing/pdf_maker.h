// Small documents of every build, for tests: nothing of others' is kept in the repository.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace signet::pdf {

struct MadeDocument {
  enum class Form { table, stream, hybrid };

  Form form = Form::table;
  int pages = 1;
  bool nested_pages = false;  // a node of the page tree for each three pages
  std::string tree;           // more entries of the page tree's root, which pages inherit
  bool own_box = true;        // the pages have a /MediaBox, and not the root only
  std::string version = "1.7";
  std::string before;                // in front of %PDF-
  bool offsets_from_header = false;  // they count from %PDF-, not from the file's start
  std::string behind;                // behind %%EOF
  bool line_end = true;              // behind %%EOF
  bool id = true;
  int size_too_small = 0;                   // /Size says so many fewer
  bool fragmented = false;                  // each entry of the table in a subsection of its own
  std::string catalog, page, trailer;       // more entries; of the first page
  std::string resources;                    // more entries of each page's /Resources
  std::string last_page;                    // of the last one, where it is not the first
  std::map<int, std::string> objects = {};  // more objects, numbers from first_free() on

  // 1: catalog, 2: page tree, 3: contents, 4: information; then pages and their nodes.
  int first_page() const { return 5; }
  int first_free() const { return first_page() + pages + (nested_pages ? (pages + 2) / 3 : 0); }

  std::string make() const;
};

// An update of a document by others: these objects, in a table or (with `stream`) a cross-reference stream.
std::string updated(const std::string& document, const std::map<int, std::string>& objects,
                    bool stream = false);

// With the last `from` in it replaced. Throws where there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);

// The standard output and error of a shell command, and whether it succeeded.
struct Ran {
  bool good = false;
  std::string output;
};
Ran run(const std::string& command);

}  // namespace signet::pdf
