/* A program in C11 that knows nothing but signet-seal.h and signet-seal-pdf.h: seals documents from many threads.
 *
 *   seal MODULE KEY OUT_DIR THREADS ROUNDS PDF [TSA CA_FILE]
 *
 * The PIN is in the variable PIN. Each thread writes documents of its own and their external and internal seals:
 * OUT_DIR/N.txt, N.external.p7s, N.internal.p7m, N.added.p7m (two signatures); and N.pdf, the document PDF with a visible seal. */
#include <pthread.h>
#include <signet-seal-pdf.h>
#include <signet-seal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shared {
  signet_seal_context* context;
  signet_seal_key* key;
  signet_seal_time_stamper* stamper;
  signet_seal_options* external;
  signet_seal_options* pdf;
  const char* document;
  const char* folder;
  int rounds;
};

struct worker {
  const struct shared* shared;
  int number;
  int failures;
  pthread_t thread;
};

static int report(const char* what, signet_seal_error* error) {
  fprintf(stderr, "%s: status %d: %s\n", what, signet_seal_error_status(error),
          signet_seal_error_sentence(error));
  return 1;
}

/* Seals `from`, or adds a signature to it, into `to`. */
static int seal_file(const struct shared* shared, const char* from, const char* to,
                     const signet_seal_options* options, int add, signet_seal_error* error) {
  signet_seal_input* input = NULL;
  signet_seal_output* output = NULL;
  signet_seal_result* result = NULL;
  int failed = signet_seal_input_file(shared->context, from, &input, error) ||
               signet_seal_output_file(shared->context, to, 1, &output, error);
  if (!failed && add) {
    failed = signet_seal_add_signature(shared->key, shared->stamper, options, input, NULL, output,
                                       NULL, &result, error);
  } else if (!failed) {
    failed = signet_seal_document(shared->key, shared->stamper, options, input, output, NULL,
                                  &result, error);
  }
  const int wanted = shared->stamper != NULL ? SIGNET_SEAL_LEVEL_B_T : SIGNET_SEAL_LEVEL_B_B;
  if (failed) {
    report(to, error);
  } else if (signet_seal_result_level(result) != wanted) {
    fprintf(stderr, "%s has another level than was asked for\n", to);
    failed = 1;
  }
  signet_seal_input_free(input);
  signet_seal_output_free(output);
  signet_seal_result_free(result);
  return failed;
}

static int write_document(const char* name, int number, int round) {
  FILE* file = fopen(name, "w");
  if (file == NULL) return 1;
  for (int line = 0; line < 1000 * (1 + number % 3); ++line)
    fprintf(file, "document %d.%d, line %d\n", number, round, line);
  return fclose(file);
}

static void* work(void* argument) {
  struct worker* self = argument;
  const struct shared* shared = self->shared;
  signet_seal_error* error = signet_seal_error_new();
  for (int round = 0; round < shared->rounds; ++round) {
    char text[5][4096];
    const char* const endings[5] = {"txt", "external.p7s", "internal.p7m", "added.p7m", "pdf"};
    for (int i = 0; i < 5; ++i)
      snprintf(text[i], sizeof text[i], "%s/%d-%d.%s", shared->folder, self->number, round,
               endings[i]);
    self->failures += write_document(text[0], self->number, round) != 0;
    self->failures += seal_file(shared, text[0], text[1], shared->external, 0, error);
    self->failures += seal_file(shared, text[0], text[2], NULL, 0, error);
    self->failures += seal_file(shared, text[2], text[3], NULL, 1, error);
    self->failures += seal_file(shared, shared->document, text[4], shared->pdf, 0, error);
  }
  signet_seal_error_free(error);
  return NULL;
}

static int open_key(struct shared* shared, const char* module, const char* key,
                    signet_seal_error* error) {
  signet_seal_key_settings* settings = NULL;
  const char* pin = getenv("PIN");
  int failed = pin == NULL ||
               signet_seal_key_settings_new(shared->context, key, &settings, error) ||
               (*module != '\0' && signet_seal_key_settings_set_module(settings, module, error)) ||
               signet_seal_key_settings_set_pin(settings, pin, strlen(pin), error) ||
               signet_seal_key_open(settings, &shared->key, error);
  signet_seal_key_settings_free(settings);
  return failed ? report("the key", error) : 0;
}

static int make_stamper(struct shared* shared, const char* url, const char* ca_file,
                        signet_seal_error* error) {
  signet_seal_authority* authority = NULL;
  int failed = signet_seal_authority_new(shared->context, url, &authority, error) ||
               signet_seal_authority_set_ca_file(authority, ca_file, error);
  const signet_seal_authority* const all[] = {authority};
  failed = failed || signet_seal_time_stamper_new(shared->context, all, 1, &shared->stamper, error);
  signet_seal_authority_free(authority);
  return failed ? report("the authority", error) : 0;
}

static int make_pdf_options(struct shared* shared, signet_seal_error* error) {
  signet_seal_visible* visible = NULL;
  int failed =
      signet_seal_options_new(shared->context, &shared->pdf, error) ||
      signet_seal_options_set_format(shared->pdf, SIGNET_SEAL_PADES, error) ||
      signet_seal_options_set_pdf_reason(shared->pdf, "Approved", error) ||
      signet_seal_visible_new(shared->context, &visible, error) ||
      signet_seal_visible_set_position(visible, SIGNET_SEAL_TOP_LEFT, 36, 36, 200, 60, error) ||
      signet_seal_visible_set_text(visible, "Sealed by {signer}\n{reason}", error) ||
      signet_seal_options_set_visible(shared->pdf, visible, error);
  signet_seal_visible_free(visible);
  return failed ? report("the options of PDF documents", error) : 0;
}

int main(int count, char** arguments) {
  if (count != 7 && count != 9) return 2;
  struct shared shared = {0};
  shared.folder = arguments[3];
  shared.rounds = atoi(arguments[5]);
  shared.document = arguments[6];
  signet_seal_error* error = signet_seal_error_new();
  if (error == NULL) return 1;
  if (signet_seal_context_new(&shared.context, error)) return report("the context", error);
  if (open_key(&shared, arguments[1], arguments[2], error)) return 1;
  if (count == 9 && make_stamper(&shared, arguments[7], arguments[8], error)) return 1;
  if (make_pdf_options(&shared, error)) return 1;
  if (signet_seal_options_new(shared.context, &shared.external, error) ||
      signet_seal_options_set_packaging(shared.external, SIGNET_SEAL_EXTERNAL, error) ||
      signet_seal_options_set_reference(shared.external, "order 4711", error))
    return report("the options", error);

  const int threads = atoi(arguments[4]);
  struct worker* workers = calloc((size_t)threads, sizeof *workers);
  if (workers == NULL) return 1;
  int failures = 0;
  for (int i = 0; i < threads; ++i) {
    workers[i].shared = &shared;
    workers[i].number = i;
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) return 1;
  }
  for (int i = 0; i < threads; ++i) {
    pthread_join(workers[i].thread, NULL);
    failures += workers[i].failures;
  }
  free(workers);
  signet_seal_options_free(shared.external);
  signet_seal_options_free(shared.pdf);
  signet_seal_time_stamper_free(shared.stamper);
  signet_seal_key_free(shared.key);
  signet_seal_context_free(shared.context);
  signet_seal_error_free(error);
  printf("signet-seal %s: %d threads, %d failures\n", signet_seal_version(), threads, failures);
  return failures != 0;
}
