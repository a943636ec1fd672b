// Writes the reports of every test case to a folder, for judges that are other programs: write_reports FOLDER
#include <fstream>
#include <iostream>

#include "validation/report/report.h"
#include "validation/testing/report_cases.h"

int main(int argc, char** argv) {
  using namespace signet::validation;
  if (argc != 2) {
    std::cerr << "usage: write_reports FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  for (const pki::ReportCase& report : pki::report_cases()) {
    for (const Language language : {Language::english, Language::czech}) {
      const std::string name =
          folder + "/" + report.name + (language == Language::czech ? ".cs" : ".en");
      ReportOptions options;
      options.language = language;
      options.file_name = report.name + ".pdf";
      options.other_readers = true;
      std::ofstream(name + ".xml") << xml_report(report.result, options);
      std::ofstream(name + ".html") << html_report(report.result, options);
      std::ofstream(name + ".txt") << text_report(report.result, options);
      std::ofstream(name + ".json") << json_report(report.result, options);
    }
  }
  return 0;
}
