/* A program in C11 that knows nothing but signet-seal-verify.h: verifies a document from many threads.
 *
 *   verify TRUSTED AT THREADS DOCUMENT [DATA]
 *
 * TRUSTED: a file of certificates, whose chains need no revocation data. AT: seconds since 1970. Each thread verifies the document by
 * itself, as a file, from a descriptor and in memory; their reports must be the same. The JSON report goes to standard output, what
 * the accessors say to standard error; the exit status is that of "signet verify". */
#include <fcntl.h>
#include <pthread.h>
#include <signet-seal-verify.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct shared {
  signet_seal_context* context;
  signet_seal_verify_options* options;
  const char* document;
  const char* data;
};

struct worker {
  const struct shared* shared;
  int number;
  int status;
  char* report;
  pthread_t thread;
};

static void give_up(const char* what, const signet_seal_error* error) {
  fprintf(stderr, "%s: status %d: %s\n", what, signet_seal_error_status(error),
          signet_seal_error_sentence(error));
}

/* The whole file; the caller frees it. */
static void* bytes_of(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* bytes = NULL;
  *size = 0;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
    *size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*size + 1);
    if (bytes != NULL && fread(bytes, 1, *size, file) != *size) *size = 0;
  }
  if (file != NULL) fclose(file);
  return bytes;
}

/* The document as one of three kinds of input. */
static int open_document(const struct worker* worker, signet_seal_input** input, void** bytes,
                         signet_seal_error* error) {
  const struct shared* shared = worker->shared;
  size_t size = 0;
  if (worker->number % 3 == 0)
    return signet_seal_input_file(shared->context, shared->document, input, error);
  if (worker->number % 3 == 1) {
    const int descriptor = open(shared->document, O_RDONLY);
    const int failed =
        signet_seal_input_descriptor(shared->context, descriptor, NULL, input, error);
    close(descriptor);
    return failed;
  }
  *bytes = bytes_of(shared->document, &size);
  return signet_seal_input_memory(shared->context, *bytes, size, input, error);
}

static char* report_of(const struct shared* shared, const signet_seal_verification* found,
                       signet_seal_error* error) {
  signet_seal_report_options* options = NULL;
  signet_seal_output* output = NULL;
  char* text = NULL;
  if (signet_seal_report_options_new(shared->context, &options, error) ||
      signet_seal_report_options_set_file_name(options, shared->document, error) ||
      signet_seal_output_memory(shared->context, &output, error) ||
      signet_seal_verification_report(found, SIGNET_SEAL_REPORT_JSON, options, output, error)) {
    give_up("report", error);
  } else {
    size_t size = 0;
    const void* bytes = signet_seal_output_bytes(output, &size);
    text = calloc(size + 1, 1);
    if (text != NULL) memcpy(text, bytes, size);
  }
  signet_seal_output_free(output);
  signet_seal_report_options_free(options);
  return text;
}

static int exit_status(int indication) {
  switch (indication) {
    case SIGNET_SEAL_TOTAL_PASSED:
      return 0;
    case SIGNET_SEAL_INDETERMINATE:
      return 40;
    case SIGNET_SEAL_TOTAL_FAILED:
      return 41;
    default:
      return 42;
  }
}

static void print_one(const signet_seal_verified* one) {
  fprintf(stderr, "%s \"%s\" %s: %d %s, %zu certificates, %zu changes\n",
          signet_seal_verified_kind(one), signet_seal_verified_name(one),
          signet_seal_verified_level(one), signet_seal_verified_indication(one),
          signet_seal_verified_sub_indication(one), signet_seal_verified_chain_count(one),
          signet_seal_verified_change_count(one));
  for (size_t at = 0; at < signet_seal_verified_text_count(one, SIGNET_SEAL_ERRORS); ++at)
    fprintf(stderr, "  %s\n",
            signet_seal_verified_text(one, SIGNET_SEAL_ERRORS, at, SIGNET_SEAL_ENGLISH));
  for (size_t at = 0; at < signet_seal_verified_time_stamp_count(one); ++at)
    print_one(signet_seal_verified_time_stamp(one, at));
}

static void print_all(const signet_seal_verification* found) {
  for (size_t at = 0; at < signet_seal_verification_signature_count(found); ++at)
    print_one(signet_seal_verification_signature(found, at));
  for (size_t at = 0; at < signet_seal_verification_time_stamp_count(found); ++at)
    print_one(signet_seal_verification_time_stamp(found, at));
}

static void* work(void* argument) {
  struct worker* worker = argument;
  const struct shared* shared = worker->shared;
  signet_seal_error* error = signet_seal_error_new();
  signet_seal_input* input = NULL;
  signet_seal_input* data = NULL;
  signet_seal_verification* found = NULL;
  void* bytes = NULL;
  worker->status = 1;
  if (open_document(worker, &input, &bytes, error) ||
      (shared->data != NULL &&
       signet_seal_input_file(shared->context, shared->data, &data, error)) ||
      signet_seal_verify(shared->options, input, data, NULL, &found, error)) {
    give_up(shared->document, error);
    if (signet_seal_error_status(error) == SIGNET_SEAL_BROKEN) worker->status = 31;
    if (signet_seal_error_status(error) == SIGNET_SEAL_FORBIDDEN) worker->status = 32;
    if (signet_seal_error_status(error) == SIGNET_SEAL_SETTINGS) worker->status = 2;
  } else {
    worker->report = report_of(shared, found, error);
    worker->status = exit_status(signet_seal_verification_indication(found));
    if (worker->number == 0) print_all(found);
  }
  signet_seal_verification_free(found);
  signet_seal_input_free(data);
  signet_seal_input_free(input);
  free(bytes);
  signet_seal_error_free(error);
  return NULL;
}

static int run(const struct shared* shared, int threads) {
  struct worker* workers = calloc((size_t)threads, sizeof *workers);
  int status = 1;
  if (workers == NULL) return 1;
  for (int at = 0; at < threads; ++at) {
    workers[at].shared = shared;
    workers[at].number = at;
    if (pthread_create(&workers[at].thread, NULL, work, &workers[at]) != 0) exit(1);
  }
  for (int at = 0; at < threads; ++at) pthread_join(workers[at].thread, NULL);
  status = workers[0].status;
  for (int at = 0; at < threads; ++at) {
    const char* report = workers[at].report != NULL ? workers[at].report : "";
    const char* first = workers[0].report != NULL ? workers[0].report : "";
    if (workers[at].status != status || strcmp(report, first) != 0) {
      fprintf(stderr, "thread %d has another report: %s\n", at, report);
      status = 1;
    }
  }
  if (workers[0].report != NULL) fputs(workers[0].report, stdout);
  for (int at = 0; at < threads; ++at) free(workers[at].report);
  free(workers);
  return status;
}

int main(int count, char** arguments) {
  struct shared shared = {0};
  signet_seal_error* error = signet_seal_error_new();
  int status = 1;
  if (count < 5) return 2;
  shared.document = arguments[4];
  shared.data = count > 5 ? arguments[5] : NULL;
  if (signet_seal_context_new(&shared.context, error) ||
      signet_seal_verify_options_new(shared.context, &shared.options, error) ||
      signet_seal_verify_options_add_trusted_file(shared.options, arguments[1], SIGNET_SEAL_NO_TIME,
                                                  error) ||
      signet_seal_verify_options_set_without_revocation(shared.options, 1, error) ||
      signet_seal_verify_options_set_time(shared.options, strtoll(arguments[2], NULL, 10), error))
    give_up("options", error);
  else
    status = run(&shared, atoi(arguments[3]));
  signet_seal_verify_options_free(shared.options);
  signet_seal_context_free(shared.context);
  signet_seal_error_free(error);
  return status;
}
