/* A program in C11 that loads libsignet-seal.so.1 for a while, as plug-ins are loaded.
 *
 *   life LIBRARY MODULE KEY OUT_DIR PDF [busy]
 *
 * 100 times: loads it, seals a text and, visibly, the document PDF, unloads it; the process then has as many descriptors and threads as after the first rounds. Then
 * both sides of a fork seal, ten times, the child with handles of its own. "busy": while another thread of the parent seals,
 * which not every PKCS#11 module can bear. The PIN is in the variable PIN. */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signet-seal-pdf.h>
#include <signet-seal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 100

struct library {
  void* handle;
  __typeof__(signet_seal_context_new)* context_new;
  __typeof__(signet_seal_context_free)* context_free;
  __typeof__(signet_seal_error_new)* error_new;
  __typeof__(signet_seal_error_free)* error_free;
  __typeof__(signet_seal_error_sentence)* error_sentence;
  __typeof__(signet_seal_key_settings_new)* settings_new;
  __typeof__(signet_seal_key_settings_free)* settings_free;
  __typeof__(signet_seal_key_settings_set_module)* set_module;
  __typeof__(signet_seal_key_settings_set_pin)* set_pin;
  __typeof__(signet_seal_key_open)* key_open;
  __typeof__(signet_seal_key_free)* key_free;
  __typeof__(signet_seal_input_memory)* input_memory;
  __typeof__(signet_seal_input_free)* input_free;
  __typeof__(signet_seal_output_file)* output_file;
  __typeof__(signet_seal_output_free)* output_free;
  __typeof__(signet_seal_document)* document;
  __typeof__(signet_seal_input_file)* input_file;
  __typeof__(signet_seal_options_new)* options_new;
  __typeof__(signet_seal_options_free)* options_free;
  __typeof__(signet_seal_options_set_format)* set_format;
  __typeof__(signet_seal_visible_new)* visible_new;
  __typeof__(signet_seal_visible_free)* visible_free;
  __typeof__(signet_seal_options_set_visible)* set_visible;
};

struct handles {
  signet_seal_error* error;
  signet_seal_context* context;
  signet_seal_key* key;
};

static void* symbol(struct library* library, const char* name) {
  void* found = dlsym(library->handle, name);
  if (found == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  return found;
}

static void load(struct library* library, const char* file) {
  library->handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library->handle == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
/* POSIX: a pointer to a function is as large as one to an object. */
#define GET(member, name) *(void**)(void*)&library->member = symbol(library, #name)
  GET(context_new, signet_seal_context_new);
  GET(context_free, signet_seal_context_free);
  GET(error_new, signet_seal_error_new);
  GET(error_free, signet_seal_error_free);
  GET(error_sentence, signet_seal_error_sentence);
  GET(settings_new, signet_seal_key_settings_new);
  GET(settings_free, signet_seal_key_settings_free);
  GET(set_module, signet_seal_key_settings_set_module);
  GET(set_pin, signet_seal_key_settings_set_pin);
  GET(key_open, signet_seal_key_open);
  GET(key_free, signet_seal_key_free);
  GET(input_memory, signet_seal_input_memory);
  GET(input_free, signet_seal_input_free);
  GET(output_file, signet_seal_output_file);
  GET(output_free, signet_seal_output_free);
  GET(document, signet_seal_document);
  GET(input_file, signet_seal_input_file);
  GET(options_new, signet_seal_options_new);
  GET(options_free, signet_seal_options_free);
  GET(set_format, signet_seal_options_set_format);
  GET(visible_new, signet_seal_visible_new);
  GET(visible_free, signet_seal_visible_free);
  GET(set_visible, signet_seal_options_set_visible);
}

static void give_up(struct library* library, struct handles* handles, const char* what) {
  fprintf(stderr, "%s: %s\n", what, library->error_sentence(handles->error));
  exit(1);
}

static void open_all(struct library* library, struct handles* handles, char** arguments) {
  signet_seal_key_settings* settings = NULL;
  const char* pin = getenv("PIN");
  handles->error = library->error_new();
  if (library->context_new(&handles->context, handles->error) ||
      library->settings_new(handles->context, arguments[3], &settings, handles->error) ||
      library->set_module(settings, arguments[2], handles->error) ||
      library->set_pin(settings, pin, strlen(pin), handles->error) ||
      library->key_open(settings, &handles->key, handles->error))
    give_up(library, handles, "opening");
  library->settings_free(settings);
}

static void close_all(struct library* library, struct handles* handles) {
  library->key_free(handles->key);
  library->context_free(handles->context);
  library->error_free(handles->error);
}

static void seal_pdf_to(struct library* library, struct handles* handles, char** arguments,
                        const char* name) {
  char path[4096];
  signet_seal_input* input = NULL;
  signet_seal_output* output = NULL;
  signet_seal_options* options = NULL;
  signet_seal_visible* visible = NULL;
  snprintf(path, sizeof path, "%s/%s.pdf", arguments[4], name);
  if (library->options_new(handles->context, &options, handles->error) ||
      library->set_format(options, SIGNET_SEAL_PADES, handles->error) ||
      library->visible_new(handles->context, &visible, handles->error) ||
      library->set_visible(options, visible, handles->error) ||
      library->input_file(handles->context, arguments[5], &input, handles->error) ||
      library->output_file(handles->context, path, 1, &output, handles->error) ||
      library->document(handles->key, NULL, options, input, output, NULL, NULL, handles->error))
    give_up(library, handles, path);
  library->input_free(input);
  library->output_free(output);
  library->visible_free(visible);
  library->options_free(options);
}

static void seal_to(struct library* library, struct handles* handles, char** arguments,
                    const char* name) {
  static const char text[] = "a document\n";
  char path[4096];
  signet_seal_input* input = NULL;
  signet_seal_output* output = NULL;
  snprintf(path, sizeof path, "%s/%s.p7m", arguments[4], name);
  if (library->input_memory(handles->context, text, sizeof text - 1, &input, handles->error) ||
      library->output_file(handles->context, path, 1, &output, handles->error) ||
      library->document(handles->key, NULL, NULL, input, output, NULL, NULL, handles->error))
    give_up(library, handles, path);
  library->input_free(input);
  library->output_free(output);
  seal_pdf_to(library, handles, arguments, name);
}

static int entries_of(const char* folder) {
  int count = 0;
  DIR* opened = opendir(folder);
  for (struct dirent* entry; opened != NULL && (entry = readdir(opened)) != NULL;)
    count += entry->d_name[0] != '.';
  if (opened != NULL) closedir(opened);
  return count;
}

static long resident_pages(void) {
  long all = 0, resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &all, &resident) != 2) exit(1);
  fclose(file);
  return resident;
}

static void load_again_and_again(char** arguments) {
  int descriptors = 0, threads = 0;
  long pages = 0;
  for (int round = 0; round < ROUNDS; ++round) {
    struct library library;
    struct handles handles = {0};
    load(&library, arguments[1]);
    open_all(&library, &handles, arguments);
    seal_to(&library, &handles, arguments, "loaded");
    close_all(&library, &handles);
    dlclose(library.handle);
    /* What is made once for a process is there by then. */
    if (round == 9) {
      descriptors = entries_of("/proc/self/fd");
      threads = entries_of("/proc/self/task");
      pages = resident_pages();
    }
  }
  const long grown = (resident_pages() - pages) * sysconf(_SC_PAGESIZE) / 1024;
  printf("%d rounds: %d descriptors, then %d; %d threads, then %d; %ld KiB more\n", ROUNDS,
         descriptors, entries_of("/proc/self/fd"), threads, entries_of("/proc/self/task"), grown);
  if (entries_of("/proc/self/fd") != descriptors || entries_of("/proc/self/task") > threads ||
      grown > 4096)
    exit(1);
}

static struct library forking;
static struct handles parents;
static atomic_int is_over;

static void* seal_meanwhile(void* arguments) {
  while (!is_over) seal_to(&forking, &parents, arguments, "thread");
  return NULL;
}

static void fork_and_seal(char** arguments, int busy) {
  pthread_t thread;
  load(&forking, arguments[1]);
  open_all(&forking, &parents, arguments);
  if (busy && pthread_create(&thread, NULL, seal_meanwhile, arguments) != 0) exit(1);
  for (int round = 0; round < 10; ++round) {
    fflush(stdout); /* the child's end writes what is left there */
    const pid_t child = fork();
    if (child == 0) {
      struct handles own = {0};
      alarm(60);
      signet_seal_key* inherited = parents.key;
      open_all(&forking, &own, arguments);
      seal_to(&forking, &own, arguments, "child");
      forking.key_free(inherited);
      close_all(&forking, &own);
      exit(0);
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
      fprintf(stderr, "child %d ended with %#x\n", round, (unsigned)status);
      exit(1);
    }
  }
  is_over = 1;
  if (busy) pthread_join(thread, NULL);
  seal_to(&forking, &parents, arguments, "parent");
  close_all(&forking, &parents);
}

int main(int count, char** arguments) {
  if (count < 6 || getenv("PIN") == NULL) return 2;
  load_again_and_again(arguments);
  fork_and_seal(arguments, count > 6);
  return 0;
}
