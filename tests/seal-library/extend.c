/* A program in C11 that knows nothing but signet-seal-extend.h: extends documents in their places, each in a thread of its own.
 *
 *   extend TRUSTED HOST TSA B-T|B-LT|B-LTA DOCUMENT...
 *
 * TRUSTED: a file of certificates. HOST: may be asked for certificates and revocation data. TSA: the URL of an authority. For each document one
 * line goes to standard output: "DOCUMENT: B-B, B-LTA, 1 time-stamps, 1793000000". The exit status is 1 where one fails. */
#include <inttypes.h>
#include <pthread.h>
#include <signet-seal-extend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worker {
  const signet_seal_extender* extender;
  const char* document;
  signet_seal_extension* extension;
  signet_seal_error* error;
  pthread_t thread;
};

static int number_of(const char* level) {
  if (strcmp(level, "B-T") == 0) return SIGNET_SEAL_LEVEL_B_T;
  return strcmp(level, "B-LT") == 0 ? SIGNET_SEAL_LEVEL_B_LT : SIGNET_SEAL_LEVEL_B_LTA;
}

static void* work(void* argument) {
  struct worker* worker = argument;
  signet_seal_extend_file(worker->extender, worker->document, NULL, NULL, 0, NULL,
                          &worker->extension, worker->error);
  return NULL;
}

static int report(const struct worker* worker) {
  const signet_seal_extension* extension = worker->extension;
  if (signet_seal_error_status(worker->error) != SIGNET_SEAL_OK) {
    fprintf(stderr, "status %d: %s\n", signet_seal_error_status(worker->error),
            signet_seal_error_sentence(worker->error));
    return 1;
  }
  printf("%s: %s, %s, %zu time-stamps, %" PRId64 "\n", worker->document,
         signet_seal_extension_level_before(extension), signet_seal_extension_level(extension),
         signet_seal_extension_added(extension, SIGNET_SEAL_ADDED_TIME_STAMPS),
         signet_seal_extension_verifiable_until(extension));
  return 0;
}

static int run(const signet_seal_extender* extender, char** documents, size_t count) {
  struct worker* workers = calloc(count, sizeof *workers);
  int status = 0;
  if (workers == NULL) return 1;
  for (size_t at = 0; at < count; ++at) {
    workers[at].extender = extender;
    workers[at].document = documents[at];
    workers[at].error = signet_seal_error_new();
    if (pthread_create(&workers[at].thread, NULL, work, &workers[at]) != 0) exit(1);
  }
  for (size_t at = 0; at < count; ++at) {
    pthread_join(workers[at].thread, NULL);
    status |= report(&workers[at]);
    signet_seal_extension_free(workers[at].extension);
    signet_seal_error_free(workers[at].error);
  }
  free(workers);
  return status;
}

int main(int count, char** arguments) {
  signet_seal_context* context = NULL;
  signet_seal_verify_options* trust = NULL;
  signet_seal_authority* authority = NULL;
  signet_seal_time_stamper* stamper = NULL;
  signet_seal_extend_options* options = NULL;
  signet_seal_extender* extender = NULL;
  signet_seal_error* error = signet_seal_error_new();
  int status = 1;
  if (count < 6) return 2;
  if (signet_seal_context_new(&context, error) ||
      signet_seal_verify_options_new(context, &trust, error) ||
      signet_seal_verify_options_add_trusted_file(trust, arguments[1], SIGNET_SEAL_NO_TIME,
                                                  error) ||
      signet_seal_verify_options_set_online(trust, 1, error) ||
      /* The authority answers 16 at a time, on a machine that does other things. */
      signet_seal_verify_options_set_online_limits(trust, 60, 300, 1U << 26, error) ||
      signet_seal_verify_options_add_online_host(trust, arguments[2], error) ||
      signet_seal_authority_new(context, arguments[3], &authority, error) ||
      signet_seal_time_stamper_new(context, (const signet_seal_authority* const*)&authority, 1,
                                   &stamper, error) ||
      signet_seal_extend_options_new(context, &options, error) ||
      signet_seal_extend_options_set_level(options, number_of(arguments[4]), error) ||
      signet_seal_extender_new(context, trust, stamper, options, &extender, error))
    fprintf(stderr, "%s\n", signet_seal_error_sentence(error));
  /* The extender has what it needs of them. */
  signet_seal_extend_options_free(options);
  signet_seal_time_stamper_free(stamper);
  signet_seal_authority_free(authority);
  signet_seal_verify_options_free(trust);
  signet_seal_context_free(context);
  if (extender != NULL) status = run(extender, arguments + 5, (size_t)count - 5);
  signet_seal_extender_free(extender);
  signet_seal_error_free(error);
  return status;
}
