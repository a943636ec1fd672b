#include "signet-cli/preserve/command.h"

namespace signet::cli {

void add_preserve(CLI::App& parent, Context& context) {
  CLI::App& group =
      add_group(parent, "preserve", "Keep a register of sealed documents and extend them in time");
  add_preserve_add(group, context);
  add_preserve_list(group, context);
  add_preserve_due(group, context);
  add_preserve_run(group, context);
  add_preserve_check(group, context);
  add_preserve_remove(group, context);
  add_preserve_export(group, context);
  add_preserve_import(group, context);
}

}  // namespace signet::cli
