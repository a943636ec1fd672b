// Boost.JSON, compiled from its headers: see SignetDependencies.cmake.
#include <boost/json/src.hpp>
