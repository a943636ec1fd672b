// Documents on their way in and out.
#include <cerrno>
#include <filesystem>
#include <memory>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"

namespace signet::c {

namespace {

CallResult<void> check_descriptor(int descriptor) {
  if (descriptor >= 0) return success();
  return bad_argument("a descriptor is not negative");
}

}  // namespace

}  // namespace signet::c

using signet::ByteView;
using signet::c::call;
using signet::c::CallResult;
using signet::c::free_handle;
using signet::c::need;
using signet::c::text_of;
using signet::sealing::Input;
using signet::sealing::Output;

int signet_seal_input_file(signet_seal_context* context, const char* path,
                           signet_seal_input** input, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, path, input}));
    BOOST_OUTCOME_TRY(auto opened, Input::file(path));
    *input = new signet_seal_input(std::move(opened));
    return signet::success();
  });
}

int signet_seal_input_descriptor(signet_seal_context* context, int descriptor, const char* folder,
                                 signet_seal_input** input, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, input}));
    BOOST_OUTCOME_TRY(signet::c::check_descriptor(descriptor));
    BOOST_OUTCOME_TRY(auto spooled, Input::spooled(descriptor, folder == nullptr ? "" : folder));
    *input = new signet_seal_input(std::move(spooled));
    return signet::success();
  });
}

int signet_seal_input_memory(signet_seal_context* context, const void* data, size_t size,
                             signet_seal_input** input, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, input}));
    BOOST_OUTCOME_TRY(const auto bytes, signet::c::bytes_of(data, size));
    *input = new signet_seal_input(Input::memory(bytes));
    return signet::success();
  });
}

int signet_seal_input_callback(signet_seal_context* context, uint64_t size,
                               signet_seal_read_callback callback, void* user,
                               signet_seal_input** input, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, reinterpret_cast<const void*>(callback), input}));
    const auto read = [callback, user](std::uint64_t offset, std::span<std::uint8_t> out) {
      if (callback(user, offset, out.data(), out.size()) == 0) return true;
      errno = EIO;  // not: the document became shorter
      return false;
    };
    *input = new signet_seal_input(Input::callback(size, read));
    return signet::success();
  });
}

void signet_seal_input_free(signet_seal_input* input) {
  free_handle(input);
}

int signet_seal_output_file(signet_seal_context* context, const char* path, int replace,
                            signet_seal_output** output, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, path, output}));
    if (replace != 0 && replace != 1) return signet::c::bad_argument("`replace` is 0 or 1");
    BOOST_OUTCOME_TRY(auto opened, Output::file(path, replace == 1 ? Output::Existing::replace
                                                                   : Output::Existing::refuse));
    auto made = std::make_unique<signet_seal_output>();
    made->output = std::move(opened);
    *output = made.release();
    return signet::success();
  });
}

int signet_seal_output_descriptor(signet_seal_context* context, int descriptor,
                                  signet_seal_output** output, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, output}));
    BOOST_OUTCOME_TRY(signet::c::check_descriptor(descriptor));
    auto made = std::make_unique<signet_seal_output>();
    made->output = Output::descriptor(descriptor);
    *output = made.release();
    return signet::success();
  });
}

int signet_seal_output_memory(signet_seal_context* context, signet_seal_output** output,
                              signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, output}));
    auto made = std::make_unique<signet_seal_output>();
    made->output = Output::memory(made->bytes);
    *output = made.release();
    return signet::success();
  });
}

int signet_seal_output_callback(signet_seal_context* context, signet_seal_write_callback callback,
                                void* user, signet_seal_output** output, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, reinterpret_cast<const void*>(callback), output}));
    auto made = std::make_unique<signet_seal_output>();
    made->output = Output::callback([callback, user](ByteView bytes) {
      return callback(user, bytes.data(), bytes.size()) == 0;
    });
    *output = made.release();
    return signet::success();
  });
}

const void* signet_seal_output_bytes(const signet_seal_output* output, size_t* size) {
  static const signet::Bytes none;
  return signet::c::give(output == nullptr ? none : output->bytes, size);
}

void signet_seal_output_free(signet_seal_output* output) {
  free_handle(output);
}
