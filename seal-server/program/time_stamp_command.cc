// `signet-seald time-stamp`: what the running server does each day by itself.
#include <iostream>
#include <memory>

#include "seal-server/program/commands.h"
#include "seal-server/program/stamper.h"

namespace signet::sealserver {

namespace {

void stamp_folder(const std::filesystem::path& dir) {
  const ServerFolder folder = ServerFolder::open(dir);
  Stamper stamper(folder);
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  const auto size = stamper.stamp(sequencer);
  if (size)
    std::cout << "the checkpoint of size " << *size << " is time-stamped\n";
  else
    std::cout << "no time-stamp is due\n";
}

}  // namespace

void add_time_stamp_command(CLI::App& app) {
  CLI::App* stamp = app.add_subcommand(
      "time-stamp", "Time-stamp the newest checkpoint now, where it was not done today");
  const auto folder = std::make_shared<std::filesystem::path>();
  stamp->add_option("dir", *folder, "The server's folder")->required();
  stamp->callback([folder] { stamp_folder(*folder); });
}

}  // namespace signet::sealserver
