#include <iostream>
#include <string>
#include <vector>

#include "signet-cli/app.h"

int main(int argc, char** argv) {
  return signet::cli::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc),
                          std::cout, std::cerr);
}
