# What glibc has and other C libraries may lack. Each has a fallback beside its use; -DNAME=OFF builds with that.
include(CheckSymbolExists)
set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
check_symbol_exists(posix_spawn_file_actions_addclosefrom_np spawn.h SIGNET_HAVE_SPAWN_CLOSEFROM)
check_symbol_exists(mallopt malloc.h SIGNET_HAVE_MALLOPT)
unset(CMAKE_REQUIRED_DEFINITIONS)

# signet_use_if_there(SOURCE NAME): the source sees the macro NAME as 1 or 0.
function(signet_use_if_there source name)
  set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS "${name}=$<BOOL:${${name}}>")
endfunction()
